"""What moderation keeps of a person: counted, handed out, erased. See `liudeng.holding`."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.holding import Held
from liudeng.moderation.tables import (
    actions,
    armings,
    arrivals,
    groups,
    notes,
    own_rules,
    people,
)

_ACTED = (
    (actions, "actor"),
    (actions, "undone_by"),
    (notes, "author"),
    (armings, "changed_by"),
    (own_rules, "created_by"),
)
_NOBODY = -1
"""Stands where an erased moderator's number stood; 0 would be the bot."""
_NO_NUMBER = -2
"""Who has none, as some that were imported, is nobody here: neither the bot nor the erased."""
_CHUNK = 500
_SHOWN = ("id", "group_id", "kind", "state", "rule", "seconds", "created_ms")


class ActionsHolder:
    """What was done about somebody, what moderators noted, when they came.

    The audit stays, without who it was about: its aliases lead to nobody any more.
    """

    title, unit = "群管的记录", "条"

    async def held(self, connection: AsyncConnection, user_id: str) -> Held:
        """Count what was done about somebody and what was noted."""
        number, count = _number(user_id), 0
        for table in (actions, notes):
            query = select(func.count()).where(table.c.user_id == number)
            count += (await connection.execute(query)).scalar_one()
        return Held(count)

    async def people(self, connection: AsyncConnection) -> set[str]:
        """Return the numbers of those of whom something is kept, and of those who acted."""
        kept = [(table, "user_id") for table in (actions, notes, arrivals, people)]
        found: set[int | None] = set()
        for table, name in (*kept, *_ACTED):
            found |= set(await connection.scalars(select(table.c[name]).distinct()))
        return {str(number) for number in found if number is not None and number > 0}

    async def hand_out(self, connection: AsyncConnection, user_id: str) -> list[dict[str, Any]]:
        """Return what was done about somebody; what moderators noted is theirs."""
        columns = [actions.c[name] for name in _SHOWN]
        query = select(*columns).where(actions.c.user_id == _number(user_id))
        return [dict(row) for row in (await connection.execute(query)).mappings()]

    async def erase(self, connection: AsyncConnection, user_id: str) -> None:
        """Erase what is kept of somebody, and their number where they acted."""
        number = _number(user_id)
        for table in (actions, notes, arrivals, people):
            await connection.execute(delete(table).where(table.c.user_id == number))
        for table, name in _ACTED:
            change = update(table).where(table.c[name] == number)
            await connection.execute(change.values({name: _NOBODY}))

    async def forget_messages(self, connection: AsyncConnection, rows: Sequence[int]) -> None:
        """Forget which messages were acted upon and what they said; that it was done stays."""
        for start in range(0, len(rows), _CHUNK):
            chunk = actions.c.message_row.in_(rows[start : start + _CHUNK])
            blank = {"message_row": None, "message_id": None, "reason": ""}
            await connection.execute(update(actions).where(chunk).values(**blank))

    async def erase_group(self, connection: AsyncConnection, group_id: int) -> None:
        """Erase a group's records and choices; the audit's rows stay, by aliases."""
        tables: tuple[Table, ...] = (actions, notes, arrivals, armings, own_rules, groups)
        for table in tables:
            await connection.execute(delete(table).where(table.c.group_id == group_id))


def _number(user_id: str) -> int:
    return int(user_id) if user_id.isdecimal() else _NO_NUMBER
