"""The audit: every row carries the hash of the one before it, so no row can be changed unseen."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.db import now_ms
from liudeng.moderation.tables import audit

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
        detail = json.dumps(dict(entry.detail), ensure_ascii=False, sort_keys=True)
        told = (entry.group_id, entry.actor, entry.event, entry.subject, entry.action_id, detail)
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


async def latest(
    connection: AsyncConnection, groups: Sequence[int], limit: int, subject: int | None = None
) -> list[AuditRow]:
    """Return the newest rows of groups, newest first."""
    query = select(audit).where(audit.c.group_id.in_(groups)).order_by(audit.c.seq.desc())
    if subject is not None:
        query = query.where(audit.c.subject == subject)
    return [AuditRow(*row) for row in await connection.execute(query.limit(limit))]
