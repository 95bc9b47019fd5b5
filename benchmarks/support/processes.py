"""Any bot, ours or a rival's, as a process on a free port with a token and a folder of its own."""

import asyncio
import contextlib
import os
import secrets
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from benchmarks.support.bot_process import ROOT, free_port

_START_LIMIT_S = 60.0
_POLL_S = 0.02


@dataclass(frozen=True)
class BotProcess:
    """A bot that answers."""

    port: int
    token: str
    pid: int
    started_in_s: float
    """Seconds from the start of the process to its first answer."""

    @property
    def ws_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/onebot/v11/ws"

    @property
    def http_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def resident_mib(self) -> float:
        """Return the resident memory of the process in MiB (Linux)."""
        return _resident_mib(self.pid)

    def family_mib(self) -> float:
        """Return the resident memory of the process and all it has started in MiB (Linux)."""
        return sum(_resident_mib(pid) for pid in _family(self.pid))


def _resident_mib(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text("utf-8")
    except OSError:  # it has ended meanwhile
        return 0.0
    line = next((line for line in status.splitlines() if line.startswith("VmRSS")), "VmRSS: 0 kB")
    return int(line.split()[1]) / 1024


def _family(pid: int) -> Iterator[int]:
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in children.read_text("ascii").split():
                yield from _family(int(child))


@asynccontextmanager
async def running_bot(
    arguments: Sequence[str], folder: Path, ready_path: str, **environment: str
) -> AsyncIterator[BotProcess]:
    """Start `python arguments…` and wait until `ready_path` answers; stop it at the end."""
    port, token = free_port(), secrets.token_hex(8)
    variables = {
        "PORT": str(port),
        "ONEBOT_ACCESS_TOKEN": token,
        "DATA_DIR": str(folder),
        "LOG_LEVEL": "INFO",
        "WATCH_START": "armed",
        **environment,
    }
    loop = asyncio.get_running_loop()
    started = loop.time()
    with (folder / "bot.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *arguments,
            cwd=ROOT,
            env={**os.environ, **variables},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        try:
            await _answers(process, f"http://127.0.0.1:{port}{ready_path}")
            yield BotProcess(port, token, process.pid, loop.time() - started)
        finally:
            if process.returncode is None:
                process.terminate()
                await process.wait()


async def _answers(process: asyncio.subprocess.Process, url: str) -> None:
    async with asyncio.timeout(_START_LIMIT_S), httpx.AsyncClient(trust_env=False) as http:
        while process.returncode is None:
            try:
                (await http.get(url)).raise_for_status()
            except httpx.HTTPError:
                await asyncio.sleep(_POLL_S)
            else:
                return
    raise RuntimeError("the bot exited before it answered")
