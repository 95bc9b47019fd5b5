"""Moving what was committed from the write-ahead log into the database file, beside the writer.

Left to SQLite it is done inside a commit, which then waits for the disk: up to a second over an
archive of a million messages.
"""

import asyncio
import contextlib
import logging
import sqlite3
from pathlib import Path

from liudeng.tasks import end

log = logging.getLogger(__name__)

EVERY_S = 2.0


class Checkpoints:
    """Owns the task that does it whenever something was committed."""

    def __init__(self, path: Path, every_s: float = EVERY_S) -> None:
        self._path = path
        self._log_file = Path(f"{path}-wal")
        self._every_s = every_s
        self._seen_ns = 0
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin."""
        self._task = asyncio.create_task(self._run(), name="checkpoints")

    async def close(self) -> None:
        """Stop; what is left is moved when the database is closed, or at the next start."""
        await end(self._task)
        self._task = None

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(self._every_s)
            try:
                await asyncio.to_thread(self._move)
            except (OSError, sqlite3.Error) as error:  # the writer does it itself if need be
                log.debug("no checkpoint: %s", error)

    def _move(self) -> None:
        changed_ns = self._log_file.stat().st_mtime_ns
        if changed_ns == self._seen_ns:
            return
        with contextlib.closing(sqlite3.connect(self._path, isolation_level=None)) as connection:
            # PASSIVE waits for nobody and nobody for it.
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        self._seen_ns = changed_ns
