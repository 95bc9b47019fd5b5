"""Searching the library for somebody: the index proposes, the database decides."""

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.db import Database
from liudeng.library.entry import Farewell
from liudeng.library.farewells import farewells_by_id
from liudeng.library.index.facets import Facets, count_facets
from liudeng.library.index.index import Found, LibraryIndex, suggested
from liudeng.library.index.likeness import Way
from liudeng.library.index.shelf import Shelf
from liudeng.library.tables import farewells
from liudeng.library.visible import Viewer, visible_to

_PATIENCE_S = 3.0


class FoundEntry(BaseModel):
    """An entry, and how it was found."""

    model_config = ConfigDict(frozen=True)

    entry: Farewell
    way: Way


class LibraryAnswer(BaseModel):
    """What somebody may know of what they asked for."""

    model_config = ConfigDict(frozen=True)

    entries: tuple[FoundEntry, ...] = ()
    total: int = 0
    facets: Facets = Facets()
    """Of at most the first 200 hits."""
    suggestion: str = ""
    """For 你是不是要找; empty when what was typed stands in an entry."""
    ready: bool = True
    """False while the index is being built."""
    complete: bool = True
    """False when time ran out."""


class LibrarySearch:
    """Finds entries that are kept, and that the viewer may see, at this moment."""

    def __init__(self, database: Database, index: LibraryIndex) -> None:
        self._database = database
        self._index = index
        # One thread: queries take milliseconds, and none may take a thread from the database.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="library-search")

    async def find(
        self, viewer: Viewer, text: str, limit: int = 10, offset: int = 0
    ) -> LibraryAnswer:
        """Find entries; any text is answered.

        Entries that were withdrawn, hidden or recalled a moment ago are not found, and are in no
        count and no suggestion, whatever the index still holds.

        Raises:
            sqlalchemy.exc.DBAPIError: the database cannot be read.
        """
        found = await self._ask_index(viewer, text)
        async with self._database.read() as connection:
            rows = await _still_visible(connection, viewer, (hit.id for hit in found.hits))
            hits = [hit for hit in found.hits if hit.id in rows]
            page = list(islice(hits, offset, offset + limit))
            entries = await farewells_by_id(connection, (hit.id for hit in page))
        return LibraryAnswer(
            entries=tuple(
                FoundEntry(entry=entries[hit.id], way=hit.way) for hit in page if hit.id in entries
            ),
            total=found.total - (len(found.hits) - len(hits)),
            facets=count_facets(map(_facet, (rows[hit.id] for hit in hits))),
            suggestion=suggested(text, hits),
            ready=found.ready,
            complete=found.complete,
        )

    async def lines(self, shelf: Shelf, viewer: Viewer, text: str, limit: int) -> list[str]:
        """Return the lines of what surely is meant on another room's shelf.

        Raises:
            sqlalchemy.exc.DBAPIError: the database cannot be read.
        """
        found = await self._in_thread(
            partial(self._index.find_behind, text, shelf.doors(viewer), limit)
        )
        surely = [hit.id for hit in found.hits if hit.way <= Way.PIECES]
        if not surely:
            return []
        async with self._database.read() as connection:
            shown = await shelf.lines(connection, viewer, surely)
        return [shown[number] for number in surely if number in shown]

    async def close(self) -> None:
        """End the thread."""
        await asyncio.to_thread(self._thread.shutdown, cancel_futures=True)

    async def _ask_index(self, viewer: Viewer, text: str) -> Found:
        ask = partial(
            self._index.find,
            text,
            groups=viewer.reach,
            viewer_id=viewer.user_id,
            in_private=viewer.in_private,
        )
        return await self._in_thread(ask)

    async def _in_thread(self, ask: Callable[[], Found]) -> Found:
        try:
            async with asyncio.timeout(_PATIENCE_S):
                return await asyncio.get_running_loop().run_in_executor(self._thread, ask)
        except TimeoutError:
            return Found(complete=False)


async def _still_visible(
    connection: AsyncConnection, viewer: Viewer, ids: Iterable[int]
) -> dict[int, Any]:
    """Return what of these may be shown now, with what facets need."""
    query = select(
        farewells.c.id, farewells.c.companion, farewells.c.author_name, farewells.c.day
    ).where(farewells.c.id.in_(list(ids)), visible_to(viewer))
    return {row.id: row for row in await connection.execute(query)}


def _facet(row: Any) -> tuple[str, str, str]:
    return row.companion, row.author_name, f"{row.day:%Y-%m}"
