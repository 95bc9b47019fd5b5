"""Screenshots as the watcher sees them, once their words were read: never an alert by themselves.

What was said in a picture only adds to the days of whoever posted it. There is no bookmark here: a
picture that was read just before a crash is not looked at again, which a soft sign can bear.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive import StoredMessage, messages_by_id
from liudeng.archive.tables import messages
from liudeng.db import Database, explain, now_ms
from liudeng.media.tables import attachments
from liudeng.ocr import reading_of
from liudeng.tasks import end
from liudeng.watch.reader import WatchReader

log = logging.getLogger(__name__)

_WAITING = 1_000
_FRESH_MS = 24 * 3600 * 1000
"""A backlog of older pictures says nothing about today."""


class ScreenshotWatch:
    """Owns the task that takes what was read in pictures to the watcher."""

    def __init__(
        self, database: Database, reader: WatchReader, on_effects: Callable[[], None]
    ) -> None:
        self._database = database
        self._reader = reader
        self._on_effects = on_effects
        self._waiting: asyncio.Queue[str] = asyncio.Queue(_WAITING)
        self._task: asyncio.Task[None] | None = None

    def picture_read(self, sha256: str) -> None:
        """Tell that a picture was read; fits `OcrService.on_read`."""
        with contextlib.suppress(asyncio.QueueFull):
            self._waiting.put_nowait(sha256)

    async def start(self) -> None:
        """Begin."""
        self._task = asyncio.create_task(self._run(), name="watch-screenshots")

    async def close(self) -> None:
        """Stop."""
        await end(self._task)
        self._task = None

    async def _run(self) -> None:
        while True:
            sha256 = await self._waiting.get()
            try:
                await self._look(sha256)
            except Exception as error:
                log.error("一张截图没能交给守望：%s", explain(error).advice)

    async def _look(self, sha256: str) -> None:
        async with self._database.read() as connection:
            reading = await reading_of(connection, sha256)
            holders = await _fresh_holders(connection, sha256)
        if reading is None:
            return
        for message in holders:
            effects = await self._reader.see(message, reading)
            if effects is not None:
                async with self._database.write() as connection:
                    if await effects.are_known(connection):
                        continue  # somebody else has posted the same picture
                    await effects.apply(connection)
                self._on_effects()


async def _fresh_holders(connection: AsyncConnection, sha256: str) -> list[StoredMessage]:
    """Only what is fresh is read: a sticker may have been posted ten thousand times."""
    query = (
        select(attachments.c.message_row)
        .join(messages, messages.c.id == attachments.c.message_row)
        .where(
            attachments.c.sha256 == sha256,
            attachments.c.forwarded_id == 0,
            messages.c.recalled_ms.is_(None),
            messages.c.received_ms >= now_ms() - _FRESH_MS,
        )
    )
    return await messages_by_id(connection, list(await connection.scalars(query)))
