"""What moderators pinned for a group, until a day they named."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.resources.tables import announcements

LONGEST = 300
MOST = 5
"""In force at a time in one group: more is a wall nobody reads."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """Something pinned."""

    id: int
    group_id: int
    words: str
    resource_id: int | None
    ends_ms: int


async def pin(
    connection: AsyncConnection,
    announcement: Announcement,
    author_id: str,
    now_ms: int,
) -> int | None:
    """Pin something (its `id` is given here); None if the group has enough pinned."""
    query = select(func.count()).where(
        announcements.c.group_id == announcement.group_id, announcements.c.ends_ms > now_ms
    )
    if (await connection.execute(query)).scalar_one() >= MOST:
        return None
    made = (
        insert(announcements)
        .values(
            group_id=announcement.group_id,
            author_id=author_id,
            words=announcement.words[:LONGEST],
            resource_id=announcement.resource_id,
            created_ms=now_ms,
            ends_ms=announcement.ends_ms,
        )
        .returning(announcements.c.id)
    )
    return (await connection.execute(made)).scalar_one()


async def unpin(
    connection: AsyncConnection, number: int, groups: Collection[int], now_ms: int
) -> bool:
    """Take one down; False if none with this number is up in these groups."""
    mine = (announcements.c.id == number) & announcements.c.group_id.in_(groups)
    ended = update(announcements).where(mine, announcements.c.ends_ms > now_ms)
    return (await connection.execute(ended.values(ends_ms=now_ms))).rowcount > 0


async def pinned(
    connection: AsyncConnection, groups: Collection[int], now_ms: int
) -> list[Announcement]:
    """Return what is pinned in these groups now, the newest first."""
    query = (
        select(announcements)
        .where(announcements.c.group_id.in_(groups), announcements.c.ends_ms > now_ms)
        .order_by(announcements.c.id.desc())
        .limit(MOST * max(1, len(groups)))
    )
    return [
        Announcement(row.id, row.group_id, row.words, row.resource_id, row.ends_ms)
        for row in await connection.execute(query)
    ]
