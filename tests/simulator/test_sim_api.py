"""The control API, asked over HTTP as the page asks it."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect

from simulator import Simulator, load_scenario
from simulator.pictures import PictureSpec, draw
from tests.simulator.conftest import GROUP, Start
from tests.simulator.fake_bot import FakeBot, text

XIAOMAN, ATANG = 2840011003, 2840011001
SMALL = Path(__file__).parent / "small_night.jsonl"


@pytest.fixture
async def http(sim: Simulator) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{sim.port}") as client:
        yield client


async def ok(answer: httpx.Response) -> Any:
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_state(http: httpx.AsyncClient) -> None:
    state = await ok(await http.get("/api/state"))
    assert state["connected"] is True
    assert state["self"] == {"user_id": 10001, "nickname": "留灯"}
    assert state["groups"] == [{"group_id": GROUP, "name": "四月的灯 · 守夜群", "member_count": 30}]
    assert state["people"][0] == {
        "user_id": ATANG,
        "nickname": "阿棠",
        "card": "阿棠｜值夜",
        "role": "owner",
        "friend": True,
        "groups": [GROUP],
    }
    assert state["scenario"]["total"] == 0
    assert state["faults"]["refuse_private"] is True


async def test_members(http: httpx.AsyncClient) -> None:
    members = await ok(await http.get("/api/members", params={"group_id": GROUP}))
    assert len(members) == 30
    assert set(members[0]) == {"user_id", "nickname", "card", "role", "friend"}
    assert (await http.get("/api/members", params={"group_id": 1})).status_code == 409


async def test_say_recall_and_messages(http: httpx.AsyncClient, bot: FakeBot) -> None:
    first = await ok(
        await http.post("/api/say", json={"as": XIAOMAN, "group_id": GROUP, "text": "一[CQ:at]"})
    )
    reply = {
        "as": ATANG,
        "group_id": GROUP,
        "segments": [text("二")],
        "reply_to": first["message_id"],
    }
    await ok(await http.post("/api/say", json=reply))
    assert (await bot.event(message_id=first["message_id"]))["message"] == [text("一[CQ:at]")]
    recall = {"as": XIAOMAN, "message_id": first["message_id"]}
    await ok(await http.post("/api/recall", json=recall))
    one, two = await ok(await http.get("/api/messages", params={"group_id": GROUP}))
    assert one["recalled"] is True
    assert (two["name"], two["role"], two["peer"]) == ("阿棠｜值夜", "owner", None)
    assert two["reply"] == {
        "message_id": first["message_id"],
        "name": "小满",
        "text": "消息已撤回",
    }


async def test_messages_page_backwards(http: httpx.AsyncClient, sim: Simulator) -> None:
    for number in range(10):
        await sim.say("xiaoman", str(number))
        await sim.say("atang", "私聊", private=True)
    query: dict[str, int] = {"group_id": GROUP, "limit": 4}
    newest = await ok(await http.get("/api/messages", params=query))
    older = await ok(await http.get("/api/messages", params=query | {"before": newest[0]["index"]}))
    shown = [message["segments"][0]["data"]["text"] for message in older + newest]
    assert shown == ["2", "3", "4", "5", "6", "7", "8", "9"]
    private = await ok(await http.get("/api/messages", params={"peer": ATANG}))
    assert len(private) == 10
    assert private[0]["group_id"] is None


async def test_what_may_not_be_said_is_explained(http: httpx.AsyncClient, sim: Simulator) -> None:
    sim.stage.ban(GROUP, "xiaoman", "atang", 60)
    refused = await http.post("/api/say", json={"as": XIAOMAN, "group_id": GROUP, "text": "唔"})
    assert refused.status_code == 409
    assert "禁言" in refused.json()["detail"]
    assert (await http.post("/api/say", json={"as": XIAOMAN})).status_code == 422
    stranger = {"as": 5, "private": True, "text": "喂"}
    assert (await http.post("/api/say", json=stranger)).status_code == 409


@pytest.mark.parametrize("multipart", [True, False])
async def test_upload(http: httpx.AsyncClient, bot: FakeBot, multipart: bool) -> None:
    content = draw(PictureSpec(sticker="抱"))
    if multipart:
        answer = await http.post("/api/upload", files={"file": ("a.png", content)})
    else:
        headers = {"content-type": "image/png"}
        answer = await http.post("/api/upload", content=content, headers=headers)
    uploaded = await ok(answer)
    assert (await http.get(uploaded["url"])).content == content
    segment = {"type": "image", "data": {"file": uploaded["file"]}}
    await ok(await http.post("/api/say", json={"as": XIAOMAN, "segments": [segment]}))
    [heard] = (await bot.event(post_type="message"))["message"]
    assert heard["data"]["file"] == uploaded["file"]


async def test_upload_takes_pictures_only(http: httpx.AsyncClient) -> None:
    assert (await http.post("/api/upload", content=b"MZ\x90")).status_code == 415


async def test_events(http: httpx.AsyncClient, bot: FakeBot) -> None:
    orders: list[dict[str, Any]] = [
        {"kind": "join", "user_id": 987654321, "nickname": "新人", "group_id": GROUP},
        {"kind": "ban", "user_id": 987654321, "by": ATANG, "duration": 60},
        {"kind": "kick", "user_id": 987654321, "by": ATANG},
        {"kind": "poke", "user_id": XIAOMAN, "target": 10001},
        {"kind": "admin", "user_id": XIAOMAN, "enable": True},
        {"kind": "leave", "user_id": XIAOMAN},
        {"kind": "request", "user_id": 987654322, "comment": "让我进来"},
        {"kind": "friend_request", "user_id": 987654323},
    ]
    for order in orders:
        await ok(await http.post("/api/event", json=order))
    await bot.event(request_type="friend")
    kinds = [event.get("notice_type") or event.get("request_type") for event in bot.events[1:]]
    assert kinds == [
        "group_increase",
        "group_ban",
        "group_decrease",
        "notify",
        "group_admin",
        "group_decrease",
        "group",
        "friend",
    ]


async def test_friend(http: httpx.AsyncClient, bot: FakeBot) -> None:
    await ok(await http.post("/api/friend", json={"user_id": XIAOMAN, "friend": True}))
    await bot.event(notice_type="friend_add")
    await bot.data("send_private_msg", user_id=XIAOMAN, message="好")
    await ok(await http.post("/api/friend", json={"user_id": XIAOMAN, "friend": False}))
    assert (await bot.call("send_private_msg", user_id=XIAOMAN, message="?"))["retcode"] == 1200


async def test_play(bot: FakeBot, start: Start) -> None:
    simulator = await start(load_scenario(SMALL), speed=1)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{simulator.port}") as http:
        playing = await ok(await http.post("/api/play", json={"action": "start"}))
        assert (playing["playing"], playing["done"]) == (True, False)
        paused = await ok(await http.post("/api/play", json={"action": "pause"}))
        assert paused["playing"] is False
        await ok(await http.post("/api/play", json={"action": "speed", "speed": 0}))
        await ok(await http.post("/api/play", json={"action": "resume"}))
        await simulator.player.wait_done()
        scenario = (await ok(await http.get("/api/state")))["scenario"]
    assert scenario == {
        "title": "短短的一晚",
        "sent": 18,
        "total": 18,
        "playing": False,
        "done": True,
        "speed": 0,
    }


async def test_flood_and_truth(http: httpx.AsyncClient, bot: FakeBot, sim: Simulator) -> None:
    order = {"group_id": GROUP, "count": 700, "rate": 0, "wait": True}
    assert (await ok(await http.post("/api/flood", json=order)))["said"] == 700
    await bot.until(lambda: len(bot.messages) == 700)
    answer = await http.get("/api/truth")
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert [line["message_id"] for line in lines] == [m["message_id"] for m in bot.messages]
    assert all(line["sent_at"] for line in lines)
    assert set(lines[0]) == {
        "drawn",
        "message_id",
        "real_seq",
        "group_id",
        "user_id",
        "name",
        "time",
        "text",
        "segments",
        "recalled",
        "expect",
        "sent_at",
        "self",
    }


async def test_sent(http: httpx.AsyncClient, bot: FakeBot) -> None:
    data = await bot.data("send_private_msg", user_id=ATANG, message="提醒")
    [row] = await ok(await http.get("/api/sent"))
    assert row["message_id"] == data["message_id"]
    assert (row["action"], row["target"], row["user_id"], row["leaked"]) == (
        "send_private_msg",
        "private",
        ATANG,
        False,
    )


async def test_faults(http: httpx.AsyncClient, sim: Simulator) -> None:
    order = {"repeat": 0.25, "refuse": {"get_msg": 100}, "swallow_answer": ["send_private_msg"]}
    faults = await ok(await http.post("/api/faults", json=order))
    assert faults["swallow_answer"] == ["send_private_msg"]
    assert sim.faults.repeat == 0.25
    assert (await http.post("/api/faults", json={"repeat": 2})).status_code == 422
    assert (await http.post("/api/faults", json={"no_such": 2})).status_code == 422
    await ok(await http.post("/api/faults", json={"drop_connection": True}))
    await sim.wait_connected()
    assert sim.connection.times_connected == 2


async def test_stream(http: httpx.AsyncClient, sim: Simulator) -> None:
    async with connect(f"ws://127.0.0.1:{sim.port}/api/stream") as stream:

        async def next_of(kind: str) -> dict[str, Any]:
            while True:
                push = json.loads(await stream.recv())
                if push["type"] == kind:
                    return push

        assert (await next_of("state"))["state"]["connected"] is True
        message = await sim.say("xiaoman", "直播")
        pushed = (await next_of("message"))["message"]
        assert (pushed["message_id"], pushed["name"]) == (message.message_id, "小满")
        await sim.recall(message.message_id)
        assert await next_of("recall") == {"type": "recall", "message_id": message.message_id}
        sim.stage.poke("xiaoman", "atang", GROUP)
        assert "拍了拍" in (await next_of("notice"))["text"]


async def test_the_page_sees_inside_a_forward(
    http: httpx.AsyncClient, bot: FakeBot, sim: Simulator
) -> None:
    node = {"type": "node", "data": {"user_id": 5, "nickname": "甲", "content": "里面"}}
    await bot.data("send_group_forward_msg", group_id=GROUP, messages=[node])
    [message] = await ok(await http.get("/api/messages", params={"group_id": GROUP}))
    assert message["role"] == "bot"
    assert message["segments"][0]["data"]["content"] == [
        {"user_id": 5, "nickname": "甲", "content": [text("里面")]}
    ]
