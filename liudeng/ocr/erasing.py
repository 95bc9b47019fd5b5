"""Erasing: what was read in pictures that are gone, and which messages were given the words."""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.ocr.tables import readings, seen_pictures

_LOOKUP = 500


async def forget_messages(connection: AsyncConnection, message_rows: Sequence[int]) -> None:
    """Forget which pictures' words erased messages were given."""
    for start in range(0, len(message_rows), _LOOKUP):
        chunk = seen_pictures.c.message_row.in_(message_rows[start : start + _LOOKUP])
        await connection.execute(delete(seen_pictures).where(chunk))


async def forget_pictures(connection: AsyncConnection, hashes: Sequence[str]) -> None:
    """Forget what was read in pictures that are no longer kept."""
    await connection.execute(delete(readings).where(readings.c.sha256.in_(hashes)))


async def words_given(connection: AsyncConnection, message_row: int) -> list[str]:
    """Return the words of the pictures that a message was given."""
    query = (
        select(readings.c.text)
        .join(seen_pictures, seen_pictures.c.sha256 == readings.c.sha256)
        .where(seen_pictures.c.message_row == message_row)
    )
    return [text for text in await connection.scalars(query) if text]
