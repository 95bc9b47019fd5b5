"""A bot reduced to its socket: hears what the page's people do, and speaks when told to."""

import asyncio
import itertools
import json
from collections.abc import Callable
from typing import Any, Self

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

Frame = dict[str, Any]
PATIENCE = 15.0


class SmallBot:
    """The server side of a reverse WebSocket."""

    def __init__(self) -> None:
        self.events: list[Frame] = []
        self._answers: dict[str, asyncio.Future[Frame]] = {}
        self._echo = itertools.count()
        self._news = asyncio.Condition()
        self._socket: ServerConnection | None = None
        self._server: Server

    async def __aenter__(self) -> Self:
        self._server = await serve(self._hear, "127.0.0.1", 0, compression=None)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await self._server.wait_closed()

    @property
    def url(self) -> str:
        """Where the simulator connects to."""
        port = next(iter(self._server.sockets)).getsockname()[1]
        return f"ws://127.0.0.1:{port}/onebot/v11/ws"

    async def _hear(self, socket: ServerConnection) -> None:
        self._socket = socket
        try:
            async for text in socket:
                frame = json.loads(text)
                if "post_type" not in frame:
                    self._answers.pop(frame["echo"]).set_result(frame)
                    continue
                async with self._news:
                    self.events.append(frame)
                    self._news.notify_all()
        except ConnectionClosed:
            return

    async def heard(self, fits: Callable[[Frame], bool]) -> Frame:
        """The first event that fits, past or future. Raises TimeoutError."""
        async with asyncio.timeout(PATIENCE), self._news:
            while True:
                for event in self.events:
                    if fits(event):
                        return event
                await self._news.wait()

    async def heard_text(self, text: str) -> Frame:
        """The message with this text."""
        return await self.heard(lambda event: event.get("raw_message", "").endswith(text))

    async def call(self, action: str, **params: Any) -> Frame:
        """Call an action; returns the whole answer."""
        if self._socket is None:
            raise RuntimeError("the simulator is not connected")
        echo = str(next(self._echo))
        answer = self._answers[echo] = asyncio.get_running_loop().create_future()
        await self._socket.send(json.dumps({"action": action, "params": params, "echo": echo}))
        async with asyncio.timeout(PATIENCE):
            return await answer

    async def whisper(self, user_id: int, text: str) -> int:
        """Write to somebody in private; returns the message id."""
        answer = await self.call("send_private_msg", user_id=user_id, message=text)
        return answer["data"]["message_id"]
