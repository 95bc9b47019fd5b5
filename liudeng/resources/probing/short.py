"""The task that finds out where short links lead, asking the shorteners alone.

A shortener's answer names the address behind it. That address is taken down and never opened:
whoever posted the link learns nothing of the bot.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.db import Database, explain, now_ms
from liudeng.media import GuardedBackend
from liudeng.resources.canonical import Link, canonical
from liudeng.resources.following import follow
from liudeng.resources.probing.limits import ProbeLimits
from liudeng.resources.probing.web import Web, WebTrouble
from liudeng.resources.tables import short_links
from liudeng.tasks import end

log = logging.getLogger(__name__)

_LOOK_AGAIN_S = 300.0
_RETRY_S = 60.0
_BACKOFF_MS = 10 * 60_000


class ShortLinks:
    """Owns the task; the queue is the table, worked off one at a time with a pause."""

    def __init__(
        self,
        database: Database,
        limits: ProbeLimits | None = None,
        backend: GuardedBackend | None = None,
        on_posted: Callable[[], None] = lambda: None,
    ) -> None:
        self._database = database
        self._limits = limits or ProbeLimits()
        self._backend = backend
        self._on_posted = on_posted
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def wake(self) -> None:
        """Tell that there may be a new one."""
        self._idle.clear()
        self._wake.set()

    async def idle(self) -> None:
        """Wait until none is due."""
        self.wake()
        await self._idle.wait()

    async def start(self) -> None:
        """Begin with what was not settled before."""
        self._web = Web(self._limits, self._backend)
        self._task = asyncio.create_task(self._run(), name="short-links")

    async def close(self) -> None:
        """Stop; the rest is due after the next start."""
        if self._task is None:
            return
        await end(self._task)
        await self._web.close()
        self._task = None

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            try:
                pause = await self._settle_next()
            except Exception as error:
                log.error("短链接查询暂停：%s", explain(error).advice)
                log.debug("short links failed", exc_info=error)
                pause = _RETRY_S
            if pause is None:
                await asyncio.sleep(self._limits.short_pause)
                continue
            if not self._wake.is_set():
                self._idle.set()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._wake.wait()

    async def _settle_next(self) -> float | None:
        """Settle the next that is due; the seconds until one is, None if one was."""
        query = (
            select(short_links)
            .where(short_links.c.due_ms <= now_ms())
            .order_by(short_links.c.due_ms)
            .limit(1)
        )
        async with self._database.read() as connection:
            row = (await connection.execute(query)).first()
            soonest = (await connection.execute(select(func.min(short_links.c.due_ms)))).scalar()
        if row is None:
            wait = _LOOK_AGAIN_S if soonest is None else max(1.0, (soonest - now_ms()) / 1000)
            return min(_LOOK_AGAIN_S, wait)
        target = await self._target(row.url)
        async with self._database.write() as connection:
            if target is None:
                await self._again(connection, row.key, row.attempts + 1)
                return None
            await self._settled(connection, row.key, target)
            short = canonical(row.url)
            posted = await follow(connection, short, target, now_ms()) if short else 0
        if posted:
            self._on_posted()
        return None

    async def _target(self, url: str) -> Link | None:
        """Return where a short link leads; None if that cannot be found out now."""
        for _ in range(self._limits.short_hops):
            try:
                answer = await self._web.hop(url)
            except WebTrouble:
                return None
            target = canonical(answer.location) if answer.location else None
            if target is None or not target.is_short:
                return target
            url = target.url
        return None

    async def _again(self, connection: AsyncConnection, key: str, attempts: int) -> None:
        due = now_ms() + _BACKOFF_MS * 4**attempts
        values = {"attempts": attempts, "due_ms": due}
        if attempts >= self._limits.short_attempts:
            values["due_ms"] = None
        await connection.execute(
            update(short_links).where(short_links.c.key == key).values(**values)
        )

    async def _settled(self, connection: AsyncConnection, key: str, target: Link) -> None:
        await connection.execute(
            update(short_links)
            .where(short_links.c.key == key)
            .values(target=target.url, due_ms=None)
        )
