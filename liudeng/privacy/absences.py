"""Groups the bot was removed from while nobody was there to hear of it."""

from collections.abc import Mapping
from time import monotonic

from sqlalchemy import select

from liudeng.archive.tables import groups
from liudeng.db import Database
from liudeng.privacy.leaving import Leaving
from liudeng.privacy.tables import departures

_APART_S = 180.0
"""A group counts as left when it is missing in two lists so far apart: just after its own login an
implementation may know some of its groups only."""


class Absences:
    """Compares the groups the bot has met with those it is in."""

    def __init__(self, database: Database, leaving: Leaving) -> None:
        self._database = database
        self._leaving = leaving
        self._missed: dict[int, float] = {}

    @property
    def in_doubt(self) -> bool:
        """Whether a group was missing once, so that the list should be looked at again."""
        return bool(self._missed)

    def begin(self) -> None:
        """A connection has begun: what an earlier one missed may have been another account's."""
        self._missed.clear()

    async def look(self, present: Mapping[int, str]) -> bool:
        """Note which groups are missing; returns whether operators are asked about one.

        `present` is what the implementation has just told. An empty list tells nothing.
        """
        if not present:
            return False
        now, asked = monotonic(), False
        missing = {
            group_id: name for group_id, name in await self._met() if group_id not in present
        }
        before = self._missed
        self._missed = {one: before.get(one, now) for one in missing}
        for group_id in missing.keys() & before.keys():
            if now - before[group_id] >= _APART_S:
                await self._leaving.left(group_id, missing[group_id] or str(group_id))
                del self._missed[group_id]
                asked = True
        return asked

    async def _met(self) -> list[tuple[int, str]]:
        """Return the groups the bot was in, by its own connection, and has not left since."""
        left = select(departures.c.group_id)
        query = select(groups.c.group_id, groups.c.name).where(groups.c.group_id.not_in(left))
        async with self._database.read() as connection:
            return [(row.group_id, row.name) for row in await connection.execute(query)]
