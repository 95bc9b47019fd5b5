"""Counts and floods in the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.pulse.hours import ALL, HOUR_MS, Key
from liudeng.pulse.mood import Mood
from liudeng.pulse.tables import pulse_counts, pulse_floods

_WEEK_MS = 7 * 24 * HOUR_MS
_QUIET = 5
"""Hours with fewer speakers say nothing of what is usual."""


@dataclass(frozen=True, slots=True)
class Count:
    """One mood in one hour of one group."""

    hour_ms: int
    mood: str
    messages: int
    voices: int


@dataclass(frozen=True, slots=True)
class Flood:
    """One time in which a mood swept a group."""

    id: int
    mood: Mood
    began_ms: int
    last_ms: int
    ended_ms: int | None


async def keep_hour(
    connection: AsyncConnection, key: Key, rows: Sequence[tuple[str, int, int]]
) -> None:
    """Replace an hour's counts with its counts as they are now."""
    group_id, hour_ms = key
    same = (pulse_counts.c.group_id == group_id) & (pulse_counts.c.hour_ms == hour_ms)
    await connection.execute(delete(pulse_counts).where(same))
    await connection.execute(
        insert(pulse_counts),
        [
            {
                "group_id": group_id,
                "hour_ms": hour_ms,
                "mood": mood,
                "messages": messages,
                "voices": voices,
            }
            for mood, messages, voices in rows
        ],
    )


async def counts(
    connection: AsyncConnection, group_id: int, since_ms: int, until_ms: int
) -> list[Count]:
    """Return a group's counts of the hours in `[since_ms, until_ms)`."""
    query = select(pulse_counts).where(
        pulse_counts.c.group_id == group_id,
        pulse_counts.c.hour_ms >= since_ms,
        pulse_counts.c.hour_ms < until_ms,
    )
    return [
        Count(row.hour_ms, row.mood, row.messages, row.voices)
        for row in await connection.execute(query)
    ]


async def newest_hour(connection: AsyncConnection, group_id: int) -> int | None:
    """Return the last hour in which a group was heard."""
    query = select(func.max(pulse_counts.c.hour_ms)).where(pulse_counts.c.group_id == group_id)
    return (await connection.execute(query)).scalar()


async def usual_share(
    connection: AsyncConnection, group_id: int, mood: Mood, before_ms: int
) -> float:
    """Return a mood's share of the voices in the group's busy hours of the week before."""
    begin = before_ms // HOUR_MS * HOUR_MS
    found = await counts(connection, group_id, begin - _WEEK_MS, begin)
    busy = {one.hour_ms: one.voices for one in found if one.mood == ALL and one.voices >= _QUIET}
    voices = sum(one.voices for one in found if one.mood == mood.key and one.hour_ms in busy)
    return voices / max(1, sum(busy.values()))


async def open_flood(connection: AsyncConnection, group_id: int, mood: Mood) -> Flood | None:
    """Return the flood of a mood that is going on in a group."""
    query = select(pulse_floods).where(
        pulse_floods.c.group_id == group_id,
        pulse_floods.c.mood == mood.key,
        pulse_floods.c.ended_ms.is_(None),
    )
    row = (await connection.execute(query)).first()
    return _flood(row) if row else None


async def open_floods(connection: AsyncConnection) -> set[tuple[int, Mood]]:
    """Return group and mood of every flood that is going on."""
    query = select(pulse_floods).where(pulse_floods.c.ended_ms.is_(None))
    return {(row.group_id, _mood(row.mood)) for row in await connection.execute(query)}


async def begin_flood(connection: AsyncConnection, group_id: int, mood: Mood, at_ms: int) -> None:
    """Note that a flood began."""
    await connection.execute(
        insert(pulse_floods).values(group_id=group_id, mood=mood.key, began_ms=at_ms, last_ms=at_ms)
    )


async def keep_flood(
    connection: AsyncConnection, flood: Flood, last_ms: int, *, ended: bool
) -> None:
    """Note that a flood goes on, or that it is over."""
    values = {"ended_ms": last_ms} if ended else {"last_ms": max(last_ms, flood.last_ms)}
    await connection.execute(
        update(pulse_floods).where(pulse_floods.c.id == flood.id).values(**values)
    )


async def floods_between(
    connection: AsyncConnection, group_id: int, since_ms: int, until_ms: int
) -> list[Flood]:
    """Return a group's floods that began in `[since_ms, until_ms)`, oldest first."""
    query = (
        select(pulse_floods)
        .where(
            pulse_floods.c.group_id == group_id,
            pulse_floods.c.began_ms >= since_ms,
            pulse_floods.c.began_ms < until_ms,
        )
        .order_by(pulse_floods.c.began_ms)
    )
    return [_flood(row) for row in await connection.execute(query)]


def _mood(key: str) -> Mood:
    return Mood[key.upper()]


def _flood(row: Row[Any]) -> Flood:
    return Flood(row.id, _mood(row.mood), row.began_ms, row.last_ms, row.ended_ms)
