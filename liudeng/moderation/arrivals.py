"""When members came: what QQ tells once, kept, because nobody can be asked later."""

from collections.abc import Mapping

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.moderation.tables import arrivals

KEPT_MS = 30 * 86_400_000
"""Whoever came before is no newcomer to any rule."""


async def keep(connection: AsyncConnection, group_id: int, user_id: int, at_ms: int) -> None:
    """Note that somebody came; who comes again is new again."""
    mine = (arrivals.c.group_id == group_id) & (arrivals.c.user_id == user_id)
    await connection.execute(delete(arrivals).where(mine))
    row = {"group_id": group_id, "user_id": user_id, "joined_ms": at_ms}
    await connection.execute(insert(arrivals).values(**row))


async def recent(connection: AsyncConnection, now_ms: int) -> Mapping[tuple[int, int], int]:
    """Return who came lately and when, and forget who came long ago."""
    await connection.execute(delete(arrivals).where(arrivals.c.joined_ms < now_ms - KEPT_MS))
    rows = await connection.execute(select(arrivals))
    return {(row.group_id, row.user_id): row.joined_ms for row in rows}
