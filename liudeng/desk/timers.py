"""Timers: what must happen when, kept in the database, each fired once.

Due times are times of the wall clock in a table, and the table is looked at every few seconds: a
restart, a clock that was set or a machine that was asleep delays a timer but loses none.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.db import Database, explain, now_ms
from liudeng.desk.tables import desk_timers

log = logging.getLogger(__name__)

_LOOK_EVERY_S = 5.0
_TROUBLE_MS = 60_000
_KEEP_FIRED_MS = 90 * 24 * 3600_000


class TimerKind(StrEnum):
    """What a timer is for."""

    ACKNOWLEDGE = "acknowledge"
    """An alert must be taken by somebody."""
    HANDED = "handed"
    """Whoever was given a case must have looked at it."""
    CHECK_IN = "check-in"
    STALE = "stale"
    """A case nobody touches needs a decision."""
    SEAL = "seal"
    """What was said after a signal joins its sealed context."""
    DIGEST = "digest"
    SHIFT_END = "shift-end"
    SELF_TEST = "self-test"
    """Would an alert find somebody tonight?"""
    REACH = "reach"
    """Who is a friend is written down, for `liudeng doctor`."""


@dataclass(frozen=True, slots=True)
class Timer:
    """One thing that is due."""

    id: int
    key: str
    kind: TimerKind
    case_id: int | None
    person: int | None
    detail: str
    due_ms: int


@dataclass(frozen=True, slots=True)
class Again:
    """A timer's answer: not over yet, look again then."""

    due_ms: int
    detail: str = ""


Handler = Callable[[AsyncConnection, Timer], Awaitable[Again | None]]
"""Does what is due inside the transaction that marks the timer as fired."""


def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class _Duty:
    """What is done for one kind of timer, and whether it can be done yet."""

    handler: Handler
    ready: Callable[[], bool]


async def arm(
    connection: AsyncConnection, key: str, kind: TimerKind, due_ms: int, **fields: Any
) -> None:
    """Set a timer inside the caller's transaction; a key that was set before is left alone.

    `fields` are `case_id`, `person` and `detail` as `Timer` has them.
    """
    known = select(desk_timers.c.id).where(desk_timers.c.key == key)
    if (await connection.execute(known)).first() is None:
        values = {"key": key, "kind": kind.value, "due_ms": due_ms, "detail": "", **fields}
        await connection.execute(insert(desk_timers).values(**values))


async def is_armed(connection: AsyncConnection, kind: TimerKind, case_id: int) -> bool:
    """Tell whether a case has a timer of this kind that has not fired."""
    query = select(desk_timers.c.id).where(
        desk_timers.c.kind == kind.value,
        desk_timers.c.case_id == case_id,
        desk_timers.c.fired_ms.is_(None),
    )
    return (await connection.execute(query.limit(1))).first() is not None


class Timers:
    """Owns the task that does what is due."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], int] = now_ms,
        look_every_s: float = _LOOK_EVERY_S,
    ) -> None:
        self._database = database
        self._clock = clock
        self._look_every_s = look_every_s
        self._duties: dict[TimerKind, _Duty] = {}
        self._on_posted: Callable[[], None] = lambda: None
        self._task: asyncio.Task[None] | None = None

    def handle(
        self, kind: TimerKind, handler: Handler, ready: Callable[[], bool] = _always
    ) -> None:
        """Name what is done when a timer of this kind is due, once it is `ready` to be done."""
        self._duties[kind] = _Duty(handler, ready)

    def on_posted(self, callback: Callable[[], None]) -> None:
        """Name what is called after timers have fired: they may have posted letters."""
        self._on_posted = callback

    async def start(self) -> None:
        """Begin, with whatever fell due while nobody was there."""
        self._task = asyncio.create_task(self._run(), name="desk-timers")

    async def close(self) -> None:
        """Stop; what is due then fires after the next start."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def fire_due(self) -> int:
        """Do all that is due; return how much that was.

        Raises:
            sqlalchemy.exc.DBAPIError: the timers cannot be read.
        """
        query = (
            select(desk_timers.c.id)
            .where(*self._waiting(), desk_timers.c.due_ms <= self._clock())
            .order_by(desk_timers.c.due_ms, desk_timers.c.id)
        )
        async with self._database.read() as connection:
            due = list(await connection.scalars(query))
        for number in due:
            await self._fire(number)
        if due:
            self._on_posted()
        return len(due)

    async def _run(self) -> None:
        while True:
            pause = self._look_every_s
            try:
                await self.fire_due()
                pause = await self._until_next_due()
            except Exception as error:
                log.error("值班台的定时事项暂停，稍后再试：%s", explain(error).advice)
                log.debug("timers failed", exc_info=error)
            await asyncio.sleep(pause)

    async def _until_next_due(self) -> float:
        query = select(func.min(desk_timers.c.due_ms)).where(*self._waiting())
        async with self._database.read() as connection:
            due = (await connection.execute(query)).scalar()
        if due is None:
            return self._look_every_s
        return min(self._look_every_s, max(0.05, (due - self._clock()) / 1000))

    def _waiting(self) -> tuple[ColumnElement[bool], ...]:
        ready = [kind.value for kind, duty in self._duties.items() if duty.ready()]
        return desk_timers.c.fired_ms.is_(None), desk_timers.c.kind.in_(ready)

    async def _fire(self, number: int) -> None:
        try:
            async with self._database.write() as connection:
                await self._fire_in(connection, number)
        except Exception as error:  # the others are due all the same
            log.error("一件定时的事没有做成，一分钟后再试：%s", explain(error).advice)
            log.debug("a timer failed", exc_info=error)
            await self._put_off(number)

    async def _fire_in(self, connection: AsyncConnection, number: int) -> None:
        query = select(desk_timers).where(
            desk_timers.c.id == number, desk_timers.c.fired_ms.is_(None)
        )
        row = (await connection.execute(query)).first()
        if row is None:
            return
        timer = _timer(row)
        again = await self._duties[timer.kind].handler(connection, timer)
        if again is None:
            values: dict[str, Any] = {"fired_ms": self._clock()}
        else:
            values = {"due_ms": again.due_ms, "detail": again.detail}
        await connection.execute(
            update(desk_timers).where(desk_timers.c.id == number).values(**values)
        )

    async def _put_off(self, number: int) -> None:
        async with self._database.write() as connection:
            await connection.execute(
                update(desk_timers)
                .where(desk_timers.c.id == number)
                .values(due_ms=self._clock() + _TROUBLE_MS)
            )

    async def forget_old(self, connection: AsyncConnection) -> None:
        """Delete what fired long ago."""
        old = self._clock() - _KEEP_FIRED_MS
        await connection.execute(delete(desk_timers).where(desk_timers.c.fired_ms < old))


def _timer(row: Any) -> Timer:
    return Timer(
        id=row.id,
        key=row.key,
        kind=TimerKind(row.kind),
        case_id=row.case_id,
        person=row.person,
        detail=row.detail,
        due_ms=row.due_ms,
    )
