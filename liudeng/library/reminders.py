"""Each morning's letters: anniversaries and 那年今日."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from liudeng.db import Database, explain
from liudeng.library.anniversaries import remind_of_anniversaries
from liudeng.library.remembrance import remind_of_that_day
from liudeng.tasks import end

log = logging.getLogger(__name__)

MORNING = 9
"""The hour, in the bot's zone, from which the day's letters are posted."""
_LOOK_EVERY_S = 60.0
"""Nothing is slept through: a computer that was suspended, a clock that was set, a full disk."""


class Reminders:
    """Owns the task that posts what is due, once a day and after a late start."""

    def __init__(
        self,
        database: Database,
        zone: ZoneInfo,
        on_posted: Callable[[], None],
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        self._database = database
        self._on_posted = on_posted
        self._clock = clock or (lambda: datetime.now(zone))
        self._seen_to: date | None = None
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def seen_to(self) -> date | None:
        """The last day whose letters were posted by this process."""
        return self._seen_to

    async def start(self) -> None:
        """Begin, with what is due today if the morning is over."""
        self._task = asyncio.create_task(self._run(), name="reminders")

    async def close(self) -> None:
        """Stop; what was not posted is due at the next start."""
        await end(self._task)
        self._task = None

    def wake(self) -> None:
        """Look at the clock now."""
        self._wake.set()

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            try:
                await self._look()
            except Exception as error:
                log.error("今天的纪念日提醒还没发出去，稍后再试：%s", explain(error).advice)
                log.debug("reminding failed", exc_info=error)
            # Not `wait_for`: on Python 3.11 it loses a cancellation that meets a wake-up.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_EVERY_S):
                    await self._wake.wait()

    async def _look(self) -> None:
        now = self._clock()
        today = now.date()
        if now.hour < MORNING or today == self._seen_to:
            return
        for remind in (remind_of_anniversaries, remind_of_that_day):
            async with self._database.write() as connection:
                posted = await remind(connection, today)
            if posted:
                self._on_posted()
        self._seen_to = today
