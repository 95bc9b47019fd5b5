"""The decoding process as the fetcher sees it: asked, timed, ended, started anew."""

import asyncio
import contextlib
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

from liudeng.media import inspection
from liudeng.media.inspection import Inspection, Order, PictureRefused
from liudeng.media.limits import MediaLimits
from liudeng.media.model import Reason

_INHERITED = (
    "PATH",
    "HOME",
    "PYTHONPATH",
    "LANG",
    "LC_ALL",
    "LD_LIBRARY_PATH",
    "SYSTEMROOT",
    "TMPDIR",
)
"""The decoder gets no more of the environment than this: settings hold secrets."""


class Inspector:
    """One process, one picture at a time; it gives its memory back when there is nothing to do."""

    def __init__(self, limits: MediaLimits) -> None:
        self._limits = limits
        self._turn = asyncio.Lock()
        self._process: asyncio.subprocess.Process | None = None
        self._retirement: asyncio.TimerHandle | None = None
        self._ending: asyncio.Task[None] | None = None

    @property
    def process_id(self) -> int | None:
        """The process that decodes, while there is one."""
        return self._process.pid if self._process is not None else None

    async def inspect(self, path: Path, thumbnail: Path) -> Inspection:
        """Decode a picture and write its thumbnail; both paths absolute.

        Raises:
            PictureRefused: it is no picture, damaged, or beyond the limits of size, time or memory.
        """
        order = Order(
            path=str(path),
            thumbnail=str(thumbnail),
            pixels=self._limits.pixels,
            frames=self._limits.frames,
            thumbnail_px=self._limits.thumbnail_px,
        )
        async with self._turn:
            self._stay()
            try:
                answer = await self._ask(json.dumps(asdict(order)).encode() + b"\n")
            except BaseException:
                await self._end()  # whatever it would still answer belongs to this picture
                raise
            self._retire_later()
        if "refused" in answer:
            raise PictureRefused(answer["refused"])
        return Inspection(**answer)

    async def close(self) -> None:
        """End the process."""
        self._stay()
        await self._end()

    async def _ask(self, line: bytes) -> dict:
        process = await self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            async with asyncio.timeout(self._limits.inspection_timeout):
                process.stdin.write(line)
                await process.stdin.drain()
                answer = await process.stdout.readline()
        except (TimeoutError, ConnectionError):
            raise PictureRefused(Reason.TOO_HARD.value) from None
        if not answer:  # it died: out of memory, or a decoder crashed
            raise PictureRefused(Reason.TOO_HARD.value)
        return json.loads(answer)

    async def _running(self) -> asyncio.subprocess.Process:
        if self._process is None or self._process.returncode is not None:
            environment = {name: os.environ[name] for name in _INHERITED if name in os.environ}
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-P",  # the folder of this file is no place to import from
                inspection.__file__,
                str(self._limits.inspection_memory),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env=environment,
            )
        return self._process

    def _retire_later(self) -> None:
        loop = asyncio.get_running_loop()
        self._retirement = loop.call_later(self._limits.inspection_idle, self._retire)

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


async def _end(process: asyncio.subprocess.Process | None) -> None:
    if process is None:
        return
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    await process.wait()
