"""A group's own milestones in the database."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.timeline.tables import milestones

MOST = 200
"""No group needs more on one picture."""


@dataclass(frozen=True, slots=True)
class Milestone:
    """A day that a group wants to remember."""

    id: int
    group_id: int
    day: date
    title: str


async def add_milestone(
    connection: AsyncConnection, group_id: int, day: date, title: str, author_id: str, now_ms: int
) -> int | None:
    """Add a milestone and return its number; None when the group has too many."""
    count = select(func.count()).where(milestones.c.group_id == group_id)
    if (await connection.execute(count)).scalar_one() >= MOST:
        return None
    made = await connection.execute(
        insert(milestones)
        .values(group_id=group_id, day=day, title=title, author_id=author_id, created_ms=now_ms)
        .returning(milestones.c.id)
    )
    return made.scalar_one()


async def remove_milestone(connection: AsyncConnection, group_id: int, number: int) -> bool:
    """Take a milestone away; False when the group has no such one."""
    gone = await connection.execute(
        delete(milestones).where(milestones.c.id == number, milestones.c.group_id == group_id)
    )
    return bool(gone.rowcount)


async def milestones_of(connection: AsyncConnection, groups: Collection[int]) -> list[Milestone]:
    """Return the milestones of groups, the earliest first."""
    query = (
        select(milestones)
        .where(milestones.c.group_id.in_(list(groups)))
        .order_by(milestones.c.day, milestones.c.id)
    )
    return [
        Milestone(row.id, row.group_id, row.day, row.title)
        for row in await connection.execute(query)
    ]
