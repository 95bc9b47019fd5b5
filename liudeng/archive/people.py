"""What the log knows of one person: how much, since when, and their messages in order."""

from collections.abc import AsyncIterator

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive.message import StoredMessage
from liudeng.archive.queries import stored_message
from liudeng.archive.tables import messages
from liudeng.db import Database

_PAGE = 500


async def count_said(connection: AsyncConnection, user_id: str) -> dict[int, int]:
    """Return how many messages of somebody are kept, by group; recalled ones count."""
    query = (
        select(messages.c.group_id, func.count())
        .where(messages.c.user_id == user_id)
        .group_by(messages.c.group_id)
    )
    return {row[0]: row[1] for row in await connection.execute(query)}


async def everybody(connection: AsyncConnection) -> set[str]:
    """Return everybody who ever spoke. Looks through the whole table."""
    return set(await connection.scalars(select(messages.c.user_id).distinct()))


async def newest_said(connection: AsyncConnection, user_id: str) -> int:
    """Return the time of somebody's newest message, 0 for none."""
    query = select(func.max(messages.c.time_ms)).where(messages.c.user_id == user_id)
    return (await connection.execute(query)).scalar() or 0


async def all_said(database: Database, user_id: str) -> AsyncIterator[list[StoredMessage]]:
    """Yield what is kept of somebody, page by page, oldest first."""
    after = -1
    while True:
        query = (
            select(messages)
            .where(messages.c.user_id == user_id, messages.c.id > after)
            .order_by(messages.c.id)
            .limit(_PAGE)
        )
        async with database.read() as connection:
            rows = (await connection.execute(query)).mappings().all()
        if not rows:
            return
        after = rows[-1]["id"]
        yield [stored_message(row) for row in rows]


async def said_since(
    connection: AsyncConnection, user_id: str, group_id: int, since_ms: int
) -> list[int]:
    """Return `messages.id` of what somebody said from a moment on; `group_id` 0: in every group."""
    query = select(messages.c.id).where(
        messages.c.user_id == user_id, messages.c.time_ms >= since_ms
    )
    if group_id:
        query = query.where(messages.c.group_id == group_id)
    return list(await connection.scalars(query))
