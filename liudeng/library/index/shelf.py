"""The door for other rooms: whoever keeps entries lends them to the library's index as a shelf."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.library.entries import is_kept
from liudeng.library.farewells import farewells_by_id
from liudeng.library.index.document import Document, Kind, document_of
from liudeng.library.showing import Showing
from liudeng.library.tables import farewells, library_changes
from liudeng.library.visible import Viewer


class Source(Protocol):
    """The entries of one kind, as the index derives them."""

    kind: Kind

    async def ids(self, connection: AsyncConnection) -> Sequence[int]:
        """Return every entry that is to be found by anybody."""
        ...

    async def documents(
        self, connection: AsyncConnection, ids: Collection[int]
    ) -> Mapping[int, Document]:
        """Return those of these entries that are still to be found."""
        ...


class Shelf(Source, Protocol):
    """A source whose entries `搜` shows, too."""

    def doors(self, viewer: Viewer) -> frozenset[str]:
        """Return the doors that are open to a viewer; no other shelf may use the same."""
        ...

    async def lines(
        self, connection: AsyncConnection, viewer: Viewer, ids: Collection[int]
    ) -> Mapping[int, str]:
        """Return, of what the viewer may see at this moment, the line that `搜` shows."""
        ...


class FarewellShelf:
    """The farewell wall; it is searched through `LibrarySearch`, which knows its pictures."""

    kind = Kind.FAREWELL

    def __init__(self, showing: Showing) -> None:
        self._showing = showing

    async def ids(self, connection: AsyncConnection) -> Sequence[int]:
        """Return every kept entry."""
        return list(await connection.scalars(select(farewells.c.id).where(is_kept())))

    async def documents(
        self, connection: AsyncConnection, ids: Collection[int]
    ) -> Mapping[int, Document]:
        """Return the kept ones of these entries as they are shown: what is covered is not found."""
        kept = await farewells_by_id(connection, ids)
        return {
            number: document_of(await self._showing.of(entry)) for number, entry in kept.items()
        }


async def note_changes(connection: AsyncConnection, kind: Kind, ids: Collection[int]) -> None:
    """Tell the index, inside the caller's transaction, that entries changed or are gone.

    The caller wakes `Library.index` once the transaction is committed.
    """
    if ids:
        rows = [{"kind": kind.value, "entry_id": number} for number in ids]
        await connection.execute(insert(library_changes), rows)
