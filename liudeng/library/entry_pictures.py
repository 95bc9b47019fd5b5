"""The pictures of an entry, as files that may be shown: of a public one, covered copies alone."""

import asyncio
from pathlib import Path

from liudeng.covering import CannotCover, CoveredPictures, NotReadYet
from liudeng.db import Database
from liudeng.library.entry import Farewell, Visibility
from liudeng.library.farewells import farewell
from liudeng.library.showing import Showing
from liudeng.media import MediaStore
from liudeng.ocr import reading_of


class FarewellPictures:
    """Finds or makes the files that a card shows."""

    def __init__(
        self, database: Database, store: MediaStore, covered: CoveredPictures, showing: Showing
    ) -> None:
        self._database = database
        self._store = store
        self._covered = covered
        self._showing = showing

    async def of(self, entry: Farewell, most: int, *, small: bool = False) -> tuple[Path, ...]:
        """Return an entry's first pictures; `small` ones are thumbnails where those will do."""
        found: list[Path] = []
        for sha256 in entry.pictures[:most]:
            if entry.visibility is Visibility.PUBLIC:
                path = await self._covered_copy(entry, sha256)
            elif small:
                path = await asyncio.to_thread(self._store.thumbnail, sha256)
            else:
                path = await asyncio.to_thread(self._store.path, sha256)
            if path is not None:
                found.append(path)
        return tuple(found)

    async def _covered_copy(self, entry: Farewell, sha256: str) -> Path | None:
        """What cannot be covered is not shown: better no picture than somebody's name."""
        async with self._database.read() as connection:
            reading = await reading_of(connection, sha256)
        names = await self._showing.covered_in(entry)

        async def is_public() -> bool:
            async with self._database.read() as connection:
                now = await farewell(connection, entry.id)
            return now is not None and now.visibility is Visibility.PUBLIC

        try:
            return await self._covered.get(sha256, reading, names, is_public)
        except (NotReadYet, CannotCover, OSError):
            return None
