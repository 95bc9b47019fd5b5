"""The log's full-text index: SQLite FTS5, contentless, over character bigrams.

The tokens come from `liudeng.text`; the `ascii` tokenizer only splits them at the spaces. Each
begins with its group's mark, so a group is searched without walking through the others. What else
is asked for (sender, pictures) is a second indexed column, so that it is intersected with the
words inside the index; the rowid is the message's id, which is ordered by time, so
newest first needs no sorting. The table itself is created by the migrations. SQL that only
SQLite understands stands here, in `run.py` and `compile.py`, which ask the index, and in
`liudeng/db/`.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive.tables import messages
from liudeng.db import Database
from liudeng.db.driver import execute_many
from liudeng.search.facts import fact_tokens, group_mark
from liudeng.text import TOKENISER_VERSION, fold

_INSERT = "INSERT INTO log_index(rowid, body, facts) VALUES (?, bigrams(?, ?), ?)"
# A contentless table forgets a row only when it is told the row's tokens once more.
_DELETE = (
    "INSERT INTO log_index(log_index, rowid, body, facts) VALUES ('delete', ?, bigrams(?, ?), ?)"
)
_NOTE_SPEAKER = "INSERT OR IGNORE INTO speakers(group_id, folded, user_id) VALUES (?, ?, ?)"
_REBUILD_BATCH = 2_000
_PURGE_PAGES = 64
_NO_MERGE = 2
"""Fewer changes than this in a step, and there is nothing left to merge.

Source: https://www.sqlite.org/fts5.html#the_merge_command
"""


@dataclass(frozen=True, slots=True)
class IndexedRow:
    """What the index knows of a message.

    To be forgotten, a message must be given as it was indexed: before its row changes.
    """

    id: int
    body: str
    facts: str
    names: tuple[tuple[int, str, str], ...]
    """Group, folded name, who spoke under it."""
    mark: str

    @property
    def values(self) -> tuple[int, str, str, str]:
        """What the statements take."""
        return self.id, self.body, self.mark, self.facts

    @classmethod
    def of(cls, row: Mapping[Any, Any]) -> "IndexedRow":
        """Return what is indexed of a row of `messages`: its text, then its pictures' words."""
        said, seen = row["text"], row.get("seen_text")
        group_id, user_id = row["group_id"], row["user_id"]
        return cls(
            row["id"],
            f"{said}\n{seen}" if seen else said,
            fact_tokens(group_id, user_id, row["segments"], said),
            tuple(_called(group_id, user_id, row["card"], row["name"])),
            group_mark(group_id),
        )


async def add_to_index(connection: AsyncConnection, rows: Sequence[IndexedRow]) -> None:
    """Index messages, in the transaction that stores or changes them."""
    if not rows:
        return
    await execute_many(connection, _INSERT, [row.values for row in rows])
    if names := {name for row in rows for name in row.names}:
        await execute_many(connection, _NOTE_SPEAKER, sorted(names))


async def remove_from_index(connection: AsyncConnection, rows: Sequence[IndexedRow]) -> None:
    """Forget messages, in the transaction that recalls, changes or erases them.

    The names that were spoken under stay: they lead to nothing without a message.
    """
    if rows:
        await execute_many(connection, _DELETE, [row.values for row in rows])


def _called(group_id: int, user_id: str, *names: str) -> Iterator[tuple[int, str, str]]:
    """Yield what is noted of the names that somebody spoke under."""
    for name in names:
        if folded := fold(name):
            yield group_id, folded, user_id


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
    await connection.exec_driver_sql("DELETE FROM speakers")
    indexed, after = 0, -1
    while rows := await _next_rows(connection, after):
        await add_to_index(connection, rows)
        indexed, after = indexed + len(rows), rows[-1].id
    await connection.exec_driver_sql(
        "INSERT INTO index_state(name, value) VALUES ('tokeniser', ?) "
        "ON CONFLICT(name) DO UPDATE SET value = excluded.value",
        (TOKENISER_VERSION,),
    )
    return indexed


async def _next_rows(connection: AsyncConnection, after_id: int) -> list[IndexedRow]:
    columns = messages.c
    query = (
        select(messages)
        .where(columns.id > after_id, columns.recalled_ms.is_(None), ~columns.addressed)
        .order_by(columns.id)
        .limit(_REBUILD_BATCH)
    )
    return [IndexedRow.of(row) for row in (await connection.execute(query)).mappings()]


async def purge_index(database: Database) -> None:
    """Merge the index into one segment: of deleted messages older segments keep the tokens.

    In small steps, so that messages are stored meanwhile.
    """
    pages = -_PURGE_PAGES  # the first step says that all segments are to be merged
    while True:
        async with database.write() as connection:
            before = await _changes(connection)
            await connection.exec_driver_sql(
                "INSERT INTO log_index(log_index, rank) VALUES ('merge', ?)", (pages,)
            )
            done = await _changes(connection) - before < _NO_MERGE
        if done:
            return
        pages = _PURGE_PAGES
        await asyncio.sleep(0)


async def _changes(connection: AsyncConnection) -> int:
    return (await connection.exec_driver_sql("SELECT total_changes()")).scalar_one()
