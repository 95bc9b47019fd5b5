"""What the library keeps of a person: counted, handed out, erased. See `liudeng.holding`."""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.holding import Held
from liudeng.library.entries import chunks, load
from liudeng.library.entry import Standing
from liudeng.library.farewells import FAREWELL
from liudeng.library.tables import (
    anniversaries,
    farewell_pictures,
    farewell_tags,
    farewells,
    library_changes,
    remembrances,
)

_COVERED = "＊＊＊"
_LEFT_OUT = {"message_row", "proposed_by", "author_id"}


class WallHolder:
    """Entries of the farewell wall."""

    title, unit = "告别墙", "封"

    async def held(self, connection: AsyncConnection, user_id: str) -> Held:
        """Count somebody's entries, also those that were withdrawn."""
        query = select(func.count()).where(farewells.c.author_id == user_id)
        return Held((await connection.execute(query)).scalar_one())

    async def people(self, connection: AsyncConnection) -> set[str]:
        """Return the numbers of those of whom something is kept."""
        return set(await connection.scalars(select(farewells.c.author_id).distinct()))

    async def hand_out(self, connection: AsyncConnection, user_id: str) -> list[dict[str, Any]]:
        """Return somebody's entries."""
        query = select(farewells).where(farewells.c.author_id == user_id).order_by(farewells.c.id)
        entries = await load(connection, query)
        return [entry.model_dump(mode="json", exclude=_LEFT_OUT) for entry in entries]

    async def erase(self, connection: AsyncConnection, user_id: str) -> None:
        """Erase somebody's entries, and their number in what others wrote or they proposed."""
        await _erase_entries(connection, farewells.c.author_id == user_id)
        await connection.execute(
            update(farewells).where(farewells.c.proposed_by == user_id).values(proposed_by=None)
        )
        await _cover_number(connection, user_id)

    async def forget_messages(self, connection: AsyncConnection, rows: Sequence[int]) -> None:
        """Erase the entries that were taken from these messages."""
        await erase_entries_of(connection, rows)

    async def erase_group(self, connection: AsyncConnection, group_id: int) -> None:
        """Erase a group's wall."""
        await _erase_entries(connection, farewells.c.group_id == group_id)


class DatesHolder:
    """Anniversaries, and who asked for 那年今日."""

    title, unit = "记着的日子", "个"

    async def held(self, connection: AsyncConnection, user_id: str) -> Held:
        """Count somebody's dates."""
        query = select(func.count()).where(anniversaries.c.owner_id == user_id)
        return Held((await connection.execute(query)).scalar_one())

    async def people(self, connection: AsyncConnection) -> set[str]:
        """Return the numbers of those of whom something is kept."""
        return set(await connection.scalars(select(anniversaries.c.owner_id).distinct()))

    async def hand_out(self, connection: AsyncConnection, user_id: str) -> list[dict[str, Any]]:
        """Return somebody's dates."""
        query = (
            select(anniversaries.c.month, anniversaries.c.day, anniversaries.c.title)
            .where(anniversaries.c.owner_id == user_id)
            .order_by(anniversaries.c.month, anniversaries.c.day)
        )
        return [dict(row) for row in (await connection.execute(query)).mappings()]

    async def erase(self, connection: AsyncConnection, user_id: str) -> None:
        """Erase somebody's dates."""
        await connection.execute(delete(anniversaries).where(anniversaries.c.owner_id == user_id))
        await connection.execute(delete(remembrances).where(remembrances.c.user_id == user_id))

    async def forget_messages(self, connection: AsyncConnection, rows: Sequence[int]) -> None:
        """No date hangs on a message."""

    async def erase_group(self, connection: AsyncConnection, group_id: int) -> None:
        """Dates belong to people, not to groups."""


async def pictures_on_the_wall(connection: AsyncConnection) -> set[str]:
    """Return the SHA-256 of every picture that an entry shows."""
    return set(await connection.scalars(select(farewell_pictures.c.sha256).distinct()))


async def messages_on_the_wall(connection: AsyncConnection) -> set[int]:
    """Return `messages.id` of the messages whose entry stands on a wall, or is proposed."""
    query = select(farewells.c.message_row).where(
        farewells.c.message_row.is_not(None), farewells.c.state != Standing.WITHDRAWN.value
    )
    return set(await connection.scalars(query))


async def erase_entries_of(connection: AsyncConnection, rows: Sequence[int]) -> None:
    """Erase the entries that were taken from these messages."""
    await _erase_entries(connection, farewells.c.message_row.in_(rows))


async def _erase_entries(connection: AsyncConnection, condition: ColumnElement[bool]) -> None:
    """Erase entries; the index learns of it as of any change."""
    ids = list(await connection.scalars(select(farewells.c.id).where(condition)))
    for chunk in chunks(ids):
        for table in (farewell_pictures, farewell_tags):
            await connection.execute(delete(table).where(table.c.farewell_id.in_(chunk)))
        await connection.execute(delete(farewells).where(farewells.c.id.in_(chunk)))
        rows = [{"kind": FAREWELL, "entry_id": number} for number in chunk]
        await connection.execute(library_changes.insert(), rows)


async def _cover_number(connection: AsyncConnection, user_id: str) -> None:
    """Cover somebody's number where others wrote it onto the wall."""
    columns = (farewells.c.title, farewells.c.companion, farewells.c.words)
    holds = or_(*(func.instr(column, user_id) > 0 for column in columns))
    number = re.compile(rf"(?<!\d){re.escape(user_id)}(?!\d)")
    for row in (await connection.execute(select(farewells.c.id, *columns).where(holds))).all():
        values = {column.name: number.sub(_COVERED, row._mapping[column]) for column in columns}
        await connection.execute(update(farewells).where(farewells.c.id == row.id).values(**values))
        await connection.execute(library_changes.insert(), [{"kind": FAREWELL, "entry_id": row.id}])
