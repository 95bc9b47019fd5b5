"""One batch into the tables, inside one transaction, whatever repeats."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar, cast

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.compiler import SQLCompiler

from liudeng.archive.encoding import encode_segments
from liudeng.archive.message import Message, Recall, Source
from liudeng.archive.numbering import TIE_MASK, first_id_at
from liudeng.archive.tables import messages, recalls
from liudeng.db.driver import Row, execute_many, fetch
from liudeng.search.log_index import IndexedRow, add_to_index, remove_from_index

# A recall concerns what was said before it; clocks of server and client may differ.
_RECALL_SLACK_MS = 120_000
# SQLite binds at most 32,766 values; a lookup stays far below it.
_LOOKUP_CHUNK = 500

# All that tells messages apart stands in one index: no message is read that has no namesake.
_KNOWN = "SELECT group_id, message_id, time_ms, self_id, platform_seq, received_ms FROM messages"
# Range by range of the index over groups and ids.
_SAID_THEN = (
    "WITH moments(group_id, first) AS (VALUES {moments}) "
    "SELECT messages.group_id, platform_seq, time_ms, source FROM moments CROSS JOIN messages "
    "ON messages.group_id = moments.group_id AND messages.id BETWEEN first AND first + {mask}"
)
_WAITING = "SELECT group_id, message_id, time_ms, operator_id FROM recalls"
# One maximum a query: of two at once SQLite would look through the whole table.
_LAST = (
    "SELECT (SELECT max(seq) FROM messages), (SELECT seq FROM last_erased), "
    "(SELECT max(id) FROM messages)"
)

Key = tuple[int, str]
Identity = tuple[int, str, int | None, int]
"""A message's `key`; None stands for any second, `_GUESSED` for one that was never told."""
Said = tuple[int, int, int]
"""Group, the group's own sequence number, when."""
_GUESSED = -1
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Stored:
    """What a batch did."""

    inserted: int = 0
    duplicates: int = 0
    recalled: tuple[int, ...] = ()
    """`messages.id` of what was recalled."""
    last_seq: int = 0


async def store_batch(connection: AsyncConnection, batch: Sequence[Message | Recall]) -> Stored:
    """Store messages and apply recalls; a message that is already there is no second row."""
    incoming = [entry for entry in batch if isinstance(entry, Message)]
    fresh = await _without_known(connection, incoming)
    if any(message.source != Source.LIVE for message in fresh):
        fresh = await _without_twins(connection, fresh)
    last_seq = await _insert(connection, fresh) if fresh else 0
    recalled = await _recall(connection, [entry for entry in batch if isinstance(entry, Recall)])
    if fresh:
        recalled += await _recall_late(connection, fresh)
    return Stored(len(fresh), len(incoming) - len(fresh), recalled, last_seq)


