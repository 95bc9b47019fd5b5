"""The rows of probes: what is due, and what a look changed."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.library.index import Kind, note_changes
from liudeng.resources.entry import Outcome, State, Why
from liudeng.resources.probing.limits import ProbeLimits
from liudeng.resources.probing.looking import Face, Look
from liudeng.resources.tables import resource_probes, resources

_LOOKED_AT = (State.LISTED.value, State.HIDDEN.value)
_WELL = (Outcome.GOOD, Outcome.CLOSED, Outcome.UNASKED)


@dataclass(frozen=True, slots=True)
class Due:
    """A page that is to be looked at."""

    resource_id: int
    url: str
    host: str
    state: State
    failures: int
    face: Face


@dataclass(frozen=True, slots=True)
class Settled:
    """What a look led to."""

    hidden: Why = Why.NOTHING


async def enroll(connection: AsyncConnection, now_ms: int) -> None:
    """Give every listed resource without one a row, due now; drop the rows of what is gone."""
    have = select(resource_probes.c.resource_id)
    new = select(resources.c.id).where(
        resources.c.state == State.LISTED.value, resources.c.id.not_in(have)
    )
    rows = [
        {
            "resource_id": number,
            "outcome": Outcome.NEVER.value,
            "status": 0,
            "probed_ms": 0,
            "good_ms": None,
            "failures": 0,
            "due_ms": now_ms,
            "fingerprint": "",
            "page_title": "",
            "landed_on": "",
        }
        for number in await connection.scalars(new)
    ]
    if rows:
        await connection.execute(insert(resource_probes), rows)
    gone = select(resources.c.id).where(resources.c.state.in_(_LOOKED_AT))
    await connection.execute(
        delete(resource_probes).where(resource_probes.c.resource_id.not_in(gone))
    )


async def due(
    connection: AsyncConnection, now_ms: int, limit: int, without: Collection[int]
) -> list[Due]:
    """Return what is due, longest overdue first."""
    query = (
        select(resource_probes, resources.c.url, resources.c.host, resources.c.state)
        .join(resources, resources.c.id == resource_probes.c.resource_id)
        .where(resource_probes.c.due_ms <= now_ms, resources.c.state.in_(_LOOKED_AT))
        .where(resource_probes.c.resource_id.not_in(without))
        .order_by(resource_probes.c.due_ms)
        .limit(limit)
    )
    return [
        Due(
            row.resource_id,
            row.url,
            row.host,
            State(row.state),
            row.failures,
            Face(row.fingerprint, row.page_title, row.landed_on),
        )
        for row in await connection.execute(query)
    ]


async def next_due_ms(connection: AsyncConnection) -> int | None:
    """Return when the next look is due."""
    return (await connection.execute(select(func.min(resource_probes.c.due_ms)))).scalar()


async def settle(
    connection: AsyncConnection, looked_at: Due, look: Look, limits: ProbeLimits, now_ms: int
) -> Settled:
    """Note a look. What is dead, or another page than before, is hidden and waits for people."""
    well = look.outcome in _WELL
    failures = 0 if well or look.outcome is Outcome.CHANGED else looked_at.failures + 1
    why = _why_hidden(look.outcome, failures, limits)
    pause = limits.every if well else limits.when_dead if why else limits.after_trouble
    values = {
        "outcome": look.outcome.value,
        "status": look.status,
        "probed_ms": now_ms,
        "failures": failures,
        "due_ms": now_ms + int(pause * 1000),
    }
    if well:
        values["good_ms"] = now_ms
    if look.outcome is Outcome.GOOD:
        # Pages change a little all the time: what is compared with goes along with them.
        values |= {"fingerprint": look.face.fingerprint, "page_title": look.face.title}
        values["landed_on"] = look.face.landed_on
    mine = resource_probes.c.resource_id == looked_at.resource_id
    await connection.execute(update(resource_probes).where(mine).values(**values))
    if why is Why.NOTHING or looked_at.state is not State.LISTED:
        return Settled()
    await connection.execute(
        update(resources)
        .where(resources.c.id == looked_at.resource_id, resources.c.state == State.LISTED.value)
        .values(state=State.HIDDEN.value, why=why.value, updated_ms=now_ms)
    )
    await note_changes(connection, Kind.RESOURCE, [looked_at.resource_id])
    return Settled(why)


async def postpone(connection: AsyncConnection, resource_id: int, until_ms: int) -> None:
    """Look again later, and count nothing against the page."""
    mine = resource_probes.c.resource_id == resource_id
    await connection.execute(update(resource_probes).where(mine).values(due_ms=until_ms))


async def look_anew(connection: AsyncConnection, resource_id: int) -> None:
    """Forget how a page was: somebody vouches for what it is now."""
    await connection.execute(
        delete(resource_probes).where(resource_probes.c.resource_id == resource_id)
    )


def _why_hidden(outcome: Outcome, failures: int, limits: ProbeLimits) -> Why:
    if outcome is Outcome.CHANGED:
        return Why.CHANGED
    if outcome is Outcome.FORBIDDEN:
        return Why.DEAD
    enough = limits.gone_after if outcome is Outcome.GONE else limits.dead_after
    return Why.DEAD if failures >= enough else Why.NOTHING
