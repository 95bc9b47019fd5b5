"""The gap queue: what was asked and nobody has answered yet, each question once."""

from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.faq.tables import faq_gaps
from liudeng.library.index.terms import bare
from liudeng.text.words import words

_SAME = 0.72
_LONGEST = 120
_OPEN_GAPS = 500
"""A queue of more helps nobody: what was asked once and longest ago is dropped."""
_SAYS_NOTHING = frozenset("怎么怎样如何什么怎么办请问有没有可以能吗呢啊呀的了我你")
"""Characters of words that every question has."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A question without an answer."""

    id: int
    group_id: int
    question: str
    times: int
    last_ms: int


async def note_gap(connection: AsyncConnection, group_id: int, asked: str, now_ms: int) -> Gap:
    """Count a question nobody could answer, with those like it."""
    asked = " ".join(asked.split())[:_LONGEST]
    waiting = await open_gaps(connection, group_id, _OPEN_GAPS)
    known = max(waiting, key=lambda gap: likeness(gap.question, asked), default=None)
    if known is not None and likeness(known.question, asked) >= _SAME:
        times = known.times + 1
        await connection.execute(
            update(faq_gaps).where(faq_gaps.c.id == known.id).values(times=times, last_ms=now_ms)
        )
        return Gap(known.id, group_id, known.question, times, now_ms)
    if len(waiting) == _OPEN_GAPS:
        await close_gap(connection, min(waiting, key=lambda gap: (gap.times, gap.last_ms)).id, None)
    values = {"group_id": group_id, "question": asked, "times": 1, "closed": False}
    made = await connection.execute(
        insert(faq_gaps).values(**values, first_ms=now_ms, last_ms=now_ms).returning(faq_gaps.c.id)
    )
    return Gap(made.scalar_one(), group_id, asked, 1, now_ms)


async def open_gaps(connection: AsyncConnection, group_id: int, limit: int) -> list[Gap]:
    """Return what waits for an answer in a group, what is asked most often first."""
    query = (
        select(faq_gaps)
        .where(faq_gaps.c.group_id == group_id, ~faq_gaps.c.closed)
        .order_by(faq_gaps.c.times.desc(), faq_gaps.c.last_ms.desc())
        .limit(limit)
    )
    return [_gap(row) for row in await connection.execute(query)]


async def open_gap(connection: AsyncConnection, gap_id: int) -> Gap | None:
    """Return a question that waits for an answer."""
    query = select(faq_gaps).where(faq_gaps.c.id == gap_id, ~faq_gaps.c.closed)
    row = (await connection.execute(query)).first()
    return _gap(row) if row is not None else None


async def close_gap(connection: AsyncConnection, gap_id: int, entry_id: int | None) -> None:
    """Take a question off the queue: an entry answers it, or nobody will."""
    await connection.execute(
        update(faq_gaps).where(faq_gaps.c.id == gap_id).values(closed=True, entry_id=entry_id)
    )


def likeness(one: str, other: str) -> float:
    """Return how alike two questions are, from 0 to 1, by their telling words and characters."""
    letters = fuzz.ratio(bare(one), bare(other)) / 100
    first, second = _telling(one), _telling(other)
    if not first or not second:
        return letters
    shared = 2 * len(first & second) / (len(first) + len(second))
    return max(letters, (letters + 2 * shared) / 3)


def _telling(text: str) -> set[str]:
    return {word for word in words(text) if not set(word) <= _SAYS_NOTHING}


def _gap(row: Any) -> Gap:
    return Gap(row.id, row.group_id, row.question, row.times, row.last_ms)
