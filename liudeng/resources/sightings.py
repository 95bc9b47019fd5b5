"""Who posted a link, how often, and what stood around it: read from the messages themselves."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive import messages_by_id, shown_text
from liudeng.archive.tables import messages
from liudeng.resources.entry import State
from liudeng.resources.tables import link_sightings, resources, short_links

_WORDS_SHOWN = 80
_LINK = re.compile(r"https?://\S+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sighting:
    """How a link came up in a group."""

    count: int
    first_name: str
    first_ms: int
    words: str
    """What the first who posted it said, without links, cut to one line."""


async def note_sightings(connection: AsyncConnection, seen: Collection[tuple[int, int]]) -> None:
    """Note pairs of a message's row and a resource; those known already change nothing."""
    rows = {row for row, _ in seen}
    query = select(link_sightings).where(link_sightings.c.message_row.in_(rows))
    known = {(row.message_row, row.resource_id) for row in await connection.execute(query)}
    new = [{"message_row": row, "resource_id": number} for row, number in sorted({*seen} - known)]
    if new:
        await connection.execute(insert(link_sightings), new)


async def sightings_of(
    connection: AsyncConnection, numbers: Collection[int]
) -> dict[int, Sighting]:
    """Return how each of these resources came up; recalled messages say nothing any more."""
    query = (
        select(
            link_sightings.c.resource_id,
            func.count().label("times"),
            func.min(link_sightings.c.message_row).label("first"),
        )
        .join(messages, messages.c.id == link_sightings.c.message_row)
        .where(link_sightings.c.resource_id.in_(numbers), messages.c.recalled_ms.is_(None))
        .group_by(link_sightings.c.resource_id)
    )
    rows = (await connection.execute(query)).all()
    first = {one.id: one for one in await messages_by_id(connection, [row.first for row in rows])}
    found: dict[int, Sighting] = {}
    for row in rows:
        message = first[row.first]
        words = _without_links(shown_text(message.segments))
        found[row.resource_id] = Sighting(row.times, message.display_name, message.time_ms, words)
    return found


def still_said() -> ColumnElement[bool]:
    """Return whether a message that carries the resource still stands."""
    return exists(
        select(link_sightings.c.resource_id)
        .join(messages, messages.c.id == link_sightings.c.message_row)
        .where(link_sightings.c.resource_id == resources.c.id, messages.c.recalled_ms.is_(None))
    )


async def forget_unsaid(connection: AsyncConnection) -> int:
    """Delete the candidates that only recalled messages carried; return how many went."""
    unsaid = delete(resources).where(resources.c.state == State.CANDIDATE.value, ~still_said())
    gone = (await connection.execute(unsaid)).rowcount
    if gone:
        left = select(resources.c.id)
        await connection.execute(
            delete(link_sightings).where(link_sightings.c.resource_id.not_in(left))
        )
        await _forget_short_links(connection)
    return gone


async def _forget_short_links(connection: AsyncConnection) -> None:
    """Forget short links that lead to nothing that is kept: they stood in what was recalled."""
    posted, led_to = select(resources.c.key), select(resources.c.url)
    unsaid = short_links.c.key.not_in(posted) & short_links.c.target.not_in(led_to)
    await connection.execute(delete(short_links).where(unsaid))


async def move_sightings(connection: AsyncConnection, old: int, new: int) -> None:
    """Let what carried one resource carry another: a short link was followed."""
    already = select(link_sightings.c.message_row).where(link_sightings.c.resource_id == new)
    mine = link_sightings.c.resource_id == old
    await connection.execute(
        delete(link_sightings).where(mine, link_sightings.c.message_row.in_(already))
    )
    await connection.execute(update(link_sightings).where(mine).values(resource_id=new))


def _without_links(text: str) -> str:
    line = " ".join(_LINK.sub(" ", text).split())
    return line if len(line) <= _WORDS_SHOWN else f"{line[: _WORDS_SHOWN - 1]}…"
