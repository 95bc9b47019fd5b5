"""The reverse WebSocket: a client that calls the bot, and calls again when it is lost."""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable, Iterator

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from simulator.config import SimulatorConfig

logger = logging.getLogger(__name__)

# Producers of many events wait above ROOM; above LIMIT events are lost, as a real one loses them.
ROOM = 512
LIMIT = 20_000
_GOODBYE = 1.0
_MAX_FRAME = 64 * 1024 * 1024

Written = Callable[[], None]


def backoff(first: float, longest: float) -> Iterator[float]:
    """Waiting times in seconds: ``first``, doubling up to ``longest``."""
    delay = first
    while True:
        yield delay
        delay = min(delay * 2, longest)


class Connection:
    """One connection at a time; nothing is kept for later while there is none."""

    def __init__(self, config: SimulatorConfig) -> None:
        self._config = config
        self._socket: ClientConnection | None = None
        self._events: deque[tuple[str, Written | None]] = deque()
        self._answers: deque[str] = deque()
        self._work = asyncio.Event()
        self._room = asyncio.Event()
        self._up = asyncio.Event()
        self._closing = asyncio.Event()
        self._calling: asyncio.Task[None] | None = None
        self._stay_away = 0.0
        self._trouble = ""
        self.times_connected = 0
        self.lost_events = 0
        self.greeting: Callable[[], str]
        self.heartbeat: Callable[[], str]
        self.on_frame: Callable[[str | bytes], None]
        self.on_change: Callable[[], None] = lambda: None

    @property
    def connected(self) -> bool:
        """Whether a bot is listening right now."""
        return self._socket is not None

    async def wait_connected(self) -> None:
        """Return as soon as a bot is listening."""
        await self._up.wait()

    def post(self, text: str, written: Written | None = None) -> bool:
        """Queue an event; False means it was lost. ``written`` is called once it is out."""
        if self._socket is None or len(self._events) >= LIMIT:
            self.lost_events += 1
            return False
        self._events.append((text, written))
        if len(self._events) >= ROOM:
            self._room.clear()
        self._work.set()
        return True

    def answer(self, text: str) -> None:
        """Queue an answer to an action; answers overtake events."""
        if self._socket is not None:
            self._answers.append(text)
            self._work.set()

    async def room(self) -> None:
        """Wait until the backlog is small enough for more."""
        if len(self._events) >= ROOM:
            await self._room.wait()

    def drop(self, stay_away: float = 0.0) -> None:
        """Cut the line without a goodbye; call again after ``stay_away`` seconds."""
        self._stay_away = stay_away
        socket = self._socket
        if socket is not None:
            self._close()
            socket.transport.abort()

    def start(self) -> None:
        """Begin calling the bot, if there is one to call."""
        if self._config.url is not None:
            self._calling = asyncio.create_task(self._call(self._config.url))

    async def close(self) -> None:
        """Say goodbye properly and stop calling."""
        self._closing.set()
        if self._socket is not None:
            await self._socket.close()
        if self._calling is not None:
            await asyncio.wait([self._calling], timeout=_GOODBYE)
            self._calling.cancel()
            await asyncio.wait([self._calling])

    async def _call(self, url: str) -> None:
        delays = backoff(self._config.reconnect_first, self._config.reconnect_longest)
        while not self._closing.is_set():
            try:
                async with self._dial(url) as socket:
                    delays = backoff(self._config.reconnect_first, self._config.reconnect_longest)
                    await self._serve(socket)
            except (OSError, TimeoutError, WebSocketException) as error:
                self._complain(str(error))
            pause, self._stay_away = max(self._stay_away, next(delays)), 0.0
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), pause)

    def _complain(self, trouble: str) -> None:
        """Warn once about each new trouble; it will come again with every attempt."""
        level = logging.DEBUG if trouble == self._trouble else logging.WARNING
        logger.log(level, "no connection to the bot: %s", trouble)
        self._trouble = trouble

    def _dial(self, url: str) -> connect:
        headers = {"X-Self-ID": str(self._config.self_id), "X-Client-Role": "Universal"}
        if self._config.token:
            headers["Authorization"] = f"Bearer {self._config.token}"
        return connect(
            url,
            additional_headers=headers,
            user_agent_header="OneBot/11",
            compression=None,
            proxy=None,
            open_timeout=5,
            close_timeout=1,
            max_size=_MAX_FRAME,
        )

    async def _serve(self, socket: ClientConnection) -> None:
        self._open(socket)
        tasks = [asyncio.create_task(self._write(socket)), asyncio.create_task(self._beat())]
        try:
            async for frame in socket:
                self.on_frame(frame)
        finally:
            if self._socket is socket:
                self._close()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _open(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._trouble = ""
        self.times_connected += 1
        self.post(self.greeting())
        self._up.set()
        self.on_change()

    def _close(self) -> None:
        self._socket = None
        self._up.clear()
        self.lost_events += len(self._events)
        self._events.clear()
        self._answers.clear()
        self._room.set()
        self.on_change()

    async def _write(self, socket: ClientConnection) -> None:
        try:
            while True:
                await self._work.wait()
                await self._write_queued(socket)
        except ConnectionClosed:
            return

    async def _write_queued(self, socket: ClientConnection) -> None:
        while self._answers or self._events:
            if self._answers:
                await socket.send(self._answers.popleft())
                continue
            text, written = self._events.popleft()
            await socket.send(text)
            if written is not None:
                written()
            if len(self._events) < ROOM:
                self._room.set()
        self._work.clear()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self._config.heartbeat)
            self.post(self.heartbeat())
