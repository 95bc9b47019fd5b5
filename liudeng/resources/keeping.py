"""The task that keeps the ledger tidy: recalls, what nobody decided on, the moderators' letter."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.db import Database, explain, now_ms
from liudeng.outbox import Kind, Letter, Target, post, text_segment
from liudeng.resources import texts
from liudeng.resources.queue import candidates_in, forget_old_candidates, troubled
from liudeng.resources.sightings import forget_unsaid
from liudeng.roster import Roster
from liudeng.tasks import end

log = logging.getLogger(__name__)

_LOOK_EVERY_S = 600.0
_RETRY_S = 30.0
_TELL_FROM = 10
"""The hour, in the bot's zone, from which moderators are told of what waits; once a day."""
_MOST_NAMED = 8
_LIFETIME_MS = 12 * 3600_000


class LedgerKeeper:
    """Owns the task."""

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
        self._told_on: date | None = None
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def recalled(self, _message_rows: Sequence[int]) -> None:
        """Tell that messages were recalled; fits `LogWriter.on_recall`."""
        self.wake()

    def wake(self) -> None:
        """Look again now."""
        self._idle.clear()
        self._wake.set()

    async def idle(self) -> None:
        """Wait until everything is tidy."""
        self.wake()
        await self._idle.wait()

    async def start(self) -> None:
        """Begin, with what was recalled while nobody watched."""
        self._task = asyncio.create_task(self._run(), name="ledger-keeper")

    async def close(self) -> None:
        """Stop; what is left is seen to after the next start."""
        await end(self._task)
        self._task = None

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            pause = _LOOK_EVERY_S
            try:
                await self._tidy()
            except Exception as error:
                log.error("资源整理暂停：%s", explain(error).advice)
                log.debug("tidying failed", exc_info=error)
                pause = _RETRY_S
            if not self._wake.is_set():
                self._idle.set()
            # Not `wait_for`: on Python 3.11 it loses a cancellation that meets a wake-up.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._wake.wait()

    async def _tidy(self) -> None:
        async with self._database.write() as connection:
            await forget_unsaid(connection)
            await forget_old_candidates(connection, now_ms())
        now = self._clock()
        if now.hour < _TELL_FROM or now.date() == self._told_on or not self._roster.has_friends:
            return
        posted = 0
        async with self._database.write() as connection:
            for group_id in self._roster.moderated_groups():
                posted += await self._tell(connection, group_id, now.date())
        self._told_on = now.date()
        if posted:
            self._on_posted()

    async def _tell(self, connection: AsyncConnection, group_id: int, today: date) -> int:
        """Tell a group's moderators which links need another look; nothing if none does."""
        found = await troubled(connection, (group_id,), today, _MOST_NAMED)
        mine = [entry for entry in found if entry.group_id == group_id]
        if not mine:
            return 0
        waiting = await candidates_in(connection, group_id)
        lines = [f"「{self._roster.group_name(group_id)}」有收录的链接要再看一眼："]
        lines += [texts.trouble_line(entry, today) for entry in mine]
        lines.append("好的发「核实链接 编号」，不要的发「下架 编号」。")
        if waiting:
            lines.append(f"另外有 {waiting} 条候选等着，发「候选」看。")
        # The same troubles are told of once, not every morning.
        same = "-".join(f"{entry.id}{entry.why}" for entry in mine)
        posted = 0
        for user_id in sorted(self._roster.moderators(group_id)):
            if self._roster.is_friend(user_id):
                key = f"links:{group_id}:{user_id}:{same}"
                posted += await post(connection, _letter(key, user_id, "\n".join(lines)))
        return posted


def _letter(key: str, user_id: int, words: str) -> Letter:
    return Letter(
        key=key,
        kind=Kind.NOTICE,
        target=Target.PRIVATE,
        target_id=user_id,
        segments=(text_segment(words),),
        lifetime_ms=_LIFETIME_MS,
    )
