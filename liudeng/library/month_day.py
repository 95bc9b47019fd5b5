"""Days of the year as members type them."""

import calendar
import re
from dataclasses import dataclass
from datetime import date

_LEAP_YEAR = 2024
_DATE = re.compile(
    r"(?:\d{4}\s*[-./年]\s*)?(?P<month>\d{1,2})\s*(?:月(?P<han>)|[-./])\s*(?P<day>\d{1,2})"
    r"(?!\d|\s*[-./]\s*\d)(?(han)\s*[日号]?|)"
)
_PLAIN = str.maketrans("０１２３４５６７８９‐‑‒–—―−－．。／", "0123456789--------../")
"""Character by character: what follows the date stays as it was typed."""


class NoSuchDay(ValueError):
    """It looks like a date and is none; its text is one Chinese sentence for the member."""


@dataclass(frozen=True, slots=True)
class MonthDay:
    """A day of every year; 29 February is kept on the 28th in years that lack it."""

    month: int
    day: int

    def __str__(self) -> str:
        return f"{self.month} 月 {self.day} 日"

    def in_year(self, year: int) -> date:
        """Return the day on which it is kept in a year."""
        if self == _LEAP_DAY and not calendar.isleap(year):
            return date(year, 2, 28)
        return date(year, self.month, self.day)

    def last_on(self, today: date) -> date:
        """Return the last day on which it was kept, today included."""
        this_year = self.in_year(today.year)
        return this_year if this_year <= today else self.in_year(today.year - 1)


_LEAP_DAY = MonthDay(2, 29)


def kept_on(today: date) -> tuple[MonthDay, ...]:
    """Return the days of the year that are kept today: one, or two on some 28 February."""
    kept = (MonthDay(today.month, today.day), _LEAP_DAY)
    return tuple(dict.fromkeys(day for day in kept if day.in_year(today.year) == today))


def split_month_day(text: str) -> tuple[MonthDay, str] | None:
    """Read a date at the start of a text; return it with what follows, or None.

    `06-06`, `6.6`, `6/6`, `6月6日` and each of them behind a year, which is dropped.

    Raises:
        NoSuchDay: there is no such day in any year.
    """
    text = text.strip()
    match = _DATE.match(text.translate(_PLAIN))
    if match is None:
        return None
    month, day = int(match["month"]), int(match["day"])
    if not 1 <= month <= 12:
        raise NoSuchDay(f"没有 {month} 月。先写月、再写日，例如：纪念日 06-06 和小暖的婚礼")
    last = calendar.monthrange(_LEAP_YEAR, month)[1]
    if not 1 <= day <= last:
        raise NoSuchDay(f"{month} 月没有 {day} 日，最多到 {last} 日。看看是不是写错了一个数字？")
    return MonthDay(month, day), text[match.end() :].strip(" \t\n,，、:：")
