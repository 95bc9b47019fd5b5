"""What came of a backup or a restoration."""

from dataclasses import dataclass
from pathlib import Path


class BackupProblem(Exception):
    """It cannot be done; the text is one Chinese sentence for the operator."""


@dataclass(frozen=True, slots=True)
class BackupReport:
    """A snapshot that was written and checked."""

    snapshot: Path
    database_bytes: int
    files: int
    """Files that belong to it."""
    new_files: int
    """Of these, files that no earlier snapshot had."""
    missing_files: int
    """Files the database knows and the disk does not have, or has damaged."""
    removed: int
    """Old snapshots that were removed."""


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """What was put back."""

    snapshot: str
    files: int
    missing_files: int
    set_aside: Path | None
    """Where what was there before lies now; None where there was nothing."""
    missing_keys: tuple[str, ...]
    """Key files that were there when the backup was taken and are not here."""
