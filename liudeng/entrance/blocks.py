"""The block list of each group: by number for moderators, by keyed hash for good."""

from collections.abc import Callable

from sqlalchemy import ColumnElement, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.db import now_ms
from liudeng.entrance.tables import blocks

PersonOf = Callable[[str], str]
"""The keyed hash by which a number is known."""


class Blocks:
    """Adds, removes, asks. Who has their traces erased stays blocked, and is listed no more."""

    def __init__(self, person_of: PersonOf) -> None:
        self._person_of = person_of

    async def add(
        self, connection: AsyncConnection, group_id: int, user_id: int, reason: str, actor: int
    ) -> None:
        """Block somebody from a group."""
        await self.remove(connection, group_id, user_id)
        await connection.execute(
            insert(blocks).values(
                group_id=group_id,
                person=self._person_of(str(user_id)),
                user_id=user_id,
                reason=reason,
                added_by=actor,
                created_ms=now_ms(),
            )
        )

    async def remove(self, connection: AsyncConnection, group_id: int, user_id: int) -> bool:
        """Block somebody no longer; False when they were not."""
        gone = await connection.execute(delete(blocks).where(self._row(group_id, user_id)))
        return gone.rowcount > 0

    async def has(self, connection: AsyncConnection, group_id: int, user_id: int) -> bool:
        """Whether somebody is blocked."""
        query = select(blocks.c.group_id).where(self._row(group_id, user_id))
        return bool(user_id) and (await connection.execute(query)).first() is not None

    async def listed(
        self, connection: AsyncConnection, group_id: int, limit: int
    ) -> list[tuple[int | None, str]]:
        """Return the newest numbers and reasons; None for who was erased."""
        query = select(blocks.c.user_id, blocks.c.reason).where(blocks.c.group_id == group_id)
        rows = await connection.execute(query.order_by(blocks.c.created_ms.desc()).limit(limit))
        return [(row.user_id, row.reason) for row in rows]

    def _row(self, group_id: int, user_id: int) -> ColumnElement[bool]:
        person = self._person_of(str(user_id))
        return (blocks.c.group_id == group_id) & (blocks.c.person == person)
