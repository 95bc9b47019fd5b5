"""Erasing: pictures and files whose last message is gone, and copies of somebody's in forwards."""

from collections.abc import Sequence

from sqlalchemy import delete, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.media.store import MediaStore
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


async def unheld(connection: AsyncConnection, limit: int) -> list[str]:
    """Return the SHA-256 of kept files that no message holds any longer."""
    held = exists().where(attachments.c.sha256 == media.c.sha256)
    return list(await connection.scalars(select(media.c.sha256).where(~held).limit(limit)))


async def forget_files(connection: AsyncConnection, hashes: Sequence[str]) -> None:
    """Forget kept files; delete them with `MediaStore.delete` once that is committed."""
    await connection.execute(delete(media).where(media.c.sha256.in_(hashes)))


async def stray_files(connection: AsyncConnection, store: MediaStore) -> list[str]:
    """Return the SHA-256 of files on the disk that the tables do not know. Blocks on the disk."""
    known = set(await connection.scalars(select(media.c.sha256)))
    return sorted(store.hashes() - known)
