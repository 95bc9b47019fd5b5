"""What the arming room keeps of a person. See `liudeng.holding`."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.arming.tables import watch_firings, watch_stances
from liudeng.holding import Held

_CHUNK = 500


class WatchHolder:
    """When the watcher spoke, and who armed it. Neither words nor names of members."""

    title, unit = "守望的记录", "条"

    async def held(self, connection: AsyncConnection, user_id: str) -> Held:
        """There is nothing that leads to a member but by their messages."""
        return Held(0)

    async def people(self, connection: AsyncConnection) -> set[str]:
        """Return the numbers of those of whom something is kept."""
        return set(await connection.scalars(select(watch_stances.c.actor).distinct()))

    async def hand_out(self, connection: AsyncConnection, user_id: str) -> list[dict[str, Any]]:
        """Return nothing: see `held`."""
        return []

    async def erase(self, connection: AsyncConnection, user_id: str) -> None:
        """Forget that somebody armed or disarmed the watch; that it was done stays."""
        mine = watch_stances.c.actor == user_id
        await connection.execute(update(watch_stances).where(mine).values(actor=""))

    async def forget_messages(self, connection: AsyncConnection, rows: Sequence[int]) -> None:
        """Forget which messages let the watcher speak; that it spoke stays, for its report."""
        for start in range(0, len(rows), _CHUNK):
            chunk = watch_firings.c.message_row.in_(rows[start : start + _CHUNK])
            await connection.execute(update(watch_firings).where(chunk).values(message_row=None))

    async def erase_group(self, connection: AsyncConnection, group_id: int) -> None:
        """Erase a group's records."""
        for table in (watch_firings, watch_stances):
            await connection.execute(delete(table).where(table.c.group_id == group_id))
