"""Erasing: pictures and files whose last message is gone, and copies of somebody's in forwards."""

from collections.abc import Sequence

from sqlalchemy import delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive import Segment, readable_text
from liudeng.archive.encoding import decode_segments, encode_segments
from liudeng.media.tables import attachments, forwarded, media

_LOOKUP = 500


async def detach(connection: AsyncConnection, message_rows: Sequence[int]) -> None:
    """Forget what messages carried; the files go with `erase_unheld`, if nobody else's they are."""
    for start in range(0, len(message_rows), _LOOKUP):
        chunk = message_rows[start : start + _LOOKUP]
        await connection.execute(delete(attachments).where(attachments.c.message_row.in_(chunk)))
        await connection.execute(delete(forwarded).where(forwarded.c.container_row.in_(chunk)))


async def detach_forwarded(connection: AsyncConnection, user_id: str) -> list[int]:
    """Forget copies of somebody's messages inside merged forwards.

    Returns:
        `messages.id` of the messages that hold the forwards: their words have changed.
    """
    mine = forwarded.c.user_id == user_id
    rows = (
        await connection.execute(select(forwarded.c.id, forwarded.c.container_row).where(mine))
    ).all()
    for start in range(0, len(rows), _LOOKUP):
        chunk = [row.id for row in rows[start : start + _LOOKUP]]
        await connection.execute(delete(attachments).where(attachments.c.forwarded_id.in_(chunk)))
    await connection.execute(delete(forwarded).where(mine))
    return sorted({row.container_row for row in rows})


async def unheld(connection: AsyncConnection) -> list[str]:
    """Return the SHA-256 of kept files that no message holds any longer."""
    held = exists().where(attachments.c.sha256 == media.c.sha256)
    return list(await connection.scalars(select(media.c.sha256).where(~held)))


async def forget_files(connection: AsyncConnection, hashes: Sequence[str]) -> None:
    """Forget kept files; delete them with `MediaStore.delete` once that is committed."""
    await connection.execute(delete(media).where(media.c.sha256.in_(hashes)))


async def nodes_naming(
    connection: AsyncConnection, word: str
) -> dict[int, tuple[int, tuple[Segment, ...]]]:
    """Return the messages inside forwards in which a word stands: their segments, by number,
    each with the `messages.id` of what holds the forward.
    """
    there = or_(func.instr(forwarded.c.segments, word) > 0, func.instr(forwarded.c.text, word) > 0)
    columns = (forwarded.c.id, forwarded.c.container_row, forwarded.c.segments, forwarded.c.text)
    return {
        row.id: (row.container_row, decode_segments(row.segments, row.text))
        for row in await connection.execute(select(*columns).where(there))
    }


async def rewrite_node(
    connection: AsyncConnection, number: int, segments: tuple[Segment, ...]
) -> None:
    """Give a message inside a forward other segments."""
    text = readable_text(segments)
    await connection.execute(
        update(forwarded)
        .where(forwarded.c.id == number)
        .values(text=text, segments=encode_segments(segments, text))
    )


async def words_forwarded(connection: AsyncConnection, message_row: int) -> str:
    """Return the words of the forwards that a message holds."""
    query = (
        select(forwarded.c.text)
        .where(forwarded.c.container_row == message_row)
        .order_by(forwarded.c.position)
    )
    return "\n".join(text for text in await connection.scalars(query) if text)
