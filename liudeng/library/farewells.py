"""Placing, proposing and changing farewells, each inside the caller's write transaction."""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.library.draft import FarewellDraft
from liudeng.library.entries import chunks, entry_where, is_kept, load, still_said
from liudeng.library.entry import Farewell, Standing, Visibility
from liudeng.library.tables import (
    farewell_pictures,
    farewell_tags,
    farewells,
    library_changes,
)

FAREWELL = "farewell"
"""What `library_changes.kind` calls a farewell."""


async def place(connection: AsyncConnection, draft: FarewellDraft, now_ms: int) -> Farewell:
    """Put an entry on the wall.

    A message is one entry: placed again it takes the new title, companion, tags and pictures,
    and comes back if it was withdrawn. Its visibility stays as its author last chose it.
    """
    known = await entry_of_message(connection, draft.message_row)
    if known is None:
        return await _insert(connection, draft, Standing.KEPT, now_ms)
    await connection.execute(
        update(farewells)
        .where(farewells.c.id == known.id)
        .values(
            title=draft.title,
            companion=draft.companion,
            state=Standing.KEPT.value,
            updated_ms=now_ms,
        )
    )
    await _set_pictures(connection, known.id, draft.pictures)
    await _set_tags(connection, known.id, draft.tags)
    await _note_changes(connection, [known.id])
    return await _entry(connection, known.id)


async def propose(
    connection: AsyncConnection, draft: FarewellDraft, moderator_id: str, now_ms: int
) -> Farewell | None:
    """Note a moderator's proposal; nothing is shown before the author has accepted it.

    Returns:
        None when the message has an entry already, wherever that stands: nobody is asked twice.
    """
    if await entry_of_message(connection, draft.message_row) is not None:
        return None
    proposed = draft.model_copy(update={"proposed_by": moderator_id})
    return await _insert(connection, proposed, Standing.PROPOSED, now_ms)


async def accept(
    connection: AsyncConnection, farewell_id: int, author_id: str, now_ms: int
) -> Farewell | None:
    """Keep what was proposed; None when this author has no such proposal to accept."""
    proposed = (farewells.c.state == Standing.PROPOSED.value, farewells.c.author_id == author_id)
    moved = await _change(
        connection, farewell_id, proposed, state=Standing.KEPT.value, updated_ms=now_ms
    )
    return await _entry(connection, farewell_id) if moved else None


async def decline(
    connection: AsyncConnection, farewell_id: int, author_id: str, now_ms: int
) -> bool:
    """Turn a proposal down for good; False when this author has no such proposal."""
    proposed = (farewells.c.state == Standing.PROPOSED.value, farewells.c.author_id == author_id)
    return await _change(
        connection, farewell_id, proposed, state=Standing.WITHDRAWN.value, updated_ms=now_ms
    )


async def retitle(
    connection: AsyncConnection,
    farewell_id: int,
    title: str,
    companion: str | None,
    now_ms: int,
) -> bool:
    """Give a kept entry another title, and another companion unless that is None."""
    values: dict[str, object] = {"title": title, "updated_ms": now_ms}
    if companion is not None:
        values["companion"] = companion
    return await _change(connection, farewell_id, (is_kept(),), **values)


async def set_tags(
    connection: AsyncConnection, farewell_id: int, tags: Sequence[str], now_ms: int
) -> bool:
    """Replace the tags of a kept entry."""
    changed = await _change(connection, farewell_id, (is_kept(),), updated_ms=now_ms)
    if changed:
        await _set_tags(connection, farewell_id, tags)
    return changed


async def set_visibility(
    connection: AsyncConnection, farewell_id: int, visibility: Visibility, now_ms: int
) -> bool:
    """Set who may see a kept entry."""
    return await _change(
        connection, farewell_id, (is_kept(),), visibility=visibility.value, updated_ms=now_ms
    )


async def withdraw(connection: AsyncConnection, farewell_id: int, now_ms: int) -> bool:
    """Take a kept entry off the wall; False when it is not there."""
    return await _change(
        connection, farewell_id, (is_kept(),), state=Standing.WITHDRAWN.value, updated_ms=now_ms
    )


async def any_recalled(connection: AsyncConnection) -> bool:
    """Tell whether `sweep_recalled` has anything to do; that one needs the only writer."""
    query = select(farewells.c.id).where(farewells.c.state == Standing.KEPT.value, ~still_said())
    return (await connection.execute(query.limit(1))).first() is not None


async def sweep_recalled(connection: AsyncConnection, now_ms: int) -> int:
    """Withdraw kept entries whose message was recalled; return how many.

    Readers leave them out without this. It tells the index, which follows the changes.
    """
    query = select(farewells.c.id).where(farewells.c.state == Standing.KEPT.value, ~still_said())
    gone = list(await connection.scalars(query))
    for chunk in chunks(gone):
        await connection.execute(
            update(farewells)
            .where(farewells.c.id.in_(chunk))
            .values(state=Standing.WITHDRAWN.value, updated_ms=now_ms)
        )
    await _note_changes(connection, gone)
    return len(gone)


async def note_reading(connection: AsyncConnection, sha256: str) -> int:
    """Note that a picture was read: its entries have other words now. Return how many they are."""
    query = (
        select(farewells.c.id)
        .join(farewell_pictures, farewell_pictures.c.farewell_id == farewells.c.id)
        .where(farewell_pictures.c.sha256 == sha256, is_kept())
        .distinct()
    )
    holders = list(await connection.scalars(query))
    await _note_changes(connection, holders)
    return len(holders)


async def farewell(connection: AsyncConnection, farewell_id: int) -> Farewell | None:
    """Return a kept entry. It says nothing about who may see it: ask `may_see`."""
    return await entry_where(connection, farewells.c.id == farewell_id, is_kept())


async def farewells_by_id(connection: AsyncConnection, ids: Iterable[int]) -> dict[int, Farewell]:
    """Return those of these entries that are kept, by id."""
    found: dict[int, Farewell] = {}
    for chunk in chunks(sorted(set(ids))):
        query = select(farewells).where(farewells.c.id.in_(chunk), is_kept())
        found.update((entry.id, entry) for entry in await load(connection, query))
    return found


async def entry_of_message(connection: AsyncConnection, message_row: int | None) -> Farewell | None:
    """Return the entry that was taken from a message, wherever it stands."""
    if message_row is None:
        return None
    return await entry_where(connection, farewells.c.message_row == message_row)


async def _insert(
    connection: AsyncConnection, draft: FarewellDraft, state: Standing, now_ms: int
) -> Farewell:
    values = draft.model_dump(exclude={"pictures", "tags", "missing"})
    values.update(
        visibility=draft.visibility.value,
        state=state.value,
        created_ms=now_ms,
        updated_ms=now_ms,
    )
    inserted = await connection.execute(
        insert(farewells).values(**values).returning(farewells.c.id)
    )
    farewell_id = inserted.scalar_one()
    await _set_pictures(connection, farewell_id, draft.pictures)
    await _set_tags(connection, farewell_id, draft.tags)
    if state is Standing.KEPT:
        await _note_changes(connection, [farewell_id])
    return await _entry(connection, farewell_id)


async def _change(
    connection: AsyncConnection,
    farewell_id: int,
    conditions: Iterable[ColumnElement[bool]],
    **values: object,
) -> bool:
    """Change an entry that meets the conditions and whose message still stands."""
    changed = await connection.execute(
        update(farewells)
        .where(farewells.c.id == farewell_id, still_said(), *conditions)
        .values(**values)
    )
    if changed.rowcount:
        await _note_changes(connection, [farewell_id])
    return bool(changed.rowcount)


async def _note_changes(connection: AsyncConnection, ids: Sequence[int]) -> None:
    if ids:
        rows = [{"kind": FAREWELL, "entry_id": farewell_id} for farewell_id in ids]
        await connection.execute(insert(library_changes), rows)


async def _set_pictures(
    connection: AsyncConnection, farewell_id: int, pictures: Sequence[str]
) -> None:
    mine = farewell_pictures.c.farewell_id == farewell_id
    await connection.execute(delete(farewell_pictures).where(mine))
    rows = [
        {"farewell_id": farewell_id, "position": position, "sha256": sha256}
        for position, sha256 in enumerate(dict.fromkeys(pictures))
    ]
    if rows:
        await connection.execute(insert(farewell_pictures), rows)


async def _set_tags(connection: AsyncConnection, farewell_id: int, tags: Sequence[str]) -> None:
    mine = farewell_tags.c.farewell_id == farewell_id
    await connection.execute(delete(farewell_tags).where(mine))
    rows = [{"farewell_id": farewell_id, "tag": tag} for tag in dict.fromkeys(tags)]
    if rows:
        await connection.execute(insert(farewell_tags), rows)


async def _entry(connection: AsyncConnection, farewell_id: int) -> Farewell:
    found = await entry_where(connection, farewells.c.id == farewell_id)
    if found is None:
        raise LookupError("an entry without a row")
    return found
