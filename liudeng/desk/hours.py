"""Hours of the day and weekly shifts, as people type them."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, time, timedelta

_DAY = 24 * 60


def _time(name: str) -> str:
    return rf"(?P<{name}>\d{{1,2}})(?:[:：](?P<{name}_minute>\d{{2}})|(?P<{name}_half>点半)|点|时)?"


_TO = r"(?:-|~|—|–|到|至)"
_HOURS = re.compile(rf"{_time('starts')}\s*{_TO}+\s*(?:次日|第二天)?\s*{_time('ends')}")
_WEEKDAYS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "日": 7, "天": 7}
_RANGE = re.compile(rf"周?([一二三四五六日天])\s*{_TO}\s*(?:周|星期)?([一二三四五六日天])")
EVERY_DAY = frozenset(range(1, 8))
_SPAN = re.compile(r"([0-9]{1,4})\s*(小时|个小时|h|天|d|分钟|m)?(?:后|之后)?", re.IGNORECASE)
_UNITS = {
    "天": timedelta(days=1),
    "d": timedelta(days=1),
    "分钟": timedelta(minutes=1),
    "m": timedelta(minutes=1),
}
_NAMES = {
    EVERY_DAY: "每天",
    frozenset({1, 2, 3, 4, 5}): "周一至周五",
    frozenset({6, 7}): "周末",
}
_WORDS = {"每天": EVERY_DAY, "工作日": frozenset({1, 2, 3, 4, 5}), "周末": frozenset({6, 7})}


class HoursProblem(ValueError):
    """What was typed are no hours."""


@dataclass(frozen=True, slots=True)
class Hours:
    """A span of the day in minutes after midnight; one that ends earlier goes past midnight."""

    starts: int
    ends: int

    def __str__(self) -> str:
        return f"{_clock(self.starts)}–{_clock(self.ends)}"

    @property
    def over_midnight(self) -> bool:
        """Whether the span ends on the next day."""
        return self.ends <= self.starts

    def cover(self, moment: datetime) -> bool:
        """Tell whether the local time lies in the span."""
        minute = moment.hour * 60 + moment.minute
        if self.over_midnight:
            return minute >= self.starts or minute < self.ends
        return self.starts <= minute < self.ends


@dataclass(frozen=True, slots=True)
class Shift:
    """Hours on certain weekdays (1 is Monday); the day is the one on which it begins."""

    hours: Hours
    days: frozenset[int]
    user_id: int = 0
    id: int = 0

    def __str__(self) -> str:
        return f"{_days(self.days)} {self.hours}"

    def covers(self, moment: datetime) -> bool:
        """Tell whether somebody with this shift is on duty at a local time."""
        if not self.hours.cover(moment):
            return False
        minute = moment.hour * 60 + moment.minute
        begun_yesterday = self.hours.over_midnight and minute < self.hours.ends
        day = moment - timedelta(days=1) if begun_yesterday else moment
        return day.isoweekday() in self.days

    def next_end(self, after: datetime) -> datetime:
        """Return when the shift ends next, by the clock on the wall of `after`'s zone."""
        first = after.date() - timedelta(days=1)
        ends = time(self.hours.ends // 60 % 24, self.hours.ends % 60)
        for number in range(10):
            day = first + timedelta(days=number)
            if day.isoweekday() not in self.days:
                continue
            last = day + timedelta(days=1) if self.hours.over_midnight else day
            end = datetime.combine(last, ends, after.tzinfo)
            # Compared as moments: aware times of one zone compare by their clocks alone.
            if end.timestamp() > after.timestamp():
                return end
        raise AssertionError("a shift has at least one day")


def parse_span(text: str) -> timedelta | None:
    """Read `24h`, `3天`, `90分钟后`, or `8` for hours; None where it is no span of time."""
    match = _SPAN.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if match is None:
        return None
    unit = (match[2] or "h").lower()
    return int(match[1]) * _UNITS.get(unit, timedelta(hours=1))


def parse_hours(text: str) -> tuple[Hours, str]:
    """Read `20:00-02:00` at the beginning of a text; return it and what follows.

    Raises:
        HoursProblem: it begins with no hours.
    """
    text = unicodedata.normalize("NFKC", text).strip()
    match = _HOURS.match(text)
    if match is None:
        raise HoursProblem(text)
    starts, ends = _minutes(match, "starts"), _minutes(match, "ends")
    if starts in (ends, _DAY):
        raise HoursProblem(text)
    return Hours(starts, ends % _DAY), text[match.end() :].strip()


def parse_shift(text: str) -> Shift:
    """Read `20:00-02:00 周一至周五`; without days it is every day.

    Raises:
        HoursProblem: it is neither hours nor days.
    """
    hours, rest = parse_hours(text)
    return Shift(hours, _parse_days(rest))


def _parse_days(text: str) -> frozenset[int]:
    if not text:
        return EVERY_DAY
    if text in _WORDS:
        return _WORDS[text]
    days: set[int] = set()
    for match in _RANGE.finditer(text):
        first, last = _WEEKDAYS[match[1]], _WEEKDAYS[match[2]]
        days.update(range(first, last + 1) if first <= last else ())
        days.update(() if first <= last else {*range(first, 8), *range(1, last + 1)})
    rest = re.sub(r"星期|[周、,，和\s]", "", _RANGE.sub("", text))
    if any(letter not in _WEEKDAYS for letter in rest):
        raise HoursProblem(text)
    days |= {_WEEKDAYS[letter] for letter in rest}
    if not days:
        raise HoursProblem(text)
    return frozenset(days)


def _minutes(match: re.Match[str], name: str) -> int:
    minute = int(match[f"{name}_minute"] or (30 if match[f"{name}_half"] else 0))
    minutes = int(match[name]) * 60 + minute
    if minute > 59 or minutes > _DAY:
        raise HoursProblem(match[0])
    return minutes


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _days(days: frozenset[int]) -> str:
    return _NAMES.get(days) or "、".join(f"周{'一二三四五六日'[day - 1]}" for day in sorted(days))