async def _without_known(connection: AsyncConnection, incoming: Sequence[Message]) -> list[Message]:
    """Drop what the archive has. The same key with another sequence number is another message.

    An event may lack the sequence number that the history has, so 0 matches any number. It may
    also lack its time: then it is the same message whenever that was said.
    """
    known: dict[Identity, set[int]] = {}
    keys = {(m.group_id, m.message_id) for m in incoming}
    for row in await _fetch_by_key(connection, _KNOWN, keys):
        group_id, message_id, time_ms, self_id, platform_seq, received_ms = row
        key = (group_id, message_id, time_ms // 1000, self_id)
        _note(known, key, platform_seq, guessed=_looks_guessed(time_ms, received_ms))
    fresh: list[Message] = []
    for message in incoming:
        identity = _anytime(message.key) if message.time_is_guessed else message.key
        numbers = known.get(identity, set()) | known.get(_guessed(message.key), set())
        if numbers and (
            message.platform_seq == 0 or 0 in numbers or message.platform_seq in numbers
        ):
            continue
        _note(known, message.key, message.platform_seq, guessed=message.time_is_guessed)
        fresh.append(message)
    return fresh


def _looks_guessed(time_ms: int, received_ms: int) -> bool:
    """Whether a stored message has the time of its receipt: told times are whole seconds."""
    return time_ms == received_ms and time_ms % 1000 != 0


def _note(
    known: dict[Identity, set[int]], key: Identity, platform_seq: int, *, guessed: bool
) -> None:
    identities = [key, _anytime(key), *([_guessed(key)] if guessed else [])]
    for identity in identities:
        known.setdefault(identity, set()).add(platform_seq)


def _anytime(key: Identity) -> Identity:
    group_id, message_id, _, self_id = key
    return (group_id, message_id, None, self_id)


def _guessed(key: Identity) -> Identity:
    group_id, message_id, _, self_id = key
    return (group_id, message_id, _GUESSED, self_id)


async def _without_twins(connection: AsyncConnection, fresh: Sequence[Message]) -> list[Message]:
    """Drop what an import and the bot's own ears both bring.

    Exports number messages otherwise than OneBot does, but both know the group's own sequence
    number and the time.
    """
    numbered = [message for message in fresh if message.platform_seq]
    imported_then: dict[Said, set[bool]] = {}
    for chunk in _chunks(sorted({(m.group_id, first_id_at(m.time_ms)) for m in numbered})):
        values = [value for moment in chunk for value in moment]
        moments = ", ".join(["(?, ?)"] * len(chunk))
        for group_id, seq, time_ms, source in await fetch(
            connection, _SAID_THEN.format(moments=moments, mask=TIE_MASK), values
        ):
            said = (group_id, seq, time_ms)
            imported_then.setdefault(said, set()).add(source == Source.IMPORT)

    def has_twin(message: Message) -> bool:
        there = imported_then.get((message.group_id, message.platform_seq, message.time_ms), ())
        return (message.source != Source.IMPORT) in there

    return [message for message in fresh if not (message.platform_seq and has_twin(message))]


async def _rows_by_key(connection: AsyncConnection, keys: Iterable[Key]) -> list[Any]:
    columns = messages.c
    rows: list[Any] = []
    for group_id, message_ids in _lookups(keys):
        wanted = (columns.group_id == group_id, columns.message_id.in_(message_ids))
        rows.extend(await connection.execute(select(messages).where(*wanted)))
    return rows


async def _fetch_by_key(
    connection: AsyncConnection, selection: str, keys: Iterable[Key]
) -> list[Row]:
    """Return the rows of a selection that have one of these keys."""
    rows: list[Row] = []
    for group_id, message_ids in _lookups(keys):
        wanted = f"group_id = ? AND message_id IN ({_marks(message_ids)})"
        rows += await fetch(connection, f"{selection} WHERE {wanted}", (group_id, *message_ids))
    return rows


def _marks(values: Sequence[Any]) -> str:
    return ", ".join("?" * len(values))


def _lookups(keys: Iterable[Key]) -> Iterator[tuple[int, Sequence[str]]]:
    """Split keys into lookups by group: a list of ids is far cheaper to ask for than of pairs."""
    by_group: dict[int, list[str]] = {}
    for group_id, message_id in sorted(keys):
        by_group.setdefault(group_id, []).append(message_id)
    for group_id, message_ids in by_group.items():
        for chunk in _chunks(message_ids):
            yield group_id, chunk


def _chunks(values: Sequence[_T]) -> Iterator[Sequence[_T]]:
    for start in range(0, len(values), _LOOKUP_CHUNK):
        yield values[start : start + _LOOKUP_CHUNK]


async def _insert(connection: AsyncConnection, fresh: Sequence[Message]) -> int:
    [(last_seq, erased_seq, last_id)] = await fetch(connection, _LAST)
    seq: int = max(last_seq or 0, erased_seq or 0)
    ids = await _assign_ids(connection, fresh, seq, last_id or 0)
    rows = []
    for offset, (message, row_id) in enumerate(zip(fresh, ids, strict=True), start=1):
        rows.append(_row(message, row_id, seq + offset))
    statement, columns = _insert_statement(connection.dialect, tuple(rows[0]))
    values = [tuple([row[column] for column in columns]) for row in rows]
    await execute_many(connection, statement, values)
    await add_to_index(connection, [IndexedRow.of(row) for row in rows if not row["addressed"]])
    return seq + len(rows)


@lru_cache
def _insert_statement(dialect: Dialect, columns: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Compile the insert once; return it with the order in which it takes the columns.

    SQLAlchemy itself would look at each value of each row anew, which costs more than the
    insert. Every value here is of a type that drivers take as it is.
    """
    compiled = cast(SQLCompiler, insert(messages).compile(dialect=dialect, column_keys=columns))
    return str(compiled), tuple(compiled.positiontup or ())


async def _assign_ids(
    connection: AsyncConnection, fresh: Sequence[Message], last_seq: int, last_id: int
) -> list[int]:
    """Number messages by their own time; within a second by the group's or our own order."""
    wished = [
        _wished_id(message, last_seq + offset) for offset, message in enumerate(fresh, start=1)
    ]
    taken: set[int] = set()
    for chunk in _chunks([wish for wish in wished if wish <= last_id]):
        query = f"SELECT id FROM messages WHERE id IN ({_marks(chunk)})"
        taken.update(row_id for (row_id,) in await fetch(connection, query, chunk))
    ids: list[int] = []
    for wish in wished:
        while wish in taken:
            wish = await _next_free_id(connection, wish, taken)
        taken.add(wish)
        ids.append(wish)
    return ids


def _wished_id(message: Message, own_order: int = 0) -> int:
    return first_id_at(message.time_ms) | ((message.platform_seq or own_order) & TIE_MASK)


async def _next_free_id(connection: AsyncConnection, wish: int, taken: set[int]) -> int:
    """Find the next id within the same millisecond; two groups may share a number."""
    base = wish & ~TIE_MASK
    while True:
        wish = base | ((wish + 1) & TIE_MASK)
        if wish in taken:
            continue
        query = select(messages.c.id).where(messages.c.id == wish)
        if (await connection.execute(query)).scalar() is None:
            return wish
        taken.add(wish)


def _row(message: Message, row_id: int, seq: int) -> dict[str, Any]:
    return {
        "id": row_id,
        "seq": seq,
        "self_id": message.self_id,
        "group_id": message.group_id,
        "message_id": message.message_id,
        "platform_seq": message.platform_seq,
        "time_ms": message.time_ms,
        "received_ms": message.received_ms,
        "user_id": message.user_id,
        "name": message.name,
        "card": message.card,
        "role": message.role,
        "text": message.text,
        "segments": encode_segments(message.segments, message.text),
        "reply_to": message.reply_to,
        "source": int(message.source),
        "addressed": message.addressed,
    }


async def _recall(connection: AsyncConnection, batch: Sequence[Recall]) -> tuple[int, ...]:
    """Mark recalled messages and take them out of search; keep what has no message yet."""
    if not batch:
        return ()
    found: dict[Key, list[Any]] = {}
    for row in await _rows_by_key(connection, {(r.group_id, r.message_id) for r in batch}):
        found.setdefault((row.group_id, row.message_id), []).append(row)
    marked: list[int] = []
    for recall in batch:
        rows = [
            row
            for row in found.get((recall.group_id, recall.message_id), [])
            if row.time_ms <= recall.time_ms + _RECALL_SLACK_MS
        ]
        if rows:
            row = max(rows, key=lambda row: row.time_ms)
            if await _mark(connection, row, recall):
                marked.append(row.id)
        elif recall.awaits:
            await _remember(connection, recall)
    return tuple(marked)


async def _mark(connection: AsyncConnection, row: Any, recall: Recall) -> bool:
    marked = await connection.execute(
        update(messages)
        .where(messages.c.id == row.id, messages.c.recalled_ms.is_(None))
        .values(recalled_ms=recall.time_ms, recalled_by=recall.operator_id)
    )
    if marked.rowcount and not row.addressed:
        await remove_from_index(connection, [IndexedRow.of(row._mapping)])
    return bool(marked.rowcount)


async def _remember(connection: AsyncConnection, recall: Recall) -> None:
    known = select(recalls.c.time_ms).where(
        recalls.c.group_id == recall.group_id,
        recalls.c.message_id == recall.message_id,
        recalls.c.time_ms == recall.time_ms,
    )
    if (await connection.execute(known)).first() is None:
        await connection.execute(
            insert(recalls).values(
                group_id=recall.group_id,
                message_id=recall.message_id,
                time_ms=recall.time_ms,
                operator_id=recall.operator_id,
            )
        )


async def _recall_late(connection: AsyncConnection, fresh: Sequence[Message]) -> tuple[int, ...]:
    """Apply recalls that came before their message did."""
    keys = {(message.group_id, message.message_id) for message in fresh}
    waiting = [
        Recall(
            self_id=0,
            group_id=group_id,
            message_id=message_id,
            operator_id=operator_id,
            time_ms=time_ms,
        )
        for group_id, message_id, time_ms, operator_id in await _fetch_by_key(
            connection, _WAITING, keys
        )
    ]
    for recall in waiting:
        await connection.execute(
            delete(recalls).where(
                recalls.c.group_id == recall.group_id,
                recalls.c.message_id == recall.message_id,
                recalls.c.time_ms == recall.time_ms,
            )
        )
    return await _recall(connection, waiting)
