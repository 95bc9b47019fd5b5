"""Whose names and numbers must not be seen: everybody's who ever spoke in a group."""

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field

from sqlalchemy import func, select

from liudeng.archive.tables import messages
from liudeng.db import Database


@dataclass(frozen=True, slots=True)
class Known:
    """What leads to the members of a group."""

    names: frozenset[str] = frozenset()
    """Every card and nickname that anybody has spoken under."""
    numbers: frozenset[str] = frozenset()
    """Their QQ numbers, however short."""

    @property
    def all(self) -> frozenset[str]:
        """Names and numbers."""
        return self.names | self.numbers


@dataclass(slots=True)
class _Heard:
    names: set[str] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)
    seq: int = 0


class KnownPeople:
    """Remembers the names of each group that was asked for, and reads on from there."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._groups: defaultdict[int, _Heard] = defaultdict(_Heard)
        self._turn = asyncio.Lock()

    async def forget(self) -> None:
        """Forget everybody: somebody was erased. Who is left is read again when asked for."""
        async with self._turn:
            self._groups.clear()

    async def of(self, group_id: int) -> Known:
        """Return who has spoken in a group so far; the first time all its messages are read."""
        async with self._turn:
            heard = self._groups[group_id]
            columns = messages.c
            async with self._database.read() as connection:
                newest = (await connection.execute(select(func.max(columns.seq)))).scalar() or 0
                if newest > heard.seq:
                    query = (
                        select(columns.user_id, columns.name, columns.card)
                        .where(columns.group_id == group_id, columns.seq > heard.seq)
                        .distinct()
                    )
                    for row in await connection.execute(query):
                        heard.names.update(filter(None, (row.name.strip(), row.card.strip())))
                        heard.numbers.add(row.user_id)
                    heard.seq = newest
            return Known(frozenset(heard.names), frozenset(heard.numbers))
