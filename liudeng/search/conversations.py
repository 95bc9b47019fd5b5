"""Hits that stand close together are one result: a conversation, not each of its lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import ScalarSelect, func, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive.message import StoredMessage
from liudeng.archive.tables import messages

_WITHIN_MS = 3 * 60_000
_MESSAGES_APART = 6


@dataclass(frozen=True, slots=True)
class Conversation:
    """Hits of one group, each within minutes and a few messages of the one before."""

    hits: tuple[StoredMessage, ...]
    """In the order in which they were found; the first one stands for all."""

    @property
    def first(self) -> StoredMessage:
        """The hit that is shown."""
        return self.hits[0]


async def conversations(
    connection: AsyncConnection, hits: Sequence[StoredMessage], limit: int
) -> list[Conversation]:
    """Gather hits, in the order of their time, into at most `limit` conversations.

    It stops where one more would begin, so that the hits taken are the first ones of `hits`.
    """
    close = await _close_pairs(connection, hits)
    gathered: list[list[StoredMessage]] = []
    latest: dict[int, list[StoredMessage]] = {}
    for hit in hits:
        running = latest.get(hit.group_id)
        if running and (running[-1].id, hit.id) in close:
            running.append(hit)
            continue
        if len(gathered) == limit:
            break
        gathered.append([hit])
        latest[hit.group_id] = gathered[-1]
    return [Conversation(tuple(each)) for each in gathered]


async def _close_pairs(
    connection: AsyncConnection, hits: Sequence[StoredMessage]
) -> set[tuple[int, int]]:
    """Return which neighbouring hits of a group belong together."""
    by_group: dict[int, list[StoredMessage]] = {}
    for hit in hits:
        by_group.setdefault(hit.group_id, []).append(hit)
    near = [
        pair
        for said in by_group.values()
        for pair in pairwise(said)
        if abs(pair[0].time_ms - pair[1].time_ms) <= _WITHIN_MS
    ]
    if not near:
        return set()
    between = select(*(_said_between(*pair) for pair in near))
    apart = (await connection.execute(between)).one()
    return {
        (one.id, other.id)
        for (one, other), count in zip(near, apart, strict=True)
        if count < _MESSAGES_APART
    }


def _said_between(one: StoredMessage, other: StoredMessage) -> ScalarSelect[int]:
    low, high = sorted((one.id, other.id))
    inside = (
        select(literal(1))
        .where(messages.c.group_id == one.group_id, messages.c.id > low, messages.c.id < high)
        .limit(_MESSAGES_APART)
        .subquery()
    )
    return select(func.count()).select_from(inside).scalar_subquery()
