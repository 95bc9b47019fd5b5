"""The journal: what was said about being kept, beside the database, so that it outlives a restore.

An older copy of the database knows neither who has refused since then nor who was erased. The
journal does, by pseudonyms; what it has and the database lacks is taken over at the next start.
"""

import os
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError


class Entry(BaseModel):
    """One line: a choice, a group's mode, or an erasure. Fields that do not apply are null."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["choice", "mode", "erased"]
    at_ms: int
    person: str = ""
    group_id: int = 0
    keeping: str | None = None
    watching: str | None = None
    mode: str | None = None

    def values(self, *columns: str) -> dict[str, Any]:
        """Return these fields, as a table takes them."""
        return self.model_dump(include=set(columns))


class Journal:
    """An append-only file. Its methods block on the disk."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def append(self, entry: Entry) -> None:
        """Add a line and bring it to the disk. Raises OSError."""
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8") as file:
            file.write(f"{entry.model_dump_json(exclude_defaults=True)}\n")
            file.flush()
            os.fsync(file.fileno())

    def read(self) -> list[Entry]:
        """Return what was noted, in order; a line that a crash cut off is none. Raises OSError."""
        if not self._path.exists():
            return []
        found = []
        for line in self._path.read_text("utf-8").splitlines():
            try:
                found.append(Entry.model_validate_json(line))
            except ValidationError:
                continue
        return found
