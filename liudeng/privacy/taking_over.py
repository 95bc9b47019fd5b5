"""Taking over: what the journal knows and an older copy of the database does not."""

from collections.abc import Sequence

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.privacy.journal import Entry
from liudeng.privacy.tables import consents, group_modes, tombstones

_CHOICE = ("person", "group_id", "at_ms", "keeping", "watching")
_MODE = ("group_id", "at_ms", "mode")


async def take_over(connection: AsyncConnection, noted: Sequence[Entry]) -> int:
    """Add what is missing, in its order; return how much that was.

    Who was erased, and is here again, is to be erased again: their tombstone is not done.
    """
    said = select(*(consents.c[name] for name in _CHOICE))
    decided = select(*(group_modes.c[name] for name in _MODE))
    choices = {tuple(row) for row in await connection.execute(said)}
    modes = {tuple(row) for row in await connection.execute(decided)}
    known = await connection.execute(select(tombstones.c.person, tombstones.c.erased_ms))
    erased = {row.person: row.erased_ms for row in known}
    taken = 0
    for entry in noted:
        if entry.kind == "choice" and _key(entry, _CHOICE) not in choices:
            await connection.execute(insert(consents).values(**entry.values(*_CHOICE)))
        elif entry.kind == "mode" and _key(entry, _MODE) not in modes:
            await connection.execute(insert(group_modes).values(**entry.values(*_MODE)))
        elif entry.kind == "erased" and erased.get(entry.person, -1) < entry.at_ms:
            await _bury(connection, entry, known=entry.person in erased)
            erased[entry.person] = entry.at_ms
        else:
            continue
        taken += 1
    return taken


def _key(entry: Entry, columns: Sequence[str]) -> tuple[object, ...]:
    return tuple(getattr(entry, name) for name in columns)


async def _bury(connection: AsyncConnection, entry: Entry, *, known: bool) -> None:
    values = {"erased_ms": entry.at_ms, "done_ms": None, "sealed": None}
    if known:
        mine = tombstones.c.person == entry.person
        await connection.execute(update(tombstones).where(mine).values(**values))
    else:
        await connection.execute(insert(tombstones).values(person=entry.person, **values))
