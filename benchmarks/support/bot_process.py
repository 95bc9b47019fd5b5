"""The real bot, `python bot.py`, as a process that can be started, asked and killed."""

import asyncio
import contextlib
import os
import socket
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx

from benchmarks.support.waiting import until

ROOT = Path(__file__).resolve().parent.parent.parent
TOKEN = "a-token-for-local-runs-only"
START_WITHIN_S = 90.0
"""A busy machine imports slowly; a healthy start takes about two seconds."""
_STOP_WITHIN_S = 15.0
_LOG_TAIL = 1_500


def free_port() -> int:
    """Return a TCP port on which nobody listens right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class BotProcess:
    """One bot with a data directory of its own; the same port after every restart."""

    def __init__(self, directory: Path, settings: Mapping[str, object] | None = None) -> None:
        """`settings` are the bot's own, named as in its environment: `SEND_INTERVAL`."""
        self.directory = directory
        self.port = free_port()
        self.log = directory / "bot.log"
        self._settings = {
            "DATA_DIR": directory / "data",
            "HOST": "127.0.0.1",
            "PORT": self.port,
            "ONEBOT_ACCESS_TOKEN": TOKEN,
            "LOG_LEVEL": "WARNING",
            "ARCHIVE_GROUPS": "[]",
            "MODERATORS": "{}",
            "SEND_INTERVAL": 0,
            "WATCH_START": "armed",
            **(settings or {}),
        }
        self._process: asyncio.subprocess.Process | None = None
        self._client = httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{self.port}", trust_env=False, timeout=5.0
        )

    @property
    def database(self) -> Path:
        """The archive's file."""
        return self.directory / "data" / "liudeng.sqlite3"

    @property
    def url(self) -> str:
        """Where a OneBot implementation calls."""
        return f"ws://127.0.0.1:{self.port}/onebot/v11/ws"

    async def start(self) -> None:
        """Start and wait until it answers.

        Raises:
            RuntimeError: it ended instead; quotes the end of its log.
            TimeoutError: it did not answer in time.
        """
        environment = {name: str(value) for name, value in self._settings.items()}
        self.directory.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "bot.py", cwd=ROOT, env=os.environ | environment,
                stdout=log, stderr=log, stdin=asyncio.subprocess.DEVNULL,
            )  # fmt: skip
        await until(self._answers, "the bot answers", START_WITHIN_S, pause_s=0.1)

    async def kill(self) -> None:
        """End it as a power cut would: SIGKILL, in the middle of whatever it does."""
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()

    async def stop(self) -> None:
        """Ask it to end (SIGTERM); kill it if it does not."""
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._process.wait(), _STOP_WITHIN_S)
            await self.kill()
        await self._client.aclose()

    async def health(self) -> dict[str, Any]:
        """Return what `GET /health` tells. Raises httpx.HTTPError when it does not answer."""
        answer = await self._client.get("/health")
        answer.raise_for_status()
        return answer.json()

    async def healthy(self, fits: Callable[[dict[str, Any]], bool]) -> bool:
        """Tell whether it answers and what it tells fits."""
        try:
            return fits(await self.health())
        except httpx.HTTPError:
            return False

    async def _answers(self) -> bool:
        if self._process is not None and self._process.returncode is not None:
            raise RuntimeError(f"the bot has ended:\n{self.log_tail()}")
        return await self.healthy(lambda _: True)

    def log_tail(self) -> str:
        """Return the end of what it logged."""
        return self.log.read_text("utf-8", "replace")[-_LOG_TAIL:] if self.log.exists() else ""
