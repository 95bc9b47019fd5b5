"""What questions and answers keep of a person. See `liudeng.holding`.

Votes go with their owner. What somebody wrote as a moderator stays, as the group's, without their
name; who asked what nobody could answer was never kept.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.faq.tables import (
    faq_entries,
    faq_gaps,
    faq_groups,
    faq_unasked,
    faq_uses,
    faq_versions,
    faq_votes,
)
from liudeng.holding import Held


class FaqHolder:
    """Votes on answers, and who edited which."""

    title, unit = "对问答的评价", "个"

    async def held(self, connection: AsyncConnection, user_id: str) -> Held:
        """Count somebody's votes."""
        query = select(func.count()).where(faq_votes.c.user_id == user_id)
        return Held((await connection.execute(query)).scalar_one())

    async def people(self, connection: AsyncConnection) -> set[str]:
        """Return the numbers of those of whom something is kept."""
        voters = await connection.scalars(select(faq_votes.c.user_id).distinct())
        editors = await connection.scalars(select(faq_versions.c.editor_id).distinct())
        return {*voters, *editors} - {""}

    async def hand_out(self, connection: AsyncConnection, user_id: str) -> list[dict[str, Any]]:
        """Return somebody's votes."""
        query = (
            select(faq_votes.c.entry_id, faq_votes.c.useful)
            .where(faq_votes.c.user_id == user_id)
            .order_by(faq_votes.c.entry_id)
        )
        return [dict(row) for row in (await connection.execute(query)).mappings()]

    async def erase(self, connection: AsyncConnection, user_id: str) -> None:
        """Erase somebody's votes, and their name and number from what they edited."""
        await connection.execute(delete(faq_votes).where(faq_votes.c.user_id == user_id))
        mine = faq_versions.c.editor_id == user_id
        written = select(faq_versions.c.entry_id).where(mine, faq_versions.c.version == 1)
        await connection.execute(
            update(faq_entries).where(faq_entries.c.id.in_(written)).values(owner="")
        )
        await connection.execute(update(faq_versions).where(mine).values(editor_id="", editor=""))

    async def forget_messages(self, connection: AsyncConnection, rows: Sequence[int]) -> None:
        """Nothing here hangs on a message."""

    async def erase_group(self, connection: AsyncConnection, group_id: int) -> None:
        """Erase a group's own entries, its gaps and its counts; what all groups share stays."""
        own = select(faq_entries.c.id).where(faq_entries.c.group_id == group_id)
        for table in (faq_votes, faq_versions, faq_uses, faq_unasked):
            await connection.execute(delete(table).where(table.c.entry_id.in_(own)))
        for table in (faq_entries, faq_gaps, faq_uses, faq_unasked, faq_groups):
            await connection.execute(delete(table).where(table.c.group_id == group_id))
