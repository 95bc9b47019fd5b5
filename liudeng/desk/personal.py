"""What the desk keeps of a person. See `liudeng.holding`.

An open case is somebody's safety and stays until it is closed; then it is emptied like the others:
that there was a case, how grave and how it ended remains, without anybody's name or words.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.desk.case import CaseState, EventKind
from liudeng.desk.tables import (
    case_events,
    cases,
    desk_drafts,
    desk_leads,
    desk_people,
    desk_reach,
    desk_shifts,
    desk_timers,
    sealed_contexts,
    sealed_pictures,
)
from liudeng.desk.timers import TimerKind
from liudeng.holding import Held
from liudeng.outbox.personal import empty_ended_alerts, erase_letters_of_cases

_SOMEBODY = "已删除的成员"
_NOBODY = "0"
_WORDS = (
    EventKind.SIGNAL.value,
    EventKind.REPORT.value,
    EventKind.NOTE.value,
    EventKind.ESCALATION.value,
    EventKind.CLOSE.value,
    EventKind.REOPENED.value,
)
_OF_CASES = (sealed_contexts, sealed_pictures, desk_drafts, desk_timers)
_CHUNK = 500


class CaseHolder:
    """Cases about a person, reports by a person, and a moderator's shifts."""

    title, unit = "案件", "件"

    async def held(self, connection: AsyncConnection, user_id: str) -> Held:
        """Count cases about somebody; the open ones are withheld."""
        about = cases.c.subject_id == user_id
        query = select(func.count()).where(about)
        is_open = cases.c.state != CaseState.CLOSED.value
        return Held(
            (await connection.execute(query)).scalar_one(),
            (await connection.execute(query.where(is_open))).scalar_one(),
        )

    async def people(self, connection: AsyncConnection) -> set[str]:
        """Return the numbers of those of whom something is kept."""
        return set(await connection.scalars(select(cases.c.subject_id).distinct()))

    async def hand_out(self, connection: AsyncConnection, user_id: str) -> list[dict[str, Any]]:
        """Return when cases about somebody were opened and closed, but nothing of what others
        said or noted in them: 谁看过我 tells who looked.
        """
        query = (
            select(cases.c.opened_ms, cases.c.closed_ms, cases.c.kind, cases.c.level)
            .where(cases.c.subject_id == user_id)
            .order_by(cases.c.id)
        )
        return [dict(row) for row in (await connection.execute(query)).mappings()]

    async def erase(self, connection: AsyncConnection, user_id: str) -> None:
        """Empty closed cases about somebody, and take them out of what else is over."""
        closed = cases.c.state == CaseState.CLOSED.value
        about = (cases.c.subject_id == user_id) & closed
        await _empty(connection, await _ids(connection, about))
        over = select(cases.c.id).where(closed)
        await connection.execute(
            update(case_events)
            .where(
                case_events.c.actor == user_id,
                case_events.c.kind.in_((EventKind.REPORT.value, EventKind.SIGNAL.value)),
                case_events.c.case_id.in_(over),
            )
            .values(actor=_NOBODY, detail="")
        )
        await empty_ended_alerts(connection, await _ids(connection, closed))
        if user_id.isdecimal():
            number = int(user_id)
            for table in (desk_people, desk_shifts, desk_leads, desk_drafts, desk_reach):
                await connection.execute(delete(table).where(table.c.user_id == number))
            await _leave_reminders(connection, number)

    async def forget_messages(self, connection: AsyncConnection, rows: Sequence[int]) -> None:
        """A timeline keeps the number of a message that is gone: it leads nowhere."""

    async def erase_group(self, connection: AsyncConnection, group_id: int) -> None:
        """Erase a group's cases, open or closed: nobody there can be looked after any more."""
        gone = await _ids(connection, cases.c.group_id == group_id)
        await erase_cases(connection, gone)
        for table in (desk_leads, desk_reach):
            await connection.execute(delete(table).where(table.c.group_id == group_id))


