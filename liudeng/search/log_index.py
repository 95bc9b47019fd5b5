"""The log's full-text index: SQLite FTS5, contentless, over character bigrams.

The tokens come from `liudeng.text`; the `ascii` tokenizer only splits them at the spaces. What
else is asked for (group, sender, pictures) is a second indexed column, so that it is intersected
with the words inside the index; the rowid is the message's id, which is ordered by time, so
newest first needs no sorting. The table itself is created by the migrations. All SQL
that only SQLite understands stands in this file and in `liudeng/db/`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive.tables import messages
from liudeng.db import Database
from liudeng.db.driver import execute_many
from liudeng.search.facts import fact_tokens
from liudeng.text import TOKENISER_VERSION, fold

_INSERT = "INSERT INTO log_index(rowid, body, facts) VALUES (?, bigrams(?), ?)"
# A contentless table forgets a row only when it is told the row's tokens once more.
_DELETE = "INSERT INTO log_index(log_index, rowid, body, facts) VALUES ('delete', ?, bigrams(?), ?)"
_NOTE_SPEAKER = "INSERT OR IGNORE INTO speakers(group_id, folded, user_id) VALUES (?, ?, ?)"
_REBUILD_BATCH = 2_000
_LOOKUP_CHUNK = 500

IndexRow = tuple[int, str, str]
"""Message id, what it is found by, group id as text."""


def index_row(message: Any) -> IndexRow:
    """Return what the index holds about a row of `messages`: its text, then its pictures' words.

    The same row must be given to forget a message as was given to index it.
    """
    body = f"{message.text}\n{message.seen_text}" if message.seen_text else message.text
    return (message.id, body, str(message.group_id))


async def index_new(connection: AsyncConnection, rows: Iterable[Mapping[str, Any]]) -> None:
    """Index rows of `messages` that are just being stored, in the same transaction."""
    entries: list[tuple[int, str, str]] = []
    names: set[tuple[int, str, str]] = set()
    for row in rows:
        group_id, user_id = row["group_id"], row["user_id"]
        facts = fact_tokens(group_id, user_id, row["segments"], row["text"])
        entries.append((row["id"], row["text"], facts))
        names.update(_called(group_id, user_id, row["card"], row["name"]))
    if entries:
        await execute_many(connection, _INSERT, entries)
    if names:
        await execute_many(connection, _NOTE_SPEAKER, sorted(names))


async def add_to_index(connection: AsyncConnection, rows: Sequence[IndexRow]) -> None:
    """Index messages that are stored, in the transaction that changes or counts them."""
    stored = await _stored(connection, [row[0] for row in rows])
    if stored:
        await execute_many(connection, _INSERT, list(_entries(rows, stored)))
        await _note_speakers(connection, stored.values())


async def remove_from_index(connection: AsyncConnection, rows: Sequence[IndexRow]) -> None:
    """Forget messages, in the transaction that recalls or erases them, while they are stored."""
    stored = await _stored(connection, [row[0] for row in rows])
    if stored:
        await execute_many(connection, _DELETE, list(_entries(rows, stored)))


async def forget_speaker(connection: AsyncConnection, user_id: str) -> None:
    """Forget every name a person has spoken under, when the person is erased."""
    await connection.exec_driver_sql("DELETE FROM speakers WHERE user_id = ?", (user_id,))


async def _stored(connection: AsyncConnection, ids: Sequence[int]) -> dict[int, Any]:
    """Return what the facts of messages are made of, by id."""
    columns = messages.c
    wanted = (columns.id, columns.group_id, columns.user_id, columns.name, columns.card)
    found: dict[int, Any] = {}
    for start in range(0, len(ids), _LOOKUP_CHUNK):
        query = select(*wanted, columns.segments, columns.text)
        chunk = columns.id.in_(ids[start : start + _LOOKUP_CHUNK])
        found.update({row.id: row for row in await connection.execute(query.where(chunk))})
    return found


def _entries(rows: Iterable[IndexRow], stored: dict[int, Any]) -> Iterator[tuple[int, str, str]]:
    for row_id, body, _ in rows:
        if message := stored.get(row_id):
            facts = fact_tokens(message.group_id, message.user_id, message.segments, message.text)
            yield row_id, body, facts


async def _note_speakers(connection: AsyncConnection, stored: Iterable[Any]) -> None:
    names = {
        name for row in stored for name in _called(row.group_id, row.user_id, row.card, row.name)
    }
    if names:
        await execute_many(connection, _NOTE_SPEAKER, sorted(names))


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
