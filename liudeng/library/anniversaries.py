"""Dates that members keep, and the private reminder on each of them, once a year."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from pydantic import BaseModel, ConfigDict
from sqlalchemy import RowMapping, and_, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive.reading import clean, one_line
from liudeng.library.month_day import MonthDay, kept_on, split_month_day
from liudeng.library.tables import anniversaries
from liudeng.outbox import Kind, Letter, Target, post, text_segment

MOST_ANNIVERSARIES = 30
"""For one person."""
LATEST_DAYS = 3
"""How late a reminder still comes when the bot was down on the day."""
_MAX_TITLE = 40
_LIFETIME_MS = 2 * 24 * 3600_000
_EXAMPLE = "例如：纪念日 06-06 和小暖的婚礼"
_NO_DATE = f"先写日期，再写是什么日子，{_EXAMPLE}"
_NO_TITLE = f"再写上是什么日子就能记下了，{_EXAMPLE}"


class NotADate(ValueError):
    """What was typed is no anniversary; its text is one Chinese sentence for the member."""


class TooMany(ValueError):
    """This person keeps as many as one may."""


@dataclass(frozen=True, slots=True)
class AnniversaryDraft:
    """An anniversary before it has a row."""

    when: MonthDay
    title: str


class Anniversary(BaseModel):
    """A date that somebody keeps."""

    model_config = ConfigDict(frozen=True)

    id: int
    owner_id: str
    when: MonthDay
    title: str
    reminded_year: int
    """The last year of which nothing is left to be said, 0 for none."""


def parse_anniversary(text: str) -> AnniversaryDraft:
    """Read `06-06 和小暖的婚礼`; see `split_month_day` for the dates it takes.

    Raises:
        NoSuchDay: the date is none, such as 02-30.
        NotADate: there is no date at the start, or nothing behind it.
    """
    found = split_month_day(clean(text))
    if found is None:
        raise NotADate(_NO_DATE)
    when, rest = found
    title = " ".join(one_line(rest).split())
    if not title:
        raise NotADate(_NO_TITLE)
    return AnniversaryDraft(when, title if len(title) <= _MAX_TITLE else title[:39] + "…")


async def add_anniversary(
    connection: AsyncConnection, owner_id: str, draft: AnniversaryDraft, now: datetime
) -> Anniversary:
    """Keep a date; the same one twice is one. `now` is the time in the bot's zone.

    Whoever adds a date knows what day it is: the first reminder comes on the next one.

    Raises:
        TooMany: its owner keeps `MOST_ANNIVERSARIES` already.
    """
    kept = await anniversaries_of(connection, owner_id)
    for known in kept:
        if (known.when, known.title) == (draft.when, draft.title):
            return known
    if len(kept) >= MOST_ANNIVERSARIES:
        raise TooMany(owner_id)
    inserted = await connection.execute(
        insert(anniversaries)
        .values(
            owner_id=owner_id,
            month=draft.when.month,
            day=draft.when.day,
            title=draft.title,
            reminded_year=draft.when.last_on(now.date()).year,
            created_ms=int(now.timestamp() * 1000),
        )
        .returning(anniversaries)
    )
    return _anniversary(inserted.mappings().one())


async def anniversaries_of(connection: AsyncConnection, owner_id: str) -> list[Anniversary]:
    """Return a person's dates in the order of the year."""
    query = (
        select(anniversaries)
        .where(anniversaries.c.owner_id == owner_id)
        .order_by(anniversaries.c.month, anniversaries.c.day, anniversaries.c.id)
    )
    return [_anniversary(row) for row in (await connection.execute(query)).mappings()]


async def remove_anniversary(
    connection: AsyncConnection, owner_id: str, anniversary_id: int
) -> bool:
    """Forget a date; False when its owner has none of that number."""
    removed = await connection.execute(
        delete(anniversaries).where(
            anniversaries.c.id == anniversary_id, anniversaries.c.owner_id == owner_id
        )
    )
    return bool(removed.rowcount)


async def due(connection: AsyncConnection, today: date) -> list[Anniversary]:
    """Return what is to be reminded of today, by owner: today's dates and those just missed."""
    days = [today - timedelta(days=late) for late in range(LATEST_DAYS + 1)]
    wanted = [
        and_(anniversaries.c.month == kept.month, anniversaries.c.day == kept.day)
        for day in days
        for kept in kept_on(day)
    ]
    query = select(anniversaries).where(or_(*wanted)).order_by(anniversaries.c.id)
    found = [_anniversary(row) for row in (await connection.execute(query)).mappings()]
    return sorted(
        (kept for kept in found if kept.reminded_year < kept.when.last_on(today).year),
        key=lambda kept: (kept.owner_id, kept.when.last_on(today)),
    )


async def remind_of_anniversaries(connection: AsyncConnection, today: date) -> int:
    """Post a letter to each person who is to be reminded today, and note it.

    Inside the caller's transaction: either both or neither. Return the number of letters.
    """
    posted = 0
    for owner_id, group in groupby(await due(connection, today), key=lambda kept: kept.owner_id):
        reminded = list(group)
        if owner_id.isdecimal():
            posted += await post(connection, _letter(int(owner_id), reminded, today))
        for kept in reminded:
            await connection.execute(
                update(anniversaries)
                .where(anniversaries.c.id == kept.id)
                .values(reminded_year=kept.when.last_on(today).year)
            )
    return posted


def _letter(owner_id: int, reminded: Sequence[Anniversary], today: date) -> Letter:
    lines = [_line(kept, today) for kept in reminded]
    return Letter(
        key=f"anniversary:{owner_id}:{today.isoformat()}",
        kind=Kind.NOTICE,
        target=Target.PRIVATE,
        target_id=owner_id,
        segments=(text_segment("\n".join([*lines, "你记着的，我也替你记着。"])),),
        lifetime_ms=_LIFETIME_MS,
    )


def _line(kept: Anniversary, today: date) -> str:
    on = kept.when.last_on(today)
    late = (today - on).days
    if late:
        return f"{kept.when}是「{kept.title}」。那天我没能在线，晚了 {late} 天才来，对不起。"
    if (on.month, on.day) != (kept.when.month, kept.when.day):
        return f"今年没有 {kept.when}，就在今天：「{kept.title}」。"
    return f"今天是 {kept.when}：「{kept.title}」。"


def _anniversary(row: RowMapping) -> Anniversary:
    return Anniversary(
        id=row["id"],
        owner_id=row["owner_id"],
        when=MonthDay(row["month"], row["day"]),
        title=row["title"],
        reminded_year=row["reminded_year"],
    )
