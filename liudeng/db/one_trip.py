"""A connection that goes to its thread once a statement.

aiosqlite makes a trip for the cursor, one for the statement, one for its rows and one for the end
of the cursor, and SQLAlchemy asks for all four. Each costs a tenth of a millisecond of work, and
while another thread is busy each waits for the interpreter: together they take longer than what
was asked. Here the statement and its rows are one trip, and a cursor is nothing but what came back.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import aiosqlite

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What a statement led to."""

    description: Any = None
    rowcount: int = -1
    lastrowid: int | None = None
    rows: Sequence[Row] = field(default=())


class OneTripCursor:
    """What SQLAlchemy asks of a cursor; all rows are here once the statement is done."""

    arraysize = 1

    def __init__(self, connection: "OneTripConnection") -> None:
        self._connection = connection
        self._outcome = _Outcome()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def execute(self, sql: str, parameters: Any = ()) -> Self:
        """Execute a statement and fetch its rows. Raises sqlite3.Error."""
        self._outcome = await self._connection.outcome(sqlite3.Cursor.execute, sql, parameters)
        return self

    async def executemany(self, sql: str, parameters: Iterable[Any]) -> Self:
        """Execute a statement with each of the parameters. Raises sqlite3.Error."""
        self._outcome = await self._connection.outcome(sqlite3.Cursor.executemany, sql, parameters)
        return self

    async def fetchall(self) -> Sequence[Row]:
        """Return the rows."""
        return self._outcome.rows

    async def close(self) -> None:
        """Nothing is open any more."""

    @property
    def description(self) -> Any:
        """The columns, as DB-API describes them; None of a statement without rows."""
        return self._outcome.description

    @property
    def rowcount(self) -> int:
        """How many rows were changed."""
        return self._outcome.rowcount

    @property
    def lastrowid(self) -> int | None:
        """The number of the row inserted last."""
        return self._outcome.lastrowid


class OneTripConnection(aiosqlite.Connection):
    """A connection whose cursors make one trip."""

    def __init__(self, path: Path) -> None:
        def connect() -> sqlite3.Connection:
            return sqlite3.connect(path, check_same_thread=False)

        super().__init__(connect, iter_chunk_size=64)
        self._thread.daemon = True  # as SQLAlchemy has it: who forgets to close can still end

    def cursor(self) -> Any:  # type: ignore[override]
        """Return a cursor; no trip is needed."""
        return OneTripCursor(self)

    async def outcome(self, run: Any, sql: str, parameters: Any) -> _Outcome:
        """Run a method of a fresh cursor in the thread; return all that came of it."""

        def there() -> _Outcome:
            cursor = self._conn.cursor()
            try:
                run(cursor, sql, parameters)
                rows = cursor.fetchall() if cursor.description else ()
                return _Outcome(cursor.description, cursor.rowcount, cursor.lastrowid, rows)
            finally:
                cursor.close()

        return await self._execute(there)
