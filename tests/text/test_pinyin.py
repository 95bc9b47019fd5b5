"""Pinyin: how characters sound, and what letters spell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liudeng.text.pinyin import blurred, readings, spellings


@pytest.mark.parametrize(
    ("char", "sounds"),
    [
        ("晚", ("wan",)),
        ("女", ("nv", "nu")),
        ("长", ("zhang", "chang")),
        ("還", ("hai", "huan")),
        ("嗯", ("en",)),
        ("a", ()),
        ("の", ()),
        ("🌙", ()),
    ],
)
def test_a_character_sounds_as_it_is_read(char: str, sounds: tuple[str, ...]) -> None:
    assert readings(char) == sounds


@pytest.mark.parametrize(
    ("letters", "expected"),
    [
        ("wanan", [("wa", "nan"), ("wan", "an")]),
        ("xian", [("xian",), ("xi", "an")]),
        ("LÜSE", [("lv", "se")]),
        ("token", []),
        ("", []),
    ],
)
def test_letters_divide_into_syllables_the_fewest_first(
    letters: str, expected: list[tuple[str, ...]]
) -> None:
    assert spellings(letters) == expected


@given(st.text(st.sampled_from("aeghinoxuz"), max_size=80))
def test_whatever_letters_spell_is_the_letters(letters: str) -> None:
    for way in spellings(letters):
        assert "".join(way) == letters


@pytest.mark.parametrize(
    ("one", "other"), [("zhang", "zan"), ("shi", "si"), ("ling", "lin"), ("lue", "lve")]
)
def test_syllables_that_many_do_not_tell_apart_are_blurred(one: str, other: str) -> None:
    assert blurred(one) == blurred(other)


def test_syllables_that_everybody_tells_apart_are_not() -> None:
    assert len({blurred(each) for each in ("wan", "wen", "wang", "huan", "zhong", "zong")}) == 4
