"""Dates that members keep, and one reminder a year."""

import calendar
import contextlib
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liudeng.db import Database
from liudeng.library import (
    Anniversary,
    add_anniversary,
    anniversaries_of,
    due,
    parse_anniversary,
    remind_of_anniversaries,
    remove_anniversary,
)
from liudeng.library.anniversaries import (
    LATEST_DAYS,
    MOST_ANNIVERSARIES,
    AnniversaryDraft,
    NotADate,
    TooMany,
)
from liudeng.library.month_day import MonthDay, NoSuchDay
from liudeng.outbox import Kind, Target
from tests.fakes.payloads import MEMBER, OTHER_MEMBER
from tests.library.conftest import Room

ME = str(MEMBER)
LEAP_DAY = MonthDay(2, 29)


class Calendar:
    """Keeps dates and turns pages."""

    def __init__(self, room: Room, zone: ZoneInfo) -> None:
        self.database = room.database
        self.room = room
        self.zone = zone

    async def keep(
        self, when: MonthDay, title: str = "婚礼", *, on: date, owner: str = ME
    ) -> Anniversary:
        now = datetime(on.year, on.month, on.day, 20, tzinfo=self.zone)
        async with self.database.write() as connection:
            return await add_anniversary(connection, owner, AnniversaryDraft(when, title), now)

    async def remind(self, today: date) -> list[str]:
        """Return what is said that morning."""
        before = len(await self.room.letters())
        async with self.database.write() as connection:
            posted = await remind_of_anniversaries(connection, today)
        letters = (await self.room.letters())[before:]
        assert len(letters) == posted
        return [letter.text.splitlines()[0] for letter in letters]

    async def reminded_on(self, first: date, days: int) -> list[date]:
        """Return the days of a time on which something is said."""
        return [
            day
            for day in (first + timedelta(days=number) for number in range(days))
            if await self.remind(day)
        ]


@pytest.fixture
def diary(room: Room, zone: ZoneInfo) -> Calendar:
    return Calendar(room, zone)


@pytest.mark.parametrize(
    "typed",
    [
        "06-06 和小暖的婚礼",
        "6-6 和小暖的婚礼",
        "6月6日 和小暖的婚礼",
        "6月6日和小暖的婚礼",
        "6 月 6 号：和小暖的婚礼",
        "6月6 和小暖的婚礼",
        "6.6 和小暖的婚礼",
        "6/6，和小暖的婚礼",
        "2024-06-06 和小暖的婚礼",
        "2024年6月6日 和小暖的婚礼",
        "2024/6/6 和小暖的婚礼",
        "０６－０６　和小暖的婚礼",
        "06-06和小暖的婚礼",
        " 06–06  和小暖的婚礼\n",
    ],
)
def test_a_date_however_it_is_typed(typed: str) -> None:
    assert parse_anniversary(typed) == AnniversaryDraft(MonthDay(6, 6), "和小暖的婚礼")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("02-30 婚礼", "2 月没有 30 日，最多到 29 日"),
        ("2月30日 婚礼", "2 月没有 30 日，最多到 29 日"),
        ("4.31 婚礼", "4 月没有 31 日，最多到 30 日"),
        ("13-01 婚礼", "没有 13 月"),
        ("00-01 婚礼", "没有 0 月"),
        ("06-00 婚礼", "6 月没有 0 日"),
    ],
)
def test_a_day_that_does_not_exist_is_explained(typed: str, sentence: str) -> None:
    with pytest.raises(NoSuchDay, match=sentence):
        parse_anniversary(typed)


@pytest.mark.parametrize(
    "typed",
    ["", "婚礼", "06-06", "6月6日 ", "婚礼 06-06", "06-06-2024 婚礼", "2024-06 婚礼", "666"],
)
def test_what_is_no_anniversary_is_answered_with_an_example(typed: str) -> None:
    with pytest.raises(NotADate, match="纪念日 06-06 和小暖的婚礼"):
        parse_anniversary(typed)


def test_the_leap_day_is_a_day() -> None:
    assert parse_anniversary("2023-02-29 那天").when == LEAP_DAY


@given(
    day=st.dates(date(2024, 1, 1), date(2024, 12, 31)),
    year=st.sampled_from(["", "{0.year}-", "{0.year}年", "{0.year:04}."]),
    form=st.sampled_from(["{0:%m-%d}", "{0.month}月{0.day}日", "{0.month}.{0.day}", "{0:%m/%d}"]),
    title=st.text(st.characters(categories=["Lo"]), min_size=1, max_size=40),
)
def test_every_day_of_the_year_is_read(day: date, year: str, form: str, title: str) -> None:
    typed = f"{(year + form).format(day)} {title}"
    assert parse_anniversary(typed) == AnniversaryDraft(MonthDay(day.month, day.day), title)


@given(st.text(st.sampled_from("0123456789-./月日年号 婚\n０－"), max_size=14))
def test_whatever_is_typed_is_a_day_or_explained(typed: str) -> None:
    with contextlib.suppress(NoSuchDay, NotADate):
        draft = parse_anniversary(typed)
        assert 1 <= draft.when.day <= calendar.monthrange(2024, draft.when.month)[1]
        assert draft.title