async def erase_cases(connection: AsyncConnection, case_ids: Sequence[int]) -> None:
    """Erase cases with all that belongs to them."""
    for start in range(0, len(case_ids), _CHUNK):
        chunk = case_ids[start : start + _CHUNK]
        await erase_letters_of_cases(connection, chunk)
        for table in (case_events, *_OF_CASES):
            await connection.execute(delete(table).where(table.c.case_id.in_(chunk)))
        await connection.execute(delete(cases).where(cases.c.id.in_(chunk)))


async def closed_subjects(connection: AsyncConnection) -> set[str]:
    """Return the numbers that stand in closed cases, to find the erased among them."""
    closed = cases.c.state == CaseState.CLOSED.value
    query = select(cases.c.subject_id).where(closed, cases.c.subject_name != _SOMEBODY).distinct()
    return set(await connection.scalars(query))


async def held_open(connection: AsyncConnection) -> set[int]:
    """Return `messages.id` of messages on which an open case rests."""
    query = (
        select(case_events.c.message_row)
        .join(cases, cases.c.id == case_events.c.case_id)
        .where(cases.c.state != CaseState.CLOSED.value, case_events.c.message_row.is_not(None))
    )
    return set(await connection.scalars(query))


async def closed_before(connection: AsyncConnection, group_id: int, moment_ms: int) -> list[int]:
    """Return a group's cases that were closed before then."""
    return await _ids(
        connection,
        (cases.c.group_id == group_id)
        & (cases.c.state == CaseState.CLOSED.value)
        & (cases.c.closed_ms < moment_ms),
    )


async def looks_before(connection: AsyncConnection, group_id: int, moment_ms: int) -> list[int]:
    """Return `case_events.id` of looks at a group's closed cases from before then."""
    query = (
        select(case_events.c.id)
        .join(cases, cases.c.id == case_events.c.case_id)
        .where(
            cases.c.group_id == group_id,
            cases.c.state == CaseState.CLOSED.value,
            case_events.c.kind == EventKind.VIEW.value,
            case_events.c.at_ms < moment_ms,
        )
    )
    return list(await connection.scalars(query))


async def erase_events(connection: AsyncConnection, event_ids: Sequence[int]) -> None:
    """Erase entries of timelines."""
    for start in range(0, len(event_ids), _CHUNK):
        chunk = case_events.c.id.in_(event_ids[start : start + _CHUNK])
        await connection.execute(delete(case_events).where(chunk))


async def _leave_reminders(connection: AsyncConnection, person: int) -> None:
    """Take somebody out of the timers. Another asks how a member is whom they looked after."""
    mine = desk_timers.c.person == person
    asks = desk_timers.c.kind == TimerKind.CHECK_IN.value
    await connection.execute(update(desk_timers).where(mine, asks).values(person=None))
    await connection.execute(delete(desk_timers).where(mine))


async def _ids(connection: AsyncConnection, condition: ColumnElement[bool]) -> list[int]:
    return list(await connection.scalars(select(cases.c.id).where(condition)))


async def _empty(connection: AsyncConnection, case_ids: Sequence[int]) -> None:
    """Leave of closed cases that there were some."""
    for start in range(0, len(case_ids), _CHUNK):
        chunk = case_ids[start : start + _CHUNK]
        mine = case_events.c.case_id.in_(chunk)
        await connection.execute(
            update(cases)
            .where(cases.c.id.in_(chunk))
            .values(subject_id="", subject_name=_SOMEBODY, outcome="")
        )
        await connection.execute(
            update(case_events).where(mine, case_events.c.kind.in_(_WORDS)).values(detail="")
        )
        told = (EventKind.SIGNAL.value, EventKind.REPORT.value)
        await connection.execute(
            update(case_events)
            .where(mine, case_events.c.kind.in_(told))
            .values(actor=_NOBODY, message_row=None)
        )
        for table in _OF_CASES:
            await connection.execute(delete(table).where(table.c.case_id.in_(chunk)))
        await erase_letters_of_cases(connection, chunk)
