"""What counts as an answer, and as an account that is old enough."""

from typing import Any

import pytest

from liudeng.entrance.acquaintance import acquaintance_of
from liudeng.entrance.judging import knows_a_word
from tests.fakes.payloads import NOW_MS

WORDS = ("守灯人", "April Lamp")
YEARS_AGO_S = 1_500_000_000


@pytest.mark.parametrize(
    "said", ["守灯人", "守 燈 人！", "我知道，是守灯人", "ａｐｒｉｌ　LAMP", "【守灯人】"]
)
def test_a_word_counts_however_it_is_written(said: str) -> None:
    assert knows_a_word(said, WORDS)


@pytest.mark.parametrize(
    "said", ["", "！！", "灯人守", "守灯", "甲乙丙丁 守灯人 戊己庚辛壬癸子丑寅卯"]
)
def test_neither_a_guess_nor_a_list_of_guesses_counts(said: str) -> None:
    assert not knows_a_word(said, WORDS)


@pytest.mark.parametrize(
    ("answer", "level", "days"),
    [
        ({"reg_time": YEARS_AGO_S, "qqLevel": 20, "level": 0}, 20, 3356),  # NapCat
        ({"login_days": 2_000, "level": 48}, 48, 2_000),  # go-cqhttp
        ({"reg_time": YEARS_AGO_S * 1_000, "level": "7"}, 7, 3356),
        ({"RegisterTime": "2016-05-01T08:00:00", "level": 48}, 48, 3795),  # Lagrange
        ({"reg_time": 0, "level": 0, "login_days": 0}, None, None),
        ({"reg_time": "∞", "level": [1], "nickname": None}, None, None),
        ({"reg_time": "1970-01-01", "level": -3}, None, None),
        ({"reg_time": 1e300, "level": 1e300}, None, None),
        ("nonsense", None, None),
        (None, None, None),
    ],
)
def test_what_implementations_tell_is_read(
    answer: Any, level: int | None, days: int | None
) -> None:
    known = acquaintance_of(answer, NOW_MS)
    assert (known.level, known.days) == (level, days)
