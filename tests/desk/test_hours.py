"""Hours and shifts, as people type them and as the clock on the wall goes."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from liudeng.desk.hours import HoursProblem, parse_shift

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("20:00-02:00", "每天 20:00–02:00"),
        ("20：00到02：00 周一至周五", "周一至周五 20:00–02:00"),
        ("20点半-2点 周末", "周末 20:30–02:00"),
        ("9-17 周一三五", "周一、周三、周五 09:00–17:00"),
        ("22:00 至 次日6:00 周五至周日", "周五、周六、周日 22:00–06:00"),
        ("8:00-9:00 星期一、星期三", "周一、周三 08:00–09:00"),
        ("２０:００-24:00 工作日", "周一至周五 20:00–00:00"),
        ("0:00-24:00 周六到周一", "周一、周六、周日 00:00–00:00"),
    ],
)
def test_what_people_type(typed: str, read: str) -> None:
    assert str(parse_shift(typed)) == read


@pytest.mark.parametrize(
    "typed",
    ["", "晚上", "25:00-1:00", "1:00-1:00", "20:61-22:00", "20:00-22:00 明天", "20:00", "8-9 周"],
)
def test_what_are_no_hours(typed: str) -> None:
    with pytest.raises(HoursProblem):
        parse_shift(typed)


@pytest.mark.parametrize(
    ("day", "hour", "on"),
    [(2, 20, True), (2, 19, False), (3, 1, True), (3, 2, False), (8, 1, False), (7, 1, True)],
    ids=["monday evening", "too early", "past midnight", "over", "sunday night", "friday's end"],
)
def test_a_night_shift_belongs_to_the_day_it_begins(day: int, hour: int, on: bool) -> None:
    """The second of November 2026 is a Monday."""
    shift = parse_shift("20:00-02:00 周一至周五")
    assert shift.covers(datetime(2026, 11, day, hour, 30, tzinfo=SHANGHAI)) is on


def test_a_shift_that_ends_tomorrow_ends_tomorrow() -> None:
    shift = parse_shift("20:00-02:00 周五")
    thursday = datetime(2026, 11, 5, 12, 0, tzinfo=SHANGHAI)
    assert shift.next_end(thursday) == datetime(2026, 11, 7, 2, 0, tzinfo=SHANGHAI)


def test_daylight_saving_moves_the_moment_and_not_the_clock() -> None:
    """In the night to 25 October 2026 Berlin's clocks go back from 3 to 2: that shift is longer."""
    shift = parse_shift("22:00-06:00")
    before = datetime(2026, 10, 24, 21, 0, tzinfo=BERLIN)
    end = shift.next_end(before)
    assert (end.day, end.hour) == (25, 6)
    assert end.timestamp() - before.timestamp() == 10 * 3600
    assert shift.next_end(end).hour == 6


def test_the_hour_that_comes_twice_ends_once() -> None:
    shift = parse_shift("22:00-02:30")
    first = shift.next_end(datetime(2026, 10, 25, 1, 0, tzinfo=BERLIN))
    again = datetime.fromtimestamp(first.timestamp() + 1, BERLIN)
    assert shift.next_end(again).day == 26
