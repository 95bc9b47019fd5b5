"""The OneBot v11 adapter with an ear: payloads are archived before an event is made of them.

NoneBot makes a task per event and asks every matcher, without order or back-pressure, and fetches
the quoted message for every reply. An ordinary group message needs none of that. So the ear
stands where the adapter turns a payload into an event: in the order of the socket, before any
await. What addresses no command ends there.
"""

import json
import logging
from collections.abc import Callable
from typing import Any, ClassVar, cast

from nonebot.adapters.onebot.v11 import Adapter, Event
from nonebot.drivers import Request, Response, WebSocket
from typing_extensions import override

log = logging.getLogger("liudeng.recorder")


def _hear_nothing(_payload: dict[str, Any]) -> bool:
    return True


class ListeningAdapter(Adapter):
    """Shows each payload to `hear`; the event goes on only if `hear` returns True."""

    hear: ClassVar[Callable[[dict[str, Any]], bool]] = _hear_nothing

    @classmethod
    @override
    def json_to_event(cls, json_data: Any) -> Event | None:
        if not isinstance(json_data, dict):
            log.warning("收到一条格式不对的数据，已跳过。")
            return None
        if "post_type" in json_data and not cls.hear(json_data):
            return None
        try:
            return super().json_to_event(json_data)
        except Exception as error:  # an answer that comes twice, an echo nobody can count
            log.warning("收到一条处理不了的数据，已跳过：%s", type(error).__name__)
            return None

    @override
    async def _handle_http(self, request: Request) -> Response:
        """Nobody comes in by HTTP: the adapter would check a signature there, not the token."""
        return Response(404)

    @override
    async def _handle_ws(self, websocket: WebSocket) -> None:
        await super()._handle_ws(cast(WebSocket, _TolerantSocket(websocket)))


class _TolerantSocket:
    """A WebSocket whose malformed frames are skipped; the adapter would close the connection."""

    def __init__(self, websocket: WebSocket) -> None:
        self._websocket = websocket

    @property
    def request(self) -> Request:
        return self._websocket.request

    async def accept(self) -> None:
        await self._websocket.accept()

    async def close(self, code: int = 1000, reason: str = "") -> None:
        await self._websocket.close(code, reason)

    async def send(self, data: str | bytes) -> None:
        await self._websocket.send(data)

    async def receive(self) -> str | bytes:
        while True:
            frame = await self._websocket.receive()
            try:
                json.loads(frame)
            except (ValueError, RecursionError):
                log.warning("收到一帧不是 JSON 的数据，已跳过。")
                continue
            return frame
