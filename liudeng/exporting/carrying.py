"""The files beside the messages: as they are, or covered where nobody may be named."""

import asyncio
import shutil
from collections.abc import Sequence
from pathlib import Path

from liudeng.covering import CannotCover, CoveredPictures, Names, NotReadYet
from liudeng.db import Database
from liudeng.exporting.model import FileRef
from liudeng.exporting.source import Carried
from liudeng.media import MediaStore
from liudeng.ocr import reading_of

_FOLDER = "media"


class Originals:
    """Copies files as they are kept."""

    def __init__(self, store: MediaStore, out: Path) -> None:
        self._store = store
        self._out = out

    async def take(self, carried: Sequence[Carried]) -> list[FileRef]:
        """Return the files of a message as they lie in the export. Raises OSError."""
        return await asyncio.to_thread(self._copied, carried)

    def _copied(self, carried: Sequence[Carried]) -> list[FileRef]:
        refs = []
        for file in carried:
            source = self._store.path(file.sha256)
            if source is not None:
                path = _laid(self._out, source, file.sha256 + source.suffix)
                refs.append(FileRef(path, file.mime, file.size, file.position))
        return refs


class Covered:
    """Copies pictures with everybody covered; what cannot be covered is left out."""

    def __init__(
        self, database: Database, covered: CoveredPictures, names: Names, out: Path
    ) -> None:
        self._database = database
        self._covered = covered
        self._names = names
        self._out = out

    async def take(self, carried: Sequence[Carried]) -> list[FileRef]:
        """Return the covered pictures of a message as they lie in the export. Raises OSError."""
        found = [await self._copy(file) for file in carried if file.mime.startswith("image/")]
        return [ref for ref in found if ref is not None]

    async def _copy(self, file: Carried) -> FileRef | None:
        async with self._database.read() as connection:
            reading = await reading_of(connection, file.sha256)
        try:
            source = await self._covered.get(file.sha256, reading, self._names)
        except (NotReadYet, CannotCover, FileNotFoundError):
            return None
        path = await asyncio.to_thread(_laid, self._out, source, source.name)
        size = (await asyncio.to_thread((self._out / path).stat)).st_size
        return FileRef(path, "image/webp", size, file.position)


def _laid(out: Path, source: Path, name: str) -> str:
    """Lay a file into the export unless it is there whole; return its path from there."""
    path = f"{_FOLDER}/{name[:2]}/{name[2:4]}/{name}"
    target = out / path
    if not target.is_file() or target.stat().st_size != source.stat().st_size:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    return path
