"""The ledger: who sees which resource, and what changes one."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    RowMapping,
    Select,
    and_,
    case,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.library.index import Kind, note_changes
from liudeng.resources.canonical import Link
from liudeng.resources.entry import SHARED, Draft, Outcome, Resource, State, Why
from liudeng.resources.tables import resource_probes, resource_votes, resources
from liudeng.text import fold

LONGEST_TITLE = 80
LONGEST_SUMMARY = 400
LONGEST_CATEGORY = 20
_MOST_TAGS = 8
_MOST_LISTED = 1_000
"""Counted and paged through; beyond that somebody should be more precise."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Some resources of those asked for."""

    entries: tuple[Resource, ...]
    total: int


def seen_in(groups: Collection[int]) -> ColumnElement[bool]:
    """Return what these groups have: their own, and the shared ones they made no version of."""
    mine = resources.alias()
    forked = select(mine.c.forked_from).where(
        mine.c.group_id.in_(groups), mine.c.forked_from.is_not(None)
    )
    replaced = and_(resources.c.group_id == SHARED, resources.c.id.in_(forked))
    return and_(resources.c.group_id.in_((SHARED, *groups)), ~replaced)


async def resource(
    connection: AsyncConnection, number: int, groups: Collection[int]
) -> Resource | None:
    """Return a resource that these groups have, in whatever state."""
    query = with_health().where(resources.c.id == number, seen_in(groups))
    row = (await connection.execute(query)).mappings().first()
    return resource_of(row) if row else None


async def resource_at(
    connection: AsyncConnection, key: str, groups: Collection[int]
) -> Resource | None:
    """Return the resource behind a canonical key, a group's own before a shared one."""
    query = with_health().where(resources.c.key == key, seen_in(groups))
    row = (await connection.execute(query.order_by(resources.c.group_id.desc()))).mappings().first()
    return resource_of(row) if row else None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for."""

    category: str = ""
    words: tuple[str, ...] = ()
    limit: int = 6
    offset: int = 0


async def listed(
    connection: AsyncConnection, groups: Collection[int], wanted: Wanted, today: date
) -> Listing:
    """Return listed resources, the best first: in date, not called broken, found useful."""
    where = [resources.c.state == State.LISTED.value, seen_in(groups)]
    if wanted.category:
        where.append(resources.c.category == wanted.category)
    # Folding leaves no character that LIKE knows.
    where += [resources.c.folded.like(f"%{fold(word)}%") for word in wanted.words]
    order = _best_first(wanted.words, today)
    query = select(resources.c.id).where(*where).order_by(*order).limit(_MOST_LISTED)
    numbers = list(await connection.scalars(query))
    shown = numbers[wanted.offset : wanted.offset + wanted.limit]
    return Listing(await _in_order(connection, shown), len(numbers))


async def best_of_each(
    connection: AsyncConnection, groups: Collection[int], today: date
) -> list[tuple[Resource, int]]:
    """Return the best of each category, with how many are listed there."""
    here = resources.c.category
    ranked = (
        select(
            resources.c.id,
            func.count().over(partition_by=here).label("listed"),
            func.row_number()
            .over(partition_by=here, order_by=_best_first((), today))
            .label("rank"),
        )
        .where(resources.c.state == State.LISTED.value, seen_in(groups))
        .subquery()
    )
    query = select(ranked.c.id, ranked.c.listed).where(ranked.c.rank == 1)
    counts = {row.id: row.listed for row in await connection.execute(query)}
    entries = await _in_order(connection, list(counts))
    return [(entry, counts[entry.id]) for entry in entries]


async def categories(connection: AsyncConnection, groups: Collection[int]) -> frozenset[str]:
    """Return the categories in which something is listed."""
    query = (
        select(resources.c.category)
        .where(resources.c.state == State.LISTED.value, seen_in(groups))
        .distinct()
    )
    return frozenset(await connection.scalars(query))


async def every_listed(connection: AsyncConnection, groups: Collection[int]) -> list[Resource]:
    """Return all that is listed, by category, for a file."""
    query = with_health().where(resources.c.state == State.LISTED.value, seen_in(groups))
    rows = (
        await connection.execute(query.order_by(resources.c.category, resources.c.id))
    ).mappings()
    return [resource_of(row) for row in rows]


async def enter(
    connection: AsyncConnection,
    group_id: int,
    link: Link,
    draft: Draft,
    state: State,
    now_ms: int,
) -> int:
    """Enter a link that the group's ledger does not have yet; return its number."""
    values = {
        "group_id": group_id,
        "key": link.key,
        "url": link.url,
        "host": link.host,
        "state": state.value,
        "why": Why.NOTHING.value,
        "seed_id": draft.seed_id,
        "forked_from": None,
        "useful": 0,
        "broken": 0,
        "created_ms": now_ms,
        "updated_ms": now_ms,
        **_described(draft),
    }
    values["folded"] = folded(values)
    made = insert(resources).values(**values).returning(resources.c.id)
    number = (await connection.execute(made)).scalar_one()
    if state is State.LISTED:
        await note_changes(connection, Kind.RESOURCE, [number])
    return number


