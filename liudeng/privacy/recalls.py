"""Recall means recall: what was withdrawn is hidden at once, and wiped after a while.

The row stays, empty: it is what keeps the message from coming back with the history. That a
message is missing from a history is no recall: histories have holes, and a wiped message cannot be
brought back. So a recall the bot slept through is not noticed.
"""

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive.erasing import empty_messages
from liudeng.archive.tables import messages
from liudeng.db import Database
from liudeng.desk.personal import held_open
from liudeng.library.personal import erase_entries_of
from liudeng.media.erasing import detach
from liudeng.ocr.erasing import forget_messages
from liudeng.privacy.sweeping import BATCH


async def due_for_wiping(connection: AsyncConnection, before_ms: int) -> list[int]:
    """Return `messages.id` of what was recalled before then and still holds something.

    What an open case rests on stays until it is closed; the case's sealed copy stays as long as
    the case's context does.
    """
    columns = messages.c
    holds = or_(columns.text != "", columns.segments != "", columns.name != "", columns.card != "")
    query = select(columns.id).where(columns.recalled_ms < before_ms, holds).order_by(columns.id)
    held = await held_open(connection)
    return [row for row in await connection.scalars(query) if row not in held]


async def wipe_recalled(database: Database, before_ms: int) -> int:
    """Wipe what was recalled before then; return how many messages. Files go with the sweep."""
    async with database.read() as connection:
        due = await due_for_wiping(connection, before_ms)
    for start in range(0, len(due), BATCH):
        chunk = due[start : start + BATCH]
        async with database.write() as connection:
            await forget_messages(connection, chunk)
            await detach(connection, chunk)
            await erase_entries_of(connection, chunk)
            await empty_messages(connection, chunk)
    return len(due)
