"""Files named by what is in them: written beside, then renamed into place."""

import hashlib
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from liudeng.media.signatures import HEAD, SUFFIXES, UNKNOWN, mime_of

_SHA256 = re.compile(r"[0-9a-f]{64}")
_THUMBNAIL = ".thumb.webp"
_INCOMING = "incoming"


@dataclass(frozen=True, slots=True)
class Received:
    """A file that has come in whole and lies in the incoming folder."""

    path: Path
    sha256: str
    size: int
    mime: str

    @property
    def thumbnail(self) -> Path:
        """Where its thumbnail is to be written first."""
        return self.path.with_suffix(_THUMBNAIL)


class Incoming:
    """A file that is being written: hashed on the way, gone again unless it is kept."""

    def __init__(self, folder: Path) -> None:
        descriptor, name = tempfile.mkstemp(dir=folder, suffix=".part")
        self._file = os.fdopen(descriptor, "wb")
        self._path = Path(name)
        self._sha256 = hashlib.sha256()
        self._head = b""
        self._size = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self._path.unlink(missing_ok=True)
        self._path.with_suffix(_THUMBNAIL).unlink(missing_ok=True)

    def write(self, data: bytes) -> None:
        """Add bytes. Blocks on the disk: call it in a thread. Raises OSError."""
        if len(self._head) < HEAD:
            self._head += data[: HEAD - len(self._head)]
        self._sha256.update(data)
        self._size += len(data)
        self._file.write(data)

    def finish(self) -> Received:
        """Bring it to the disk. Blocks. Raises OSError."""
        self._file.flush()
        os.fsync(self._file.fileno())
        return Received(
            path=self._path,
            sha256=self._sha256.hexdigest(),
            size=self._size,
            mime=mime_of(self._head),
        )


class MediaStore:
    """The media folder. Its methods block on the disk; async code calls them in a thread."""

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()

    def prepare(self) -> None:
        """Make the folders and clear what an earlier process left half-written.

        Raises:
            OSError: the folder cannot be made or written.
        """
        incoming = self._incoming
        incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
        for leftover in incoming.iterdir():
            leftover.unlink(missing_ok=True)

    def receive(self) -> Incoming:
        """Begin a file. Raises OSError."""
        return Incoming(self._incoming)

    def path(self, sha256: str) -> Path | None:
        """Return the kept file with this hash, or None."""
        folder = self._folder(sha256)
        candidates = (folder / f"{sha256}{suffix}" for suffix in SUFFIXES.values())
        return next((path for path in candidates if path.is_file()), None)

    def thumbnail(self, sha256: str) -> Path | None:
        """Return the picture's thumbnail (WebP, without metadata), or None."""
        path = self._folder(sha256) / f"{sha256}{_THUMBNAIL}"
        return path if path.is_file() else None

    def forget_thumbnail(self, sha256: str) -> None:
        """Delete a picture's thumbnail; the picture itself stays. Raises OSError."""
        (self._folder(sha256) / f"{sha256}{_THUMBNAIL}").unlink(missing_ok=True)

    def delete(self, sha256: str) -> None:
        """Delete a kept file and its thumbnail, if they are there. Raises OSError."""
        for path in self._folder(sha256).glob(f"{sha256}*"):
            path.unlink(missing_ok=True)

    def keep(self, received: Received) -> Path:
        """Give a received file, and its thumbnail if there is one, their lasting names.

        Identical bytes have one file: the second copy takes the place of the first.

        Raises:
            OSError: the disk refuses.
        """
        folder = self._folder(received.sha256)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if received.thumbnail.exists():
            received.thumbnail.replace(folder / f"{received.sha256}{_THUMBNAIL}")
        suffix = SUFFIXES.get(received.mime, SUFFIXES[UNKNOWN])
        target = received.path.replace(folder / f"{received.sha256}{suffix}")
        _sync_folder(folder)
        return target

    @property
    def _incoming(self) -> Path:
        return self.root / _INCOMING

    def _folder(self, sha256: str) -> Path:
        if not _SHA256.fullmatch(sha256):
            raise ValueError("not a SHA-256 in lower-case hex")
        return self.root / sha256[:2] / sha256[2:4]


def _sync_folder(folder: Path) -> None:
    """Make a rename last: on POSIX systems a folder is brought to the disk like a file."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
