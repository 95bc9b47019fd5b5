"""Which entry a message asks for, and when nobody should say anything."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liudeng.faq.matching import Askable, Concepts, Lore, Matcher, SynonymsProblem
from liudeng.faq.seed import SeedEntry
from tests.faq.conftest import askables

ROOT = Path(__file__).parents[2]
NEGATIVES = [
    json.loads(line)["text"]
    for line in (ROOT / "tests/data/faq_negative.jsonl").read_text("utf-8").splitlines()
]
ASKED = [
    json.loads(line)
    for line in (ROOT / "training/data/faq_asked.jsonl").read_text("utf-8").splitlines()
]


def test_a_second_pen_is_understood(matcher: Matcher) -> None:
    """What members of a group asked, by another author; nothing was learnt from it."""
    right = 0
    for asked in ASKED:
        best = matcher.match(asked["text"]).ranked[0].id
        right += f"FAQ{best:03}" in asked["entries"]
    assert right / len(ASKED) >= 0.93


def test_variants_are_found_while_they_are_left_out(seed: list[SeedEntry], lore: Lore) -> None:
    """One variant of some entries; `benchmarks.faq_quality` asks them all."""
    some = {number: entry.variants[0] for number, entry in list(enumerate(seed, 1))[::4]}
    matcher = Matcher(askables(seed, *some.values()), lore)
    ranked = {
        number: [one.id for one in matcher.match(text).ranked[:3]] for number, text in some.items()
    }
    assert sum(ids[0] == number for number, ids in ranked.items()) >= 12
    assert sum(number in ids for number, ids in ranked.items()) >= 14


def test_what_no_entry_answers_is_not_answered(matcher: Matcher) -> None:
    matches = [matcher.match(text) for text in NEGATIVES]
    assert sum(match.answer is None for match in matches) / len(matches) >= 0.95
    assert [match for match in matches if match.unasked is not None] == []


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("shuibuzhao zenme ban", 50),
        ("daochu de lianjie guoqi le", 3),
        ("api duoshao qian yige yue", 20),
        ("怎麼導出聊天記錄？", 1),
        ("【求助】ｃｈａｔ．ｈｔｍｌ 打不开", 5),
        ("记忆信模版在哪", 13),
    ],
)
def test_pinyin_script_and_width_make_no_difference(
    matcher: Matcher, typed: str, code: int
) -> None:
    assert matcher.match(typed).ranked[0].id == code


def test_a_plain_question_is_answered_unasked(matcher: Matcher) -> None:
    match = matcher.match("导出的下载链接过期了怎么办？")
    assert match.answer == match.unasked == 3
    assert 3 not in match.suggestions


@pytest.mark.parametrize(
    "said",
    [
        "链接又过期了，我真服了",
        "导出成功了，一共四百多段",
        "我昨晚睡不着，数羊数到两千",
        "晚安",
        "",
    ],
)
def test_who_only_tells_something_is_not_answered(matcher: Matcher, said: str) -> None:
    assert matcher.match(said).unasked is None


def test_only_what_is_allowed_is_found(matcher: Matcher) -> None:
    match = matcher.match("怎么导出聊天记录", among=[2, 3])
    assert {one.id for one in match.ranked} <= {2, 3}
    assert matcher.match("怎么导出聊天记录", among=[]).ranked == ()


def test_without_entries_nothing_is_meant(lore: Lore) -> None:
    assert Matcher((), lore).match("怎么导出").ranked == ()


def test_a_single_entry_can_be_asked(lore: Lore) -> None:
    alone = Matcher([Askable(7, ("线下聚会在哪里",), "周六下午在江边。")], lore)
    assert alone.match("线下聚会在哪里").ranked[0].id == 7


@given(st.text(max_size=400))
@settings(max_examples=30)
def test_anything_can_be_asked(matcher: Matcher, text: str) -> None:
    match = matcher.match(text)
    assert 0 <= match.probability <= 1
    assert len(match.suggestions) <= 3


@pytest.mark.parametrize("content", ["[groups", "words = 1", "[groups]\nexport = 3", None])
def test_broken_synonyms_are_reported(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "synonyms.toml"
    if content is not None:
        path.write_text(content, "utf-8")
    with pytest.raises(SynonymsProblem, match="同义词表"):
        Concepts.load(path)


def test_synonyms_bring_together_what_shares_no_word(lore: Lore) -> None:
    assert lore.concepts.of("导出") & lore.concepts.of("拿下来")
    assert not lore.concepts.of("latest") & lore.concepts.of("酒馆")
