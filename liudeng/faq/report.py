"""The week's report to moderators: what nobody could answer, what is stale, what nobody uses."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.db import Database, explain
from liudeng.faq.entry import Entry, State
from liudeng.faq.gaps import Gap, open_gaps
from liudeng.faq.store import counts_for, entries_where
from liudeng.faq.tables import faq_entries, faq_uses, faq_votes
from liudeng.outbox import Kind, Letter, Target, post, text_segment
from liudeng.roster import Roster
from liudeng.tasks import end

log = logging.getLogger(__name__)

_WEEKDAY, _HOUR = 0, 10
"""Mondays from ten in the morning, in the bot's zone."""
_LOOK_EVERY_S = 60.0
_SHOWN = 5
_UNUSED_AFTER = timedelta(days=60)
_LIFETIME_MS = 3 * 24 * 3600_000


class WeeklyReport:
    """Owns the task that posts the report, once a week and after a late start."""

    def __init__(
        self,
        database: Database,
        roster: Roster,
        zone: ZoneInfo,
        on_posted: Callable[[], None],
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        self._database = database
        self._roster = roster
        self._on_posted = on_posted
        self._clock = clock or (lambda: datetime.now(zone))
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin, with this week's report if it is due."""
        self._task = asyncio.create_task(self._run(), name="faq-report")

    async def close(self) -> None:
        """Stop; what was not posted is due at the next start."""
        await end(self._task)
        self._task = None

    async def look(self) -> int:
        """Post what is due now; return how many letters that were."""
        now = self._clock()
        due = now.weekday() > _WEEKDAY or now.hour >= _HOUR
        if not due:
            return 0
        posted = 0
        for group_id in self._roster.moderated_groups():
            async with self._database.write() as connection:
                posted += await self._post(connection, group_id, now.date())
        if posted:
            self._on_posted()
        return posted

    async def _run(self) -> None:
        while True:
            try:
                await self.look()
            except Exception as error:
                log.error("问答周报还没发出去，稍后再试：%s", explain(error).advice)
                log.debug("faq report failed", exc_info=error)
            await asyncio.sleep(_LOOK_EVERY_S)

    async def _post(self, connection: AsyncConnection, group_id: int, today: date) -> int:
        friends = [one for one in self._roster.moderators(group_id) if self._roster.is_friend(one)]
        if not friends:
            return 0
        text = await report_text(connection, group_id, self._roster.group_name(group_id), today)
        if not text:
            return 0
        year, week, _ = today.isocalendar()
        return sum(
            [
                await post(connection, _letter(f"faq-report:{group_id}:{year}-{week}", one, text))
                for one in friends
            ]
        )


async def report_text(
    connection: AsyncConnection, group_id: int, group_name: str, today: date
) -> str:
    """Return the report of a group; empty when there is nothing to do."""
    gaps = await open_gaps(connection, group_id, _SHOWN)
    live = faq_entries.c.state == State.LIVE.value
    entries = await entries_where(connection, counts_for([group_id]), live)
    stale = [entry for entry in entries if entry.is_stale(today)]
    old = [entry for entry in entries if entry.created_on + _UNUSED_AFTER <= today]
    used = await _used(connection)
    disliked = await _disliked(connection)
    parts = [
        _gaps_part(gaps),
        _entries_part("很久没人核实（看过没问题就发「核实 编号」）", stale),
        _entries_part("多数人觉得没用", [entry for entry in entries if entry.id in disliked]),
        _entries_part("两个月没人问过", [entry for entry in old if entry.id not in used]),
    ]
    found = [part for part in parts if part]
    return "\n".join([f"【{group_name}】本周问答：", *found]) if found else ""


async def _used(connection: AsyncConnection) -> set[int]:
    return set(await connection.scalars(select(faq_uses.c.entry_id).distinct()))


async def _disliked(connection: AsyncConnection) -> set[int]:
    useful = func.sum(case((faq_votes.c.useful, 1), else_=-1))
    query = select(faq_votes.c.entry_id).group_by(faq_votes.c.entry_id).having(useful < -1)
    return set(await connection.scalars(query))


def _gaps_part(gaps: Sequence[Gap]) -> str:
    if not gaps:
        return ""
    listed = "\n".join(f"　待答 {gap.id}　{gap.question}（{gap.times} 次）" for gap in gaps)
    return f"· 还没有答案（发「补答 编号 答案」）：\n{listed}"


def _entries_part(title: str, entries: Sequence[Entry]) -> str:
    if not entries:
        return ""
    listed = "\n".join(f"　{entry.id}　{entry.body.question}" for entry in entries[:_SHOWN])
    more = f"\n　…共 {len(entries)} 条" if len(entries) > _SHOWN else ""
    return f"· {title}：\n{listed}{more}"


def _letter(key: str, user_id: int, text: str) -> Letter:
    return Letter(
        key=f"{key}:{user_id}",
        kind=Kind.NOTICE,
        target=Target.PRIVATE,
        target_id=user_id,
        segments=(text_segment(text),),
        lifetime_ms=_LIFETIME_MS,
    )
