"""Entries as they are shown: one rule for cards, lists, the album, 打码 and the index."""

import asyncio
from collections.abc import Iterable

from liudeng.covering import Names, redacted
from liudeng.db import Database
from liudeng.library.entry import Farewell, Visibility
from liudeng.library.known import KnownPeople
from liudeng.library.public import as_public, covered_names


class Showing:
    """Knows whose names and numbers must not be seen, and takes them out of public entries."""

    def __init__(self, database: Database) -> None:
        self._known = KnownPeople(database)

    async def forget_people(self) -> None:
        """Forget whose names must not be seen; those who are left are read again."""
        await self._known.forget()

    async def of(self, entry: Farewell) -> Farewell:
        """Return an entry as everybody who may see it does; only a public one is another."""
        if entry.visibility is not Visibility.PUBLIC:
            return entry
        known = await self._known.of(entry.group_id)
        return await asyncio.to_thread(as_public, entry, known)

    async def each(self, entries: Iterable[Farewell]) -> tuple[Farewell, ...]:
        """Return these entries as they are shown, in their order."""
        return tuple([await self.of(entry) for entry in entries])

    async def covered_in(self, entry: Farewell) -> Names:
        """Return what is covered in an entry's pictures when they are shown covered."""
        return covered_names(entry, await self._known.of(entry.group_id))

    async def covered_in_group(self, group_id: int) -> Names:
        """Return what is covered in any picture of a group."""
        return Names(known=(await self._known.of(group_id)).all)

    async def without_numbers(self, text: str, group_id: int) -> str:
        """Return a line of text, such as a group's name, without what leads to its members."""
        return redacted(text, (await self._known.of(group_id)).numbers)
