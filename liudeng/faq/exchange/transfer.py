"""Between files and the database, and from what all groups share to one group."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.faq.entry import EVERY_GROUP, Body, Change, Entry, State
from liudeng.faq.exchange.formats import Row
from liudeng.faq.store import Editor, Place, add, entries_where, fork_of, save
from liudeng.faq.tables import faq_entries

_LIVE = faq_entries.c.state == State.LIVE.value


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a file."""

    added: int
    changed: int
    same: int


async def rows_of(connection: AsyncConnection, group_id: int) -> list[Row]:
    """Return a group's live entries as rows."""
    entries = await entries_where(connection, faq_entries.c.group_id == group_id, _LIVE)
    return [_row(entry) for entry in entries]


async def take_rows(
    connection: AsyncConnection, group_id: int, rows: Sequence[Row], editor: Editor
) -> Taken:
    """Add rows to a group's entries; one whose name is known becomes its next version."""
    known = {
        entry.code or str(entry.id): entry
        for entry in await entries_where(connection, faq_entries.c.group_id == group_id)
    }
    added = changed = 0
    for row in rows:
        entry = known.get(row.id) if row.id else None
        if entry is None:
            made = await add(connection, Place(group_id, row.id or None), _body(row), editor)
            known[row.id or str(made.id)] = made
            added += 1
            continue
        body = _body(row, entry.body)
        if body != entry.body:
            known[row.id] = await save(connection, entry.id, body, Change.EDITED, editor)
            changed += 1
    return Taken(added, changed, len(rows) - added - changed)


async def fork_all(connection: AsyncConnection, group_id: int, editor: Editor) -> int:
    """Give a group its own copy of every shared entry that it has not replaced yet."""
    copied = 0
    for entry in await entries_where(connection, faq_entries.c.group_id == EVERY_GROUP, _LIVE):
        if await fork_of(connection, entry.id, group_id) is None:
            place = Place(group_id, entry.code, entry.id)
            await add(connection, place, entry.body, editor)
            copied += 1
    return copied


def _row(entry: Entry) -> Row:
    body = entry.body.model_dump(exclude={"phrasings", "state"})
    return Row(id=entry.code or str(entry.id), **body)


def _body(row: Row, before: Body | None = None) -> Body:
    """Phrasings are in no file: they stay as they are."""
    values = row.model_dump(exclude={"id"})
    return Body(**values, phrasings=before.phrasings if before is not None else ())
