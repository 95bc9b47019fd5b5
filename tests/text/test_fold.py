"""Folding: what makes no difference to somebody who searches, and what does."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liudeng.text import fold, fold_with_offsets

any_text = st.text(st.characters(), max_size=60)  # lone surrogates too


@pytest.mark.parametrize(
    ("written", "searched"),
    [
        ("ＡＩ女友", "ai女友"),
        ("Replika", "REPLIKA"),
        ("２０２６", "2026"),
        ("ｶﾀｶﾅ", "カタカナ"),
        ("真的吗?", "真的吗？"),
        ("晚 安", "晚安"),
        ("晚\u3000安\n", "晚安"),
        ("晚\u200b\u200d\u2060\ufeff安", "晚安"),
        ("\u202e晚安\u202c", "晚安"),
        ("❤️", "❤"),
        ("Straße", "STRASSE"),
        ("㎏", "kg"),
        ("晚\ue000安", "晚安"),
        ("晚\0安\x07", "晚安"),
        ("後會有期", "后会有期"),
        ("憂鬱的臺灣烏龜", "忧郁的台湾乌龟"),
        ("妳在聽著嗎", "你在听着吗"),
    ],
)
def test_these_are_the_same_to_a_reader(written: str, searched: str) -> None:
    assert fold(written) == fold(searched)


@pytest.mark.parametrize(
    ("one", "other"), [("晚安", "晚安！"), ("🌙", "⭐"), ("cafe", "café"), ("晚安", "安晚")]
)
def test_these_are_not(one: str, other: str) -> None:
    assert fold(one) != fold(other)


_ASSIGNED = [
    chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) != "Cn"
]


def test_every_character_folds_once_and_for_all() -> None:
    """The index and the query are folded apart from one another, and must agree."""
    unstable = {char for char in _ASSIGNED if fold(folded := fold(char)) != folded}
    assert unstable == set()


def test_nothing_that_fts5_could_read_as_syntax_or_separator_is_left() -> None:
    left = set(fold("".join(_ASSIGNED)))
    assert {char for char in left if char.isascii() and not char.isalnum()} == set()


@given(any_text)
def test_fold_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(any_text, any_text)
def test_fold_distributes_over_concatenation(one: str, other: str) -> None:
    assert fold(one + other) == fold(one) + fold(other)


@given(any_text)
def test_offsets_lead_back_to_the_text_as_it_was_written(text: str) -> None:
    folded = fold_with_offsets(text)
    assert folded.text == fold(text)
    assert len(folded.offsets) == len(folded.text)
    for position in range(len(folded.text)):
        start, end = folded.span(position, position + 1)
        assert folded.text[position] in fold(text[start:end])


def test_a_span_covers_what_was_dropped_inside_it() -> None:
    folded = fold_with_offsets("说晚 \u200b安吧")
    start = folded.text.index("晚安")
    assert "说晚 \u200b安吧"[slice(*folded.span(start, start + 2))] == "晚 \u200b安"
