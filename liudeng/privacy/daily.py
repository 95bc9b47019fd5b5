"""Once a day, and after a late start: what is old goes, what was recalled is wiped."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from liudeng.db import Database, explain, now_ms
from liudeng.desk.personal import CaseHolder, closed_subjects
from liudeng.privacy.erasure import Erasure
from liudeng.privacy.leaving import Leaving
from liudeng.privacy.marks import all_marks, set_mark
from liudeng.privacy.recalls import wipe_recalled
from liudeng.privacy.register import Register
from liudeng.privacy.retention import Retention
from liudeng.privacy.sweeping import Sweeper
from liudeng.privacy.wall_only import WallOnly
from liudeng.tasks import end

log = logging.getLogger(__name__)

QUIET_HOUR = 4
"""The hour, in the bot's zone, in which the day's erasing is done."""
_LOOK_EVERY_S = 60.0
_WIPE_EVERY_S = 600.0
_MISSED_MS = 26 * 3600_000
"""When the file was not rewritten for so long, the quiet hour was missed."""
_SWEPT, _UNSWEPT = "swept", "unswept"


@dataclass(frozen=True, slots=True)
class Chores:
    """What is done, each in its own part of the room."""

    erasure: Erasure
    retention: Retention
    leaving: Leaving
    wall_only: WallOnly


class Daily:
    """Owns the task that does what nobody has to ask for."""

    def __init__(
        self,
        database: Database,
        register: Register,
        sweeper: Sweeper,
        chores: Chores,
        wipe_after_ms: int,
        zone: ZoneInfo,
        clock: Callable[[], int] = now_ms,
    ) -> None:
        self._database = database
        self._register = register
        self._sweeper = sweeper
        self._chores = chores
        self._wipe_after_ms = wipe_after_ms
        self._zone = zone
        self._clock = clock
        self._done: date | None = None
        self._wiped_ms = 0
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin, with erasures that a crash has interrupted."""
        self._task = asyncio.create_task(self._run(), name="privacy-daily")

    async def close(self) -> None:
        """Stop; what is due then is done after the next start."""
        await end(self._task)
        self._task = None

    def wake(self) -> None:
        """Look now: an operator has decided something."""
        self._done = None
        self._wake.set()

    async def tidy(self) -> int:
        """Do the day's work; return how much was erased.

        The file is rewritten in the quiet hour alone, or when it was missed: whoever restarts the
        bot in the afternoon does not want alerts to wait for it.
        """
        now = self._clock()
        rewrites = await self._may_rewrite(now)
        await self._chores.erasure.go_on(at_any_size=rewrites)
        erased = await self._chores.retention.enforce(now)
        erased += await self._chores.wall_only.sweep(now)
        erased += await self._empty_cases_of_erased()
        erased += await self._chores.leaving.erase_due()
        erased += await wipe_recalled(self._database, now - self._wipe_after_ms)
        if erased:
            await self._sweeper.drop_files()
            await self._mark(**{_UNSWEPT: "1"})
        if rewrites and await self._is_unswept():
            await self._sweeper.leave_no_trace()
            await self._mark(**{_UNSWEPT: "", _SWEPT: str(now)})
        return erased

    async def _may_rewrite(self, now: int) -> bool:
        if datetime.fromtimestamp(now / 1000, self._zone).hour == QUIET_HOUR:
            return True
        async with self._database.read() as connection:
            last = (await all_marks(connection)).get(_SWEPT, "0")
        return now - int(last) >= _MISSED_MS

    async def _is_unswept(self) -> bool:
        async with self._database.read() as connection:
            return bool((await all_marks(connection)).get(_UNSWEPT))

    async def _mark(self, **marks: str) -> None:
        async with self._database.write() as connection:
            for name, value in marks.items():
                await set_mark(connection, name, value)

    async def _run(self) -> None:
        begun = False
        while True:
            self._wake.clear()
            try:
                if not begun:
                    await self._chores.erasure.go_on()
                    begun = True
                await self._look()
            except Exception as error:
                log.error("到期的内容还没能清理，稍后再试：%s", explain(error).advice)
                log.debug("daily tidying failed", exc_info=error)
            # Not `wait_for`: on Python 3.11 it loses a cancellation that meets a wake-up.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_EVERY_S):
                    await self._wake.wait()

    async def _look(self) -> None:
        now_ = self._clock()
        if now_ - self._wiped_ms >= _WIPE_EVERY_S * 1000:
            if await wipe_recalled(self._database, now_ - self._wipe_after_ms):
                await self._sweeper.drop_files()
            self._wiped_ms = now_
        await self._chores.leaving.erase_due()
        moment = datetime.fromtimestamp(now_ / 1000, self._zone)
        if moment.hour < QUIET_HOUR or moment.date() == self._done:
            return
        if erased := await self.tidy():
            log.info("今天到期的内容已经清理：%d 条。", erased)
        self._done = moment.date()

    async def _empty_cases_of_erased(self) -> int:
        """Cases that were open when their subject was erased, and are closed now."""
        async with self._database.read() as connection:
            subjects = await closed_subjects(connection)
        gone = await self._register.are_erased(subjects)
        for user_id in gone:
            async with self._database.write() as connection:
                await CaseHolder().erase(connection, user_id)
        return len(gone)
