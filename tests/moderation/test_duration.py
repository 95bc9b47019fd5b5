"""Lengths of time as people write them."""

import pytest

from liudeng.moderation import in_words, leading_duration, parse_duration


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        ("10m", 600),
        ("十分钟", 600),
        ("半小时", 1800),
        ("一个半小时", 5400),
        ("两个半钟头", 9000),
        ("个半小时", None),
        ("1小时半", 5400),
        ("1天", 86_400),
        ("2h30m", 9000),
        ("三天", 259_200),
        ("二十五分钟", 1500),
        ("90s", 90),
        ("５分钟", 300),
        ("15", 900),
        ("两周", 1_209_600),
        ("很久", None),
        ("", None),
    ],
)
def test_a_length_of_time_is_read(typed: str, seconds: int | None) -> None:
    assert parse_duration(typed) == seconds


def test_what_follows_is_the_reason() -> None:
    assert leading_duration("10分钟 连着刷屏") == (600, "连着刷屏")
    assert leading_duration("一个半小时 连着刷屏") == (5400, "连着刷屏")
    assert leading_duration("连着刷屏") == (None, "连着刷屏")


def test_it_is_said_in_words() -> None:
    assert in_words(600) == "10 分钟"
    assert in_words(90_061) == "1 天 1 小时"
