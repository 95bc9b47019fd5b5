"""Words: as a dictionary cuts them, folded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liudeng.text import fold
from liudeng.text.words import words


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("后悔面馆打烊公告", ["后悔", "面馆", "打烊", "公告"]),
        ("我：晚安，小暖。", ["我", "晚安", "小暖"]),
        ("I still Have ＴＯＫＥＮ 都湿了", ["i", "still", "have", "token", "都", "湿", "了"]),
        ("🌙……", []),
        ("", []),
    ],
)
def test_a_text_is_cut_into_words(text: str, cut: list[str]) -> None:
    assert words(text) == cut


@given(st.text(st.characters(), max_size=40))
def test_every_word_stands_in_the_text(text: str) -> None:
    folded = fold(text)
    assert all(word in folded for word in words(text))
