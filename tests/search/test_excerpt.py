"""Excerpts: the hit stands in them, marked, as it was written."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liudeng.search.excerpt import excerpt
from liudeng.text import fold

_MARKED = re.compile("【([^】]*)】")


@pytest.mark.parametrize(
    ("text", "words", "shown"),
    [
        ("我今天好想你", ["好想"], "我今天【好想】你"),
        ("Replika 没了", ["rep"], "【Rep】lika 没了"),
        ("ＡＩ 伴侣", ["ai伴"], "【ＡＩ 伴】侣"),
        ("晚\u200b安", ["晚安"], "【晚\u200b安】"),
        ("晚安晚安", ["晚安"], "【晚安】【晚安】"),
        ("aaa", ["aa"], "【aa】a"),
        ("想你想我", ["想你", "你想", "我"], "【想你】想【我】"),
        ("重量 5㎏", ["k"], "重量 5【㎏】"),
        ("第一行\n\n第二行", ["第二"], "第一行 【第二】行"),
        ("没有", ["晚安"], "没有"),
        ("什么都行", [], "什么都行"),
        ("", ["晚安"], ""),
        ("不可见的词", ["\u200b"], "不可见的词"),
    ],
)
def test_hits_are_marked_as_they_were_written(text: str, words: list[str], shown: str) -> None:
    assert excerpt(text, words) == shown


def test_a_long_text_is_shown_around_its_first_hit() -> None:
    shown = excerpt("前" * 500 + "针在这里" + "后" * 500, ["针在"])
    assert shown.startswith("…前")
    assert shown.endswith("后…")
    assert "【针在】这里" in shown
    assert len(shown) <= 66


@pytest.mark.parametrize(
    ("text", "shown"), [("针" + "后" * 99, "【针】后"), ("前" * 99 + "针", "前【针】")]
)
def test_a_hit_at_either_end_is_shown(text: str, shown: str) -> None:
    assert shown in excerpt(text, ["针"])


def test_a_hit_longer_than_the_window_is_shown_whole() -> None:
    assert excerpt("很长的一句话" * 30, ["很长的一句话" * 15]).count("很长的一句话") >= 15


letters = st.text(st.sampled_from("晚安aAＢ1 \n\u200b!🌙"), max_size=200)


@given(letters, st.lists(st.text(st.sampled_from("晚安ab1 ！"), max_size=3), max_size=3))
def test_what_is_marked_is_a_word_and_what_is_shown_was_said(text: str, words: list[str]) -> None:
    shown = excerpt(text, words, width=20)
    assert {fold(hit) for hit in _MARKED.findall(shown)} <= {fold(word) for word in words}
    quoted = _MARKED.sub(r"\1", shown).strip("…")
    assert "".join(quoted.split()) in "".join(text.split())
    if any(fold(word) and fold(word) in fold(text) for word in words):
        assert _MARKED.search(shown)


def test_a_late_hit_is_shown_as_an_early_one_is() -> None:
    around = "针里藏㎏\u200b" * 40
    (shown,) = {
        excerpt(
            "前" * before + "\u200b" * hidden + "头" * 90 + around + "尾" * 9_000, ["针 里", "kg"]
        )
        for before, hidden in [(0, 10), (400, 0), (1_999, 0), (9_870, 3), (333, 7_777)]
    }
    assert shown.startswith("…头")
    assert shown.count("【针里】藏【㎏】") >= 5


def test_a_long_text_without_the_word_is_shown_from_its_beginning() -> None:
    assert excerpt("开头" + "后" * 19_000, ["针"]).startswith("开头后")
