"""What the watcher said and what became of it, for the moderators and for its report."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive import StoredMessage, messages_by_id
from liudeng.arming.tables import watch_firings
from liudeng.desk import CaseKind, Signal

MOST = 5_000
"""Firings looked at in one question."""
_SAME_CASE_MS = 24 * 3600_000


class Held(StrEnum):
    """Why nobody was told."""

    NOT = ""
    DRY_RUN = "dry-run"
    TOO_WEAK = "too-weak"
    """Below the operator's own threshold."""


@dataclass(frozen=True, slots=True)
class Firing:
    """One time the watcher spoke."""

    at_ms: int
    group_id: int
    case_id: int | None
    message_row: int | None
    kind: CaseKind
    held: Held
    rules: tuple[str, ...]
    score: float | None


async def record(
    connection: AsyncConnection, signal: Signal, case_id: int | None, held: Held
) -> None:
    """Keep what spoke, in the transaction in which people are told or not."""
    await connection.execute(
        insert(watch_firings).values(
            at_ms=signal.time_ms,
            group_id=signal.group_id,
            case_id=case_id,
            message_row=signal.message_row,
            kind=signal.kind.value,
            held=held.value,
            rules=json.dumps(signal.rules),
            score=signal.score,
        )
    )


async def is_recorded(connection: AsyncConnection, signal: Signal) -> bool:
    """Tell whether the same rules spoke on the same message before."""
    query = select(watch_firings.c.id).where(
        watch_firings.c.message_row == signal.message_row,
        watch_firings.c.group_id == signal.group_id,
        watch_firings.c.rules == json.dumps(signal.rules),
    )
    return (await connection.execute(query.limit(1))).first() is not None


async def firings(
    connection: AsyncConnection, group_id: int | None = None, since_ms: int = 0
) -> list[Firing]:
    """Return the newest firings of a group, or of all, oldest first."""
    query = select(watch_firings).where(watch_firings.c.at_ms >= since_ms)
    if group_id is not None:
        query = query.where(watch_firings.c.group_id == group_id)
    query = query.order_by(watch_firings.c.at_ms.desc(), watch_firings.c.id.desc()).limit(MOST)
    found = [
        Firing(
            at_ms=row.at_ms,
            group_id=row.group_id,
            case_id=row.case_id,
            message_row=row.message_row,
            kind=CaseKind(row.kind),
            held=Held(row.held),
            rules=tuple(json.loads(row.rules)),
            score=row.score,
        )
        for row in await connection.execute(query)
    ]
    return found[::-1]


async def messages_of(
    connection: AsyncConnection, some: Sequence[Firing]
) -> dict[int, StoredMessage]:
    """Return the messages of firings by their `id`, without recalled ones."""
    rows = [one.message_row for one in some if one.message_row is not None]
    found: dict[int, StoredMessage] = {}
    for start in range(0, len(rows), 500):
        for message in await messages_by_id(connection, rows[start : start + 500]):
            if message.recalled_ms is None:
                found[message.id] = message
    return found


def alerts_among(some: Sequence[Firing], authors: Mapping[int, str]) -> list[Firing]:
    """Return one firing for what would have been one case: a person, a kind, a day.

    `authors` tells who wrote a message, by its `id`.
    """
    last: dict[tuple[str, CaseKind], int] = {}
    alerts = []
    for one in some:
        author = authors.get(one.message_row or 0, str(one.message_row))
        key = (author, one.kind)
        if one.at_ms - last.get(key, -_SAME_CASE_MS) >= _SAME_CASE_MS:
            alerts.append(one)
            last[key] = one.at_ms
    return alerts
