"""Search: one query language over the log.

The log index itself, `liudeng.search.log_index`, is imported by name where it is written.
"""

from liudeng.search.answer import Answer
from liudeng.search.chat import ChatSearch
from liudeng.search.engine import LogSearch, SearchPage
from liudeng.search.facets import By
from liudeng.search.language import Calendar, QueryProblem, parse_query
from liudeng.search.manner import Manner
from liudeng.search.people import Viewpoint
from liudeng.search.query import Query
from liudeng.search.typed import typed_query

__all__ = [
    "Answer",
    "By",
    "Calendar",
    "ChatSearch",
    "LogSearch",
    "Manner",
    "Query",
    "QueryProblem",
    "SearchPage",
    "Viewpoint",
    "parse_query",
    "typed_query",
]
