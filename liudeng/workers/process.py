"""A process that is started when there is work, asked one thing at a time, and ended when idle."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import liudeng

Process = asyncio.subprocess.Process

ROOT = Path(liudeng.__file__).parent.parent
"""Where `-m liudeng…` is found, whatever folder the bot was started in."""
_INHERITED = (
    *("PATH", "HOME", "PYTHONPATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH"),
    *("SYSTEMROOT", "TMPDIR"),
)
"""A worker gets no more of the environment than this: settings hold secrets."""
_LONGEST_LINE = 64 * 1024


def inherited_environment() -> dict[str, str]:
    """Return what a worker gets of the bot's environment."""
    return {name: os.environ[name] for name in _INHERITED if name in os.environ}


class WorkerUnavailable(Exception):
    """The process cannot be started, or does not say that it is ready."""


@dataclass(frozen=True)
class Launch:
    """How a worker is started. Times in seconds."""

    command: Sequence[str]
    idle: float
    """It ends, and its memory is given back, after this time without work."""
    start_timeout: float = 60.0
    ready: Callable[[Process], Awaitable[object]] | None = None
    """Waits until it says that it is ready."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """What it gets besides the little that is inherited."""
    longest_line: int = _LONGEST_LINE


class WorkerProcess:
    """Owns one process. Whoever uses it takes turns: see `at_work`."""

    def __init__(self, launch: Launch) -> None:
        self._launch = launch
        self._process: Process | None = None
        self._retirement: asyncio.TimerHandle | None = None
        self._ending: asyncio.Task[None] | None = None

    @property
    def process_id(self) -> int | None:
        """The process, while there is one."""
        return self._process.pid if self._process is not None else None

    @property
    def is_running(self) -> bool:
        """Whether there is one that has not ended."""
        return self._process is not None and self._process.returncode is None

    @contextlib.asynccontextmanager
    async def at_work(self) -> AsyncIterator[Process]:
        """Lend the process, started if there is none, for one piece of work at a time.

        It is ended when the work fails or is broken off: whatever it would still answer belongs
        to that piece of work.

        Raises:
            WorkerUnavailable: it cannot be started.
        """
        self._stay()
        try:
            yield await self._running()
        except BaseException:
            await self.end()
            raise
        self._retire_later()

    async def end(self) -> None:
        """End the process; the next piece of work starts another."""
        self._stay()
        process, self._process = self._process, None
        await _end(process)
        if self._ending is not None:
            await self._ending

    async def _running(self) -> Process:
        if self._process is not None and self._process.returncode is None:
            return self._process
        try:
            self._process = process = await asyncio.create_subprocess_exec(
                *self._launch.command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                limit=self._launch.longest_line,
                cwd=ROOT,
                env={**inherited_environment(), **self._launch.environment},
                start_new_session=True,  # Ctrl-C is for the bot, which then ends it in order
            )
            if self._launch.ready is not None:
                async with asyncio.timeout(self._launch.start_timeout):
                    await self._launch.ready(process)
        except (TimeoutError, OSError, ValueError, EOFError):
            raise WorkerUnavailable from None
        return process

    def _retire_later(self) -> None:
        loop = asyncio.get_running_loop()
        self._retirement = loop.call_later(self._launch.idle, self._retire)

    def _retire(self) -> None:
        process, self._process = self._process, None
        self._ending = asyncio.create_task(_end(process))

    def _stay(self) -> None:
        if self._retirement is not None:
            self._retirement.cancel()
            self._retirement = None


async def _end(process: Process | None) -> None:
    if process is None:
        return
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    await process.wait()
