"""A backup every night, in a thread, for as long as the bot runs."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from liudeng.backup.model import BackupProblem
from liudeng.backup.taking import take_backup
from liudeng.backup.vault import Vault
from liudeng.db import explain
from liudeng.tasks import end

log = logging.getLogger(__name__)

HOUR = 4
"""The hour in which it is taken, when the group sleeps."""
_LOOK_EVERY_S = 300.0


class DailyBackup:
    """Owns the task; a night that was missed is made up for at the next look."""

    def __init__(
        self,
        data_dir: Path,
        folder: Path | None,
        keep: int,
        zone: ZoneInfo,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        self._data_dir = data_dir
        self._vault = Vault(folder) if folder else None
        self._keep = keep
        self._clock = clock or (lambda: datetime.now(zone))
        self._zone = zone
        self._done: date | None = None
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to watch the clock, if there is a folder to write to."""
        if self._vault is None:
            return
        newest = await asyncio.to_thread(self._vault.snapshots)
        if newest:
            taken = datetime.fromtimestamp(newest[-1].stat().st_mtime, self._zone)
            self._done = taken.date()
        self._task = asyncio.create_task(self._run(self._vault), name="daily-backup")

    async def close(self) -> None:
        """Stop. One that is being written is finished first: a thread cannot be ended."""
        await end(self._task)
        self._task = None

    def wake(self) -> None:
        """Look at the clock now."""
        self._wake.set()

    async def _run(self, vault: Vault) -> None:
        while True:
            self._wake.clear()
            now = self._clock()
            if now.hour >= HOUR and self._done != now.date():
                await self._take(vault, now.date())
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_EVERY_S):
                    await self._wake.wait()

    async def _take(self, vault: Vault, today: date) -> None:
        try:
            report = await asyncio.to_thread(take_backup, self._data_dir, vault, self._keep)
        except BackupProblem as problem:
            log.error("今天的备份没有写成：%s", problem)
        except Exception as error:  # the next look tries again
            log.error("今天的备份没有写成，稍后再试：%s", explain(error).advice)
            log.debug("backup failed", exc_info=error)
            return
        else:
            log.info("备份写好了：%d 个文件，%d 个是新的", report.files, report.new_files)
            if report.missing_files:
                log.warning("有 %d 个文件已经不在或损坏，没能备份", report.missing_files)
        self._done = today
