"""The ways in which a database file lets its bot down, made real and then mended."""

import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Any

from liudeng.db import Database

Trouble = Callable[[Database], AbstractAsyncContextManager[None]]


async def _writing_connection(database: Database) -> Any:
    """Return the driver's connection behind `Database.write`; the pool keeps it."""
    async with database.write() as connection:
        return (await connection.get_raw_connection()).driver_connection


@asynccontextmanager
async def locked(database: Database) -> AsyncIterator[None]:
    """Another program holds the write lock, and SQLite does not wait for it."""
    driver = await _writing_connection(database)
    await driver.execute("PRAGMA busy_timeout = 1")
    other = sqlite3.connect(database.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


@asynccontextmanager
async def full(database: Database) -> AsyncIterator[None]:
    """The disk has no room for another page."""
    driver = await _writing_connection(database)
    await driver.execute("PRAGMA max_page_count = 1")  # SQLite takes the present size
    try:
        yield
    finally:
        await driver.execute("PRAGMA max_page_count = 1073741823")


@asynccontextmanager
async def read_only(database: Database) -> AsyncIterator[None]:
    """The file system was remounted read-only."""
    driver = await _writing_connection(database)
    await driver.execute("PRAGMA query_only = 1")
    try:
        yield
    finally:
        # What is cancelled in the middle costs the pool its connection, and this mends itself.
        with suppress(ValueError):
            await driver.execute("PRAGMA query_only = 0")
