"""Retention: what is old enough to go, by group and by kind; counted first, erased daily."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive.tables import groups, messages
from liudeng.db import Database
from liudeng.desk.personal import (
    closed_before,
    erase_cases,
    erase_events,
    held_open,
    looks_before,
)
from liudeng.library.personal import messages_on_the_wall
from liudeng.media.erasing import detach
from liudeng.media.tables import attachments, media
from liudeng.ocr.erasing import forget_messages
from liudeng.privacy.sweeping import BATCH, Sweeper

DAY_MS = 24 * 3600_000
EVERY_GROUP = "*"


class RetentionKind(StrEnum):
    """What is kept for how long."""

    MESSAGES = "messages"
    MEDIA = "media"
    CASES = "cases"
    AUDIT = "audit"
    """Who looked at closed cases."""


Rules = Mapping[str, Mapping[RetentionKind, int]]
"""Group id, or `*`, to kind to days; 0 days is for ever."""


def rules_of(told: Mapping[str, Mapping[Any, int]]) -> Rules:
    """Return the rules as the settings tell them, with kinds as words."""
    return {
        group: {RetentionKind(kind): days for kind, days in kinds.items()}
        for group, kinds in told.items()
    }


TITLES = {
    RetentionKind.MESSAGES: "消息",
    RetentionKind.MEDIA: "图片和文件",
    RetentionKind.CASES: "案件",
    RetentionKind.AUDIT: "查看记录",
}


@dataclass(frozen=True, slots=True)
class Due:
    """What of one kind is old enough in one group."""

    group_id: int
    kind: RetentionKind
    days: int
    rows: tuple[int, ...]
    """`messages.id`, or `cases.id`, or `case_events.id`."""


def days_of(rules: Rules, group_id: int, kind: RetentionKind) -> int:
    """Return for how many days something is kept; 0 for ever."""
    own = rules.get(str(group_id), {})
    return own[kind] if kind in own else rules.get(EVERY_GROUP, {}).get(kind, 0)


class Retention:
    """Finds what is old enough, and erases it.

    What stands on the wall stays, and what an open case rests on.
    """

    def __init__(self, database: Database, sweeper: Sweeper, rules: Rules) -> None:
        self._database = database
        self._sweeper = sweeper
        self._rules = rules

    async def due(self, now_ms: int) -> list[Due]:
        """Return what would be erased now."""
        if not self._rules:
            return []
        async with self._database.read() as connection:
            found = [
                await self._due(connection, group_id, kind, now_ms)
                for group_id in await _known_groups(connection)
                for kind in RetentionKind
            ]
        return [due for due in found if due is not None and due.rows]

    async def enforce(self, now_ms: int) -> int:
        """Erase what is old enough; return how many rows. Files go with the sweep."""
        erased = 0
        for due in await self.due(now_ms):
            await self._erase(due)
            erased += len(due.rows)
        return erased

    async def _due(
        self, connection: AsyncConnection, group_id: int, kind: RetentionKind, now_ms: int
    ) -> Due | None:
        days = days_of(self._rules, group_id, kind)
        if not days:
            return None
        before = now_ms - days * DAY_MS
        match kind:
            case RetentionKind.CASES:
                rows = await closed_before(connection, group_id, before)
            case RetentionKind.AUDIT:
                rows = await looks_before(connection, group_id, before)
            case _:
                rows = await _old_messages(connection, group_id, kind, before)
        return Due(group_id, kind, days, tuple(rows))

    async def _erase(self, due: Due) -> None:
        if due.kind is RetentionKind.MESSAGES:
            await self._sweeper.erase(due.rows)
            return
        for start in range(0, len(due.rows), BATCH):
            chunk = due.rows[start : start + BATCH]
            async with self._database.write() as connection:
                match due.kind:
                    case RetentionKind.MEDIA:
                        await forget_messages(connection, chunk)
                        await detach(connection, chunk)
                    case RetentionKind.CASES:
                        await erase_cases(connection, chunk)
                    case _:
                        await erase_events(connection, chunk)


async def _known_groups(connection: AsyncConnection) -> list[int]:
    """Return every group that has an archive, also imported ones the bot was never in."""
    met = set(await connection.scalars(select(groups.c.group_id)))
    said = set(await connection.scalars(select(messages.c.group_id).distinct()))
    return sorted(met | said)


async def _old_messages(
    connection: AsyncConnection, group_id: int, kind: RetentionKind, before_ms: int
) -> list[int]:
    conditions: list[ColumnElement[bool]] = [
        messages.c.group_id == group_id,
        messages.c.time_ms < before_ms,
    ]
    if kind is RetentionKind.MEDIA:
        carries = select(attachments.c.message_row).distinct()
        conditions.append(messages.c.id.in_(carries))
    query = select(messages.c.id).where(*conditions).order_by(messages.c.id)
    stays = await messages_on_the_wall(connection) | await held_open(connection)
    return [row for row in await connection.scalars(query) if row not in stays]


async def bytes_of_media(connection: AsyncConnection, rows: tuple[int, ...]) -> int:
    """Return how large the files are that these messages carry."""
    total = 0
    for start in range(0, len(rows), BATCH):
        chunk = rows[start : start + BATCH]
        hashes = select(attachments.c.sha256).where(attachments.c.message_row.in_(chunk)).distinct()
        query = select(func.sum(media.c.size)).where(media.c.sha256.in_(hashes))
        total += (await connection.execute(query)).scalar() or 0
    return total
