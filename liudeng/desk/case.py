"""Cases: opened by signals, claimed and closed by people."""

from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.db import now_ms
from liudeng.desk.tables import case_events, cases

_REPEAT_OPEN_MS = 30 * 60_000
_REPEAT_CLAIMED_MS = 6 * 3600_000
"""When a further signal on an open case alerts again: a case nobody closed must not be silent."""


class CaseKind(StrEnum):
    """What a case is about."""

    DISTRESS = "distress"
    """The member who wrote seems to be in danger."""
    WORRY = "worry"
    """The member who wrote worries about somebody else."""


class CaseState(StrEnum):
    """Who has a case."""

    OPEN = "open"
    CLAIMED = "claimed"
    CLOSED = "closed"


class EventKind(StrEnum):
    """What happened to a case."""

    SIGNAL = "signal"
    ALERT = "alert"
    VIEW = "view"
    CLAIM = "claim"
    CLOSE = "close"


class Signal(BaseModel):
    """One message that calls for a person."""

    model_config = ConfigDict(frozen=True)

    group_id: int
    subject_id: str
    subject_name: str
    kind: CaseKind
    level: int
    message_row: int
    """`id` of the message in the archive."""
    time_ms: int
    """When it was said."""
    received_ms: int
    reasons: tuple[str, ...]
    """Chinese explanations, for moderators."""


class Case(BaseModel):
    """A case as it stands."""

    model_config = ConfigDict(frozen=True)

    id: int
    group_id: int
    subject_id: str
    subject_name: str
    kind: CaseKind
    level: int
    state: CaseState
    claimed_by: int | None
    alerts: int
    opened_ms: int
    closed_ms: int | None
    outcome: str | None


async def open_or_join(connection: AsyncConnection, signal: Signal) -> tuple[Case, bool]:
    """Put a signal on its case, opening one where there is none.

    Returns:
        The case, and whether people must be alerted: a new case, a rise, or danger that goes on
        long after the last alert; not a repeat.
    """
    case = await _open_case(connection, signal)
    if case is None:
        case = await _open(connection, signal)
        alert = True
    else:
        alert = signal.level > case.level or await _alert_is_old(connection, case)
    if alert:
        case = case.model_copy(update={"alerts": case.alerts + 1, "level": signal.level})
        await connection.execute(
            update(cases).where(cases.c.id == case.id).values(alerts=case.alerts, level=case.level)
        )
    await note(
        connection,
        case.id,
        EventKind.SIGNAL,
        actor=signal.subject_id,
        detail="；".join(signal.reasons),
        message_row=signal.message_row,
    )
    return case, alert


async def case_by_id(connection: AsyncConnection, case_id: int) -> Case | None:
    """Return a case, open or closed."""
    row = (await connection.execute(select(cases).where(cases.c.id == case_id))).first()
    return _case(row) if row else None


async def open_cases(connection: AsyncConnection, group_ids: list[int]) -> list[Case]:
    """Return the cases of these groups that are not closed, newest first."""
    query = (
        select(cases)
        .where(cases.c.group_id.in_(group_ids), cases.c.state != CaseState.CLOSED.value)
        .order_by(cases.c.id.desc())
    )
    return [_case(row) for row in await connection.execute(query)]


async def signals_of(connection: AsyncConnection, case_id: int) -> list[tuple[int, str]]:
    """Return a case's signals, oldest first, as (message row, reasons)."""
    query = (
        select(case_events.c.message_row, case_events.c.detail)
        .where(case_events.c.case_id == case_id, case_events.c.kind == EventKind.SIGNAL.value)
        .order_by(case_events.c.id)
    )
    return [(row[0], row[1]) for row in await connection.execute(query)]


async def claim(connection: AsyncConnection, case: Case, actor: int) -> bool:
    """Give an open case to a moderator; False when somebody else was faster."""
    claimed = await connection.execute(
        update(cases)
        .where(cases.c.id == case.id, cases.c.state == CaseState.OPEN.value)
        .values(state=CaseState.CLAIMED.value, claimed_by=actor)
    )
    if claimed.rowcount:
        await note(connection, case.id, EventKind.CLAIM, actor=str(actor))
    return bool(claimed.rowcount)


async def close(connection: AsyncConnection, case: Case, actor: int, outcome: str) -> bool:
    """Close a case with its outcome; False when it was closed before."""
    closed = await connection.execute(
        update(cases)
        .where(cases.c.id == case.id, cases.c.state != CaseState.CLOSED.value)
        .values(state=CaseState.CLOSED.value, closed_ms=now_ms(), outcome=outcome)
    )
    if closed.rowcount:
        await note(connection, case.id, EventKind.CLOSE, actor=str(actor), detail=outcome)
    return bool(closed.rowcount)


async def note(
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
            at_ms=now_ms(),
            kind=kind.value,
            actor=actor,
            message_row=message_row,
            detail=detail,
        )
    )


async def _alert_is_old(connection: AsyncConnection, case: Case) -> bool:
    """An alert nobody took is repeated sooner than one that somebody is working on."""
    query = select(func.max(case_events.c.at_ms)).where(
        case_events.c.case_id == case.id, case_events.c.kind == EventKind.ALERT.value
    )
    last = (await connection.execute(query)).scalar() or 0
    patience = _REPEAT_CLAIMED_MS if case.state is CaseState.CLAIMED else _REPEAT_OPEN_MS
    return now_ms() - last >= patience


async def _open_case(connection: AsyncConnection, signal: Signal) -> Case | None:
    query = select(cases).where(
        cases.c.group_id == signal.group_id,
        cases.c.subject_id == signal.subject_id,
        cases.c.kind == signal.kind.value,
        cases.c.state != CaseState.CLOSED.value,
    )
    row = (await connection.execute(query)).first()
    return _case(row) if row else None


async def _open(connection: AsyncConnection, signal: Signal) -> Case:
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


def _case(row: Any) -> Case:
    return Case.model_validate(dict(row._mapping))
