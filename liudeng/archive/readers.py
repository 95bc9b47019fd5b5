"""Readers of the log: each has a bookmark, and its effects move in the bookmark's transaction.

After a crash a reader goes on where its bookmark stands, so no message is passed over and no
effect happens twice.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Protocol

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive.message import Source, StoredMessage
from liudeng.archive.queries import committed_after, last_seq
from liudeng.archive.tables import bookmarks, messages
from liudeng.db import Database, explain, now_ms
from liudeng.tasks import end

log = logging.getLogger(__name__)

BATCH_LIMIT = 200
_POLL_S = 5.0
"""Another process (`liudeng import`) may commit too: look now and then without being woken."""
_BOOKMARK_EVERY_S = 1.0
_RETRY_S = 1.0
_TRIES = 3


class Effects(Protocol):
    """What a batch leads to, ready to be written."""

    async def apply(self, connection: AsyncConnection) -> None:
        """Write the effects inside the transaction that also moves the bookmark."""
        ...


class Reader(Protocol):
    """A name and a function over a batch of committed messages."""

    name: str

    @property
    def sources(self) -> frozenset[Source] | None:
        """The only sources it wants messages of; None for all."""
        ...

    async def read(self, batch: Sequence[StoredMessage]) -> Effects | None:
        """Judge a batch, writing nothing; None when it leads to nothing."""
        ...


@dataclass(frozen=True, slots=True)
class Lag:
    """How far a reader is behind."""

    reader: str
    messages: int
    seconds: float


class ReaderRun:
    """Carries one reader along the log."""

    def __init__(self, database: Database, reader: Reader, on_effects: Callable[[], None]) -> None:
        self._database = database
        self._reader = reader
        self._on_effects = on_effects
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._seq = 0
        self._saved_seq = 0
        self._saved_at = monotonic()
        self._caught_up = asyncio.Event()
        self.trouble = ""
        """The operator's advice while the reader is held up, else empty."""
        self.skipped = 0
        """Messages that it could not read since it started."""

    @property
    def name(self) -> str:
        """The reader's name."""
        return self._reader.name

    @property
    def seq(self) -> int:
        """The number of the last message that was read."""
        return self._seq

    def wake(self) -> None:
        """Tell that something was committed."""
        self._caught_up.clear()
        self._wake.set()

    async def start(self) -> None:
        """Find the bookmark, then read on in a task of its own."""
        async with self._database.read() as connection:
            query = select(bookmarks.c.seq).where(bookmarks.c.reader == self.name)
            self._seq = self._saved_seq = (await connection.execute(query)).scalar() or 0
        self._task = asyncio.create_task(self._run(), name=f"reader-{self.name}")

    async def close(self) -> None:
        """Stop, and keep the bookmark."""
        if self._task is None:
            return
        await end(self._task)
        with contextlib.suppress(Exception):
            await self._save_bookmark()

    async def caught_up(self) -> None:
        """Wait until the reader has seen all that is committed."""
        self.wake()
        await self._caught_up.wait()

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            try:
                await self._read_all()
            except Exception as error:
                self.trouble = explain(error).advice
                log.error("读者 %s 暂停：%s", self.name, self.trouble)
                await asyncio.sleep(_RETRY_S)
                continue
            self.trouble = ""
            if not self._wake.is_set():
                self._caught_up.set()
            # Not `wait_for`: on Python 3.11 it loses a cancellation that meets a wake-up.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_POLL_S):
                    await self._wake.wait()

    async def _read_all(self) -> None:
        while True:
            batch, reaches_to = await self._next_batch()
            if reaches_to <= self._seq:
                break
            if batch:
                await self._read_batch(batch)
            self._seq = reaches_to
            await self._save_bookmark_now_and_then()
            if len(batch) < BATCH_LIMIT:  # that was all: who commits more will say so
                break
        await self._save_bookmark_now_and_then()

    async def _next_batch(self) -> tuple[list[StoredMessage], int]:
        """Return what to read next, and the number up to which there is nothing else to read."""
        async with self._database.read() as connection:
            # Asked first: what is committed between the two questions must not be passed over.
            newest = await last_seq(connection)
            if newest <= self._seq:
                return [], newest
            batch = await committed_after(connection, self._seq, BATCH_LIMIT, self._reader.sources)
        last = batch[-1].seq if batch else 0
        return batch, last if len(batch) == BATCH_LIMIT else max(last, newest)

    async def _read_batch(self, batch: Sequence[StoredMessage]) -> None:
        """Read a batch; if it fails for another reason than the database, message by message."""
        for attempt in range(_TRIES):
            try:
                effects = await self._reader.read(batch)
                if effects is not None:
                    await self._apply(effects, batch[-1].seq)
                self._seq = batch[-1].seq
                return
            except Exception as error:
                if explain(error).transient:
                    raise
                # The text of an error may quote the message it tripped over: its type will do.
                log.warning(
                    "读者 %s 第 %d 次出错：%s", self.name, attempt + 1, type(error).__name__
                )
                log.debug("reader %s failed", self.name, exc_info=error)
        if len(batch) == 1:
            log.error("读者 %s 跳过一条消息（编号 %d）", self.name, batch[0].seq)
            self.skipped += 1
            self._seq = batch[0].seq
            return
        for message in batch:
            await self._read_batch([message])

    async def _apply(self, effects: Effects, seq: int) -> None:
        async with self._database.write() as connection:
            await effects.apply(connection)
            await self._move_bookmark(connection, seq)
        self._saved_seq, self._saved_at = seq, monotonic()
        self._on_effects()

    async def _save_bookmark_now_and_then(self) -> None:
        """Without effects nothing depends on the bookmark: spare the disk an fsync per batch."""
        if monotonic() - self._saved_at >= _BOOKMARK_EVERY_S:
            await self._save_bookmark()

    async def _save_bookmark(self) -> None:
        if self._seq == self._saved_seq:
            return
        async with self._database.write() as connection:
            await self._move_bookmark(connection, self._seq)
        self._saved_seq, self._saved_at = self._seq, monotonic()

    async def _move_bookmark(self, connection: AsyncConnection, seq: int) -> None:
        """Move the bookmark forward.

        Never back: a reader that is stopped while its commit goes through does not know of it.
        """
        mine = bookmarks.c.reader == self.name
        values = {"seq": seq, "updated_ms": now_ms()}
        stands_at = (await connection.execute(select(bookmarks.c.seq).where(mine))).scalar()
        if stands_at is None:
            await connection.execute(insert(bookmarks).values(reader=self.name, **values))
        elif stands_at < seq:
            await connection.execute(update(bookmarks).where(mine).values(**values))


async def reader_lags(connection: AsyncConnection) -> list[Lag]:
    """Return how far each reader that ever ran is behind, from its saved bookmark."""
    newest = await last_seq(connection)
    lags: list[Lag] = []
    for row in await connection.execute(select(bookmarks)):
        behind = max(0, newest - row.seq)
        seconds = 0.0
        if behind:
            query = (
                select(messages.c.received_ms)
                .where(messages.c.seq > row.seq)
                .order_by(messages.c.seq)
                .limit(1)
            )
            oldest = (await connection.execute(query)).scalar()
            seconds = max(0.0, (now_ms() - oldest) / 1000) if oldest else 0.0
        lags.append(Lag(row.reader, behind, seconds))
    return lags
