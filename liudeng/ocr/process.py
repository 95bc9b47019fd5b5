"""The reading process as the bot sees it: asked, timed, ended when idle, started anew."""

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from liudeng.ocr.limits import OcrLimits
from liudeng.ocr.reading import Reading
from liudeng.workers import Launch, WorkerProcess, WorkerUnavailable

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
        command = command or (
            *(sys.executable, "-m", "liudeng.ocr.worker"),
            str(limits.threads),
        )
        self._turn = asyncio.Lock()
        self._worker = WorkerProcess(
            Launch(
                command,
                limits.idle,
                start_timeout=limits.start_timeout,
                ready=_answer,
                environment=_ALLOCATION,
                longest_line=_LONGEST_ANSWER,
            )
        )

    @property
    def process_id(self) -> int | None:
        """The process, while there is one."""
        return self._worker.process_id

    async def read(self, path: Path) -> Reading:
        """Read one picture; the process is started if there is none.

        Raises:
            EngineUnavailable: it cannot be started.
            ProcessDied: it did not survive this picture.
            PictureFailed: the picture cannot be decoded or read.
        """
        async with self._turn:
            try:
                async with (
                    self._worker.at_work() as process,
                    asyncio.timeout(self._limits.picture_timeout),
                ):
                    answer = await _ask(process, _order(path))
            except WorkerUnavailable:
                raise EngineUnavailable from None
            except (TimeoutError, OSError, ValueError):
                raise ProcessDied from None
        if "failed" in answer:
            raise PictureFailed(answer["failed"])
        return Reading.model_validate(answer)

    async def close(self) -> None:
        """End the process."""
        await self._worker.end()


def _order(path: Path) -> bytes:
    return json.dumps({"path": str(path.absolute())}).encode() + b"\n"


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