async def test_the_day_comes_once_a_year(diary: Calendar) -> None:
    await diary.keep(MonthDay(6, 6), on=date(2025, 8, 1))
    assert await diary.reminded_on(date(2026, 6, 5), 6) == [date(2026, 6, 6)]
    assert await diary.remind(date(2026, 6, 6)) == [], "a second start on the same day"
    assert await diary.reminded_on(date(2027, 6, 5), 3) == [date(2027, 6, 6)]
    [letter, _] = await diary.room.letters()
    assert (letter.kind, letter.target, letter.target_id) == (Kind.NOTICE, Target.PRIVATE, MEMBER)
    assert letter.text.splitlines()[0] == "今天是 6 月 6 日：「婚礼」。"


async def test_29_february_is_kept_on_the_28th_in_common_years(diary: Calendar) -> None:
    await diary.keep(LEAP_DAY, on=date(2026, 5, 1))
    assert await diary.remind(date(2027, 2, 28)) == ["今年没有 2 月 29 日，就在今天：「婚礼」。"]
    assert await diary.remind(date(2027, 3, 1)) == []
    assert await diary.remind(date(2028, 2, 28)) == [], "this year it has a day of its own"
    assert await diary.remind(date(2028, 2, 29)) == ["今天是 2 月 29 日：「婚礼」。"]
    assert await diary.remind(date(2028, 3, 1)) == []


@pytest.mark.parametrize("late", range(1, LATEST_DAYS + 2))
async def test_a_bot_that_was_down_comes_late_and_says_so(late: int, diary: Calendar) -> None:
    await diary.keep(MonthDay(12, 31), on=date(2025, 6, 1))
    said = await diary.remind(date(2025, 12, 31) + timedelta(days=late))
    if late > LATEST_DAYS:
        assert said == [], "after that it would only hurt"
    else:
        assert said == [f"12 月 31 日是「婚礼」。那天我没能在线，晚了 {late} 天才来，对不起。"]
        assert await diary.remind(date(2026, 1, 3)) == []
    assert await diary.remind(date(2026, 12, 31)) == ["今天是 12 月 31 日：「婚礼」。"]


async def test_a_late_leap_day_counts_from_the_28th(diary: Calendar) -> None:
    await diary.keep(LEAP_DAY, on=date(2026, 5, 1))
    [said] = await diary.remind(date(2027, 3, 2))
    assert "晚了 2 天" in said


async def test_who_has_just_written_a_date_down_knows_what_day_it_is(diary: Calendar) -> None:
    for late in (0, 1, 3):
        on = date(2026, 1, 2) + timedelta(days=late)
        await diary.keep(MonthDay(1, 2), f"晚了 {late} 天写的", on=on)
    assert await diary.reminded_on(date(2026, 1, 2), 5) == []
    assert await diary.remind(date(2027, 1, 2)) != []


async def test_a_date_written_down_the_day_before_is_reminded_of(diary: Calendar) -> None:
    await diary.keep(MonthDay(1, 2), on=date(2026, 1, 1))
    assert await diary.remind(date(2026, 1, 2)) != []


async def test_one_letter_tells_a_person_of_all(diary: Calendar) -> None:
    today = date(2026, 6, 6)
    for day, title in ((6, "婚礼"), (5, "认识"), (6, "生日")):
        await diary.keep(MonthDay(6, day), title, on=date(2025, 8, 1))
    await diary.keep(MonthDay(6, 6), "别人的", on=date(2025, 8, 1), owner=str(OTHER_MEMBER))
    assert len(await diary.remind(today)) == 2
    mine, others = sorted(await diary.room.letters(), key=lambda letter: letter.target_id)
    assert [title for title in ("认识", "婚礼", "生日") if title in mine.text] == [
        "认识",
        "婚礼",
        "生日",
    ]
    assert "别人的" not in mine.text
    assert "婚礼" not in others.text


async def test_letter_and_mark_are_one(diary: Calendar, database: Database) -> None:
    await diary.keep(MonthDay(6, 6), on=date(2025, 8, 1))
    today = date(2026, 6, 6)

    async def crash() -> None:
        async with database.write() as connection:
            assert await remind_of_anniversaries(connection, today) == 1
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await crash()
    assert await diary.room.letters() == []
    async with database.read() as connection:
        assert len(await due(connection, today)) == 1
    assert len(await diary.remind(today)) == 1


async def test_the_same_date_twice_is_one(diary: Calendar, database: Database) -> None:
    first = await diary.keep(MonthDay(6, 6), on=date(2026, 1, 1))
    assert await diary.keep(MonthDay(6, 6), on=date(2026, 9, 1)) == first
    async with database.read() as connection:
        assert await anniversaries_of(connection, ME) == [first]


async def test_there_is_an_end(diary: Calendar) -> None:
    for number in range(MOST_ANNIVERSARIES):
        await diary.keep(MonthDay(6, 6), f"第{number}个", on=date(2026, 1, 1))
    with pytest.raises(TooMany):
        await diary.keep(MonthDay(6, 6), "再一个", on=date(2026, 1, 1))
    await diary.keep(MonthDay(6, 6), "别人的", on=date(2026, 1, 1), owner="7")


async def test_only_its_owner_forgets_a_date(diary: Calendar, database: Database) -> None:
    kept = await diary.keep(MonthDay(6, 6), on=date(2025, 8, 1))
    async with database.write() as connection:
        assert not await remove_anniversary(connection, str(OTHER_MEMBER), kept.id)
        assert await remove_anniversary(connection, ME, kept.id)
        assert not await remove_anniversary(connection, ME, kept.id)
    assert await diary.remind(date(2026, 6, 6)) == []
