"""The HTTP control API."""

import asyncio
import contextlib
import json
from collections.abc import Iterator
from dataclasses import asdict
from email.parser import BytesParser
from email.policy import HTTP
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, FastAPI, HTTPException, Query, Request, WebSocket
from fastapi.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from fastapi.staticfiles import StaticFiles
from pydantic import ValidationError
from starlette.websockets import WebSocketDisconnect

from simulator.delivery import dumps
from simulator.faults import FaultOrder
from simulator.media import PATH, media_type
from simulator.orders import EventOrder, FloodOrder, FriendOrder, PlayOrder, RecallOrder, SayOrder
from simulator.segments import BadMessageError, normalise
from simulator.views import View, member_views, truth_line
from simulator.world import Place, WorldError

if TYPE_CHECKING:
    from simulator.simulator import Simulator

PAGE = Path(__file__).parent / "page"
MAX_UPLOAD = 20 * 1024 * 1024
_TRUTH_CHUNK = 500


def build_api(simulator: "Simulator") -> FastAPI:
    """The application serving one simulator."""
    app = FastAPI(title="留灯模拟器", openapi_url=None)
    app.add_exception_handler(WorldError, _refused)
    app.add_exception_handler(BadMessageError, _refused)
    app.include_router(_reading(simulator))
    app.include_router(_acting(simulator))
    app.include_router(_steering(simulator))
    app.include_router(_streaming(simulator))
    app.mount("/", StaticFiles(directory=PAGE, html=True, check_dir=False))
    return app


async def _refused(request: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"detail": str(error)}, status_code=409)


def _base(request: Request) -> str:
    """The address the page itself was reached at, so that its pictures load through tunnels."""
    return str(request.base_url).rstrip("/")


def _reading(simulator: "Simulator") -> APIRouter:
    router = APIRouter()
    world = simulator.world

    @router.get("/api/state")
    async def state() -> View:
        return simulator.web.state()

    @router.get("/api/members")
    async def members(group_id: int) -> list[View]:
        return member_views(world.group(group_id))

    @router.get("/api/messages")
    async def messages(
        request: Request,
        group_id: int | None = None,
        peer: int | None = None,
        limit: int = Query(default=100, ge=1, le=1000),
        before: int | None = None,
    ) -> list[View]:
        chat = world.chat_of(Place(group_id=group_id, peer=peer))
        return simulator.web.chats.page(chat, limit, before, _base(request))

    @router.get("/api/sent")
    async def sent() -> list[View]:
        return simulator.sent_rows()

    @router.get("/api/calls")
    async def calls() -> list[View]:
        return [asdict(call) for call in simulator.calls]

    @router.get("/api/truth")
    async def truth() -> StreamingResponse:
        return StreamingResponse(_truth_chunks(simulator), media_type="application/x-ndjson")

    @router.get(PATH)
    async def download(fileid: str = "", rkey: str = "") -> Response:
        if not simulator.media.valid(fileid, rkey):
            return PlainTextResponse("invalid rkey", status_code=400)
        content = await simulator.media.content(fileid)
        if content is None:
            return PlainTextResponse("file not found", status_code=404)
        return Response(content, media_type=media_type(content))

    return router


def _truth_chunks(simulator: "Simulator") -> Iterator[str]:
    messages = simulator.world.messages
    for start in range(0, len(messages), _TRUTH_CHUNK):
        part = messages[start : start + _TRUTH_CHUNK]
        lines = (dumps(truth_line(m, simulator.media)) for m in part if m.group_id is not None)
        yield "".join(f"{line}\n" for line in lines)


def _acting(simulator: "Simulator") -> APIRouter:
    router = APIRouter()

    @router.post("/api/say")
    async def say(order: SayOrder) -> View:
        content: Any = order.segments if order.segments is not None else order.text
        message = await simulator.say(
            order.who,
            normalise(content, auto_escape=True),
            group=order.group_id,
            private=order.private,
            reply_to=order.reply_to,
        )
        return {"message_id": message.message_id}

    @router.post("/api/recall")
    async def recall(order: RecallOrder) -> View:
        await simulator.recall(order.message_id, order.who)
        return {"ok": True}

    @router.post("/api/event")
    async def event(order: EventOrder) -> View:
        return {"ok": True} | order.perform(simulator.stage, simulator.requests)

    @router.post("/api/friend")
    async def friend(order: FriendOrder) -> View:
        simulator.stage.befriend(order.who, friend=order.friend)
        simulator.web.push_state()
        return {"ok": True}

    @router.post("/api/upload")
    async def upload(request: Request) -> View:
        name = simulator.media.keep(_picture(request, await _body(request)))
        return {"file": name, "url": simulator.media.url(name, _base(request))}

    return router


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_UPLOAD:
            raise HTTPException(413, "文件太大")
    return bytes(body)


def _picture(request: Request, body: bytes) -> bytes:
    """The picture in a raw or multipart body."""
    content_type = request.headers.get("content-type", "")
    if content_type.startswith("multipart/"):
        # A MIME multipart body with its header in front is a MIME message.
        mime = b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body
        parts = BytesParser(policy=HTTP).parsebytes(mime).walk()
        body = next((_payload(part) for part in parts if part.get_filename()), b"")
    if media_type(body) == "application/octet-stream":
        raise HTTPException(415, "只收 PNG、JPEG 或 GIF")
    return body


def _payload(part: Any) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _steering(simulator: "Simulator") -> APIRouter:
    router = APIRouter()

    @router.post("/api/play")
    async def play(order: PlayOrder) -> View:
        player = simulator.player
        if order.speed is not None:
            player.set_speed(order.speed)
        if order.action == "pause":
            player.pause()
        elif order.action in ("start", "resume"):
            player.start()
        return simulator.web.state()["scenario"]

    @router.post("/api/flood")
    async def flood(order: FloodOrder) -> View:
        group_id = simulator.stage.group_or_first(order.group_id).group_id
        if order.wait:
            return {"ok": True, "said": await simulator.flood(group_id, order.count, order.rate)}
        simulator.start_flood(group_id, order.count, order.rate)
        return {"ok": True}

    @router.post("/api/faults")
    async def faults(order: FaultOrder) -> View:
        try:
            simulator.accident(order)
        except ValidationError as error:
            details = json.loads(error.json(include_url=False, include_input=False))
            raise HTTPException(422, details) from error
        return simulator.faults.model_dump(mode="json")

    return router


def _streaming(simulator: "Simulator") -> APIRouter:
    router = APIRouter()

    @router.websocket("/api/stream")
    async def stream(websocket: WebSocket) -> None:
        await websocket.accept()
        watcher = simulator.hub.join()
        watcher.offer({"type": "state", "state": simulator.web.state()})
        leaving = asyncio.create_task(_until_left(websocket))
        sending = asyncio.create_task(_forward(websocket, watcher))
        try:
            await asyncio.wait((leaving, sending), return_when=asyncio.FIRST_COMPLETED)
        finally:
            simulator.hub.leave(watcher)
            for task in (leaving, sending):
                task.cancel()
            await asyncio.gather(leaving, sending, return_exceptions=True)

    return router


async def _until_left(websocket: WebSocket) -> None:
    with contextlib.suppress(WebSocketDisconnect):
        while True:
            await websocket.receive_text()


async def _forward(websocket: WebSocket, watcher: Any) -> None:
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
        while True:
            await websocket.send_text(dumps(await watcher.next()))
