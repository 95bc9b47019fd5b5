"""Covered copies of kept pictures, made once and kept beside them."""

import asyncio
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from liudeng.covering.contacts import occurring
from liudeng.covering.cover import NotReadYet
from liudeng.covering.finding import Names
from liudeng.covering.painting import covered_copy
from liudeng.media import MediaStore
from liudeng.ocr import Reading

VERSION = 1
"""Raise this when something is covered that was not before: no older copy is shown again."""
_SHA256 = re.compile(r"[0-9a-f]{64}")

StillShown = Callable[[], Awaitable[bool]]
"""Tells whether a picture may be shown at this moment."""


class CoveredPictures:
    """The folder of covered copies. One is made at a time, in a thread."""

    def __init__(self, store: MediaStore, folder: Path) -> None:
        self._store = store
        self._folder = folder.absolute()
        self._turn = asyncio.Lock()

    def clear(self) -> None:
        """Delete all copies: they are made again when they are shown. Blocks. Raises OSError."""
        if self._folder.exists():
            shutil.rmtree(self._folder)

    async def get(
        self,
        sha256: str,
        reading: Reading | None,
        names: Names | None = None,
        still_shown: StillShown | None = None,
    ) -> Path:
        """Return the covered copy of a kept picture: WebP, upright, without metadata.

        Args:
            sha256: of the original.
            reading: what was read in it.
            names: who is known; only those that stand in the picture make a difference.
            still_shown: asked when the copy is made and nobody has it yet; if the picture was
                taken back meanwhile, none is kept. Whoever takes one back calls `forget` after.

        Raises:
            NotReadYet: there is no reading, so nothing may be shown.
            FileNotFoundError: the original is not there, or was taken back meanwhile.
            CannotCover: the original cannot be decoded.
            OSError: the disk refuses.
        """
        if reading is None:
            raise NotReadYet(sha256)
        names = names or Names()
        async with self._turn:
            target = await asyncio.to_thread(self._path, sha256, reading, names)
            if await asyncio.to_thread(target.is_file):
                return target
            parts = await asyncio.to_thread(self._make, sha256, reading, names, target)
            try:
                if still_shown is not None and not await still_shown():
                    raise FileNotFoundError(sha256)
                for part, path in zip(parts, (words_beside(target), target), strict=True):
                    part.replace(path)
            finally:
                for part in parts:
                    part.unlink(missing_ok=True)
            return target

    def forget(self, sha256: str) -> None:
        """Delete every covered copy of a picture. Blocks on the disk for a moment.

        Raises:
            OSError: the disk refuses.
        """
        for path in self._shelf(sha256).glob(f"{sha256}-*"):
            path.unlink(missing_ok=True)

    def _make(self, sha256: str, reading: Reading, names: Names, target: Path) -> tuple[Path, Path]:
        """Write the words and the copy under other names, for the copy is renamed last."""
        original = self._store.path(sha256)
        if original is None:
            raise FileNotFoundError(sha256)
        copy = covered_copy(original, reading, names)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        target.parent.mkdir(mode=0o700, exist_ok=True)
        return (
            _written(target.parent, f"{sha256}-", copy.words.encode()),
            _written(target.parent, f"{sha256}-", copy.image),
        )

    def _path(self, sha256: str, reading: Reading, names: Names) -> Path:
        text = "".join(line.text for line in reading.lines)
        known = occurring(names.known, text)
        kept = occurring(names.kept, text)
        settled = repr((VERSION, reading.model_dump_json(), known, kept)).encode()
        digest = hashlib.sha256(settled).hexdigest()[:16]
        return self._shelf(sha256) / f"{sha256}-{digest}.webp"

    def _shelf(self, sha256: str) -> Path:
        if not _SHA256.fullmatch(sha256):
            raise ValueError("not a SHA-256 in lower-case hex")
        return self._folder / sha256[:2]


def words_beside(copy: Path) -> Path:
    """Return the file of the words that can be read in a covered copy; UTF-8, one turn a line."""
    return copy.with_suffix(".txt")


def _written(folder: Path, prefix: str, content: bytes) -> Path:
    descriptor, name = tempfile.mkstemp(dir=folder, prefix=prefix, suffix=".part")
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    return Path(name)
