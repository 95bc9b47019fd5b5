"""The query language, as members type it: read by Whoosh's parser, never refused for odd input."""

from liudeng.search.language.calendar import Calendar
from liudeng.search.language.parser import MAX_QUERY, MAX_WORDS, QueryProblem, parse_query
from liudeng.search.language.retyping import as_typed
from liudeng.search.language.wording import in_words

__all__ = [
    "MAX_QUERY",
    "MAX_WORDS",
    "Calendar",
    "QueryProblem",
    "as_typed",
    "in_words",
    "parse_query",
]
