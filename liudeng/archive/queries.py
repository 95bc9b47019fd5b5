"""Reading the log: by number, by neighbourhood, by commit order."""

from collections.abc import Collection, Sequence

from sqlalchemy import RowMapping, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive.encoding import decode_segments
from liudeng.archive.message import Source, StoredMessage
from liudeng.archive.tables import last_erased, messages
from liudeng.db import Database

_LAST_SEQ = select(
    func.max(
        func.coalesce(select(func.max(messages.c.seq)).scalar_subquery(), 0),
        func.coalesce(select(last_erased.c.seq).limit(1).scalar_subquery(), 0),
    )
)
"""SQLite's `max` of two numbers is the greater one."""


def stored_message(row: RowMapping) -> StoredMessage:
    """Turn a row of `messages` into the model."""
    return StoredMessage.model_construct(
        id=row["id"],
        seq=row["seq"],
        self_id=row["self_id"],
        group_id=row["group_id"],
        message_id=row["message_id"],
        time_ms=row["time_ms"],
        received_ms=row["received_ms"],
        user_id=row["user_id"],
        name=row["name"],
        card=row["card"],
        role=row["role"],
        text=row["text"],
        segments=decode_segments(row["segments"], row["text"]),
        reply_to=row["reply_to"],
        source=Source(row["source"]),
        recalled_ms=row["recalled_ms"],
        platform_seq=row["platform_seq"],
        seen_text=row["seen_text"],
    )


async def last_seq(connection: AsyncConnection) -> int:
    """Return the number of the message committed last, also if that was erased; 0 for none."""
    return (await connection.execute(_LAST_SEQ)).scalar_one()


async def committed_after(
    connection: AsyncConnection, seq: int, limit: int, sources: Collection[Source] | None = None
) -> list[StoredMessage]:
    """Return up to `limit` messages of `sources` in commit order, beginning after `seq`."""
    query = select(messages).where(messages.c.seq > seq).order_by(messages.c.seq).limit(limit)
    if sources is not None:
        query = query.where(messages.c.source.in_([source.value for source in sources]))
    return [stored_message(row) for row in (await connection.execute(query)).mappings()]


async def message_by_seq(
    connection: AsyncConnection, seq: int, groups: Collection[int] | None = None
) -> StoredMessage | None:
    """Return the message with the short number `seq`, if it is in one of `groups`."""
    query = select(messages).where(messages.c.seq == seq)
    if groups is not None:
        query = query.where(messages.c.group_id.in_(groups))
    row = (await connection.execute(query)).mappings().first()
    return stored_message(row) if row else None


async def find_quoted(database: Database, group_id: int, message_id: str) -> StoredMessage | None:
    """Return the message the implementation calls `message_id`; the newest, if it used it twice."""
    query = (
        select(messages)
        .where(messages.c.group_id == group_id, messages.c.message_id == message_id)
        .order_by(messages.c.id.desc())
        .limit(1)
    )
    async with database.read() as connection:
        row = (await connection.execute(query)).mappings().first()
    return stored_message(row) if row else None


async def heard_after(connection: AsyncConnection, message: StoredMessage) -> bool:
    """Tell whether whoever wrote a message has written in that group since."""
    query = select(messages.c.id).where(
        messages.c.group_id == message.group_id,
        messages.c.id > message.id,
        messages.c.user_id == message.user_id,
    )
    return (await connection.execute(query.limit(1))).first() is not None


async def messages_by_id(connection: AsyncConnection, ids: Sequence[int]) -> list[StoredMessage]:
    """Return the messages with these ids, newest first."""
    query = select(messages).where(messages.c.id.in_(ids)).order_by(messages.c.id.desc())
    return [stored_message(row) for row in (await connection.execute(query)).mappings()]


async def neighbours(
    connection: AsyncConnection, message: StoredMessage, before: int, after: int
) -> list[StoredMessage]:
    """Return a message with those around it in its group, oldest first, without recalled ones."""
    same_group = (messages.c.group_id == message.group_id) & messages.c.recalled_ms.is_(None)
    earlier = (
        select(messages)
        .where(same_group, messages.c.id < message.id)
        .order_by(messages.c.id.desc())
        .limit(before)
    )
    later = (
        select(messages)
        .where(same_group, messages.c.id > message.id)
        .order_by(messages.c.id)
        .limit(after)
    )
    above = [stored_message(row) for row in (await connection.execute(earlier)).mappings()]
    below = [stored_message(row) for row in (await connection.execute(later)).mappings()]
    return [*reversed(above), message, *below]
