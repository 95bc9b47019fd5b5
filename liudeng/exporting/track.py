"""A file that grows for as long as the export takes, and can be gone on with where it stood."""

import os
from pathlib import Path


class Track:
    """Appends to a file; everything behind a position can be taken back. Blocks on the disk."""

    def __init__(self, path: Path, position: int = 0) -> None:
        """Open a file, cut off behind `position`. Raises OSError."""
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        self._file = os.fdopen(descriptor, "r+b")
        self._file.truncate(position)
        self._file.seek(position)
        self.path = path

    def write(self, text: str) -> None:
        """Append. Raises OSError."""
        self._file.write(text.encode("utf-8", "replace"))

    def settle(self) -> int:
        """Bring what was written to the disk; return the position it ends at. Raises OSError."""
        self._file.flush()
        os.fsync(self._file.fileno())
        return self._file.tell()

    def close(self) -> None:
        """Close the file."""
        self._file.close()
