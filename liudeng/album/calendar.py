"""Entries by month and day, as the album lays them out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from liudeng.album.model import Entry

_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Day:
    """The entries of one day."""

    date: date
    entries: tuple[Entry, ...]

    @property
    def weekday(self) -> str:
        return f"周{_WEEKDAYS[self.date.weekday()]}"


@dataclass(frozen=True, slots=True)
class Month:
    """The days of one month that have entries."""

    year: int
    month: int
    days: tuple[Day, ...]

    @property
    def anchor(self) -> str:
        return f"m{self.year}-{self.month:02d}"

    @property
    def name(self) -> str:
        return f"{self.year} 年 {self.month} 月"

    @property
    def count(self) -> int:
        return sum(len(day.entries) for day in self.days)


def months(entries: Sequence[Entry]) -> list[Month]:
    """Group entries, which come oldest first."""
    days = [Day(when, tuple(same)) for when, same in groupby(entries, key=lambda one: one.day)]
    return [
        Month(year, month, tuple(same))
        for (year, month), same in groupby(days, key=lambda day: (day.date.year, day.date.month))
    ]


def written(day: date) -> str:
    """Return a day as it is read out."""
    return f"{day.year} 年 {day.month} 月 {day.day} 日"


def span(entries: Sequence[Entry]) -> str:
    """Return the months from the first entry to the last."""
    if not entries:
        return ""
    first, last = entries[0].day, entries[-1].day
    begin, end = (f"{day.year} 年 {day.month} 月" for day in (first, last))
    return begin if begin == end else f"{begin} — {end}"
