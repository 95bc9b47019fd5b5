"""Erasing: messages that go for good, with their place in the index. Callers see to the rest."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive.encoding import decode_segments, encode_segments
from liudeng.archive.message import Segment
from liudeng.archive.reading import readable_text
from liudeng.archive.tables import erasures, gaps, groups, last_erased, messages, recalls
from liudeng.search.log_index import IndexedRow, add_to_index, remove_from_index
from liudeng.search.tables import speakers

_LOOKUP = 500


async def erase_messages(connection: AsyncConnection, rows: Sequence[int]) -> None:
    """Erase messages by `messages.id`, from the log and from its index."""
    for start in range(0, len(rows), _LOOKUP):
        chunk = messages.c.id.in_(rows[start : start + _LOOKUP])
        found = (await connection.execute(select(messages).where(chunk))).all()
        if not found:
            continue
        await remove_from_index(connection, _indexed(found))
        await _note_last(connection, max(row.seq for row in found))
        await note_erased(connection, {row.group_id for row in found})
        await connection.execute(delete(messages).where(chunk))


async def empty_messages(connection: AsyncConnection, rows: Sequence[int]) -> None:
    """Wipe what recalled messages held; that they were there stays, so that none comes back."""
    for start in range(0, len(rows), _LOOKUP):
        chunk = messages.c.id.in_(rows[start : start + _LOOKUP])
        await connection.execute(
            update(messages)
            .where(chunk, messages.c.recalled_ms.is_not(None))
            .values(text="", segments="", seen_text="", name="", card="", reply_to=None)
        )


async def said_by(
    connection: AsyncConnection, user_id: str, limit: int, after: int = -1
) -> list[int]:
    """Return `messages.id` of what somebody said, in every group, in order."""
    query = (
        select(messages.c.id)
        .where(messages.c.user_id == user_id, messages.c.id > after)
        .order_by(messages.c.id)
        .limit(limit)
    )
    return list(await connection.scalars(query))


async def names_of(connection: AsyncConnection, user_id: str) -> frozenset[str]:
    """Return every card and nickname somebody has spoken under, as they wrote it."""
    query = select(messages.c.name, messages.c.card).where(messages.c.user_id == user_id).distinct()
    return frozenset(
        name for row in await connection.execute(query) for name in (row.name, row.card) if name
    )


async def mentioning(
    connection: AsyncConnection, words: Iterable[str], limit: int, after: int
) -> list[int]:
    """Return `messages.id` of messages in which one of these stands, literally, in order.

    Looks through the whole table.
    """
    conditions: list[ColumnElement[bool]] = []
    for word in words:
        # Segments are JSON in ASCII.
        escaped = word.encode("ascii", "backslashreplace").decode() if word.isascii() else ""
        conditions.append(func.instr(messages.c.text, word) > 0)
        if escaped:
            conditions.append(func.instr(messages.c.segments, escaped) > 0)
    query = select(messages.c.id).where(messages.c.id > after, or_(*conditions))
    return list(await connection.scalars(query.order_by(messages.c.id).limit(limit)))


async def rewrite(connection: AsyncConnection, new: Mapping[int, tuple[Segment, ...]]) -> None:
    """Give messages other segments, and their text and place in the index with them."""
    ids = list(new)
    for start in range(0, len(ids), _LOOKUP):
        chunk = ids[start : start + _LOOKUP]
        wanted = select(messages).where(messages.c.id.in_(chunk))
        before = (await connection.execute(wanted)).all()
        await note_erased(connection, {row.group_id for row in before})
        await remove_from_index(connection, _indexed(before))
        for row in before:
            text = readable_text(new[row.id])
            values = {"text": text, "segments": encode_segments(new[row.id], text)}
            await connection.execute(
                update(messages).where(messages.c.id == row.id).values(**values)
            )
        after = (await connection.execute(wanted)).all()
        await add_to_index(connection, _indexed(after))


async def set_seen_text(connection: AsyncConnection, row_id: int, text: str) -> None:
    """Replace what was read in a message's pictures and forwards."""
    wanted = select(messages).where(messages.c.id == row_id)
    before = (await connection.execute(wanted)).all()
    if not before or before[0].seen_text == text:
        return
    await note_erased(connection, {before[0].group_id})
    await remove_from_index(connection, _indexed(before))
    await connection.execute(update(messages).where(messages.c.id == row_id).values(seen_text=text))
    await add_to_index(connection, _indexed((await connection.execute(wanted)).all()))


async def segments_of(
    connection: AsyncConnection, rows: Sequence[int]
) -> dict[int, tuple[Segment, ...]]:
    """Return the segments of messages by `messages.id`."""
    query = select(messages.c.id, messages.c.segments, messages.c.text).where(
        messages.c.id.in_(rows)
    )
    return {
        row.id: decode_segments(row.segments, row.text) for row in await connection.execute(query)
    }


async def forget_person(connection: AsyncConnection, user_id: str) -> None:
    """Forget somebody's names, and their number where they recalled what others said."""
    await connection.execute(delete(speakers).where(speakers.c.user_id == user_id))
    for table, column in ((messages, messages.c.recalled_by), (recalls, recalls.c.operator_id)):
        values = {column.name: ""}
        await connection.execute(update(table).where(column == user_id).values(**values))


async def forget_group(connection: AsyncConnection, group_id: int) -> None:
    """Forget a group whose messages were erased."""
    for table in (recalls, gaps, groups, speakers, erasures):
        await connection.execute(delete(table).where(table.c.group_id == group_id))


async def times_erased(connection: AsyncConnection, group_id: int) -> int:
    """Return how often something was erased from a group's messages; it only grows."""
    query = select(erasures.c.times).where(erasures.c.group_id == group_id)
    return (await connection.execute(query)).scalar() or 0


async def note_erased(connection: AsyncConnection, group_ids: Iterable[int]) -> None:
    """Count that something was erased from these groups' messages."""
    for group_id in group_ids:
        mine = erasures.c.group_id == group_id
        counted = update(erasures).where(mine).values(times=erasures.c.times + 1)
        if not (await connection.execute(counted)).rowcount:
            await connection.execute(insert(erasures).values(group_id=group_id, times=1))


async def _note_last(connection: AsyncConnection, seq: int) -> None:
    known = (await connection.execute(select(last_erased.c.seq))).scalar()
    if known is None:
        await connection.execute(insert(last_erased).values(id=1, seq=seq))
    elif seq > known:
        await connection.execute(update(last_erased).values(seq=seq))


def _indexed(rows: Sequence[Row[Any]]) -> list[IndexedRow]:
    """Return what the index knows of rows of `messages`: nothing of recalled ones and commands."""
    return [
        IndexedRow.of(row._mapping) for row in rows if row.recalled_ms is None and not row.addressed
    ]
