"""The casebook: cases and their timelines in the database, inside the caller's transaction."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import and_, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.db import now_ms
from liudeng.desk.case import (
    Alarm,
    Case,
    CaseEvent,
    CaseKind,
    CaseState,
    EventKind,
    Signal,
    Verdict,
)
from liudeng.desk.tables import case_events, cases
from liudeng.desk.timers import TimerKind, is_armed

_REPEAT_OPEN_MS = 30 * 60_000
_REPEAT_CLAIMED_MS = 6 * 3600_000
_REPEAT_MOST_MS = 24 * 3600_000
"""When a further signal on an open case alerts again: a case nobody closed must not be silent.

Each time it takes twice as long, so that nobody is called without end.
"""
REOPEN_WITHIN_MS = 30 * 24 * 3600_000
"""How long after its end a case that flares up is the same case."""
_OUT_OF_WORRY = (CaseKind.DISTRESS.value, CaseKind.WORRY.value)
_SIGNALS = (EventKind.SIGNAL.value, EventKind.REPORT.value)


class Casebook:
    """Opens, moves and closes cases; whatever happens to one is on its timeline."""

    def __init__(self, clock: Callable[[], int] = now_ms) -> None:
        self._clock = clock

    async def open_or_join(self, connection: AsyncConnection, signal: Signal) -> tuple[Case, Alarm]:
        """Put a signal on its case, opening or reopening one where none is open.

        Returns:
            The case, and what it calls for: a new case, one that flares up and a rise are alarms;
            a repeat is none unless it comes long after the last alert.
        """
        case = await self.open_case(connection, signal)
        if case is not None:
            alarm = await self._alarm(connection, case, signal)
            level = max(case.level, signal.level)
        else:
            alarm, level = Alarm.FULL, max(signal.level, 1)
            case = await self._reopen(connection, signal) or await self._open(connection, signal)
        if alarm is not Alarm.NONE:
            case = await self.count_alert(connection, case, level)
        await self.note(
            connection,
            case.id,
            EventKind.SIGNAL if signal.reporter is None else EventKind.REPORT,
            actor=signal.told_by,
            detail=_detail(signal),
            message_row=signal.message_row,
        )
        return case, alarm

    async def count_alert(self, connection: AsyncConnection, case: Case, level: int) -> Case:
        """Give the case's next alert its number; `level` is the case's from now on."""
        counted = case.model_copy(update={"alerts": case.alerts + 1, "level": level})
        await connection.execute(
            update(cases)
            .where(cases.c.id == case.id)
            .values(alerts=counted.alerts, level=counted.level)
        )
        return counted

    async def case(self, connection: AsyncConnection, case_id: int) -> Case | None:
        """Return a case, open or closed."""
        row = (await connection.execute(select(cases).where(cases.c.id == case_id))).first()
        return _case(row) if row else None

    async def open_case(self, connection: AsyncConnection, signal: Signal) -> Case | None:
        """Return the open case that a signal belongs to."""
        query = select(cases).where(*_same(signal), cases.c.state != CaseState.CLOSED.value)
        row = (await connection.execute(query)).first()
        return _case(row) if row else None

    async def open_cases(
        self, connection: AsyncConnection, group_ids: Sequence[int], claimed_by: int | None = None
    ) -> list[Case]:
        """Return the cases of these groups that are not closed, newest first."""
        query = (
            select(cases)
            .where(cases.c.group_id.in_(group_ids), cases.c.state != CaseState.CLOSED.value)
            .order_by(cases.c.id.desc())
        )
        if claimed_by is not None:
            query = query.where(cases.c.claimed_by == claimed_by)
        return [_case(row) for row in await connection.execute(query)]

    async def ended_since(
        self, connection: AsyncConnection, group_ids: Sequence[int], since_ms: int
    ) -> list[Case]:
        """Return the cases of these groups that were closed since then, newest first."""
        query = (
            select(cases)
            .where(
                cases.c.group_id.in_(group_ids),
                cases.c.state == CaseState.CLOSED.value,
                cases.c.closed_ms >= since_ms,
            )
            .order_by(cases.c.closed_ms.desc())
        )
        return [_case(row) for row in await connection.execute(query)]

    async def earlier(self, connection: AsyncConnection, case: Case) -> list[Case]:
        """Return the subject's other cases of this group that were real, newest first."""
        query = (
            select(cases)
            .where(
                cases.c.group_id == case.group_id,
                cases.c.subject_id == case.subject_id,
                cases.c.id != case.id,
                cases.c.verdict.is_distinct_from(Verdict.FALSE.value),
            )
            .order_by(cases.c.id.desc())
        )
        return [_case(row) for row in await connection.execute(query)]

    async def timeline(self, connection: AsyncConnection, case_id: int) -> list[CaseEvent]:
        """Return what happened to a case, oldest first."""
        query = (
            select(case_events).where(case_events.c.case_id == case_id).order_by(case_events.c.id)
        )
        return [
            CaseEvent(
                at_ms=row.at_ms,
                kind=EventKind(row.kind),
                actor=row.actor,
                detail=row.detail,
                message_row=row.message_row,
            )
            for row in await connection.execute(query)
        ]

    async def last_touched_ms(self, connection: AsyncConnection, case_id: int) -> int:
        """Return when anything last happened to a case."""
        query = select(func.max(case_events.c.at_ms)).where(case_events.c.case_id == case_id)
        return (await connection.execute(query)).scalar() or 0

    async def reports_by(self, connection: AsyncConnection, reporter: int, since_ms: int) -> int:
        """Count what a member has told the desk since then."""
        query = select(func.count()).where(
            case_events.c.kind == EventKind.REPORT.value,
            case_events.c.actor == str(reporter),
            case_events.c.at_ms >= since_ms,
        )
        return (await connection.execute(query)).scalar() or 0

    async def seen(
        self, connection: AsyncConnection, subject_id: str, since_ms: int
    ) -> dict[str, int]:
        """Count views of a member's cases by role; alerts out of worry under `alert`."""
        query = (
            select(case_events.c.kind, case_events.c.detail, func.count())
            .join(cases, cases.c.id == case_events.c.case_id)
            .where(
                cases.c.subject_id == subject_id,
                case_events.c.at_ms >= since_ms,
                or_(
                    case_events.c.kind == EventKind.VIEW.value,
                    and_(
                        case_events.c.kind == EventKind.ALERT.value, cases.c.kind.in_(_OUT_OF_WORRY)
                    ),
                ),
            )
            .group_by(case_events.c.kind, case_events.c.detail)
        )
        counts: dict[str, int] = {}
        for kind, role, number in await connection.execute(query):
            name = role if kind == EventKind.VIEW.value else kind
            counts[name] = counts.get(name, 0) + number
        return counts

    async def signals_since(self, connection: AsyncConnection, case: Case, since_ms: int) -> int:
        """Count a member's signals of this kind in this group since then."""
        query = (
            select(func.count())
            .select_from(case_events.join(cases, cases.c.id == case_events.c.case_id))
            .where(
                cases.c.group_id == case.group_id,
                cases.c.subject_id == case.subject_id,
                cases.c.kind == case.kind.value,
                case_events.c.kind.in_(_SIGNALS),
                case_events.c.at_ms >= since_ms,
            )
        )
        return (await connection.execute(query)).scalar() or 0

    async def has(self, connection: AsyncConnection, signal: Signal) -> bool:
        """Tell whether just this signal, about this message for these reasons, was noted before."""
        query = (
            select(case_events.c.id)
            .join(cases, cases.c.id == case_events.c.case_id)
            .where(
                *_same(signal),
                case_events.c.kind.in_(_SIGNALS),
                case_events.c.message_row == signal.message_row,
                case_events.c.detail == _detail(signal),
            )
        )
        return (await connection.execute(query.limit(1))).first() is not None

    async def signals(self, connection: AsyncConnection, case_id: int) -> list[CaseEvent]:
        """Return a case's signals and reports, oldest first."""
        events = await self.timeline(connection, case_id)
        return [event for event in events if event.kind.value in _SIGNALS]

    async def claim(self, connection: AsyncConnection, case: Case, actor: int) -> bool:
        """Give an open case to a moderator; False when somebody else was faster."""
        claimed = await connection.execute(
            update(cases)
            .where(cases.c.id == case.id, cases.c.state == CaseState.OPEN.value)
            .values(state=CaseState.CLAIMED.value, claimed_by=actor)
        )
        if claimed.rowcount:
            await self.note(connection, case.id, EventKind.CLAIM, actor=str(actor))
        return bool(claimed.rowcount)

    async def hand_over(
        self, connection: AsyncConnection, case: Case, actor: int, heir: int
    ) -> None:
        """Give a case that is not closed to another moderator."""
        await connection.execute(
            update(cases)
            .where(cases.c.id == case.id, cases.c.state != CaseState.CLOSED.value)
            .values(state=CaseState.CLAIMED.value, claimed_by=heir)
        )
        await self.note(connection, case.id, EventKind.TRANSFER, actor=str(actor), detail=str(heir))

    async def release(self, connection: AsyncConnection, case: Case, actor: int) -> None:
        """Take a case from its moderator: it is open again."""
        await connection.execute(
            update(cases)
            .where(cases.c.id == case.id, cases.c.state == CaseState.CLAIMED.value)
            .values(state=CaseState.OPEN.value, claimed_by=None)
        )
        await self.note(connection, case.id, EventKind.RELEASE, actor=str(actor))

    async def judge(
        self, connection: AsyncConnection, case: Case, actor: int, verdict: Verdict
    ) -> None:
        """Note whether the alert was right."""
        await connection.execute(
            update(cases).where(cases.c.id == case.id).values(verdict=verdict.value)
        )
        await self.note(
            connection, case.id, EventKind.VERDICT, actor=str(actor), detail=verdict.value
        )

    async def close(
        self, connection: AsyncConnection, case: Case, actor: int, outcome: str
    ) -> bool:
        """Close a case with its outcome; False when it was closed before."""
        closed = await connection.execute(
            update(cases)
            .where(cases.c.id == case.id, cases.c.state != CaseState.CLOSED.value)
            .values(state=CaseState.CLOSED.value, closed_ms=self._clock(), outcome=outcome)
        )
        if closed.rowcount:
            await self.note(connection, case.id, EventKind.CLOSE, actor=str(actor), detail=outcome)
        return bool(closed.rowcount)

    async def note(
        self,
        connection: AsyncConnection,
        case_id: int,
        kind: EventKind,
        *,
        actor: str,
        detail: str = "",
        message_row: int | None = None,
    ) -> None:
        """Add an entry to a case's timeline."""
        await connection.execute(
            insert(case_events).values(
                case_id=case_id,
                at_ms=self._clock(),
                kind=kind.value,
                actor=actor,
                message_row=message_row,
                detail=detail,
            )
        )

    async def _alarm(self, connection: AsyncConnection, case: Case, signal: Signal) -> Alarm:
        """An alert nobody took is repeated sooner than one that somebody is working on."""
        if signal.level > case.level:
            return Alarm.FULL
        if await is_armed(connection, TimerKind.ACKNOWLEDGE, case.id):
            return Alarm.NONE  # people are being called just now
        query = select(func.max(case_events.c.at_ms)).where(
            case_events.c.case_id == case.id, case_events.c.kind == EventKind.ALERT.value
        )
        last = (await connection.execute(query)).scalar() or 0
        claimed = case.state is CaseState.CLAIMED
        patience = (_REPEAT_CLAIMED_MS if claimed else _REPEAT_OPEN_MS) << min(case.alerts - 1, 6)
        is_old = self._clock() - last >= min(patience, _REPEAT_MOST_MS)
        return Alarm.REPEATED if is_old else Alarm.NONE

    async def _reopen(self, connection: AsyncConnection, signal: Signal) -> Case | None:
        """A case that was resolved and flares up goes on; a false alarm is no history."""
        query = (
            select(cases)
            .where(*_same(signal), cases.c.closed_ms >= self._clock() - REOPEN_WITHIN_MS)
            .order_by(cases.c.closed_ms.desc(), cases.c.id.desc())
            .limit(1)
        )
        row = (await connection.execute(query)).first()
        if row is None or row.verdict == Verdict.FALSE.value:
            return None
        reopened = {"state": CaseState.OPEN.value, "claimed_by": None, "closed_ms": None}
        await connection.execute(update(cases).where(cases.c.id == row.id).values(**reopened))
        detail = row.outcome or ""
        await self.note(connection, row.id, EventKind.REOPENED, actor="liudeng", detail=detail)
        return await self.case(connection, row.id)

    async def _open(self, connection: AsyncConnection, signal: Signal) -> Case:
        values: dict[str, Any] = {
            "group_id": signal.group_id,
            "subject_id": signal.subject_id,
            "subject_name": signal.subject_name,
            "kind": signal.kind.value,
            "level": signal.level,
            "state": CaseState.OPEN.value,
            "alerts": 0,
            "opened_ms": signal.time_ms,
        }
        inserted = await connection.execute(insert(cases).values(**values).returning(cases))
        return _case(inserted.one())


def _detail(signal: Signal) -> str:
    return "；".join(signal.reasons)


def _same(signal: Signal) -> tuple[Any, ...]:
    return (
        cases.c.group_id == signal.group_id,
        cases.c.subject_id == signal.subject_id,
        cases.c.kind == signal.kind.value,
    )


def _case(row: Any) -> Case:
    return Case.model_validate(dict(row._mapping))
