"""The HTTP side: uvicorn inside the simulator's own loop, and pushing to watching pages."""

import asyncio
import contextlib
import socket
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import uvicorn

from simulator.api import build_api
from simulator.views import ChatView, View, group_view, person_view
from simulator.world import ChatMessage

if TYPE_CHECKING:
    from simulator.simulator import Simulator

# While messages fly, the page learns the play's progress this often (seconds).
_STATE_EVERY = 0.5


class _Server(uvicorn.Server):
    """Leaves signals to whoever owns the loop, and tells when it serves."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().startup(sockets)
        finally:
            self.ready.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class WebServer:
    """Serves the control API, the pictures and the page."""

    def __init__(self, simulator: "Simulator") -> None:
        self._simulator = simulator
        self.chats = ChatView(simulator.world, simulator.stage.payloads, simulator.forwards)
        self.port = 0
        self._state_pushed = 0.0

    @property
    def base(self) -> str:
        """The URL this server is reached at from the same machine."""
        host = self._simulator.config.host
        host = "127.0.0.1" if host in ("0.0.0.0", "::") else host
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    async def start(self) -> None:
        """Bind and serve. Raises OSError when the port is taken."""
        config = self._simulator.config
        family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
        listening = socket.socket(family, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((config.host, config.port))
        except OSError:
            listening.close()
            raise
        self.port = listening.getsockname()[1]
        self._server = _Server(
            uvicorn.Config(
                build_api(self._simulator),
                log_config=None,
                log_level="warning",
                access_log=False,
                lifespan="off",
                timeout_graceful_shutdown=1,
            )
        )
        self._serving = asyncio.create_task(self._server.serve(sockets=[listening]))
        await self._server.ready.wait()
        if not self._server.started:
            await self._serving

    async def stop(self) -> None:
        """Finish open requests for a second at most, then close."""
        self._server.should_exit = True
        await self._serving

    def state(self) -> View:
        """``GET /api/state``."""
        simulator = self._simulator
        world, player = simulator.world, simulator.player
        title = simulator.scenario.header.title if simulator.scenario else ""
        return {
            "connected": simulator.connected,
            "self": {"user_id": world.bot.user_id, "nickname": world.bot.nickname},
            "groups": [group_view(group) for group in world.groups.values()],
            "people": [person_view(world, person) for person in world.named_people()],
            "scenario": {
                "title": title,
                "sent": player.sent,
                "total": player.total,
                "playing": player.playing,
                "done": player.done,
                "speed": player.speed,
            },
            "faults": simulator.faults.model_dump(mode="json"),
            "time": simulator.clock.now(),
            "lost_events": simulator.connection.lost_events,
        }

    def push_state(self) -> None:
        """Tell watching pages how things stand."""
        self._state_pushed = time.monotonic()
        if self._simulator.hub.watched:
            self._simulator.hub.push({"type": "state", "state": self.state()})

    def push_happening(self, kind: str, what: Any) -> None:
        """Tell watching pages what has just happened on the stage."""
        hub = self._simulator.hub
        if not hub.watched:
            return
        if isinstance(what, ChatMessage) and kind == "message":
            hub.push({"type": "message", "message": self.chats.message(what, None)})
        elif isinstance(what, ChatMessage):
            hub.push({"type": "recall", "message_id": what.message_id})
        else:
            hub.push({"type": "notice", "text": str(what)})
        if kind == "notice" or time.monotonic() - self._state_pushed > _STATE_EVERY:
            self.push_state()
