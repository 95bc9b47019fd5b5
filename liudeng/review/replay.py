"""Replay: today's watcher over what was said, without a case, an alert or a write.

The archive is read in order of time, a few hundred messages at once, as if it were being said now;
trajectories are followed as they are live. What is remembered does not grow with the archive.
"""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive import Source, StoredMessage, stored_message
from liudeng.archive.tables import messages
from liudeng.db import Database
from liudeng.desk import CaseKind, Signal
from liudeng.watch import Watcher
from liudeng.watch.reader import Consents, WatchReader

_BATCH = 400
_SAME_CASE_MS = 24 * 3600_000
"""Signals of a member within a day are one would-be alert, as they would be one case."""
_ID_BITS = 20

OnProgress = Callable[[int, int], None]
"""Messages read, messages there are."""


@dataclass(frozen=True, slots=True)
class WouldBe:
    """An alert that would have gone out."""

    signal: Signal
    message: StoredMessage


@dataclass(slots=True)
class Replayed:
    """What a replay found."""

    group_id: int
    messages: int = 0
    signals: int = 0
    """Messages the watcher spoke on."""
    alerts: int = 0
    """Signals of a member within a day are one."""
    kinds: Counter[CaseKind] = field(default_factory=Counter)
    months: Counter[str] = field(default_factory=Counter)
    """Would-be alerts by month, 2026-02."""
    sample: list[WouldBe] = field(default_factory=list)

    @property
    def per_1000(self) -> float:
        """Would-be alerts per 1,000 messages."""
        return 1000 * self.alerts / max(1, self.messages)


@dataclass(frozen=True, slots=True)
class Question:
    """What is replayed."""

    group_id: int
    since_ms: int = 0
    sample: int = 50
    fully: Consents = lambda _group_id, _user_id: True
    """Whoever is not watched fully is left out: a replay is no reason to look at them."""


class _Nobody:
    """Stands where the desk stands, and is told nothing."""

    async def receive(
        self, connection: AsyncConnection, signal: Signal, message: StoredMessage | None
    ) -> None:
        """Raise: nobody is told anything."""
        raise AssertionError("a replay applies nothing")

    async def knows(self, connection: AsyncConnection, signal: Signal) -> bool:
        """Raise: nobody is asked anything."""
        raise AssertionError("a replay applies nothing")


async def replay(
    database: Database,
    watcher: Watcher,
    question: Question,
    zone: ZoneInfo,
    on_progress: OnProgress = lambda _done, _of: None,
) -> Replayed:
    """Read a group's archive with today's watcher.

    The sample is drawn evenly from all would-be alerts; the same archive gives the same sample.
    """
    reader = WatchReader(watcher, _Nobody(), zone)
    found = Replayed(question.group_id)
    tally = _Tally(found, question.sample, zone)
    total, last = await _extent(database, question)
    after = (question.since_ms << _ID_BITS) - 1
    try:
        while batch := await _next(database, question, after, last):
            after = batch[-1].id
            found.messages += len(batch)
            seen = [one for one in batch if question.fully(one.group_id, one.user_id)]
            effects = await reader.read([_as_if_live(message) for message in seen])
            for signal, message in effects.signals if effects is not None else ():
                tally.add(signal, message)
            on_progress(found.messages, total)
    finally:
        reader.close()
    found.sample.sort(key=lambda one: one.message.id)
    return found


class _Tally:
    """Counts would-be alerts and keeps an even sample of them (a reservoir)."""

    def __init__(self, found: Replayed, size: int, zone: ZoneInfo) -> None:
        self._found = found
        self._size = size
        self._zone = zone
        self._random = random.Random(found.group_id)
        self._last: dict[tuple[str, CaseKind], int] = {}

    def add(self, signal: Signal, message: StoredMessage) -> None:
        """Count a signal; most are part of an alert that is counted already."""
        found = self._found
        found.signals += 1
        key, now = (signal.subject_id, signal.kind), signal.time_ms
        if now - self._last.get(key, -_SAME_CASE_MS) < _SAME_CASE_MS:
            return
        self._last = {one: at for one, at in self._last.items() if now - at < _SAME_CASE_MS}
        self._last[key] = now
        found.alerts += 1
        found.kinds[signal.kind] += 1
        found.months[datetime.fromtimestamp(now / 1000, self._zone).strftime("%Y-%m")] += 1
        if len(found.sample) < self._size:
            found.sample.append(WouldBe(signal, message))
        elif (place := self._random.randrange(found.alerts)) < self._size:
            found.sample[place] = WouldBe(signal, message)


def _as_if_live(message: StoredMessage) -> StoredMessage:
    """The live watcher passes over what was imported; a replay is there to look at it."""
    return message.model_copy(update={"source": Source.LIVE, "received_ms": message.time_ms})


def _wanted(question: Question) -> tuple[ColumnElement[bool], ...]:
    return (
        messages.c.group_id == question.group_id,
        messages.c.id >= question.since_ms << _ID_BITS,
        messages.c.recalled_ms.is_(None),
    )


async def _extent(database: Database, question: Question) -> tuple[int, int]:
    """Return how many messages there are, and the last: what is said meanwhile is left alone."""
    query = select(func.count(), func.max(messages.c.id)).where(*_wanted(question))
    async with database.read() as connection:
        count, last = (await connection.execute(query)).one()
    return count, last or 0


async def _next(
    database: Database, question: Question, after: int, last: int
) -> list[StoredMessage]:
    query = (
        select(messages)
        .where(*_wanted(question), messages.c.id > after, messages.c.id <= last)
        .order_by(messages.c.id)
        .limit(_BATCH)
    )
    async with database.read() as connection:
        return [stored_message(row) for row in (await connection.execute(query)).mappings()]
