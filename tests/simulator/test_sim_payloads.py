"""Events have NapCat's shape and are what the adapter understands."""

import json
from typing import Any

import pytest
from nonebot.adapters.onebot.v11 import (
    Adapter,
    FriendAddNoticeEvent,
    FriendRequestEvent,
    GroupAdminNoticeEvent,
    GroupBanNoticeEvent,
    GroupDecreaseNoticeEvent,
    GroupIncreaseNoticeEvent,
    GroupMessageEvent,
    GroupRecallNoticeEvent,
    GroupRequestEvent,
    HeartbeatMetaEvent,
    LifecycleMetaEvent,
    PokeNotifyEvent,
    PrivateMessageEvent,
)
from nonebot.adapters.onebot.v11.event import FriendRecallNoticeEvent

from simulator import Simulator
from simulator.world import short_id
from tests.simulator.conftest import GROUP, Start
from tests.simulator.fake_bot import FakeBot, text

XIAOMAN = 2840011003
ATANG = 2840011001


def parsed(payload: dict[str, Any]) -> Any:
    return Adapter.json_to_event(json.loads(json.dumps(payload)))


async def test_group_message(bot: FakeBot, sim: Simulator) -> None:
    said = await sim.say("atang", [{"type": "at", "data": {"qq": "10001"}}, text(" 1,2 [笑] &")])
    payload = await bot.event(post_type="message")
    assert list(payload) == [
        "self_id",
        "user_id",
        "time",
        "message_id",
        "message_seq",
        "real_id",
        "real_seq",
        "message_type",
        "sender",
        "raw_message",
        "font",
        "sub_type",
        "message",
        "message_format",
        "post_type",
        "group_id",
        "group_name",
    ]
    assert payload["message_id"] == payload["message_seq"] == payload["real_id"]
    assert payload["real_seq"] == str(said.seq)
    assert payload["sender"] == {
        "user_id": ATANG,
        "nickname": "阿棠",
        "card": "阿棠｜值夜",
        "role": "owner",
    }
    assert payload["raw_message"] == "[CQ:at,qq=10001] 1,2 &#91;笑&#93; &amp;"
    event = parsed(payload)
    assert isinstance(event, GroupMessageEvent)
    assert event.message.extract_plain_text() == " 1,2 [笑] &"
    assert event.group_id == GROUP


async def test_private_message_of_a_friend(bot: FakeBot, sim: Simulator) -> None:
    await sim.say("atang", "晚上好", private=True)
    payload = await bot.event(message_type="private")
    event = parsed(payload)
    assert isinstance(event, PrivateMessageEvent)
    assert event.sub_type == "friend"
    assert event.sender.nickname == "阿棠"
    assert "group_id" not in payload


async def test_private_message_of_a_stranger_is_a_temporary_session(
    bot: FakeBot, sim: Simulator
) -> None:
    await sim.say("xiaoman", "你好", private=True)
    payload = await bot.event(message_type="private")
    assert isinstance(parsed(payload), PrivateMessageEvent)
    assert payload["sub_type"] == "group"
    assert payload["sender"]["nickname"] == "临时会话"
    assert payload["group_id"] == payload["temp_source"] == GROUP
    assert payload["target_id"] == XIAOMAN


async def test_string_format(bot: FakeBot, start: Start) -> None:
    simulator = await start(message_format="string")
    await simulator.say("xiaoman", [{"type": "face", "data": {"id": "14"}}, text("a[b]")])
    payload = await bot.event(post_type="message")
    assert payload["message"] == payload["raw_message"] == "[CQ:face,id=14]a&#91;b&#93;"
    assert [segment.type for segment in parsed(payload).message] == ["face", "text"]


async def test_message_ids_depend_on_nothing_but_chat_and_sequence(
    bot: FakeBot, start: Start
) -> None:
    first = await (await start(seed=1)).say("xiaoman", "一")
    second = await (await start(seed=2)).say("hezi", "二")
    assert first.seq == second.seq
    assert first.message_id == second.message_id == short_id(f"g{GROUP}", first.seq)
    assert 0 <= first.message_id < 2**31


async def test_ids_differ_between_groups() -> None:
    assert short_id("g1", 7) != short_id("g2", 7)


