"""What the ledger of links keeps of a person. See `liudeng.holding`.

A link that somebody posted is a link: who did is read from their message and goes with it. Their
votes go; what they saw to as a moderator stays without their number.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.holding import Held
from liudeng.resources.tables import (
    announcements,
    link_sightings,
    link_warnings,
    resource_probes,
    resource_votes,
    resources,
)

_CHUNK = 500


class LinkHolder:
    """Votes on links, announcements, and which messages carry a link."""

    title, unit = "对链接的评价", "个"

    async def held(self, connection: AsyncConnection, user_id: str) -> Held:
        """Count somebody's votes."""
        query = select(func.count()).where(resource_votes.c.user_id == user_id)
        return Held((await connection.execute(query)).scalar_one())

    async def people(self, connection: AsyncConnection) -> set[str]:
        """Return the numbers of those of whom something is kept."""
        columns = (resource_votes.c.user_id, resources.c.owner_id, announcements.c.author_id)
        found: set[str] = set()
        for column in columns:
            found |= set(await connection.scalars(select(column).distinct()))
        return found - {""}

    async def hand_out(self, connection: AsyncConnection, user_id: str) -> list[dict[str, Any]]:
        """Return somebody's votes."""
        query = (
            select(resources.c.url, resource_votes.c.useful)
            .join(resources, resources.c.id == resource_votes.c.resource_id)
            .where(resource_votes.c.user_id == user_id)
            .order_by(resources.c.id)
        )
        return [dict(row) for row in (await connection.execute(query)).mappings()]

    async def erase(self, connection: AsyncConnection, user_id: str) -> None:
        """Erase somebody's votes, and their number elsewhere; counts stay as they are."""
        await connection.execute(delete(resource_votes).where(resource_votes.c.user_id == user_id))
        for table, column in (
            (resources, resources.c.owner_id),
            (announcements, announcements.c.author_id),
        ):
            values = {column.name: ""}
            await connection.execute(update(table).where(column == user_id).values(**values))

    async def forget_messages(self, connection: AsyncConnection, rows: Sequence[int]) -> None:
        """Forget which links these messages carried."""
        for start in range(0, len(rows), _CHUNK):
            chunk = link_sightings.c.message_row.in_(rows[start : start + _CHUNK])
            await connection.execute(delete(link_sightings).where(chunk))

    async def erase_group(self, connection: AsyncConnection, group_id: int) -> None:
        """Erase what is a group's own."""
        own = select(resources.c.id).where(resources.c.group_id == group_id)
        # Numbers may be given again: what hung on a link must not hang on the next one.
        for table in (resource_votes, resource_probes, link_sightings):
            await connection.execute(delete(table).where(table.c.resource_id.in_(own)))
        for table in (resources, announcements, link_warnings):
            await connection.execute(delete(table).where(table.c.group_id == group_id))
