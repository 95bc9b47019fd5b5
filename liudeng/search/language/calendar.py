"""Days as people type them: 2026-02-13, 2月13日, 昨天, 上周五, 3天前, 去年."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_EARLIEST_YEAR, _LATEST_YEAR = 1990, 2200
_DAYS = {"今天": 0, "今日": 0, "today": 0, "昨天": 1, "昨日": 1, "yesterday": 1, "前天": 2}
_DAYS |= {"大前天": 3, "昨晚": 1, "今晚": 0}
_WEEKS = {"本周": 0, "这周": 0, "这个星期": 0, "上周": 1, "上星期": 1, "上个星期": 1, "上上周": 2}
_MONTHS = {"本月": 0, "这个月": 0, "上月": 1, "上个月": 1, "上上个月": 2}
_YEARS = {"今年": 0, "去年": 1, "前年": 2}
_NUMERALS = {char: number for number, char in enumerate("零一二三四五六七八九十")}
_NUMERALS |= {"两": 2, "十一": 11, "十二": 12}
_WEEKDAYS = {char: number for number, char in enumerate("一二三四五六日")} | {"天": 6}

_NUMBER = r"(\d{1,4}|[一二两三四五六七八九十]{1,2})"
_AGO = re.compile(_NUMBER + r"(天|日|周|个?星期|个?月|年)(?:以?前)")
_WEEKDAY = re.compile(r"(上上|上|本|这)?个?(?:周|星期|礼拜)([一二三四五六日天])")
_YEAR_MONTH_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?")
_YEAR_MONTH = re.compile(r"(\d{4})[-/.年](\d{1,2})月?")
_YEAR = re.compile(r"(\d{4})年?")
_MONTH_DAY = re.compile(r"(\d{1,2})[-/.月](\d{1,2})[日号]?")
_MONTH = re.compile(_NUMBER + "月份?")
_RANGE = re.compile(r"(?P<first>.+?)(?:\.\.+|~|～|到|至)(?P<last>.+)")


@dataclass(frozen=True, slots=True)
class Days:
    """Whole days: from `first` up to, not including, `end`."""

    first: date
    end: date


@dataclass(frozen=True, slots=True)
class Calendar:
    """Today, and the zone in which days begin."""

    zone: ZoneInfo
    today: date

    @classmethod
    def now(cls, zone: ZoneInfo) -> "Calendar":
        """Return the calendar of this moment."""
        return cls(zone, datetime.now(zone).date())

    def days(self, typed: str) -> Days | None:
        """Return the days that somebody means, None when it cannot be told.

        A day or month without a year is the latest one that has begun.
        """
        typed = typed.strip().lower()
        if both := _RANGE.fullmatch(typed):
            first, last = self.days(both["first"]), self.days(both["last"])
            return Days(first.first, last.end) if first and last else None
        readers = (self._named, self._ago, self._weekday, self._with_year, self._without_year)
        try:
            return next(filter(None, (read(typed) for read in readers)), None)
        except (ValueError, OverflowError):  # there is no 31 February
            return None

    def start_ms(self, day: date) -> int:
        """Return when a day begins, in UTC epoch milliseconds."""
        return int(datetime.combine(day, time(), self.zone).timestamp() * 1000)

    def _named(self, typed: str) -> Days | None:
        if (days := _DAYS.get(typed)) is not None:
            return _day(self.today - timedelta(days))
        if (weeks := _WEEKS.get(typed)) is not None:
            return self._week(weeks)
        if (months := _MONTHS.get(typed)) is not None:
            return self._months_ago(months)
        if (years := _YEARS.get(typed)) is not None:
            return _year(self.today.year - years)
        return None

    def _ago(self, typed: str) -> Days | None:
        found = _AGO.fullmatch(typed)
        if not found:
            return None
        number, unit = _number(found[1]), found[2]
        if unit in ("天", "日"):
            return _day(self.today - timedelta(number))
        if unit == "年":
            return _year(self.today.year - number)
        return self._months_ago(number) if unit.endswith("月") else self._week(number)

    def _weekday(self, typed: str) -> Days | None:
        found = _WEEKDAY.fullmatch(typed)
        if not found:
            return None
        weekday = _WEEKDAYS[found[2]]
        if found[1]:
            weeks = {"上上": 2, "上": 1}.get(found[1], 0)
            return _day(self._week(weeks).first + timedelta(weekday))
        return _day(self.today - timedelta((self.today.weekday() - weekday) % 7))

    def _with_year(self, typed: str) -> Days | None:
        if found := _YEAR_MONTH_DAY.fullmatch(typed):
            year, month, day = map(int, found.groups())
            return _day(date(_sane(year), month, day))
        if found := _YEAR_MONTH.fullmatch(typed):
            return _month(_sane(int(found[1])), int(found[2]))
        if found := _YEAR.fullmatch(typed):
            return _year(int(found[1]))
        return None

    def _without_year(self, typed: str) -> Days | None:
        if found := _MONTH_DAY.fullmatch(typed):
            month, day = map(int, found.groups())
            begun = (month, day) <= (self.today.month, self.today.day)
            return _day(_latest(self.today.year - (not begun), month, day))
        if found := _MONTH.fullmatch(typed):
            month = _number(found[1])
            return _month(self.today.year - (month > self.today.month), month)
        return None

    def _week(self, weeks_ago: int) -> Days:
        monday = self.today - timedelta(self.today.weekday() + 7 * weeks_ago)
        return Days(monday, monday + timedelta(7))

    def _months_ago(self, months: int) -> Days:
        year, month = divmod(self.today.year * 12 + self.today.month - 1 - months, 12)
        return _month(_sane(year), month + 1)


def _day(day: date) -> Days:
    _sane(day.year)
    return Days(day, day + timedelta(1))


def _month(year: int, month: int) -> Days:
    first = date(year, month, 1)
    return Days(first, date(year + month // 12, month % 12 + 1, 1))


def _year(year: int) -> Days:
    return Days(date(_sane(year), 1, 1), date(year + 1, 1, 1))


def _latest(year: int, month: int, day: int) -> date:
    """Return the day in this year or, for 29 February, in the latest year that has it."""
    for earlier in range(8):
        try:
            return date(year - earlier, month, day)
        except ValueError:
            if (month, day) != (2, 29):
                raise
    raise ValueError("no such day")


def _sane(year: int) -> int:
    if not _EARLIEST_YEAR <= year <= _LATEST_YEAR:
        raise ValueError("no year of a chat")
    return year


def _number(typed: str) -> int:
    if typed.isdecimal():
        return int(typed)
    if typed not in _NUMERALS:
        raise ValueError("no number")
    return _NUMERALS[typed]
