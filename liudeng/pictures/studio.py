"""The drawing process as the bot sees it: asked, timed, ended when idle, started anew."""

import asyncio
import contextlib
import json
import logging
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from liudeng.pictures.cards import Card
from liudeng.pictures.renderers import name_of
from liudeng.pictures.themes import Theme
from liudeng.workers import Launch, WorkerProcess, WorkerUnavailable

log = logging.getLogger(__name__)

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
        command = command or (
            *(sys.executable, "-m", "liudeng.pictures.worker"),
            str(self._limits.memory),
        )
        self._worker = WorkerProcess(
            Launch(
                command,
                self._limits.idle,
                start_timeout=self._limits.start_timeout,
                ready=_answer,
            )
        )
        self._open = False
        self._ordered = 0
        self._turn = asyncio.Lock()

    @property
    def process_id(self) -> int | None:
        """The process, while there is one."""
        return self._worker.process_id

    async def start(self) -> None:
        """Take orders from now on; the process itself is started by the first one."""
        self._open = True

    async def close(self) -> None:
        """End the process; who waits for a card gets `PictureUnavailable`."""
        self._open = False
        await self._worker.end()

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
        was_running = self._worker.is_running
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
        if not self._open:
            raise PictureUnavailable("已经关闭")
        try:
            async with self._worker.at_work() as process:
                if not self._open:  # closed while it was being started
                    raise PictureUnavailable("已经关闭")
                async with asyncio.timeout(self._limits.card_timeout):
                    head, body = await _ask(process, order)
        except TimeoutError:
            raise PictureUnavailable("画得太久") from None
        except WorkerUnavailable:
            raise PictureUnavailable("画图的进程起不来") from None
        except (OSError, ValueError):
            raise EOFError from None
        if "failed" in head:
            raise PictureUnavailable(f"画图出错 {head['failed']}")
        return body


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