async def change(
    connection: AsyncConnection, entry: Resource, group_id: int, now_ms: int, **values: Any
) -> int:
    """Change a resource for a group; of a shared one the group gets its own version.

    Returns:
        The number under which the group has it now.
    """
    number = entry.id
    if entry.is_shared and group_id != SHARED:
        number = await _fork(connection, entry, group_id, now_ms)
    row = (await connection.execute(select(resources).where(resources.c.id == number))).mappings()
    changed = {**row.one(), **_storable(values)}
    await connection.execute(
        update(resources)
        .where(resources.c.id == number)
        .values(**_storable(values), folded=folded(changed), updated_ms=now_ms)
    )
    await note_changes(connection, Kind.RESOURCE, [number])
    return number


async def vote(
    connection: AsyncConnection, number: int, user_id: str, now_ms: int, *, useful: bool
) -> bool:
    """Count somebody's vote, once; False if it is the one they had given already."""
    mine = and_(resource_votes.c.resource_id == number, resource_votes.c.user_id == user_id)
    known = (await connection.execute(select(resource_votes.c.useful).where(mine))).scalar()
    if known is useful:
        return False
    if known is None:
        await connection.execute(
            insert(resource_votes).values(
                resource_id=number, user_id=user_id, useful=useful, voted_ms=now_ms
            )
        )
    else:
        await connection.execute(
            update(resource_votes).where(mine).values(useful=useful, voted_ms=now_ms)
        )
    await _count_votes(connection, number)
    return True


async def forget_votes(connection: AsyncConnection, number: int) -> None:
    """Begin to count anew: what was said before somebody looked is settled."""
    await connection.execute(
        resource_votes.delete().where(
            resource_votes.c.resource_id == number, resource_votes.c.useful.is_(False)
        )
    )
    await _count_votes(connection, number)


async def listed_hosts(
    connection: AsyncConnection, hosts: Collection[str], groups: Collection[int]
) -> set[str]:
    """Return those hosts for which a moderator has vouched by listing something there."""
    query = select(resources.c.host).where(
        resources.c.host.in_(hosts), resources.c.state == State.LISTED.value, seen_in(groups)
    )
    return set(await connection.scalars(query))


def resource_of(row: RowMapping) -> Resource:
    """Turn a row of `resources` with its health into the model."""
    return Resource.model_construct(
        **{name: row[name] for name in _PLAIN},
        tags=tuple(json.loads(row["tags"])),
        state=State(row["state"]),
        why=Why(row["why"]),
        outcome=Outcome(row["outcome"] or Outcome.NEVER),
        probed_ms=row["probed_ms"] or 0,
    )


