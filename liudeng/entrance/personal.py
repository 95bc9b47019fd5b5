"""What the entrance keeps of a person: counted, handed out, erased. See `liudeng.holding`."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.entrance.tables import blocks, groups, requests
from liudeng.holding import Held

_NOBODY = -1
"""Stands where an erased moderator's number stood; 0 would be the bot."""
_DECIDED = ((requests, "decided_by"), (blocks, "added_by"), (groups, "changed_by"))


class EntranceHolder:
    """Requests to join, and the block list's numbers.

    Who is blocked and has everything erased stays blocked by a keyed hash, or the list would be
    worth nothing; their number and the reason go.
    """

    title, unit = "入群申请", "次"

    async def held(self, connection: AsyncConnection, user_id: str) -> Held:
        """Count requests and blocks."""
        number, count = _number(user_id), 0
        for table in (requests, blocks):
            mine = select(func.count()).select_from(table).where(table.c.user_id == number)
            count += await connection.scalar(mine) or 0
        return Held(count)

    async def people(self, connection: AsyncConnection) -> set[str]:
        """Return everybody who asked, is blocked, or decided."""
        columns = [requests.c.user_id, blocks.c.user_id]
        columns += [table.c[name] for table, name in _DECIDED]
        found: set[int | None] = set()
        for column in columns:
            found |= set(await connection.scalars(select(column).distinct()))
        return {str(number) for number in found if number and number > 0}

    async def hand_out(self, connection: AsyncConnection, user_id: str) -> list[dict[str, Any]]:
        """Return the requests; that somebody is blocked is the group's own affair."""
        columns = [requests.c[name] for name in ("id", "group_id", "comment", "state")]
        query = select(*columns, requests.c.created_ms).where(
            requests.c.user_id == _number(user_id)
        )
        return [dict(row) for row in (await connection.execute(query)).mappings()]

    async def erase(self, connection: AsyncConnection, user_id: str) -> None:
        """Erase requests, and the numbers on the list and of decisions."""
        number = _number(user_id)
        await connection.execute(delete(requests).where(requests.c.user_id == number))
        blank = {"user_id": None, "reason": ""}
        mine = update(blocks).where(blocks.c.user_id == number)
        await connection.execute(mine.values(**blank))
        for table, name in _DECIDED:
            change = update(table).where(table.c[name] == number)
            await connection.execute(change.values({name: _NOBODY}))

    async def forget_messages(self, connection: AsyncConnection, rows: Sequence[int]) -> None:
        """Nothing here hangs on messages."""

    async def erase_group(self, connection: AsyncConnection, group_id: int) -> None:
        """Erase a group's requests, list and choices."""
        for table in (requests, blocks, groups):
            await connection.execute(delete(table).where(table.c.group_id == group_id))


def _number(user_id: str) -> int:
    return int(user_id) if user_id.isdecimal() else -2
