"""A query as one would type it: for suggestions that are to be sent as they stand."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from liudeng.search.language.wording import KIND_NAMES
from liudeng.search.query import (
    AllOf,
    AnyOf,
    Form,
    From,
    Has,
    In,
    Leaf,
    Node,
    Not,
    Query,
    ReplyTo,
    Said,
    Sort,
    Word,
)

_MEANS_MORE = re.compile(r"^-|[\s():|]|^OR$")
_ORDERS = {Sort.OLDEST: "排序:旧", Sort.RELEVANCE: "排序:相关", Sort.NEWEST: ""}
_FORMS = {Form.JSON: "格式:json", Form.HTML: "格式:网页", Form.MARKDOWN: ""}


def as_typed(query: Query, zone: ZoneInfo) -> str:
    """Return what to type for a query; days are those of `zone`."""
    alone = len(query.clauses) == 1
    parts = [_typed(clause, zone, alone=alone) for clause in query.clauses]
    parts += [_ORDERS[query.sort], "显示:全部" if query.each else "", _FORMS[query.form]]
    return " ".join(filter(None, parts))


def _typed(node: Node, zone: ZoneInfo, *, alone: bool = False) -> str:
    match node:
        case Not(inner):
            return f"-{_typed(inner, zone)}"
        case AllOf(nodes):
            return "(" + " ".join(_typed(child, zone) for child in nodes) + ")"
        case AnyOf(nodes):
            either = " OR ".join(_typed(child, zone) for child in nodes)
            return either if alone else f"({either})"
        case leaf:
            return _leaf(leaf, zone)


def _leaf(leaf: Leaf, zone: ZoneInfo) -> str:
    match leaf:
        case Word(text):
            return _quoted(text) if _MEANS_MORE.search(text) else text
        case From(name):
            return f"发送者:{_value(name)}"
        case In(name):
            return f"群:{_value(name)}"
        case ReplyTo(name):
            return f"回复:{_value(name)}"
        case Has(kind):
            return f"有:{KIND_NAMES[kind]}"
        case Said(since_ms, before_ms):
            return _days(since_ms, before_ms, zone)


def _days(since_ms: int | None, before_ms: int | None, zone: ZoneInfo) -> str:
    if before_ms is None:
        return f"之后:{_day(since_ms or 0, zone)}"
    if since_ms is None:
        return f"之前:{_day(before_ms, zone)}"
    first, last = _day(since_ms, zone), _day(before_ms, zone) - timedelta(1)
    return f"日期:{first}" if first == last else f"日期:{first}..{last}"


def _day(time_ms: int, zone: ZoneInfo) -> date:
    return datetime.fromtimestamp(time_ms / 1000, zone).date()


def _value(name: str) -> str:
    return _quoted(name) if re.search(r"\s", name) else name


def _quoted(text: str) -> str:
    return text if '"' in text else f'"{text}"'
