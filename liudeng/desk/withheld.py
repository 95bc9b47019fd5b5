"""What is quoted no longer: words about a message that was recalled, unless its case seals it."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive import StoredMessage, messages_by_id
from liudeng.desk.case import CaseEvent, EventKind
from liudeng.desk.tables import sealed_contexts


async def may_quote(
    connection: AsyncConnection, case_id: int | None, message: StoredMessage
) -> bool:
    """Whether what was said still stands, or the case has it sealed; asked of the log anew."""
    found = await messages_by_id(connection, [message.id])
    if found and found[0].recalled_ms is None:
        return True
    return case_id is not None and message.id in await _sealed(connection, case_id)


async def as_told_now(
    connection: AsyncConnection, case_id: int, events: Sequence[CaseEvent]
) -> list[CaseEvent]:
    """Return what happened to a case, as it may be repeated now.

    Who reports a message tells what stood in it. What they wrote before it was recalled goes with
    it; that it was reported stays.
    """
    rows = [one.message_row for one in events if one.message_row is not None]
    found = {one.id: one.recalled_ms for one in await messages_by_id(connection, rows)}
    gone = {row: at for row, at in found.items() if at is not None}
    if not gone:
        return list(events)
    for row in await _sealed(connection, case_id):
        gone.pop(row, None)
    return [_without_words(one) if _was_told_before(one, gone) else one for one in events]


def _was_told_before(event: CaseEvent, gone: Mapping[int, int]) -> bool:
    recalled_ms = gone.get(event.message_row or 0)
    return event.kind is EventKind.REPORT and recalled_ms is not None and event.at_ms <= recalled_ms


def _without_words(event: CaseEvent) -> CaseEvent:
    return event.model_copy(update={"detail": event.detail.partition("：")[0]})


async def _sealed(connection: AsyncConnection, case_id: int) -> set[int]:
    query = select(sealed_contexts.c.message_row).where(sealed_contexts.c.case_id == case_id)
    return set(await connection.scalars(query))
