"""A query in words, for whoever wonders how it was read."""

from datetime import datetime
from zoneinfo import ZoneInfo

from liudeng.search.query import (
    AllOf,
    AnyOf,
    From,
    Has,
    In,
    Kind,
    Leaf,
    Node,
    Not,
    Query,
    ReplyTo,
    Said,
    Sort,
    Word,
)

KIND_NAMES = {
    Kind.IMAGE: "图片",
    Kind.STICKER: "表情",
    Kind.LINK: "链接",
    Kind.FILE: "文件",
    Kind.FORWARD: "转发",
    Kind.VOICE: "语音",
    Kind.VIDEO: "视频",
}
_ORDERS = {Sort.OLDEST: "，最旧的在前", Sort.RELEVANCE: "，最相关的在前", Sort.NEWEST: ""}


def in_words(query: Query, zone: ZoneInfo) -> str:
    """Return what the query asks for, as one Chinese clause."""
    parts = [_words(clause, zone) for clause in query.clauses]
    return "、".join(parts) + _ORDERS[query.sort]


def _words(node: Node, zone: ZoneInfo) -> str:
    match node:
        case Not(Word(text)):
            return f"不含「{text}」"
        case Not(inner):
            return f"不是（{_words(inner, zone)}）"
        case AllOf(nodes):
            return "（" + "、".join(_words(child, zone) for child in nodes) + "）"
        case AnyOf(nodes):
            return "（" + " 或 ".join(_words(child, zone) for child in nodes) + "）"
        case leaf:
            return _leaf(leaf, zone)


def _leaf(leaf: Leaf, zone: ZoneInfo) -> str:
    match leaf:
        case Word(text):
            return f"含「{text}」"
        case From(name):
            return f"{name} 说的"
        case In(name):
            return f"在「{name}」群里"
        case Has(kind):
            return f"有{KIND_NAMES[kind]}"
        case ReplyTo(name):
            return f"回复 {name} 的"
        case Said():
            return _time(leaf, zone)


def _time(said: Said, zone: ZoneInfo) -> str:
    since = _day(said.since_ms, zone)
    before = _day(said.before_ms, zone)
    if since and before:
        last = _day((said.before_ms or 0) - 1, zone)
        return since if since == last else f"{since} 到 {last}"
    return f"{since} 起" if since else f"{before} 之前"


def _day(time_ms: int | None, zone: ZoneInfo) -> str:
    if time_ms is None:
        return ""
    return f"{datetime.fromtimestamp(time_ms / 1000, zone):%Y-%m-%d}"
