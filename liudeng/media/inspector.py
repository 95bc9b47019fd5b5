"""The decoding process as the fetcher sees it: asked, timed, ended, started anew."""

import asyncio
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from liudeng.media import inspection
from liudeng.media.inspection import Inspection, Order, PictureRefused
from liudeng.media.limits import MediaLimits
from liudeng.media.model import Reason
from liudeng.workers import Launch, WorkerProcess, WorkerUnavailable


class Inspector:
    """One process, one picture at a time; it gives its memory back when there is nothing to do."""

    def __init__(self, limits: MediaLimits) -> None:
        self._limits = limits
        self._turn = asyncio.Lock()
        # -P: the folder of that file is no place to import from
        command = (sys.executable, "-P", inspection.__file__, str(limits.inspection_memory))
        self._worker = WorkerProcess(Launch(command, limits.inspection_idle))

    @property
    def process_id(self) -> int | None:
        """The process that decodes, while there is one."""
        return self._worker.process_id

    async def inspect(self, path: Path, thumbnail: Path) -> Inspection:
        """Decode a picture and write its thumbnail; both paths absolute.

        Raises:
            PictureRefused: it is no picture, damaged, or beyond the limits of size, time or memory.
            OSError: no process can be started now; the picture may be tried again.
        """
        order = Order(
            path=str(path),
            thumbnail=str(thumbnail),
            pixels=self._limits.pixels,
            frames=self._limits.frames,
            thumbnail_px=self._limits.thumbnail_px,
        )
        async with self._turn:
            answer = await self._ask(json.dumps(asdict(order)).encode() + b"\n")
        if "refused" in answer:
            raise PictureRefused(answer["refused"])
        return Inspection(**answer)

    async def close(self) -> None:
        """End the process."""
        await self._worker.end()

    async def _ask(self, line: bytes) -> dict[str, Any]:
        try:
            async with (
                self._worker.at_work() as process,
                asyncio.timeout(self._limits.inspection_timeout),
            ):
                assert process.stdin is not None
                assert process.stdout is not None
                process.stdin.write(line)
                await process.stdin.drain()
                # An empty line: it died, out of memory, or a decoder crashed.
                return json.loads(await process.stdout.readline())
        except WorkerUnavailable as error:
            raise OSError("no process to decode in") from error
        except (TimeoutError, ConnectionError, ValueError):
            raise PictureRefused(Reason.TOO_HARD.value) from None
