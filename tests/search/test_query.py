"""The query language: odd input is text, and what cannot be searched gets one sentence."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liudeng.db import Database
from liudeng.search import Calendar, LogSearch, QueryProblem, parse_query
from liudeng.search.language import MAX_QUERY, MAX_WORDS, as_typed, parser
from liudeng.search.query import (
    AllOf,
    AnyOf,
    From,
    Has,
    Kind,
    Node,
    Not,
    Word,
    with_negations_inside,
)
from tests.fakes.payloads import GROUP


@pytest.mark.parametrize(
    ("raw", "clauses"),
    [
        ("晚安", (Word("晚安"),)),
        ("  晚安 　想你 ", (Word("晚安"), Word("想你"))),
        ('"今晚 月色"', (Word("今晚 月色"),)),
        ("“今晚月色” 真美", (Word("今晚月色"), Word("真美"))),
        ("「今晚月色」", (Word("今晚月色"),)),
        ("晚安 -早安", (Word("晚安"), Not(Word("早安")))),
        ('晚安 -"早安 吗"', (Word("晚安"), Not(Word("早安 吗")))),
        ("晚安 OR 早安", (AnyOf((Word("晚安"), Word("早安"))),)),
        ("一 OR 二 OR 三", (AnyOf((Word("一"), Word("二"), Word("三"))),)),
        ("一 OR 二 -三", (AnyOf((Word("一"), Word("二"))), Not(Word("三")))),
        ("一 OR -二", (AnyOf((Word("一"), Not(Word("二")))),)),
        ("-一 OR 二", (AnyOf((Not(Word("一")), Word("二"))),)),
        ('零 -"一 二" OR 三', (Word("零"), AnyOf((Not(Word("一 二")), Word("三"))))),
        ("一 | 二 ｜ 三", (AnyOf((Word("一"), Word("二"), Word("三"))),)),
        ("(一 OR 二) 三", (AnyOf((Word("一"), Word("二"))), Word("三"))),
        ("（一 二） OR 三", (AnyOf((AllOf((Word("一"), Word("二"))), Word("三"))),)),
        ("一 －（二 三）", (Word("一"), Not(AllOf((Word("二"), Word("三")))))),
        ("一 -有：图", (Word("一"), Not(Has(Kind.IMAGE)))),
        ("from:我 OR has:link", (AnyOf((From("我"), Has(Kind.LINK))),)),
        ("-有:图", (Not(Has(Kind.IMAGE)),)),
        ("晚安（笑）", (Word("晚安(笑)"),)),
        ("晚安 :)", (Word("晚安"), Word(":)"))),
        ("() 一", (Word("()"), Word("一"))),
        ('(一 "二) 三" 四)', (Word("一"), Word("二) 三"), Word("四"))),
        ("C++", (Word("C++"),)),
        ("gpt-4o", (Word("gpt-4o"),)),
        ("text:晚安", (Word("text:晚安"),)),
        ("晚*安?", (Word("晚*安?"),)),
        ("(晚安", (Word("(晚安"),)),
        ("晚安 AND NOT", (Word("晚安"), Word("AND"), Word("NOT"))),
        ("晚安 or 早安", (Word("晚安"), Word("or"), Word("早安"))),
        ("body:x NEAR/2", (Word("body:x"), Word("NEAR/2"))),
    ],
)
def test_words_phrases_exclusions_and_alternatives(raw: str, clauses: tuple[Node, ...]) -> None:
    assert parse_query(raw).clauses == clauses


@pytest.mark.parametrize("raw", ["-晚安", "- 晚安", "-", "--", "OR", '"', '""x', "OR OR", "-OR"])
def test_operators_without_anything_to_work_on_are_text(raw: str) -> None:
    (clause, *_) = parse_query(raw).clauses
    assert isinstance(clause, Word)


@pytest.mark.parametrize(
    ("raw", "advice"),
    [
        ("", "例如：搜 晚安"),
        (" 　\n", "例如：搜 晚安"),
        ("\u200b\u200d", "换个关键词"),
        ("\ud800", "例如：搜 晚安"),
        ("排序:旧", "换个关键词"),
        ("长" * (MAX_QUERY + 1), f"缩短到 {MAX_QUERY} 个字"),
        (" ".join("词" * (MAX_WORDS + 1)), f"最多搜 {MAX_WORDS} 个词"),
        (" OR ".join("词" * (MAX_WORDS + 1)), f"最多搜 {MAX_WORDS} 个词"),
    ],
)
def test_what_cannot_be_searched_gets_one_sentence(raw: str, advice: str) -> None:
    with pytest.raises(QueryProblem) as problem:
        parse_query(raw)
    assert advice in str(problem.value)
    assert "\n" not in str(problem.value)


def test_the_words_to_mark_are_those_a_hit_contains() -> None:
    assert parse_query("晚安 -早安 一 OR 二").words == ("晚安", "一", "二")


@pytest.mark.parametrize(
    "raw",
    [
        "有:图 " + "-(" * 47 + "一 二" + ")" * 47,
        "一 -(二 OR -(三 -(四 OR -(五 -(六 OR -(七 -(八 OR -(九 -(十))))))))) 有:图",
        "(一 (二 OR (三 (四 OR (五 (六 OR (七 (八 OR (九 (十 回复:我))))))))))",
    ],
)
async def test_however_deep_it_is_nested_it_can_be_searched(database: Database, raw: str) -> None:
    groups = range(1, 300)
    page = await LogSearch(database).search(parse_query(raw), groups, 5)
    assert page.total == 0


def test_negations_move_inside_and_cancel_each_other() -> None:
    assert with_negations_inside(Not(Not(Word("一")))) == Word("一")
    assert with_negations_inside(AllOf(parse_query("一 -(二 OR -(三 四))").clauses)) == AllOf(
        (Word("一"), Not(Word("二")), Word("三"), Word("四"))
    )


operators = st.sampled_from(
    ["OR", "-", '"', "“", "AND", "NOT", "(", ")", "*", ":", "^", "\\", "NEAR"]
)
fields = st.sampled_from(
    ["发送者:", "from:@", "群:", "之前:", "日期:", "有:", "回复:", "排序:", "-"]
)
typed = st.one_of(
    st.lists(fields | operators | st.text(max_size=3), max_size=8).map("".join),
    st.text(st.characters(), max_size=30),
    st.lists(operators | st.text(max_size=4), max_size=12).map(" ".join),
    st.lists(operators | st.text(max_size=2), max_size=12).map("".join),
)


@given(typed)
async def test_whatever_is_typed_can_be_searched_or_gets_a_sentence(
    database: Database, raw: str
) -> None:
    try:
        query = parse_query(raw)
    except QueryProblem:
        return
    page = await LogSearch(database).search(query, [GROUP], 5)
    assert page.total == 0


@pytest.mark.parametrize(
    "raw",
    [
        "晚安 想你 排序:旧",
        "“今晚 月色” -早安 显示:全部",
        "(一 OR 二 三) -（四 五） 有：图",
        "一 OR -二 OR (三 -四)",
        "发送者:“小 满” from:10001 群:守灯人 回复:我",
        "之前:2026-02-13 一",
        "自从:2026-02-13 一 排序:相关",
        "日期:2026-02-13 日期:2月..3月 一",
        '"-一" "OR" "晚安（笑）" "a:b" 格式:json',
    ],
)
def test_what_is_offered_to_be_typed_is_read_as_it_was_meant(raw: str) -> None:
    calendar = Calendar(ZoneInfo("Asia/Shanghai"), date(2026, 9, 21))
    meant = parse_query(raw, calendar)
    read = parse_query(as_typed(meant, calendar.zone), calendar)
    assert (read.clauses, read.sort, read.each) == (meant.clauses, meant.sort, meant.each)


def test_what_is_too_long_is_refused_before_its_brackets_are_matched(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Matching them takes time that grows with the square: half a minute of the event loop."""
    looked_at: list[str] = []
    monkeypatch.setattr(parser, "marked", looked_at.append)
    with pytest.raises(QueryProblem, match="太长"):
        parse_query("(" * 50_000 + ")" * 50_000)
    assert looked_at == []
