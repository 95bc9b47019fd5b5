"""Engines over SQLite in WAL mode: one connection that writes, a few that read."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from liudeng.db.compacting import compact_file
from liudeng.db.one_trip import OneTripConnection
from liudeng.text import tokens

_READ_CONNECTIONS = 4
_BUSY_TIMEOUT_MS = 5_000
_MAPPED_BYTES = 256 * 1024 * 1024
_CHECKPOINT_PAGES = 16_000
"""Pages in the write-ahead log (64 MB) from which a commit empties it itself: a commit that does
waits for the disk. In the bot `Checkpoints` does it long before, beside the writer."""


def now_ms() -> int:
    """Return the wall clock in UTC epoch milliseconds."""
    return time.time_ns() // 1_000_000


class Database:
    """The archive's database file.

    All writes of this process go through one connection, one transaction at a time, so they
    never find the database locked by a sibling; `liudeng import` in another process is waited
    for by SQLite's busy timeout.
    """

    def __init__(self, path: Path, *, mapped_bytes: int = _MAPPED_BYTES) -> None:
        """`mapped_bytes` of the file may lie in this process's memory; 0 for who reads it once."""
        self.path = path
        self._writer = _engine(path, 1, "BEGIN IMMEDIATE", mapped_bytes)
        self._reader = _engine(path, _READ_CONNECTIONS, "BEGIN", mapped_bytes, read_only=True)
        self._write_lock = asyncio.Lock()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Open the one write transaction; commits at the end, rolls back on an exception."""
        async with self._write_lock, self._writer.begin() as connection:
            yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Open a read transaction: a consistent view that no write disturbs."""
        async with self._reader.begin() as connection:
            yield connection

    async def compact(self, *, rewrite: bool = True) -> None:
        """Write the file anew without what was deleted, and empty the write-ahead log.

        Other writers wait meanwhile, about as long as it takes to copy the file twice; readers
        and the event loop do not. Needs as much free space as the file is large. Without
        `rewrite` only the log is emptied, which takes a moment.

        Raises:
            sqlalchemy.exc.DBAPIError, sqlite3.Error: it cannot be done now; nothing is lost.
        """
        async with self._write_lock:
            await asyncio.to_thread(compact_file, self.path, rewrite=rewrite)

    async def close(self) -> None:
        """Close all connections."""
        await self._writer.dispose()
        await self._reader.dispose()


def _engine(
    path: Path, pool_size: int, begin: str, mapped_bytes: int, *, read_only: bool = False
) -> AsyncEngine:
    url = URL.create("sqlite+aiosqlite", database=str(path))
    engine = create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        async_creator=lambda: OneTripConnection(path),
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        # SQLite's own BEGIN is issued below: the driver would begin too late and DEFERRED.
        connection.isolation_level = None
        connection.create_function("bigrams", 2, tokens, deterministic=True)
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout = {_BUSY_TIMEOUT_MS}",
            "secure_delete = ON",
            "journal_mode = WAL",
            "synchronous = FULL",
            f"wal_autocheckpoint = {_CHECKPOINT_PAGES}",
            "foreign_keys = ON",
            "temp_store = MEMORY",
            "cache_size = -16000",
            f"mmap_size = {mapped_bytes}",
            f"query_only = {int(read_only)}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine
