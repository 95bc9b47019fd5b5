"""Entries in the database: added, changed, published, undone. Every change is a version."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.faq.entry import EVERY_GROUP, Body, Change, Entry, State
from liudeng.faq.tables import faq_entries, faq_versions
from liudeng.library.index import Kind, note_changes


@dataclass(frozen=True, slots=True)
class Editor:
    """Who changes something, and when."""

    user_id: str
    name: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class Version:
    """One step of an entry's history."""

    number: int
    change: Change
    editor: str
    at_ms: int
    body: Body


@dataclass(frozen=True, slots=True)
class Place:
    """What a new entry is besides what it says."""

    group_id: int = EVERY_GROUP
    code: str | None = None
    origin_id: int | None = None


def counts_for(groups: Collection[int]) -> ColumnElement[bool]:
    """Return the condition that an entry is one of these groups' or shared with them.

    A shared entry that the one group asked for has replaced by its own does not count there.
    """
    mine = faq_entries.c.group_id.in_(list(groups))
    if len(groups) != 1:
        return or_(mine, faq_entries.c.group_id == EVERY_GROUP)
    fork = faq_entries.alias("fork")
    replaced = exists().where(
        fork.c.origin_id == faq_entries.c.id, fork.c.group_id == next(iter(groups))
    )
    return or_(mine, (faq_entries.c.group_id == EVERY_GROUP) & ~replaced)


async def entries_where(
    connection: AsyncConnection, *conditions: ColumnElement[bool]
) -> list[Entry]:
    """Return the entries that meet the conditions, by number."""
    query = select(faq_entries).where(*conditions).order_by(faq_entries.c.id)
    return [_entry(row) for row in await connection.execute(query)]


async def entry_by_id(connection: AsyncConnection, entry_id: int) -> Entry | None:
    """Return an entry, wherever it stands."""
    found = await entries_where(connection, faq_entries.c.id == entry_id)
    return found[0] if found else None


async def live_entries(connection: AsyncConnection) -> list[Entry]:
    """Return every entry that may answer somebody, and every one that a group has in the place
    of a shared one: switched off, it still keeps that from answering there."""
    live = faq_entries.c.state == State.LIVE.value
    return await entries_where(connection, or_(live, faq_entries.c.origin_id.is_not(None)))


async def add(connection: AsyncConnection, place: Place, body: Body, editor: Editor) -> Entry:
    """Add an entry; as a draft it answers nobody before it is published."""
    inserted = await connection.execute(
        insert(faq_entries)
        .values(
            group_id=place.group_id,
            code=place.code,
            origin_id=place.origin_id,
            owner=editor.name,
            version=0,
            state=body.state.value,
            body=body.model_dump_json(),
            created_ms=editor.at_ms,
            updated_ms=editor.at_ms,
        )
        .returning(faq_entries.c.id)
    )
    change = Change.FORKED if place.origin_id is not None else Change.ADDED
    return await save(connection, inserted.scalar_one(), body, change, editor)


async def save(
    connection: AsyncConnection,
    entry_id: int,
    body: Body,
    change: Change,
    editor: Editor,
    **columns: Any,
) -> Entry:
    """Make this what an entry says, as its next version.

    Raises:
        LookupError: there is no such entry.
    """
    number = select(faq_entries.c.version).where(faq_entries.c.id == entry_id)
    version = (await connection.execute(number)).scalar()
    if version is None:
        raise LookupError(f"no entry {entry_id}")
    text = body.model_dump_json()
    await connection.execute(
        update(faq_entries)
        .where(faq_entries.c.id == entry_id)
        .values(
            version=version + 1,
            state=body.state.value,
            body=text,
            pending=None,
            updated_ms=editor.at_ms,
            **columns,
        )
    )
    await connection.execute(
        insert(faq_versions).values(
            entry_id=entry_id,
            version=version + 1,
            change=change.value,
            editor_id=editor.user_id,
            editor=editor.name,
            at_ms=editor.at_ms,
            body=text,
        )
    )
    await note_changes(connection, Kind.FAQ, [entry_id])
    saved = await entry_by_id(connection, entry_id)
    assert saved is not None
    return saved


async def propose(connection: AsyncConnection, entry_id: int, body: Body | None) -> None:
    """Keep a change until somebody publishes it; None drops it."""
    await connection.execute(
        update(faq_entries)
        .where(faq_entries.c.id == entry_id)
        .values(pending=body.model_dump_json() if body is not None else None)
    )


async def history(connection: AsyncConnection, entry_id: int, limit: int = 20) -> list[Version]:
    """Return an entry's versions, the newest first."""
    query = (
        select(faq_versions)
        .where(faq_versions.c.entry_id == entry_id)
        .order_by(faq_versions.c.version.desc())
        .limit(limit)
    )
    return [
        Version(
            number=row.version,
            change=Change(row.change),
            editor=row.editor,
            at_ms=row.at_ms,
            body=Body.model_validate_json(row.body),
        )
        for row in await connection.execute(query)
    ]


async def codes_known(connection: AsyncConnection, group_id: int) -> set[str]:
    """Return the codes that entries of a group have, or had when they were switched off."""
    query = select(faq_entries.c.code).where(
        faq_entries.c.group_id == group_id, faq_entries.c.code.is_not(None)
    )
    return set(await connection.scalars(query))


async def fork_of(connection: AsyncConnection, origin_id: int, group_id: int) -> Entry | None:
    """Return the entry by which a group has replaced a shared one."""
    found = await entries_where(
        connection, faq_entries.c.origin_id == origin_id, faq_entries.c.group_id == group_id
    )
    return found[0] if found else None


def visible_among(entries: Iterable[Entry], groups: Collection[int]) -> list[Entry]:
    """Return which of these count for the groups: `counts_for`, over entries in memory."""
    listed: Sequence[Entry] = list(entries)
    replaced: set[int | None] = set()
    if len(groups) == 1:
        replaced = {entry.origin_id for entry in listed if entry.group_id in groups}
    return [
        entry
        for entry in listed
        if entry.group_id in groups or (entry.is_shared and entry.id not in replaced)
    ]


def _entry(row: Any) -> Entry:
    return Entry(
        id=row.id,
        group_id=row.group_id,
        code=row.code,
        origin_id=row.origin_id,
        merged_into=row.merged_into,
        owner=row.owner,
        version=row.version,
        body=Body.model_validate_json(row.body),
        pending=Body.model_validate_json(row.pending) if row.pending else None,
        created_on=datetime.fromtimestamp(row.created_ms / 1000, UTC).date(),
    )
