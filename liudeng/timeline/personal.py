"""What the timeline keeps of a person: who added a group's day. See `liudeng.holding`."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.holding import Held
from liudeng.timeline.tables import milestones


class MilestoneHolder:
    """The days that somebody added."""

    title, unit = "时间线", "个日子"

    async def held(self, connection: AsyncConnection, user_id: str) -> Held:
        """Count the days somebody added."""
        query = select(func.count()).where(milestones.c.author_id == user_id)
        return Held((await connection.execute(query)).scalar_one())

    async def people(self, connection: AsyncConnection) -> set[str]:
        """Return the numbers of those who added a day."""
        query = select(milestones.c.author_id).where(milestones.c.author_id != "").distinct()
        return set(await connection.scalars(query))

    async def hand_out(self, connection: AsyncConnection, user_id: str) -> list[dict[str, Any]]:
        """Return the days somebody added."""
        query = (
            select(milestones.c.day, milestones.c.title)
            .where(milestones.c.author_id == user_id)
            .order_by(milestones.c.day)
        )
        rows = await connection.execute(query)
        return [{"day": row.day.isoformat(), "title": row.title} for row in rows]

    async def erase(self, connection: AsyncConnection, user_id: str) -> None:
        """The day is the group's and stays, without who added it."""
        await connection.execute(
            update(milestones).where(milestones.c.author_id == user_id).values(author_id="")
        )

    async def forget_messages(self, connection: AsyncConnection, rows: Sequence[int]) -> None:
        """Nothing here hangs on a message."""

    async def erase_group(self, connection: AsyncConnection, group_id: int) -> None:
        """Erase a group's days."""
        await connection.execute(delete(milestones).where(milestones.c.group_id == group_id))
