"""What there is to export: a group's messages page by page, with the files they carry."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive import StoredMessage
from liudeng.archive.erasing import times_erased
from liudeng.archive.queries import stored_message
from liudeng.archive.tables import groups, messages
from liudeng.db.driver import fetch
from liudeng.exporting.model import ExportWish, Speaker
from liudeng.exporting.place import Standing
from liudeng.media import State
from liudeng.media.tables import attachments, media

_NAMED = 1_000
"""People looked up at once."""
_STEPS = 10_000
_WALK = (
    "SELECT user_id, id FROM messages "
    "WHERE group_id = ? AND id > ? AND recalled_ms IS NULL ORDER BY id LIMIT ?"
)


@dataclass(frozen=True, slots=True)
class Carried:
    """A kept file that a message carries."""

    sha256: str
    mime: str
    size: int
    position: int
    """Of its segment; -1 inside a merged forward."""


async def page_after(
    connection: AsyncConnection, wish: ExportWish, row: int, up_to: int
) -> list[StoredMessage]:
    """Return the next messages that were not recalled, oldest first, up to a row."""
    query = (
        select(messages)
        .where(
            messages.c.group_id == wish.group_id,
            messages.c.id > row,
            messages.c.id <= up_to,
            messages.c.recalled_ms.is_(None),
        )
        .order_by(messages.c.id)
        .limit(wish.page)
    )
    return [stored_message(found) for found in (await connection.execute(query)).mappings()]


async def newest_row(connection: AsyncConnection, group_id: int) -> int:
    """Return `messages.id` of a group's newest message; 0 for a group without any."""
    query = select(func.max(messages.c.id)).where(messages.c.group_id == group_id)
    return (await connection.execute(query)).scalar() or 0


async def count_up_to(connection: AsyncConnection, group_id: int, up_to: int) -> int:
    """Return how many messages there are to export."""
    query = select(func.count()).where(
        messages.c.group_id == group_id,
        messages.c.id <= up_to,
        messages.c.recalled_ms.is_(None),
    )
    return (await connection.execute(query)).scalar_one()


async def recalled_since(
    connection: AsyncConnection, group_id: int, since_ms: int, up_to: int
) -> list[StoredMessage]:
    """Return what was recalled since a moment, of the messages up to `up_to`."""
    query = select(messages).where(
        messages.c.group_id == group_id,
        messages.c.id <= up_to,
        messages.c.recalled_ms >= since_ms,
    )
    return [stored_message(found) for found in (await connection.execute(query)).mappings()]


async def speakers(connection: AsyncConnection, group_id: int) -> list[Speaker]:
    """Return who has spoken, under the names of their last message."""
    last = await _last_rows(connection, group_id)
    found: list[Speaker] = []
    columns = messages.c
    rows = sorted(last.values())
    for start in range(0, len(rows), _NAMED):
        query = select(columns.user_id, columns.name, columns.card).where(
            columns.id.in_(rows[start : start + _NAMED])
        )
        found += [
            Speaker(row.user_id, row.name, row.card) for row in await connection.execute(query)
        ]
    return sorted(found, key=lambda speaker: speaker.user_id)


async def _last_rows(connection: AsyncConnection, group_id: int) -> dict[str, int]:
    """Return everybody's last message, by walking along the log.

    The database would sort the whole log for it in memory, which grows with the group.
    """
    last: dict[str, int] = {}
    row = -1
    while True:
        found = await fetch(connection, _WALK, (group_id, row, _STEPS))
        if not found:
            return last
        last.update(found)
        row = found[-1][1]


async def group_name(connection: AsyncConnection, group_id: int) -> str:
    """Return what a group is called; empty when that is not known."""
    query = select(groups.c.name).where(groups.c.group_id == group_id)
    return (await connection.execute(query)).scalar() or ""


async def still_true(connection: AsyncConnection, group_id: int, standing: Standing) -> bool:
    """Whether nothing was erased from a group's messages since its export was begun."""
    if await times_erased(connection, group_id) != standing.erasures:
        return False
    query = select(messages.c.id).where(messages.c.id == standing.up_to)
    return (await connection.execute(query)).first() is not None


async def carried_by(connection: AsyncConnection, rows: Sequence[int]) -> dict[int, list[Carried]]:
    """Return the kept files of messages by `messages.id`."""
    found: dict[int, list[Carried]] = defaultdict(list)
    query = (
        select(
            attachments.c.message_row,
            attachments.c.forwarded_id,
            attachments.c.position,
            media.c.sha256,
            media.c.mime,
            media.c.size,
        )
        .join(media, media.c.sha256 == attachments.c.sha256)
        .where(attachments.c.message_row.in_(rows), attachments.c.state == State.STORED.value)
        .order_by(attachments.c.message_row, attachments.c.forwarded_id, attachments.c.position)
    )
    for row in await connection.execute(query):
        position = -1 if row.forwarded_id else row.position
        found[row.message_row].append(Carried(row.sha256, row.mime, row.size, position))
    return found


async def still_carried(connection: AsyncConnection, hashes: Collection[str]) -> set[str]:
    """Return which of some files a message that was not recalled still carries."""
    query = (
        select(attachments.c.sha256)
        .join(messages, messages.c.id == attachments.c.message_row)
        .where(attachments.c.sha256.in_(hashes), messages.c.recalled_ms.is_(None))
        .distinct()
    )
    return set(await connection.scalars(query))
