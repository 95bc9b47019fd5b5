"""Gets what messages carry before it is gone: at once, a few at a time, again after a restart."""

import asyncio
import contextlib
import hashlib
import logging
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive import StoredMessage, messages_by_id
from liudeng.db import Database, explain, now_ms
from liudeng.media.budget import Budget, Hourly
from liudeng.media.collecting import Collector, Lost
from liudeng.media.connections import GuardedBackend
from liudeng.media.download import Downloader, DownloadFailed, DownloadRefused
from liudeng.media.forwards import AskedTooOften, ForwardOpener
from liudeng.media.inspector import Inspector
from liudeng.media.keeping import Progress, keep_file, keep_forward, note_progress
from liudeng.media.limits import MediaLimits
from liudeng.media.model import Attachment, Kind, MediaFile, Reason, State
from liudeng.media.queries import attachment_of
from liudeng.media.store import MediaStore
from liudeng.media.tables import attachments
from liudeng.outbox import Gateway, NotConnected, OutcomeUnknown, Refused

log = logging.getLogger(__name__)

_LOOK_AGAIN_S = 5.0
_DATABASE_RETRY_S = 1.0

OnStored = Callable[[str], None]
"""Called with the SHA-256 of each file that is kept, after the commit."""
KeepsForwarded = Callable[[int, str], bool]
"""Tells of a group and a member whether copies of their messages in forwards may be kept."""


@dataclass(frozen=True, slots=True)
class _Kept:
    file: MediaFile


@dataclass(frozen=True, slots=True)
class _Opened:
    opener: ForwardOpener


