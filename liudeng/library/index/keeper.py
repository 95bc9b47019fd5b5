"""Keeps the index current: follows what changes in the library, rebuilds what is beyond repair."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Sequence
from pathlib import Path

from liudeng.db import Database, explain, now_ms
from liudeng.library.farewells import any_recalled, note_reading, sweep_recalled
from liudeng.library.index.folder import IndexFolder
from liudeng.library.index.following import (
    all_documents,
    changed_documents,
    changes_after,
    each,
    newest_change,
)
from liudeng.library.index.index import LibraryIndex
from liudeng.library.index.order import Order, Task
from liudeng.library.index.shelf import FarewellShelf, Shelf
from liudeng.library.index.writer import IndexWriter, WritingFailed
from liudeng.library.showing import Showing
from liudeng.tasks import end

log = logging.getLogger(__name__)

_MOST_CHANGES = 500
_GATHER_S = 1.0
"""After a change so long is waited for others: one commit for all of them."""
_LOOK_AGAIN_S = 60.0
"""Another process may change entries too, and messages are recalled without waking anybody."""
_RETRY_S = 60.0


class LibraryIndexKeeper:
    """Owns the index and the task that follows the library."""

    def __init__(
        self,
        database: Database,
        folder: Path,
        showing: Showing,
        *,
        shelves: Sequence[Shelf] = (),
        writer: IndexWriter | None = None,
        gather: float = _GATHER_S,
    ) -> None:
        self.index = LibraryIndex(folder, self._damaged)
        self._sources = (FarewellShelf(showing), *shelves)
        self._database = database
        self._writer = writer or IndexWriter()
        self._gather = gather
        self._next_task: Task | None = Task.RECONCILE
        self._read: set[str] = set()
        self._wake = asyncio.Event()
        self._caught_up = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None

    def wake(self, _row: int = 0) -> None:
        """Tell that an entry changed."""
        self._caught_up.clear()
        self._wake.set()

    def picture_read(self, sha256: str) -> None:
        """Tell that a picture was read: an entry may show it. Fits `OcrService.on_read`."""
        self._read.add(sha256)
        self.wake()

    async def start(self) -> None:
        """Begin to follow; a missing or damaged index is rebuilt meanwhile, and finds nothing."""
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.create_task(self._run(), name="library-index")

    async def close(self) -> None:
        """Stop; what was not written is written after the next start."""
        await end(self._task)
        self._task = None
        await asyncio.to_thread(self.index.close)

    async def built_anew(self) -> None:
        """Wait until the whole index was written again: of what was erased, segments that were
        merged away keep the words until then.
        """
        self._next_task = Task.BUILD
        await self.caught_up()

    async def caught_up(self) -> None:
        """Wait until the index knows all that was committed before the call."""
        self.wake()
        await self._caught_up.wait()

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            pause = _LOOK_AGAIN_S
            try:
                await self._follow()
            except WritingFailed as failed:
                log.error("文库索引写不了（%s），稍后重试；搜索先用旧的。", failed)
                self._next_task, pause = self._next_task or Task.RECONCILE, _RETRY_S
            except Exception as error:
                log.error("文库索引暂停更新：%s", explain(error).advice)
                log.debug("library index keeper failed", exc_info=error)
                pause = _RETRY_S
            else:
                if not self._wake.is_set():
                    self._caught_up.set()
            # Not `wait_for`: on Python 3.11 it loses a cancellation that meets a wake-up.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._wake.wait()
                await asyncio.sleep(self._gather)

    async def _follow(self) -> None:
        await self._sweep()
        if self._next_task is not None:
            task, self._next_task = self._next_task, None
            try:
                await self._write_all(task)
            except BaseException:
                self._next_task = self._next_task or task
                raise
        while await self._write_changes():
            pass

    async def _sweep(self) -> None:
        """Note what the tables know and nobody told: recalls, and words read in pictures."""
        read = frozenset(self._read)
        async with self._database.read() as connection:
            due = bool(read) or await any_recalled(connection)
        if due:
            async with self._database.write() as connection:
                await sweep_recalled(connection, now_ms())
                for sha256 in read:
                    await note_reading(connection, sha256)
        self._read -= read

    async def _write_all(self, task: Task) -> None:
        started = time.monotonic()
        # Asked first: what changes between this and the reading of all entries is written twice.
        async with self._database.read() as connection:
            order = self._order(task, await newest_change(connection))
        changed = await self._writer.write(order, all_documents(self._database, self._sources))
        if changed:
            log.info("文库索引已更新 %d 条，用时 %.1f 秒", changed, time.monotonic() - started)

    async def _write_changes(self) -> bool:
        """Write the next changes; False when there were none."""
        state = self.index.folder.state()
        async with self._database.read() as connection:
            newest = await newest_change(connection)
            seq = state.seq if state is not None else 0
            changes = await changes_after(connection, seq, _MOST_CHANGES)
            kept, removed = (
                await changed_documents(connection, self._sources, changes) if changes else ([], ())
            )
        if state is None or newest < state.seq:
            # Gone, or ahead of the database: that was replaced by an older copy.
            await self._write_all(Task.BUILD)
            return True
        if changes is None:
            return False
        order = self._order(Task.APPLY, changes.seq, removed)
        await self._writer.write(order, each(kept))
        return True

    def _order(self, task: Task, seq: int, removed: tuple[str, ...] = ()) -> Order:
        return Order(task=task, folder=self.index.folder.path, seq=seq, removed=removed)

    def _damaged(self) -> None:
        """Called in the thread of the query that ran into it."""
        self._next_task = Task.BUILD
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self.wake)


async def rebuild_library(database: Database, folder: Path, shelves: Sequence[Shelf] = ()) -> int:
    """Build the index anew beside the published one, then let it count; `liudeng reindex`.

    A bot that is running meanwhile goes over to it at its next query.

    Returns:
        How many entries it holds.

    Raises:
        WritingFailed: it could not be written; the published one still counts.
    """
    async with database.read() as connection:
        seq = await newest_change(connection)
    order = Order(task=Task.BUILD, folder=IndexFolder(folder).path, seq=seq)
    return await IndexWriter().write(
        order, all_documents(database, (FarewellShelf(Showing(database)), *shelves))
    )
