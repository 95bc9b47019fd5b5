"""The task that looks at listed pages, a few at a time, each host rarely."""

import asyncio
import contextlib
import logging
from collections import OrderedDict
from collections.abc import Callable
from time import monotonic
from urllib.parse import urlsplit

from liudeng.db import Database, explain, now_ms
from liudeng.media import GuardedBackend
from liudeng.resources.entry import Outcome, Why
from liudeng.resources.probing import records
from liudeng.resources.probing.limits import ProbeLimits
from liudeng.resources.probing.looking import Look, Looker
from liudeng.resources.probing.records import Due
from liudeng.resources.probing.web import Web

log = logging.getLogger(__name__)

_LOOK_AGAIN_S = 300.0
_RETRY_S = 60.0
_AT_A_TIME = 50
_OURS = (Outcome.UNREACHABLE, Outcome.SLOW, Outcome.TLS)
"""Outcomes that a line of our own that is down, or a portal in front of it, brings about, too."""

OnHidden = Callable[[], None]


class Prober:
    """Owns the task; nothing else waits for it."""

    def __init__(
        self,
        database: Database,
        limits: ProbeLimits | None = None,
        backend: GuardedBackend | None = None,
        on_hidden: OnHidden = lambda: None,
    ) -> None:
        self._database = database
        self._limits = limits or ProbeLimits()
        self._backend = backend
        self._on_hidden = on_hidden
        self._not_before: OrderedDict[str, float] = OrderedDict()
        self._under_way: dict[int, asyncio.Task[None]] = {}
        self._answered_at: float | None = None
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def wake(self) -> None:
        """Tell that something was listed, or is to be looked at anew."""
        self._idle.clear()
        self._wake.set()

    async def idle(self) -> None:
        """Wait until nothing is due that may be looked at now."""
        self.wake()
        await self._idle.wait()

    async def start(self) -> None:
        """Begin to look, after a while: a start has better things to do."""
        self._web = Web(self._limits, self._backend)
        self._looker = Looker(self._web, self._limits)
        self._task = asyncio.create_task(self._run(), name="resource-prober")

    async def close(self) -> None:
        """Stop; what was being looked at is due again after the next start."""
        if self._task is None:
            return
        working = [self._task, *self._under_way.values()]
        for task in working:
            task.cancel()
        await asyncio.gather(*working, return_exceptions=True)
        await self._web.close()
        self._task = None

    async def _run(self) -> None:
        await asyncio.sleep(self._limits.first_after)
        while True:
            self._wake.clear()
            try:
                pause = await self._begin_due()
            except Exception as error:
                log.error("链接探测暂停：%s", explain(error).advice)
                log.debug("probing failed", exc_info=error)
                pause = _RETRY_S
            if pause > 0 and not self._under_way and not self._wake.is_set():
                self._idle.set()
            # Not `wait_for`: on Python 3.11 it loses a cancellation that meets a wake-up.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._wake.wait()

    async def _begin_due(self) -> float:
        """Begin what is due where there is room; return the seconds until there may be more."""
        room = self._limits.connections - len(self._under_way)
        if room <= 0:
            return _LOOK_AGAIN_S
        async with self._database.write() as connection:
            await records.enroll(connection, now_ms())
        async with self._database.read() as connection:
            found = await records.due(connection, now_ms(), _AT_A_TIME, self._under_way)
            next_ms = await records.next_due_ms(connection)
        soonest = _LOOK_AGAIN_S if next_ms is None else (next_ms - now_ms()) / 1000
        pauses = [] if found else [max(1.0, soonest)]
        for one in found:
            pause = self._not_before.get(one.host, 0.0) - monotonic()
            if pause > 0:
                pauses.append(pause)
            elif len(self._under_way) < self._limits.connections:
                self._begin(one)
        return min([_LOOK_AGAIN_S, *pauses])

    def _begin(self, one: Due) -> None:
        self._rest(one.host, self._limits.host_pause)
        task = asyncio.create_task(self._probe(one), name="resource-probe")
        self._under_way[one.resource_id] = task
        task.add_done_callback(lambda _: self._ended(one.resource_id))

    def _ended(self, resource_id: int) -> None:
        self._under_way.pop(resource_id, None)
        self._wake.set()

    async def _probe(self, one: Due) -> None:
        try:
            look = await self._looker.look(one.url, one.face)
            await self._note(one, look)
        except Exception as error:
            # The text of an error may quote the URL it tripped over: its type will do.
            log.warning("一个链接没能探测：%s", type(error).__name__)
            log.debug("probe failed", exc_info=error)
            async with self._database.write() as connection:
                later = now_ms() + int(self._limits.after_trouble * 1000)
                await records.postpone(connection, one.resource_id, later)

    async def _note(self, one: Due, look: Look) -> None:
        now = monotonic()
        if look.answered:
            self._answered_at = now
        parts = urlsplit(one.url)
        delay = self._looker.robots.delay(f"{parts.scheme}://{parts.netloc}")
        self._rest(one.host, max(self._limits.host_pause, delay))
        heard = self._answered_at is not None and now - self._answered_at < self._limits.online_for
        async with self._database.write() as connection:
            if look.outcome in _OURS and not heard:
                later = now_ms() + int(self._limits.after_trouble * 1000)
                await records.postpone(connection, one.resource_id, later)
                return
            settled = await records.settle(connection, one, look, self._limits, now_ms())
        if settled.hidden is not Why.NOTHING:
            log.info("收起了一个打不开或变了样的链接（资源 %d）", one.resource_id)
            self._on_hidden()

    def _rest(self, host: str, seconds: float) -> None:
        """Leave a host alone for a while."""
        self._not_before[host] = monotonic() + seconds
        self._not_before.move_to_end(host)
        if len(self._not_before) > self._limits.hosts_remembered:
            self._not_before.popitem(last=False)
