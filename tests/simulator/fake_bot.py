"""A bot reduced to its socket: it hears everything and can call actions."""

import asyncio
import contextlib
import itertools
import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Self

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

Frame = dict[str, Any]
PATIENCE = 10.0


class FakeBot:
    """The server side of a reverse WebSocket. ``events`` is everything heard, in order."""

    def __init__(self) -> None:
        self.events: list[Frame] = []
        self.broken: list[str] = []
        self.handshakes: list[dict[str, str]] = []
        self.refusing = 0
        self._answers: dict[str, Frame] = {}
        self._echo = itertools.count()
        self._news = asyncio.Condition()
        self._socket: ServerConnection | None = None
        self._server: Server

    async def __aenter__(self) -> Self:
        self._server = await serve(
            self._hear, "127.0.0.1", 0, compression=None, process_request=self._admit
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await self._server.wait_closed()

    @property
    def url(self) -> str:
        port = next(iter(self._server.sockets)).getsockname()[1]
        return f"ws://127.0.0.1:{port}/onebot/v11/ws"

    @property
    def messages(self) -> list[Frame]:
        return [event for event in self.events if event["post_type"] == "message"]

    def _admit(self, connection: ServerConnection, request: Request) -> Response | None:
        self.handshakes.append(dict(request.headers.raw_items()))
        if self.refusing > 0:
            self.refusing -= 1
            return connection.respond(HTTPStatus.FORBIDDEN, "no")
        return None

    async def _hear(self, socket: ServerConnection) -> None:
        self._socket = socket
        with contextlib.suppress(ConnectionClosed):
            async for text in socket:
                async with self._news:
                    self._sort(str(text))
                    self._news.notify_all()

    def _sort(self, text: str) -> None:
        try:
            frame = json.loads(text)
        except json.JSONDecodeError:
            self.broken.append(text)
            return
        if "post_type" in frame:
            self.events.append(frame)
        else:
            self._answers[frame["echo"]] = frame

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until a condition on what was heard holds; raises TimeoutError."""
        async with asyncio.timeout(PATIENCE), self._news:
            await self._news.wait_for(condition)

    async def event(self, **wanted: Any) -> Frame:
        """The first event with these values, heard already or to come."""

        def fits(event: Frame) -> bool:
            return all(event.get(key) == value for key, value in wanted.items())

        await self.until(lambda: any(map(fits, self.events)))
        return next(filter(fits, self.events))

    async def send(self, action: str, **params: Any) -> str:
        """Call an action without waiting; returns the echo."""
        echo = str(next(self._echo))
        assert self._socket is not None
        await self._socket.send(json.dumps({"action": action, "params": params, "echo": echo}))
        return echo

    async def answer(self, echo: str) -> Frame:
        """The answer to an earlier call."""
        await self.until(lambda: echo in self._answers)
        return self._answers[echo]

    def answered(self, echo: str) -> bool:
        return echo in self._answers

    async def call(self, action: str, **params: Any) -> Frame:
        """Call an action; the whole answer."""
        return await self.answer(await self.send(action, **params))

    async def data(self, action: str, **params: Any) -> Any:
        """Call an action that must succeed; its data."""
        answer = await self.call(action, **params)
        assert answer["status"] == "ok", answer
        return answer["data"]

    async def hang_up(self) -> None:
        assert self._socket is not None
        await self._socket.close()


def text(content: str) -> Frame:
    return {"type": "text", "data": {"text": content}}
