"""The two processes of the demo, and how they are talked to."""

import asyncio
import json
import os
import secrets
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from liudeng.settings import PROJECT_ROOT

_START_TIMEOUT_S = 60.0
_POLL_S = 0.1
_STOP_TIMEOUT_S = 15.0


class DemoProblem(Exception):
    """The demo cannot go on; the text is a Chinese sentence for whoever runs it."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A running bot and a running simulator."""

    bot_url: str
    simulator_url: str
    data_dir: Path
    http: httpx.AsyncClient

    async def health(self) -> dict[str, Any]:
        """Return the bot's pulse."""
        return (await self.http.get(f"{self.bot_url}/health")).raise_for_status().json()

    async def state(self) -> dict[str, Any]:
        """Return the simulator's state."""
        return (await self.http.get(f"{self.simulator_url}/api/state")).raise_for_status().json()

    async def play(self, speed: float) -> None:
        """Start the scenario."""
        body = {"action": "start", "speed": speed}
        (await self.http.post(f"{self.simulator_url}/api/play", json=body)).raise_for_status()

    async def truth(self) -> list[dict[str, Any]]:
        """Return every message that was said in any group."""
        response = await self.http.get(f"{self.simulator_url}/api/truth")
        # Not splitlines(): a text may hold U+2028 and the like.
        lines = response.raise_for_status().text.split("\n")
        return [json.loads(line) for line in lines if line.strip()]

    async def sent(self) -> list[dict[str, Any]]:
        """Return everything the bot has said."""
        return (await self.http.get(f"{self.simulator_url}/api/sent")).raise_for_status().json()

    async def settled(self) -> None:
        """Wait until the bot is connected and knows who is where."""
        async with asyncio.timeout(_START_TIMEOUT_S):
            while not (await self.health())["settled"]:  # noqa: ASYNC110 - another process
                await asyncio.sleep(_POLL_S)


@dataclass(frozen=True, slots=True)
class Backdrop:
    """What is played, and how the bot is set up for it."""

    scenario: Path
    data_dir: Path
    port: int
    staff_group: int | None
    read_pictures: bool = True


@asynccontextmanager
async def stage(backdrop: Backdrop) -> AsyncIterator[Stage]:
    """Start bot and simulator, connected over a real WebSocket with an access token.

    Raises:
        DemoProblem: one of them does not start.
    """
    token, data_dir = secrets.token_urlsafe(16), backdrop.data_dir
    bot_port = free_port()
    simulator_command = [
        *("-m", "simulator", "--url", f"ws://127.0.0.1:{bot_port}/onebot/v11/ws"),
        *("--token", token, "--port", str(backdrop.port)),
        *("--scenario", str(backdrop.scenario)),
    ]
    log_path = data_dir / "demo.log"
    with log_path.open("wb") as log:
        processes: list[asyncio.subprocess.Process] = []
        try:
            simulator = await _start(simulator_command, {}, log.fileno(), piped=True)
            processes.append(simulator)
            pictures = f"127.0.0.1:{(await _ready_line(simulator, log_path))['port']}"
            environment = {
                "DATA_DIR": str(data_dir),
                "HOST": "127.0.0.1",
                "PORT": str(bot_port),
                "ONEBOT_ACCESS_TOKEN": token,
                "LOG_LEVEL": "WARNING",
                "ARCHIVE_GROUPS": "[]",
                "MODERATORS": "{}",
                "STAFF_GROUP": str(backdrop.staff_group or ""),
                "WATCH_START": "armed",  # the evening is over before anybody could decide
                "OPINION_URL": "",
                "OCR_ENABLED": str(backdrop.read_pictures),
                "SEND_INTERVAL": "0.2",  # nobody throttles an account in the simulator
                "MEDIA_TRUSTED_HOSTS": json.dumps([pictures]),
            }
            bot = await _start(["bot.py"], environment, log.fileno())
            processes.append(bot)
            async with httpx.AsyncClient(timeout=30, trust_env=False) as http:
                running = Stage(
                    f"http://127.0.0.1:{bot_port}", f"http://{pictures}", data_dir, http
                )
                await _answering(running, bot, log_path)
                yield running
        finally:
            for process in processes:
                await _stop(process)


async def _start(
    arguments: list[str], environment: Mapping[str, str], log: int, *, piped: bool = False
) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        cwd=PROJECT_ROOT,
        env={**os.environ, **environment},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE if piped else log,
        stderr=log,
        start_new_session=True,  # Ctrl-C reaches the demo alone, which then stops both in order
    )


async def _ready_line(simulator: asyncio.subprocess.Process, log_path: Path) -> dict[str, Any]:
    assert simulator.stdout is not None
    try:
        async with asyncio.timeout(_START_TIMEOUT_S):
            line = await simulator.stdout.readline()
        return json.loads(line)
    except (TimeoutError, ValueError):
        raise DemoProblem(f"模拟器没有启动成功，原因在 {log_path} 里。") from None


async def _answering(running: Stage, bot: asyncio.subprocess.Process, log_path: Path) -> None:
    try:
        async with asyncio.timeout(_START_TIMEOUT_S):
            while True:
                if bot.returncode is not None:
                    raise DemoProblem(f"机器人启动后退出了，原因在 {log_path} 里。")
                try:
                    await running.health()
                except httpx.HTTPError:
                    await asyncio.sleep(_POLL_S)
                else:
                    break
        await running.settled()
    except TimeoutError:
        raise DemoProblem(f"机器人没有在 60 秒内准备好，原因在 {log_path} 里。") from None


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(_STOP_TIMEOUT_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


def free_port(wished: int = 0) -> int:
    """Return `wished` if nobody listens there, else a port on which nobody does."""
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", wished))
        except OSError:
            return free_port()
        return probe.getsockname()[1]
