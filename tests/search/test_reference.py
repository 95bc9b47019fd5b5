"""Whatever is asked, the index finds what a slow look at every message finds, and no more."""

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liudeng.archive import LogWriter, StoredMessage
from liudeng.db import Database
from liudeng.search import Calendar, LogSearch, Query, QueryProblem, Viewpoint, parse_query
from liudeng.search.query import (
    AllOf,
    AnyOf,
    From,
    Has,
    In,
    Kind,
    Node,
    Not,
    ReplyTo,
    Said,
    Sort,
    Word,
)
from liudeng.text import fold
from tests.fakes.archive import kept, recall_of, store
from tests.fakes.payloads import GROUP, NOW_S, OTHER_GROUP, said, segment, text

CALENDAR = Calendar(ZoneInfo("Asia/Shanghai"), date(2026, 9, 21))  # when NOW_S is
GROUPS = {GROUP: "守灯人", OTHER_GROUP: "别的群", 5: "第五"}
PEOPLE = {1: ("小满", "满月"), 2: ("阿棠", ""), 3: ("小满妈妈", "满")}
ME = 2
_SEGMENTS = {
    Kind.IMAGE: segment("image", file="a.png"),
    Kind.FILE: segment("file", file="晚.txt"),
    Kind.LINK: text(" https://晚安.example"),
}
_TEXTS = ("晚安", "晚，安", "早安晚", "安", "", "WanAn!", "晚安 早安", "“晚”安", "後來", "后来晚安")


@pytest.fixture
async def corpus(writer: LogWriter, database: Database) -> list[StoredMessage]:
    """Sixty messages of three people in three groups within a year, some carrying something."""
    entries = []
    for number in range(60):
        person = number % 3 + 1
        name, card = PEOPLE[person]
        parts = [text(_TEXTS[number % len(_TEXTS)])]
        if number % 4 == 0:
            parts.insert(0, segment("reply", id=str(number - 5)))
        if number % 7 < 3:
            parts.append(list(_SEGMENTS.values())[number % 7])
        entries.append(
            said(
                parts,
                message_id=number,
                user_id=person,
                group_id=list(GROUPS)[number % 5 % 3],
                time=NOW_S - number * number * 9_000,
                sender={"nickname": name, "card": card},
            )
        )
    await store(writer, *entries, *(recall_of(entry) for entry in entries[::13]))
    return [message for message in await kept(database) if message.recalled_ms is None]


class Reference:
    """Looks at every message."""

    def __init__(self, corpus: Sequence[StoredMessage], groups: Sequence[int]) -> None:
        self._corpus = corpus
        self._groups = groups

    def find(self, query: Query) -> list[int]:
        found = [
            message.id
            for message in self._corpus
            if message.group_id in self._groups
            and all(self._holds(clause, message) for clause in query.clauses)
        ]
        return sorted(found, reverse=query.sort is not Sort.OLDEST)

    def _holds(self, node: Node, message: StoredMessage) -> bool:
        match node:
            case Not(inner):
                return not self._holds(inner, message)
            case AllOf(nodes):
                return all(self._holds(child, message) for child in nodes)
            case AnyOf(nodes):
                return any(self._holds(child, message) for child in nodes)
            case Said(since, before):
                return (since or 0) <= message.time_ms < (before or 2**62)
            case Word(word):
                return fold(word) in fold(message.text)
            case From(name):
                return message.user_id in self._meant(name)
            case ReplyTo(name):
                return any(quoted.user_id in self._meant(name) for quoted in self._quoted(message))
            case In(name):
                return name == str(message.group_id) or name in GROUPS[message.group_id]
            case Has(kind):
                return _carries(message, kind)

    def _quoted(self, message: StoredMessage) -> list[StoredMessage]:
        return [
            other
            for other in self._corpus
            if (other.group_id, other.message_id) == (message.group_id, message.reply_to)
        ]

    def _meant(self, name: str) -> set[str]:
        if name in ("我", "me"):
            return {str(ME)}
        named = {
            message.user_id: {fold(message.name), fold(message.card), message.user_id}
            for message in self._corpus
            if message.group_id in self._groups
        }
        whole = {user for user, names in named.items() if fold(name) in names}
        part = {u for u, names in named.items() if any(fold(name) in each for each in names - {u})}
        return whole or part


def _carries(message: StoredMessage, kind: Kind) -> bool:
    if kind is Kind.LINK:
        return "https://" in message.text
    return any(part["type"] == kind.value for part in message.segments)


_words = st.sampled_from(
    ["晚安", "晚", "安", "早安", "wan", "後來", "！", '"晚安 早"', "“安晚”", "x"]
)
_fields = st.sampled_from(
    [
        *("from:小满", "发送者：满", "from:我", "from:3", "from:阿棠", "from:没有"),
        *("有:图", "has:link", "有：文件", "有:视频", "回复:我", "reply:小满", "回复:没有"),
        *("日期:今天", "之前:9月", "之后:昨天", "after:2026-01", "on:去年", "日期:胡说"),
        *("群:守灯", f"in:{OTHER_GROUP}", "in:没有", "排序:旧", "显示:全部"),
    ]
)
_terms = st.one_of(_words, _words, _fields)
_queries = st.recursive(
    _terms | _terms.map("-{}".format),
    lambda some: (
        st.lists(some, min_size=1, max_size=3).map(lambda parts: f"({' '.join(parts)})")
        | st.lists(some, min_size=2, max_size=3).map(" OR ".join)
        | st.lists(some, min_size=2, max_size=3).map(" ".join)
        | some.map("-({})".format)
    ),
    max_leaves=6,
)
_signs = st.sampled_from(
    ["OR", "|", "-", "(", ")", "（", "）", '"', "“", "”", ":", "：", "*", "^", "NEAR", "AND", "NOT"]
)
_scraps = st.lists(_signs | _terms | st.text(max_size=3), max_size=10)
_odd = st.text(max_size=40) | _scraps.map("".join) | _scraps.map(" ".join)
_somewhere = st.lists(st.sampled_from(list(GROUPS)), unique=True)


async def check(
    database: Database, corpus: Sequence[StoredMessage], raw: str, groups: Sequence[int]
) -> None:
    try:
        query = parse_query(raw, CALENDAR)
    except QueryProblem:
        return
    viewpoint = Viewpoint(str(ME), GROUPS.__getitem__)
    page = await LogSearch(database).search(query, groups, 100, viewpoint=viewpoint)
    assert [hit.id for hit in page.hits] == Reference(corpus, groups).find(query)
    assert (page.total, page.cut_off) == (len(page.hits), False)


@given(_queries, _somewhere)
async def test_any_combination_finds_what_a_look_at_every_message_finds(
    database: Database, corpus: list[StoredMessage], raw: str, groups: list[int]
) -> None:
    await check(database, corpus, raw, groups)


@given(_odd, _somewhere)
async def test_so_does_any_odd_thing_that_is_typed(
    database: Database, corpus: list[StoredMessage], raw: str, groups: list[int]
) -> None:
    await check(database, corpus, raw, groups)


def test_the_reference_can_tell_right_from_wrong(corpus: list[StoredMessage]) -> None:
    reference = Reference(corpus, [GROUP])
    everything = reference.find(Query((Not(Word("没有的")),)))
    assert 0 < len(reference.find(Query((Word("晚安"),)))) < len(everything) < len(corpus)
