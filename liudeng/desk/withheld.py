"""What is quoted no longer: words about a message that was recalled, unless its case seals it."""

from collections.abc import Sequence

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


async def reasons_of(
    connection: AsyncConnection, case_id: int, signals: Sequence[CaseEvent]
) -> list[str]:
    """Return why a case was made, as it may be repeated now.

    Who reports a message tells what stood in it. What they wrote before it was recalled goes with
    it; that it was reported stays.
    """
    rows = [one.message_row for one in signals if one.message_row is not None]
    found = {one.id: one.recalled_ms for one in await messages_by_id(connection, rows)}
    sealed = await _sealed(connection, case_id)
    reasons: list[str] = []
    for signal in signals:
        recalled_ms = found.get(signal.message_row or 0)
        told_before = recalled_ms is not None and signal.at_ms <= recalled_ms
        if signal.kind is EventKind.REPORT and told_before and signal.message_row not in sealed:
            reasons.append(signal.detail.partition("：")[0])
        else:
            reasons += signal.detail.split("；")
    return reasons


async def _sealed(connection: AsyncConnection, case_id: int) -> set[int]:
    query = select(sealed_contexts.c.message_row).where(sealed_contexts.c.case_id == case_id)
    return set(await connection.scalars(query))
