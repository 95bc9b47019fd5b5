"""Search: one query language over the log.

The log index itself, `liudeng.search.log_index`, is imported by name where it is written.
"""

from liudeng.search.chat import ChatSearch
from liudeng.search.engine import LogSearch, SearchPage
from liudeng.search.query import Query, QueryProblem, parse_query

__all__ = ["ChatSearch", "LogSearch", "Query", "QueryProblem", "SearchPage", "parse_query"]
