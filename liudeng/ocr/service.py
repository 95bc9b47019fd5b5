"""Reads kept pictures one after the other, behind everything else the bot does."""

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from liudeng.db import Database, explain
from liudeng.ocr.limits import OcrLimits
from liudeng.ocr.process import EngineUnavailable, PictureFailed, ProcessDied, ReadingProcess
from liudeng.ocr.reading import Reading
from liudeng.ocr.readings import ReadingState, give_to_messages, is_settled, keep_reading
from liudeng.ocr.sources import PictureSource
from liudeng.tasks import end

log = logging.getLogger(__name__)

_BATCH = 16
"""Pictures known to the service at a time; all others wait in the database."""
_LOOK_AGAIN_S = 30.0
_DATABASE_RETRY_S = 1.0
_ENGINE_RETRY_S = 600.0

OnRead = Callable[[str], None]
"""Called with the SHA-256 of each picture that was settled, after the commit."""


class OcrService:
    """Owns the reading process and the task that feeds it."""

    def __init__(
        self,
        database: Database,
        source: PictureSource,
        limits: OcrLimits | None = None,
        process: ReadingProcess | None = None,
    ) -> None:
        self._database = database
        self._source = source
        self._limits = limits or OcrLimits()
        self._process = process or ReadingProcess(self._limits)
        self._deaths: Counter[str] = Counter()
        self._listeners: list[OnRead] = []
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def on_read(self, callback: OnRead) -> None:
        """Call `callback` for each picture that was read, or given up."""
        self._listeners.append(callback)

    def wake(self, _sha256: str = "") -> None:
        """Tell that a picture was kept; fits `MediaFetcher.on_stored`."""
        self._wake.set()

    async def start(self) -> None:
        """Begin; the reading process is started by the first picture."""
        self._task = asyncio.create_task(self._run(), name="ocr")

    async def close(self) -> None:
        """Stop; a picture that was not finished begins again after the next start."""
        await end(self._task)
        self._task = None
        await self._process.close()

    async def work_off(self) -> int:
        """Read all that waits; return how many pictures were settled.

        Raises:
            EngineUnavailable: the reading process does not come up.
        """
        settled = 0
        while waiting := await self._next():
            for sha256 in waiting:
                await self._settle(sha256)
                settled += 1
        return settled

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            pause = _LOOK_AGAIN_S
            try:
                await self.work_off()
            except EngineUnavailable:
                log.error("认图程序起不来，图片里的字暂时搜不到。请运行 liudeng doctor 查看原因。")
                await asyncio.sleep(_ENGINE_RETRY_S)
            except Exception as error:
                log.error("认图暂停：%s", explain(error).advice)
                pause = _DATABASE_RETRY_S
            # Not `wait_for`: on Python 3.11 it loses a cancellation that meets a wake-up.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._wake.wait()

    async def _next(self) -> list[str]:
        async with self._database.read() as connection:
            return list(await self._source.next_unread(connection, _BATCH))

    async def _settle(self, sha256: str) -> None:
        async with self._database.read() as connection:
            known = await is_settled(connection, sha256)
        outcome = None if known else await self._read(sha256)
        async with self._database.write() as connection:
            if await self._source.is_kept(connection, sha256):
                if outcome is not None:
                    await keep_reading(connection, sha256, *outcome)
                await give_to_messages(connection, self._source, sha256)
        self._deaths.pop(sha256, None)
        for listener in self._listeners:
            listener(sha256)

    async def _read(self, sha256: str) -> tuple[Reading, ReadingState]:
        path = await asyncio.to_thread(self._source.path, sha256)
        if path is None:
            return Reading(), ReadingState.GONE
        while True:
            try:
                return await self._process.read(path), ReadingState.READ
            except PictureFailed as failed:
                log.warning("一张图片认不了（%s）：%s", failed, _short(path))
                return Reading(), ReadingState.FAILED
            except ProcessDied:
                self._deaths[sha256] += 1
                if self._deaths[sha256] >= self._limits.tries:
                    log.warning(
                        "一张图片让认图程序停了 %d 次，不再试：%s", self._limits.tries, _short(path)
                    )
                    return Reading(), ReadingState.FAILED


def _short(path: Path) -> str:
    return path.stem[:12]
