"""Marks: what the room remembers of itself, one value by name."""

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.privacy.tables import privacy_marks


async def all_marks(connection: AsyncConnection) -> dict[str, str]:
    """Return every mark by its name."""
    return {row.name: row.value for row in await connection.execute(select(privacy_marks))}


async def set_mark(connection: AsyncConnection, name: str, value: str) -> None:
    """Set a mark, whether or not it was there."""
    mine = privacy_marks.c.name == name
    changed = await connection.execute(update(privacy_marks).where(mine).values(value=value))
    if not changed.rowcount:
        await connection.execute(insert(privacy_marks).values(name=name, value=value))