def folded(values: dict[str, Any]) -> str:
    """Return what a search looks through."""
    tags = values["tags"]
    words = json.loads(tags) if isinstance(tags, str) else tags
    parts = (values["title"], values["category"], *words, values["summary"], values["key"])
    return fold("\n".join(parts))


_PLAIN = (
    *("id", "group_id", "key", "url", "host", "title", "summary", "category", "region"),
    *("needs_login", "owner_id", "source", "version", "verified_on", "expires", "deadline"),
    *("seed_id", "forked_from", "useful", "broken"),
)


def with_health() -> Select[Any]:
    """Begin a query for resources with what the last look at them showed."""
    health = resource_probes.c.resource_id == resources.c.id
    return select(resources, resource_probes.c.outcome, resource_probes.c.probed_ms).select_from(
        resources.outerjoin(resource_probes, health)
    )


def _best_first(words: Sequence[str], today: date) -> list[ColumnElement[Any]]:
    over = or_(
        and_(resources.c.expires.is_not(None), resources.c.expires < today),
        and_(resources.c.deadline.is_not(None), resources.c.deadline < today),
    )
    titled = [resources.c.title.contains(word, autoescape=True) for word in words]
    return [
        case((over, 1), else_=0),
        case((resources.c.broken > resources.c.useful, 1), else_=0),
        *(case((title, 0), else_=1) for title in titled),
        # A group's own before what all have.
        case((resources.c.group_id == SHARED, 1), else_=0),
        resources.c.useful.desc(),
        resources.c.verified_on.desc(),
        resources.c.id,
    ]


async def _in_order(connection: AsyncConnection, numbers: Sequence[int]) -> tuple[Resource, ...]:
    """Return the resources with these numbers, in this order."""
    query = with_health().where(resources.c.id.in_(numbers))
    found = {row["id"]: resource_of(row) for row in (await connection.execute(query)).mappings()}
    return tuple(found[number] for number in numbers if number in found)


def _described(draft: Draft) -> dict[str, Any]:
    return {
        "title": draft.title[:LONGEST_TITLE],
        "summary": draft.summary[:LONGEST_SUMMARY],
        "category": draft.category[:LONGEST_CATEGORY],
        "region": draft.region[:32],
        "needs_login": draft.needs_login,
        "owner_id": draft.owner_id,
        "tags": json.dumps([tag[:24] for tag in draft.tags[:_MOST_TAGS]], ensure_ascii=False),
        "source": draft.source,
        "version": draft.version[:64],
        "verified_on": draft.verified_on,
        "expires": draft.expires,
        "deadline": draft.deadline,
    }


def _storable(values: dict[str, Any]) -> dict[str, Any]:
    stored = dict(values)
    if "tags" in stored:
        stored["tags"] = json.dumps(list(stored["tags"])[:_MOST_TAGS], ensure_ascii=False)
    for name in ("state", "why"):
        if name in stored:
            stored[name] = str(stored[name])
    return stored


async def _fork(connection: AsyncConnection, entry: Resource, group_id: int, now_ms: int) -> int:
    query = select(resources).where(resources.c.id == entry.id)
    shared = dict((await connection.execute(query)).mappings().one())
    del shared["id"]
    shared |= {"group_id": group_id, "forked_from": entry.id, "useful": 0, "broken": 0}
    shared |= {"created_ms": now_ms, "updated_ms": now_ms}
    made = insert(resources).values(**shared).returning(resources.c.id)
    return (await connection.execute(made)).scalar_one()


async def _count_votes(connection: AsyncConnection, number: int) -> None:
    counted = select(resource_votes.c.useful, func.count()).where(
        resource_votes.c.resource_id == number
    )
    rows = await connection.execute(counted.group_by(resource_votes.c.useful))
    votes = {bool(useful): count for useful, count in rows}
    await connection.execute(
        update(resources)
        .where(resources.c.id == number)
        .values(useful=votes.get(True, 0), broken=votes.get(False, 0))
    )
