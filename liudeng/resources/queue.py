"""What waits for a moderator: candidates, and listed links that need another look."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.resources.entry import Resource, State, Why
from liudeng.resources.ledger import resource_of, seen_in, with_health
from liudeng.resources.sightings import Sighting, sightings_of, still_said
from liudeng.resources.tables import link_sightings, resources

CALLED_BROKEN = 2
"""So many more 失效 than 有用 ask for a look."""
MOST_CANDIDATES = 3_000
"""In one group; beyond that new links are not queued until somebody works some off."""
_KEPT_FOR = timedelta(days=90)
"""A candidate nobody cared for in so long is forgotten."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A link that was posted, and how."""

    entry: Resource
    sighting: Sighting


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of what waits."""

    candidates: tuple[Candidate, ...]
    waiting: int
    """Candidates in all."""
    troubled: tuple[Resource, ...]
    """Listed or hidden ones that need another look."""


async def queue(
    connection: AsyncConnection, groups: Collection[int], today: date, limit: int, offset: int
) -> Queue:
    """Return what waits in these groups: what was posted most often first."""
    is_waiting = and_(
        resources.c.group_id.in_(groups),
        resources.c.state == State.CANDIDATE.value,
        still_said(),
    )
    total = select(func.count()).select_from(resources).where(is_waiting)
    waiting = (await connection.execute(total)).scalar_one()
    often = (
        select(func.count())
        .where(link_sightings.c.resource_id == resources.c.id)
        .correlate(resources)
        .scalar_subquery()
    )
    query = (
        with_health()
        .where(is_waiting)
        .order_by(often.desc(), resources.c.id.desc())
        .limit(limit)
        .offset(offset)
    )
    entries = [resource_of(row) for row in (await connection.execute(query)).mappings()]
    seen = await sightings_of(connection, [entry.id for entry in entries])
    return Queue(
        tuple(Candidate(entry, seen[entry.id]) for entry in entries if entry.id in seen),
        waiting,
        await troubled(connection, groups, today, limit),
    )


async def troubled(
    connection: AsyncConnection, groups: Collection[int], today: date, limit: int
) -> tuple[Resource, ...]:
    """Return what needs another look: dead, changed, past its date, or called broken."""
    past = [
        and_(day.is_not(None), day < today) for day in (resources.c.expires, resources.c.deadline)
    ]
    needs_it: ColumnElement[bool] = or_(
        and_(
            resources.c.state == State.HIDDEN.value,
            resources.c.why.in_([Why.DEAD.value, Why.CHANGED.value]),
        ),
        and_(
            resources.c.state == State.LISTED.value,
            or_(*past, resources.c.broken - resources.c.useful >= CALLED_BROKEN),
        ),
    )
    query = with_health().where(needs_it, seen_in(groups)).order_by(resources.c.id).limit(limit)
    return tuple(resource_of(row) for row in (await connection.execute(query)).mappings())


async def candidates_in(connection: AsyncConnection, group_id: int) -> int:
    """Return how many links wait in a group."""
    query = select(func.count()).where(
        resources.c.group_id == group_id, resources.c.state == State.CANDIDATE.value
    )
    return (await connection.execute(query)).scalar_one()


async def forget_old_candidates(connection: AsyncConnection, now_ms: int) -> int:
    """Delete candidates nobody decided on for long; return how many went."""
    before = now_ms - int(_KEPT_FOR.total_seconds() * 1000)
    old = (resources.c.state == State.CANDIDATE.value) & (resources.c.updated_ms < before)
    numbers = select(resources.c.id).where(old)
    await connection.execute(
        delete(link_sightings).where(link_sightings.c.resource_id.in_(numbers))
    )
    return (await connection.execute(delete(resources).where(old))).rowcount
