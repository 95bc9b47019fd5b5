"""只存存档: a member who keeps nothing puts one message on the wall, and that one is kept."""

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive import LogWriter, Message
from liudeng.archive.tables import messages
from liudeng.db import Database, now_ms
from liudeng.library.personal import erase_entries_of, messages_on_the_wall
from liudeng.privacy.consent import Keeping
from liudeng.privacy.passing import Passing
from liudeng.privacy.register import Register
from liudeng.privacy.sweeping import Sweeper
from liudeng.privacy.tables import wall_requests

_PATIENCE_MS = 24 * 3600_000
"""So long after it was asked for, a message without an entry goes."""


class WallOnly:
    """Keeps single messages on request, and lets them go with their entries."""

    def __init__(
        self, database: Database, register: Register, passing: Passing, sweeper: Sweeper
    ) -> None:
        self._database = database
        self._register = register
        self._passing = passing
        self._sweeper = sweeper

    async def take(self, writer: LogWriter, group_id: int, message_id: str, user_id: str) -> bool:
        """Keep a message its author wants on the wall; False when it cannot be had any more.

        It is found by nobody's search: its author wanted it on the wall, not in the log.
        """
        if self._register.standing(group_id, user_id).keeping is not Keeping.WALL:
            return False
        message = self._passing.find(group_id, message_id, user_id)
        if message is None:
            return False
        async with self._database.write() as connection:
            await self._note(connection, message)
        await writer.put(message.model_copy(update={"by_request": True, "addressed": True}))
        await writer.drain()
        return True

    async def sweep(self, at_ms: int) -> int:
        """Erase what was kept for an entry that is not there; return how many messages."""
        async with self._database.read() as connection:
            kept = await messages_on_the_wall(connection)
            query = (
                select(messages.c.id, wall_requests.c.group_id, wall_requests.c.message_id)
                .join_from(
                    wall_requests,
                    messages,
                    (messages.c.group_id == wall_requests.c.group_id)
                    & (messages.c.message_id == wall_requests.c.message_id),
                )
                .where(wall_requests.c.at_ms < at_ms - _PATIENCE_MS)
            )
            gone = [row for row in await connection.execute(query) if row.id not in kept]
        if not gone:
            return 0
        async with self._database.write() as connection:
            await erase_entries_of(connection, [row.id for row in gone])
            for row in gone:
                mine = wall_requests.c.group_id == row.group_id
                mine &= wall_requests.c.message_id == row.message_id
                await connection.execute(delete(wall_requests).where(mine))
        await self._sweeper.erase([row.id for row in gone])
        return len(gone)

    async def _note(self, connection: AsyncConnection, message: Message) -> None:
        mine = wall_requests.c.group_id == message.group_id
        mine &= wall_requests.c.message_id == message.message_id
        if (await connection.execute(select(wall_requests).where(mine))).first() is None:
            values = {"group_id": message.group_id, "message_id": message.message_id}
            await connection.execute(insert(wall_requests).values(at_ms=now_ms(), **values))