class MediaFetcher:
    """Owns the task that works off pending attachments."""

    def __init__(
        self,
        database: Database,
        gateway: Gateway,
        store: MediaStore,
        limits: MediaLimits | None = None,
        backend: GuardedBackend | None = None,
    ) -> None:
        self._database = database
        self._gateway = gateway
        self._store = store
        self._limits = limits or MediaLimits()
        self._backend = backend
        self._budget = Budget(self._limits.per_second)
        self._forwards = Hourly(self._limits.forward_asks_per_hour)
        self._listeners: list[OnStored] = []
        self._keeps_forwarded: KeepsForwarded = lambda _group_id, _user_id: True
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._fetching: dict[int, asyncio.Task[None]] = {}

    def on_stored(self, callback: OnStored) -> None:
        """Call `callback` for each file that is kept."""
        self._listeners.append(callback)

    def ask_of_forwarded(self, keeps: KeepsForwarded) -> None:
        """Ask `keeps` of everybody whose message stands inside a merged forward."""
        self._keeps_forwarded = keeps

    def wake(self) -> None:
        """Tell that there may be new attachments."""
        self._wake.set()

    async def start(self) -> None:
        """Clear half-written files of an earlier process and go on where it stopped.

        Raises:
            OSError: the media folder cannot be made or written.
        """
        await asyncio.to_thread(self._store.prepare)
        downloader = Downloader(self._limits, self._backend)
        self._collector = Collector(
            self._database,
            self._gateway,
            self._store,
            self._limits,
            downloader,
            Inspector(self._limits),
        )
        self._task = asyncio.create_task(self._run(), name="media-fetcher")

    async def close(self) -> None:
        """Stop; what was not finished is pending and begins again after the next start."""
        if self._task is None:
            return
        working = [self._task, *self._fetching.values()]
        for task in working:
            task.cancel()
        await asyncio.gather(*working, return_exceptions=True)
        await self._collector.downloader.close()
        await self._collector.inspector.close()
        self._task = None

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            try:
                pause = await self._begin_due()
            except Exception as error:
                log.error("收图暂停：%s", explain(error).advice)
                pause = _DATABASE_RETRY_S
            # Not `wait_for`: on Python 3.11 it loses a cancellation that meets a wake-up.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._wake.wait()

    async def _begin_due(self) -> float:
        """Begin what is due, as far as there is room; return for how long there is nothing."""
        room = self._limits.concurrency - len(self._fetching)
        if room <= 0:
            return _LOOK_AGAIN_S
        async with self._database.read() as connection:
            due = await self._due(connection, room)
            pause = await self._pause(connection, due)
        for attachment in due:
            await self._budget.spend()
            task = asyncio.create_task(self._settle(attachment), name="media-fetch")
            self._fetching[attachment.id] = task
            task.add_done_callback(lambda _, key=attachment.id: self._ended(key))
        return pause

    async def _due(self, connection: AsyncConnection, room: int) -> list[Attachment]:
        """Return what is due: untried first, in the order in which it came."""
        query = (
            select(attachments)
            .where(
                attachments.c.state == State.PENDING.value,
                attachments.c.due_ms <= now_ms(),
                attachments.c.id.not_in(self._fetching),
            )
            .order_by(attachments.c.attempts, attachments.c.due_ms, attachments.c.id)
            .limit(room)
        )
        return [attachment_of(row) for row in (await connection.execute(query)).mappings()]

    async def _pause(self, connection: AsyncConnection, begun: Sequence[Attachment]) -> float:
        """Return the seconds until the next is due that is not under way."""
        under_way = [*self._fetching, *(attachment.id for attachment in begun)]
        query = select(func.min(attachments.c.due_ms)).where(
            attachments.c.state == State.PENDING.value,
            attachments.c.id.not_in(under_way),
        )
        next_ms = (await connection.execute(query)).scalar()
        if next_ms is None:
            return _LOOK_AGAIN_S
        return min(_LOOK_AGAIN_S, max(0.0, (next_ms - now_ms()) / 1000))

    def _ended(self, key: int) -> None:
        self._fetching.pop(key, None)
        self._wake.set()

    async def _settle(self, attachment: Attachment) -> None:
        """Carry one attachment as far as it goes now, and note how far that was."""
        try:
            outcome = await self._outcome(attachment)
            async with self._database.write() as connection:
                await self._write(connection, attachment, outcome)
        except Exception as error:
            log.error("收图暂停：%s", explain(error).advice)
            await asyncio.sleep(_DATABASE_RETRY_S)
            return
        self._tell(attachment, outcome)

    async def _outcome(self, attachment: Attachment) -> "_Kept | _Opened | Progress":
        async with self._database.read() as connection:
            found = await messages_by_id(connection, [attachment.message_row])
        if not found or found[0].recalled_ms is not None:
            return Progress(State.REFUSED, Reason.RECALLED)
        try:
            return await self._obtain(attachment, found[0])
        except DownloadRefused as refused:
            return Progress(State.REFUSED, refused.reason)
        except Lost as lost:
            return Progress(State.LOST, lost.reason)
        except DownloadFailed as failed:
            return self._again(attachment, failed.reason)
        except NotConnected:
            return Progress(State.PENDING, Reason.EXPIRED, 0, self._limits.offline_retry)
        except AskedTooOften:
            return Progress(State.PENDING, Reason.EXPIRED, 0, self._limits.forward_pause)
        except OutcomeUnknown:
            return self._again(attachment, Reason.EXPIRED)
        except Exception as error:
            # The text of an error may quote the URL it tripped over: its type will do.
            log.debug("fetching failed: %s", type(error).__name__, exc_info=error)
            return self._again(attachment, Reason.INTERNAL)

    async def _obtain(self, attachment: Attachment, message: StoredMessage) -> _Kept | _Opened:
        if attachment.kind is not Kind.FORWARD:
            return _Kept(await self._collector.collect(attachment, message))
        opener = ForwardOpener(self._gateway, self._limits, self._forwards.take)
        try:
            await opener.open(message.segments[attachment.position]["data"], message.message_id)
        except Refused:
            raise Lost(Reason.EXPIRED) from None
        opener.nodes[:] = [
            node for node in opener.nodes if self._keeps_forwarded(message.group_id, node.user_id)
        ]
        if not opener.nodes:
            raise Lost(Reason.EMPTY)
        return _Opened(opener)

    def _again(self, attachment: Attachment, reason: Reason) -> Progress:
        tried = attachment.attempts + 1
        if tried >= self._limits.attempts:
            return Progress(State.LOST, reason, 1)
        pause = min(
            self._limits.backoff_first * 2**attachment.attempts, self._limits.backoff_longest
        )
        # What failed together must not come back together.
        return Progress(State.PENDING, reason, 1, pause * random.uniform(0.8, 1.2))

    async def _write(
        self,
        connection: AsyncConnection,
        attachment: Attachment,
        outcome: "_Kept | _Opened | Progress",
    ) -> None:
        if isinstance(outcome, _Kept):
            if not await keep_file(connection, attachment, outcome.file):
                await asyncio.to_thread(self._store.delete, outcome.file.sha256)
        elif isinstance(outcome, _Opened):
            await keep_forward(connection, attachment, outcome.opener.nodes)
        else:
            await note_progress(connection, attachment, outcome)

    def _tell(self, attachment: Attachment, outcome: "_Kept | _Opened | Progress") -> None:
        """Write at most one line, with neither the URL nor anybody's number in it."""
        if isinstance(outcome, _Kept):
            for listener in self._listeners:
                listener(outcome.file.sha256)
        elif isinstance(outcome, _Opened):
            if outcome.opener.cut:
                log.info("一份合并转发太长或太深，只存了 %d 条。", len(outcome.opener.nodes))
        elif outcome.state is not State.PENDING:
            level = logging.INFO if outcome.reason is Reason.RECALLED else logging.WARNING
            log.log(
                level,
                "没有收下一个附件：%s（%s %s）",
                outcome.reason.explanation,
                attachment.kind.value,
                _mark(attachment),
            )


def _mark(attachment: Attachment) -> str:
    """Return what tells one URL from another in the log without showing it."""
    return hashlib.sha256(f"{attachment.url}|{attachment.file}".encode()).hexdigest()[:8]
