"""Words read in what a message carries (pictures, forwards) join it, and the index with it."""

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive.reading import clean
from liudeng.archive.tables import messages
from liudeng.search.log_index import IndexedRow, add_to_index, remove_from_index


async def add_seen_text(connection: AsyncConnection, message_row: int, text: str) -> bool:
    """Add words to a message and index it anew, in the caller's write transaction.

    A recalled message and a command to the bot keep the words but stay out of search.

    Returns:
        False when there is no such message, or nothing to add.
    """
    wanted = messages.c.id == message_row
    row = (await connection.execute(select(messages).where(wanted))).first()
    text = clean(text).strip()
    if row is None or not text:
        return False
    is_searched = row.recalled_ms is None and not row.addressed
    if is_searched:
        await remove_from_index(connection, [IndexedRow.of(row._mapping)])
    seen = f"{row.seen_text}\n{text}" if row.seen_text else text
    await connection.execute(update(messages).where(wanted).values(seen_text=seen))
    if is_searched:
        again = (await connection.execute(select(messages).where(wanted))).one()
        await add_to_index(connection, [IndexedRow.of(again._mapping)])
    return True