async def test_other_segments_pass_through(bot: FakeBot, sim: Simulator) -> None:
    odd = {"type": "mface", "data": {"emoji_id": "e9", "summary": "[疯狂摄入]"}}
    await sim.say("xiaoman", [odd])
    payload = await bot.event(post_type="message")
    assert payload["message"] == [odd]


async def test_recall(bot: FakeBot, sim: Simulator) -> None:
    mine = await sim.say("xiaoman", "说错了")
    await sim.recall(mine.message_id)
    event = parsed(await bot.event(notice_type="group_recall"))
    assert isinstance(event, GroupRecallNoticeEvent)
    assert (event.user_id, event.operator_id) == (XIAOMAN, XIAOMAN)
    assert event.message_id == mine.message_id
    assert sim.truth()[0]["recalled"] is True


async def test_recall_by_an_admin_names_the_admin(bot: FakeBot, sim: Simulator) -> None:
    message = await sim.say("xiaoman", "广告")
    await sim.recall(message.message_id, "laozhou")
    assert (await bot.event(notice_type="group_recall"))["operator_id"] == 2840011002


async def test_private_recall(bot: FakeBot, sim: Simulator) -> None:
    message = await sim.say("atang", "算了", private=True)
    await sim.recall(message.message_id)
    assert isinstance(parsed(await bot.event(notice_type="friend_recall")), FriendRecallNoticeEvent)


async def test_membership_notices(bot: FakeBot, sim: Simulator) -> None:
    newcomer = sim.world.newcomer(987654321, "新来的")
    sim.stage.join(GROUP, newcomer)
    sim.stage.leave(GROUP, 987654321)
    sim.stage.kick(GROUP, "hezi", "atang")
    sim.stage.set_admin(GROUP, "xiaoman", enable=True)
    joined = parsed(await bot.event(notice_type="group_increase"))
    assert isinstance(joined, GroupIncreaseNoticeEvent)
    left = parsed(await bot.event(notice_type="group_decrease", sub_type="leave"))
    assert isinstance(left, GroupDecreaseNoticeEvent)
    kicked = await bot.event(notice_type="group_decrease", sub_type="kick")
    assert kicked["operator_id"] == ATANG
    assert isinstance(parsed(await bot.event(notice_type="group_admin")), GroupAdminNoticeEvent)


async def test_ban_notices(bot: FakeBot, sim: Simulator) -> None:
    sim.stage.ban(GROUP, "hezi", "atang", 600)
    sim.stage.ban_all(GROUP, "atang", enable=True)
    event = parsed(await bot.event(notice_type="group_ban", duration=600))
    assert isinstance(event, GroupBanNoticeEvent)
    assert (await bot.event(notice_type="group_ban", user_id=0))["duration"] == -1


async def test_poke_and_friendship(bot: FakeBot, sim: Simulator) -> None:
    sim.stage.poke("xiaoman", "bot", GROUP)
    sim.stage.befriend("xiaoman", friend=True)
    poke = parsed(await bot.event(notice_type="notify"))
    assert isinstance(poke, PokeNotifyEvent)
    assert poke.is_tome()
    added = parsed(await bot.event(notice_type="friend_add"))
    assert isinstance(added, FriendAddNoticeEvent)
    assert added.user_id == XIAOMAN


async def test_requests(bot: FakeBot, sim: Simulator) -> None:
    sim.requests.ask_friend(987654321, "我是小满的朋友")
    sim.requests.ask_group(GROUP, 987654322, "问题：从哪来\n答案：论坛")
    assert isinstance(parsed(await bot.event(request_type="friend")), FriendRequestEvent)
    event = parsed(await bot.event(request_type="group"))
    assert isinstance(event, GroupRequestEvent)
    assert event.sub_type == "add"


@pytest.mark.parametrize(
    ("kind", "model"), [("lifecycle", LifecycleMetaEvent), ("heartbeat", HeartbeatMetaEvent)]
)
async def test_meta_events(bot: FakeBot, start: Start, kind: str, model: type) -> None:
    await start(heartbeat=0.01)
    assert isinstance(parsed(await bot.event(meta_event_type=kind)), model)
