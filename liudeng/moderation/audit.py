"""The audit: every row carries the hash of the one before it, so no row can be changed unseen.

People stand in it by an alias whose owner is kept elsewhere: who is erased is forgotten there, and
the chain still holds.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.db import now_ms
from liudeng.moderation.tables import audit, people

_GENESIS = "留灯"
_BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Entry:
    """Who did what to whom, and why."""

    group_id: int
    actor: int
    """0 is the bot itself."""
    event: str
    subject: int
    action_id: int = 0
    detail: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class AuditRow:
    """An entry as it is kept."""

    seq: int
    time_ms: int
    group_id: int
    actor: int
    event: str
    subject: int
    action_id: int
    detail: str
    hash: str

    def chained_to(self, before: str) -> str:
        """The hash this row must have behind a row with the hash `before`."""
        fields = [getattr(self, name) for name in _FIELDS]
        body = json.dumps([before, *fields], ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(body.encode()).hexdigest()


_FIELDS = ("seq", "time_ms", "group_id", "actor", "event", "subject", "action_id", "detail")


async def record(connection: AsyncConnection, *entries: Entry) -> None:
    """Append entries inside the caller's transaction; the one writer keeps them in order."""
    query = select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(1)
    newest = (await connection.execute(query)).first()
    seq, before = (newest.seq, newest.hash) if newest else (0, _GENESIS)
    rows: list[dict[str, Any]] = []
    for entry in entries:
        seq += 1
        actor, subject = (
            await _alias(connection, entry.actor),
            await _alias(connection, entry.subject),
        )
        detail = json.dumps(dict(entry.detail), ensure_ascii=False, sort_keys=True)
        told = (entry.group_id, actor, entry.event, subject, entry.action_id, detail)
        row = AuditRow(seq, now_ms(), *told, "")
        before = row.chained_to(before)
        rows.append({name: getattr(row, name) for name in _FIELDS} | {"hash": before})
    if rows:
        await connection.execute(insert(audit), rows)


@dataclass(frozen=True, slots=True)
class Verification:
    """How many rows stand, and the first that does not fit, if any."""

    rows: int
    broken_at: int | None = None
    last_hash: str = _GENESIS


async def verify(connection: AsyncConnection) -> Verification:
    """Walk along the chain from its beginning."""
    before, count = _GENESIS, 0
    while True:
        query = select(audit).where(audit.c.seq > count).order_by(audit.c.seq).limit(_BATCH)
        rows = [AuditRow(*row) for row in await connection.execute(query)]
        for row in rows:
            if row.seq != count + 1 or row.chained_to(before) != row.hash:
                return Verification(count, count + 1, before)
            before, count = row.hash, count + 1
        if len(rows) < _BATCH:
            return Verification(count, None, before)


async def last_time_of(connection: AsyncConnection, group_id: int, event: str) -> int:
    """Return when something was last recorded of a group, in UTC epoch milliseconds; 0: never."""
    mine = (audit.c.group_id == group_id) & (audit.c.event == event)
    query = select(audit.c.time_ms).where(mine).order_by(audit.c.seq.desc()).limit(1)
    return await connection.scalar(query) or 0


async def latest(connection: AsyncConnection, groups: Sequence[int], limit: int) -> list[AuditRow]:
    """Return the newest rows of groups, newest first, with the people's own numbers.

    Who was erased has a negative number.
    """
    query = select(audit).where(audit.c.group_id.in_(groups)).order_by(audit.c.seq.desc())
    rows = [AuditRow(*row) for row in await connection.execute(query.limit(limit))]
    pairs = await connection.execute(select(people.c.alias, people.c.user_id))
    known = {row.alias: row.user_id for row in pairs}
    return [
        replace(row, actor=_number(known, row.actor), subject=_number(known, row.subject))
        for row in rows
    ]


async def _alias(connection: AsyncConnection, user_id: int) -> int:
    """The alias of somebody, a new one if they have none; nobody has 0."""
    if not user_id:
        return 0
    query = select(people.c.alias).where(people.c.user_id == user_id)
    known = (await connection.execute(query)).scalar()
    if known is not None:
        return known
    result = await connection.execute(insert(people).values(user_id=user_id))
    assert result.inserted_primary_key is not None
    return int(result.inserted_primary_key[0])


def _number(known: dict[int, int], alias: int) -> int:
    return known.get(alias, -alias) if alias else 0
