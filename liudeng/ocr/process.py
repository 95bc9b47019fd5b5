"""The reading process as the bot sees it: asked, timed, ended when idle, started anew."""

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import liudeng
from liudeng.ocr.limits import OcrLimits
from liudeng.ocr.reading import Reading

_ROOT = Path(liudeng.__file__).parent.parent
_INHERITED = ("PATH", "HOME", "PYTHONPATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "SYSTEMROOT")
"""The process gets no more of the environment than this: settings hold secrets."""
# glibc keeps what is freed in pieces between the models' large buffers: mapped one by one they
# are given back at once, which saves a third of the process's peak for a quarter more time.
_ALLOCATION = {
    "MALLOC_MMAP_THRESHOLD_": str(2 * 1024 * 1024),
    "MALLOC_TRIM_THRESHOLD_": str(256 * 1024 * 1024),
}
_LONGEST_ANSWER = 16 * 1024 * 1024


class EngineUnavailable(Exception):
    """The process does not come up: nothing can be read, whichever the picture."""


class ProcessDied(Exception):
    """The process ended, or was ended for taking too long, over this picture."""


class PictureFailed(Exception):
    """The process says that this picture cannot be read."""


class ReadingProcess:
    """One process, one picture at a time."""

    def __init__(self, limits: OcrLimits, command: Sequence[str] | None = None) -> None:
        self._limits = limits
        self._command = command or (
            *(sys.executable, "-m", "liudeng.ocr.worker"),
            str(limits.threads),
        )
        self._turn = asyncio.Lock()
        self._process: asyncio.subprocess.Process | None = None
        self._retirement: asyncio.TimerHandle | None = None
        self._ending: asyncio.Task[None] | None = None

    @property
    def process_id(self) -> int | None:
        """The process, while there is one."""
        return self._process.pid if self._process is not None else None

    async def read(self, path: Path) -> Reading:
        """Read one picture; the process is started if there is none.

        Raises:
            EngineUnavailable: it cannot be started.
            ProcessDied: it did not survive this picture.
            PictureFailed: the picture cannot be decoded or read.
        """
        async with self._turn:
            self._stay()
            try:
                process = await self._running()
                async with asyncio.timeout(self._limits.picture_timeout):
                    answer = await _ask(process, _order(path))
            except (TimeoutError, OSError, ValueError):
                await self._end()
                raise ProcessDied from None
            except BaseException:
                await self._end()  # whatever it would still answer belongs to this picture
                raise
            self._retire_later()
        if "failed" in answer:
            raise PictureFailed(answer["failed"])
        return Reading.model_validate(answer)

    async def close(self) -> None:
        """End the process."""
        self._stay()
        await self._end()

    async def _running(self) -> asyncio.subprocess.Process:
        if self._process is not None and self._process.returncode is None:
            return self._process
        try:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                limit=_LONGEST_ANSWER,
                cwd=_ROOT,
                env=_environment(),
                start_new_session=True,  # Ctrl-C is for the bot, which then ends it in order
            )
            async with asyncio.timeout(self._limits.start_timeout):
                await _answer(self._process)
        except (TimeoutError, OSError, ValueError):
            raise EngineUnavailable from None
        return self._process

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


def _order(path: Path) -> bytes:
    return json.dumps({"path": str(path.absolute())}).encode() + b"\n"


def _environment() -> dict[str, str]:
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    return inherited | _ALLOCATION


async def _ask(process: asyncio.subprocess.Process, order: bytes) -> dict[str, Any]:
    assert process.stdin is not None
    process.stdin.write(order)
    await process.stdin.drain()
    return await _answer(process)


async def _answer(process: asyncio.subprocess.Process) -> dict[str, Any]:
    """Return its next line. Raises ValueError when it has ended, or says what is no answer."""
    assert process.stdout is not None
    answer = json.loads(await process.stdout.readline())
    if not isinstance(answer, dict):
        raise ValueError("no answer")
    return answer


async def _end(process: asyncio.subprocess.Process | None) -> None:
    if process is None:
        return
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    await process.wait()
