"""What the media room keeps of a person: files that came with their own messages."""

from sqlalchemy import distinct, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive.tables import messages
from liudeng.media.model import State
from liudeng.media.tables import attachments


async def count_files(connection: AsyncConnection, user_id: str) -> int:
    """Return how many different files came with somebody's messages."""
    query = (
        select(func.count(distinct(attachments.c.sha256)))
        .join(messages, messages.c.id == attachments.c.message_row)
        .where(messages.c.user_id == user_id, attachments.c.state == State.STORED.value)
    )
    return (await connection.execute(query)).scalar_one()


async def files_of(connection: AsyncConnection, rows: list[int]) -> dict[int, list[str]]:
    """Return the SHA-256 of the files that messages carry, by `messages.id`."""
    query = (
        select(attachments.c.message_row, attachments.c.sha256)
        .where(
            attachments.c.message_row.in_(rows),
            attachments.c.state == State.STORED.value,
            attachments.c.sha256.is_not(None),
        )
        .order_by(attachments.c.id)
    )
    found: dict[int, list[str]] = {}
    for row in await connection.execute(query):
        found.setdefault(row.message_row, []).append(row.sha256)
    return found
