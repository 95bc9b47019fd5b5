"""The log's full-text index: SQLite FTS5, contentless, over character bigrams.

The tokens come from `liudeng.text`; the `ascii` tokenizer only splits them at the spaces. The
group is a second indexed column, so one group's hits are read without touching another's; the
rowid is the message's id, which is ordered by time, so newest first needs no sorting. The table
itself is created by the migrations. All SQL
that only SQLite understands stands in this file and in `liudeng/db/`.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.db import Database
from liudeng.text import TOKENISER_VERSION

_INSERT = "INSERT INTO log_index(rowid, body, grp) VALUES (?, bigrams(?), ?)"
# A contentless table forgets a row only when it is told the row's tokens once more.
_DELETE = "INSERT INTO log_index(log_index, rowid, body, grp) VALUES ('delete', ?, bigrams(?), ?)"
_REBUILD_BATCH = 2_000

IndexRow = tuple[int, str, str]
"""Message id, what it is found by, group id as text."""


def index_row(message: Any) -> IndexRow:
    """Return what the index holds about a row of `messages`: its text, then its pictures' words.

    The same row must be given to forget a message as was given to index it.
    """
    body = f"{message.text}\n{message.seen_text}" if message.seen_text else message.text
    return (message.id, body, str(message.group_id))


async def add_to_index(connection: AsyncConnection, rows: Sequence[IndexRow]) -> None:
    """Index messages, in the transaction that stores them."""
    rows = [row for row in rows if row[1]]
    if rows:
        await connection.exec_driver_sql(_INSERT, rows)


async def remove_from_index(connection: AsyncConnection, rows: Sequence[IndexRow]) -> None:
    """Forget messages, in the transaction that recalls or erases them."""
    rows = [row for row in rows if row[1]]
    if rows:
        await connection.exec_driver_sql(_DELETE, rows)


async def index_version(connection: AsyncConnection) -> int:
    """Return the tokeniser version the index was built with; 0 when it never was."""
    query = text("SELECT value FROM index_state WHERE name = 'tokeniser'")
    return (await connection.execute(query)).scalar_one_or_none() or 0


async def refresh_index(database: Database, *, force: bool = False) -> int | None:
    """Rebuild the log index if the tokeniser has changed since it was built, or by `force`.

    Returns:
        How many messages were indexed, None when the index was up to date.
    """
    async with database.write() as connection:
        if not force and await index_version(connection) == TOKENISER_VERSION:
            return None
        return await _rebuild(connection)


async def _rebuild(connection: AsyncConnection) -> int:
    """Index every message anew, in the caller's transaction; return how many there were.

    One transaction, so that no crash leaves half an index and no message of another process
    slips in between.
    """
    await connection.exec_driver_sql("INSERT INTO log_index(log_index) VALUES ('delete-all')")
    indexed, after = 0, -1
    while True:
        rows = await _next_rows(connection, after)
        if not rows:
            break
        await add_to_index(connection, rows)
        indexed, after = indexed + len(rows), rows[-1][0]
    await connection.exec_driver_sql(
        "INSERT INTO index_state(name, value) VALUES ('tokeniser', ?) "
        "ON CONFLICT(name) DO UPDATE SET value = excluded.value",
        (TOKENISER_VERSION,),
    )
    return indexed


async def _next_rows(connection: AsyncConnection, after_id: int) -> list[IndexRow]:
    query = text(
        "SELECT id, group_id, text, seen_text FROM messages "
        "WHERE id > :after AND recalled_ms IS NULL AND NOT addressed ORDER BY id LIMIT :limit"
    )
    found = await connection.execute(query, {"after": after_id, "limit": _REBUILD_BATCH})
    return [index_row(row) for row in found]


async def check_index(connection: AsyncConnection) -> bool:
    """Let FTS5 verify its own structure; False when it is damaged."""
    try:
        await connection.exec_driver_sql(
            "INSERT INTO log_index(log_index) VALUES ('integrity-check')"
        )
    except Exception:
        return False
    return True
