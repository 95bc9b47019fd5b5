"""A OneBot implementation that lives in memory, as the bot sees it over its WebSocket."""

import asyncio
import contextlib
import json
from collections import defaultdict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

from async_asgi_testclient import TestClient
from async_asgi_testclient.websocket import WebSocketSession

from tests.fakes.gateway import Call
from tests.fakes.payloads import (
    ADMIN,
    GROUP,
    MEMBER,
    OTHER_GROUP,
    OTHER_MEMBER,
    OWNER,
    SELF_ID,
    STAFF_GROUP,
)

GROUPS = {GROUP: "守灯人", OTHER_GROUP: "别的群", STAFF_GROUP: "值班"}
MEMBERS = {
    GROUP: {OWNER: "owner", ADMIN: "admin", MEMBER: "member"},
    OTHER_GROUP: {OTHER_MEMBER: "owner"},
    STAFF_GROUP: {OWNER: "owner", ADMIN: "member"},
}
FRIENDS = (OWNER, ADMIN, MEMBER)


class Implementation:
    """Answers the bot's actions, and tells it what happens in QQ."""

    def __init__(self, session: WebSocketSession) -> None:
        self.session = session
        self.calls: list[Call] = []
        self.answers: defaultdict[str, deque[dict[str, Any]]] = defaultdict(deque)
        """Whole answers to give to the next calls of an action."""
        self.groups = dict(GROUPS)
        self.members = {group_id: dict(members) for group_id, members in MEMBERS.items()}
        self._message_ids = count(70_000)

    async def tell(self, *payloads: Any) -> None:
        """Send events."""
        for payload in payloads:
            await self.session.send_json(payload)

    def sent(self) -> list[Call]:
        """Return what the bot said."""
        return [call for call in self.calls if call.action.startswith("send_")]

    async def serve(self) -> None:
        """Answer until the connection ends."""
        while True:
            request = json.loads(await self.session.receive_text())
            call = Call(request["action"], request["params"])
            self.calls.append(call)
            answer = {"status": "ok", "retcode": 0, "data": self._data(call)}
            if self.answers[call.action]:
                answer = self.answers[call.action].popleft()
            await self.session.send_json({**answer, "echo": request["echo"]})

    def _data(self, call: Call) -> Any:
        match call.action:
            case "get_friend_list":
                return [{"user_id": user_id, "nickname": ""} for user_id in FRIENDS]
            case "get_group_list":
                return [{"group_id": number, "group_name": n} for number, n in self.groups.items()]
            case "get_group_member_list":
                members = self.members.get(call.parameters["group_id"], {})
                return [{"user_id": user_id, "role": role} for user_id, role in members.items()]
            case "get_group_msg_history":
                return {"messages": []}
            case "send_private_msg" | "send_group_msg":
                return {"message_id": next(self._message_ids)}
        return None


@asynccontextmanager
async def connected(client: TestClient) -> AsyncIterator[Implementation]:
    """Connect an implementation to the bot that `client` reaches."""
    headers = {"x-self-id": str(SELF_ID), "x-client-role": "Universal"}
    async with client.websocket_connect("/onebot/v11/ws", headers=headers) as session:
        implementation = Implementation(session)
        serving = asyncio.create_task(implementation.serve())
        yield implementation
        serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving
