"""The LogWriter: the one way into the archive.

Events queue up while a transaction commits and go into the next one together, so a flood pays
for one fsync per batch and a lone message waits for nobody.
"""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import perf_counter

from liudeng.archive.admission import Admission, AdmitsAll
from liudeng.archive.message import Message, Recall, Source
from liudeng.archive.store import store_batch
from liudeng.db import Database, explain
from liudeng.tasks import end

log = logging.getLogger(__name__)

Entry = Message | Recall

BATCH_LIMIT = 500
_RETRY_FIRST_S = 0.2
_RETRY_MOST_S = 5.0
_LATENCIES_KEPT = 10_000
_RECALLS_SET_ASIDE = 1_000


@dataclass
class WriterStatus:
    """What the writer has done since it started."""

    stored: int = 0
    duplicates: int = 0
    recalls: int = 0
    refused: int = 0
    overflowed: int = 0
    committed_seq: int = 0
    trouble: str = ""
    """The operator's advice while the database does not take messages, else empty."""
    latencies_ms: deque[float] = field(default_factory=lambda: deque(maxlen=_LATENCIES_KEPT))
    """Milliseconds from `offer` to durable and searchable, newest last."""


class LogWriter:
    """Owns the bounded queue and the task that commits it."""

    def __init__(
        self, database: Database, queue_size: int, admission: Admission | None = None
    ) -> None:
        self._database = database
        self._admission: Admission = admission or AdmitsAll()
        self._queue: asyncio.Queue[tuple[Entry, float]] = asyncio.Queue(queue_size)
        self._recalls: deque[tuple[Entry, float]] = deque()
        """Recalls that found the queue full: no history brings them back, so they bypass it."""
        self._queued = 0
        self._written = 0
        self._progress = asyncio.Event()
        self._listeners: list[Callable[[], None]] = []
        self._recall_listeners: list[Callable[[Sequence[int]], None]] = []
        self._passing_listeners: list[Callable[[Message], None]] = []
        self._task: asyncio.Task[None] | None = None
        self._in_hand = 0
        self.status = WriterStatus()
        self.overflowed_groups: set[int] = set()
        """Groups of which a message found the queue full: they need a backfill."""
        self.overflow_mark = 0
        """The last number committed before the queue was full."""

    @property
    def waiting(self) -> int:
        """Entries that are not durable yet."""
        return self._queue.qsize() + len(self._recalls) + self._in_hand

    def on_commit(self, listener: Callable[[], None]) -> None:
        """Call `listener` after each commit. It must return at once."""
        self._listeners.append(listener)

    def on_recall(self, listener: Callable[[Sequence[int]], None]) -> None:
        """Call `listener` with the `messages.id` of what was recalled, after the commit.

        It must return at once. A recall just before a crash is never told of: whoever hides
        something because of it must look for recalled messages at the start as well.
        """
        self._recall_listeners.append(listener)

    def on_passing(self, listener: Callable[[Message], None]) -> None:
        """Call `listener` with each live message that is not kept. It must return at once.

        What it holds of it may stay in memory for minutes, and goes to no disk and no log.
        """
        self._passing_listeners.append(listener)

    def start(self, committed_seq: int) -> None:
        """Begin to write. `committed_seq` is the last number the archive holds."""
        self.status.committed_seq = committed_seq
        self._task = asyncio.create_task(self._run(), name="log-writer")

    def offer(self, entry: Entry) -> bool:
        """Queue an entry without waiting; False when the queue is full.

        A message that is turned away is not forgotten: its group is noted in
        `overflowed_groups`, to be fetched again from the implementation's history.
        A recall is taken even then, up to a bound of its own. What may not be kept is never
        queued, and nobody needs to fetch it again.
        """
        admitted = self._admitted(entry)
        if admitted is None:
            self._pass(entry)
            return True
        entry = admitted
        timed = (entry, perf_counter())
        if not self._queue.full():
            self._queue.put_nowait(timed)
            self._queued += 1
            return True
        if isinstance(entry, Recall) and len(self._recalls) < _RECALLS_SET_ASIDE:
            self._recalls.append(timed)
            return True
        if not self.overflowed_groups:
            log.error("写入队列已满：超出的消息会在之后从聊天记录里补回。")
            self.overflow_mark = self.status.committed_seq
        self.overflowed_groups.add(entry.group_id)
        self.status.overflowed += 1
        return False

    async def put(self, entry: Entry) -> None:
        """Queue an entry, waiting for room: for backfills, which can wait."""
        admitted = self._admitted(entry)
        if admitted is not None:
            await self._queue.put((admitted, perf_counter()))
            self._queued += 1

    async def drain(self) -> None:
        """Wait until everything queued so far is durable, whatever is queued meanwhile."""
        # A recall set aside needs no ticket: what filled the queue is written after it or with it.
        ticket = self._queued
        while self._written < ticket:
            await self._progress.wait()

    async def close(self, timeout_s: float = 10.0) -> None:
        """Write what is queued, then stop; say how many could not be written."""
        if self._task is None:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                while self.waiting:
                    await self.drain()
        if self.waiting:
            log.error("关闭时还有 %d 条消息没能写入：下次连接时会从聊天记录里补回。", self.waiting)
        await end(self._task)

    def _admitted(self, entry: Entry) -> Entry | None:
        if isinstance(entry, Message):
            return self._admission.admit(entry)
        return self._admission.admit_recall(entry)

    def _pass(self, entry: Entry) -> None:
        if isinstance(entry, Message) and entry.source is Source.LIVE:
            for listener in self._passing_listeners:
                listener(entry)

    async def _run(self) -> None:
        while True:
            queued = [await self._queue.get()]
            while len(queued) < BATCH_LIMIT and not self._queue.empty():
                queued.append(self._queue.get_nowait())
            batch = [*self._recalls, *queued]
            self._recalls.clear()
            self._in_hand = len(batch)
            await self._commit_until_done([entry for entry, _ in batch])
            self._in_hand = 0
            done = perf_counter()
            self.status.latencies_ms.extend((done - came) * 1000 for _, came in batch)
            self._written += len(queued)
            self._progress.set()
            self._progress = asyncio.Event()
            for listener in self._listeners:
                listener()

    async def _commit_until_done(self, batch: list[Entry]) -> None:
        """Keep a batch until the database has it; only what it can never take is refused."""
        pause = _RETRY_FIRST_S
        while True:
            try:
                await self._commit(batch)
            except Exception as error:
                trouble = explain(error)
                if not trouble.transient:
                    await self._refuse_or_split(batch, error)
                    return
                if not self.status.trouble:
                    log.error("%s（%d 条消息在等待）", trouble.advice, self.waiting)
                self.status.trouble = trouble.advice
                await asyncio.sleep(pause)
                pause = min(pause * 2, _RETRY_MOST_S)
            else:
                if self.status.trouble:
                    log.warning("数据库恢复写入。")
                    self.status.trouble = ""
                return

    async def _refuse_or_split(self, batch: list[Entry], error: Exception) -> None:
        """One entry that the database cannot hold must not take its neighbours along."""
        if len(batch) == 1:
            self.status.refused += 1
            log.error("一条消息无法入库，已跳过：%s", type(error).__name__)
            return
        half = len(batch) // 2
        await self._commit_until_done(batch[:half])
        await self._commit_until_done(batch[half:])

    async def _commit(self, batch: list[Entry]) -> None:
        async with self._database.write() as connection:
            await self._admission.refresh(connection)  # what was queued may be refused by now
            admitted = [kept for entry in batch if (kept := self._admitted(entry))]
            stored = await store_batch(connection, admitted)
        self.status.stored += stored.inserted
        self.status.duplicates += stored.duplicates
        self.status.recalls += len(stored.recalled)
        if stored.last_seq:
            self.status.committed_seq = stored.last_seq
        if stored.recalled:
            for listener in self._recall_listeners:
                listener(stored.recalled)
