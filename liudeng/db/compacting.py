"""Compacting: SQLite's file without any trace of what was deleted from it."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

_BUSY_TIMEOUT_S = 30.0
_TRIES, _PAUSE_S = 30, 0.1


class CompactingPostponed(Exception):
    """Somebody reads an older state of the file; the log beside it could not be emptied yet."""


def compact_file(path: Path, *, rewrite: bool = True) -> None:
    """Write the file anew and empty the write-ahead log, or only that. Blocks: call it in a thread.

    SQLite overwrites what it deletes, but not what it moves: only a new file holds nothing old.

    Raises:
        CompactingPostponed: the log could not be emptied within some seconds.
        sqlite3.Error: the file is in use, or the disk is full.
    """
    with closing(sqlite3.connect(path, timeout=_BUSY_TIMEOUT_S, isolation_level=None)) as file:
        file.execute("PRAGMA secure_delete = ON")
        file.execute("PRAGMA temp_store = FILE")  # the copy may be larger than the memory
        if rewrite:
            file.execute("VACUUM")
        # Whoever reads for long is waited for here, by the tries: SQLite itself would wait for the
        # whole timeout at each of them, and nobody can write meanwhile.
        file.execute("PRAGMA busy_timeout = 0")
        for _ in range(_TRIES):
            busy, _, _ = file.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if not busy:
                return
            time.sleep(_PAUSE_S)
    raise CompactingPostponed
