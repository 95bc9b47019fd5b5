"""The drawing process as the bot sees it: asked, timed, ended when idle, started anew."""

import asyncio
import contextlib
import json
import logging
import os
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field

import liudeng
from liudeng.pictures.cards import Card
from liudeng.pictures.renderers import name_of
from liudeng.pictures.themes import Theme

log = logging.getLogger(__name__)

_ROOT = Path(liudeng.__file__).parent.parent
_INHERITED = ("PATH", "HOME", "PYTHONPATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "SYSTEMROOT")
"""The process gets no more of the environment than this: settings hold secrets."""
_MIB = 1024 * 1024

C = TypeVar("C", bound=Card)


class PictureUnavailable(Exception):
    """There will be no picture: say it in words. The message says why, for the log."""


class StudioLimits(BaseModel):
    """Bounds on the process that draws. Times in seconds, sizes in bytes."""

    model_config = ConfigDict(frozen=True)

    waiting: int = Field(default=16, ge=1)
    """Cards that may be ordered at a time, the one being drawn included."""
    patience: float = Field(default=15.0, gt=0)
    """After this time in the queue an answer in words is the better one."""
    start_timeout: float = Field(default=30.0, gt=0)
    card_timeout: float = Field(default=20.0, gt=0)
    idle: float = Field(default=60.0, ge=0)
    """The process ends, and its memory is given back, after this time without work."""
    memory: int = Field(default=1024 * _MIB, gt=0)
    """Address space of the process, where the system can limit it."""


class Studio:
    """One process, one card at a time."""

    def __init__(
        self, limits: StudioLimits | None = None, command: Sequence[str] | None = None
    ) -> None:
        self._limits = limits or StudioLimits()
        self._command = command or (
            *(sys.executable, "-m", "liudeng.pictures.worker"),
            str(self._limits.memory),
        )
        self._open = False
        self._ordered = 0
        self._turn = asyncio.Lock()
        self._process: asyncio.subprocess.Process | None = None
        self._retirement: asyncio.TimerHandle | None = None
        self._ending: asyncio.Task[None] | None = None

    @property
    def process_id(self) -> int | None:
        """The process, while there is one."""
        return self._process.pid if self._process is not None else None

    async def start(self) -> None:
        """Take orders from now on; the process itself is started by the first one."""
        self._open = True

    async def close(self) -> None:
        """End the process; who waits for a card gets `PictureUnavailable`."""
        self._open = False
        self._stay()
        await self._end()

    async def draw(
        self, function: Callable[[C, Theme], bytes], card: C, theme: Theme = Theme.LIGHT
    ) -> bytes:
        """Draw a card with one of the room's `render_…` functions; return a PNG.

        Raises:
            PictureUnavailable: too much to draw, too slow, or the process fails.
            ValueError: the function draws no card.
        """
        order = _order(name_of(function), card, theme)
        if self._ordered >= self._limits.waiting:
            raise PictureUnavailable("等着画的太多")
        self._ordered += 1
        try:
            async with self._taken_turn():
                return await self._drawn(order)
        except PictureUnavailable as error:
            log.warning("没画成图片，改用文字：%s", error)
            raise
        finally:
            self._ordered -= 1

    @contextlib.asynccontextmanager
    async def _taken_turn(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self._limits.patience):
                await self._turn.acquire()
        except TimeoutError:
            raise PictureUnavailable("排队太久") from None
        try:
            yield
        finally:
            self._turn.release()

    async def _drawn(self, order: bytes) -> bytes:
        self._stay()
        was_running = self._is_running()
        try:
            return await self._asked(order)
        except EOFError:
            # One that idled may have been ended by the system meanwhile: that says nothing of
            # this card. One that was started for it and died, died of it.
            if not was_running or not self._open:
                raise PictureUnavailable("画图的进程退出了") from None
        try:
            return await self._asked(order)
        except EOFError:
            raise PictureUnavailable("画图的进程退出了") from None

    async def _asked(self, order: bytes) -> bytes:
        """Raises EOFError when the process ends instead of answering."""
        try:
            process = await self._running()
            async with asyncio.timeout(self._limits.card_timeout):
                head, body = await _ask(process, order)
        except TimeoutError:
            await self._end()
            raise PictureUnavailable("画得太久") from None
        except (OSError, ValueError):
            await self._end()
            raise EOFError from None
        except BaseException:
            await self._end()  # whatever it would still answer belongs to this card
            raise
        self._retire_later()
        if "failed" in head:
            raise PictureUnavailable(f"画图出错 {head['failed']}")
        return body

    def _is_running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def _running(self) -> asyncio.subprocess.Process:
        if not self._open:
            raise PictureUnavailable("已经关闭")
        if self._process is not None and self._process.returncode is None:
            return self._process
        self._process = process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            cwd=_ROOT,
            env={name: os.environ[name] for name in _INHERITED if name in os.environ},
            start_new_session=True,  # Ctrl-C is for the bot, which then ends it in order
        )
        if not self._open:  # closed while it was being started: `_asked` ends it
            raise PictureUnavailable("已经关闭")
        async with asyncio.timeout(self._limits.start_timeout):
            await _answer(process)
        return process

    def _retire_later(self) -> None:
        loop = asyncio.get_running_loop()
        self._retirement = loop.call_later(self._limits.idle, self._retire)

    def _retire(self) -> None:
        process, self._process = self._process, None
        self._ending = asyncio.create_task(_end(process))

    def _stay(self) -> None:
        if self._retirement is not None:
            self._retirement.cancel()
            self._retirement = None

    async def _end(self) -> None:
        process, self._process = self._process, None
        await _end(process)
        if self._ending is not None:
            await self._ending


def _order(name: str, card: Card, theme: Theme) -> bytes:
    order = {"function": name, "theme": theme.value, "card": card.model_dump(mode="json")}
    return json.dumps(order).encode() + b"\n"


async def _ask(process: asyncio.subprocess.Process, order: bytes) -> tuple[dict[str, Any], bytes]:
    assert process.stdin is not None
    process.stdin.write(order)
    await process.stdin.drain()
    return await _answer(process)


async def _answer(process: asyncio.subprocess.Process) -> tuple[dict[str, Any], bytes]:
    """Return its next answer. Raises EOFError when it has ended, ValueError for nonsense."""
    assert process.stdout is not None
    line = await process.stdout.readline()
    if not line:
        raise EOFError
    head = json.loads(line)
    if not isinstance(head, dict):
        raise ValueError("no answer")
    return head, await process.stdout.readexactly(int(head.get("bytes", 0)))


async def _end(process: asyncio.subprocess.Process | None) -> None:
    if process is None:
        return
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    await process.wait()
