"""What the groups have chosen and who came lately, in memory, read again after a change."""

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.db import now_ms
from liudeng.moderation import arrivals
from liudeng.moderation.groups import GroupChoice, choices


class Choices:
    """A copy of the tables that every message asks."""

    def __init__(self) -> None:
        self._all: dict[int, GroupChoice] = {}
        self._joined: dict[tuple[int, int], int] = {}

    @property
    def all(self) -> Mapping[int, GroupChoice]:
        """Group id -> what it has chosen."""
        return self._all

    @property
    def joined(self) -> Mapping[tuple[int, int], int]:
        """(group, member) -> when they came, of those who came lately."""
        return self._joined

    def of(self, group_id: int) -> GroupChoice:
        """Return what a group has chosen."""
        return self._all.get(group_id) or GroupChoice(group_id=group_id)

    async def read(self, connection: AsyncConnection) -> None:
        """Read the choices again."""
        self._all = await choices(connection)

    async def read_arrivals(self, connection: AsyncConnection) -> None:
        """Read who came lately."""
        self._joined = dict(await arrivals.recent(connection, now_ms()))

    async def arrived(
        self, connection: AsyncConnection, group_id: int, user_id: int, at_ms: int
    ) -> None:
        """Note that somebody came."""
        await arrivals.keep(connection, group_id, user_id, at_ms)
        self._joined[group_id, user_id] = at_ms
