"""Sending, ranks, requests and the directory."""

from typing import Any

import pytest

from simulator import GroupSpec, Simulator
from simulator.actions import known_actions
from tests.simulator.conftest import GROUP, Start
from tests.simulator.fake_bot import FakeBot, text

XIAOMAN, HEZI, ATANG, LAOZHOU = 2840011003, 2840011004, 2840011001, 2840011002


@pytest.mark.parametrize(
    "message",
    [
        [text("看这里"), {"type": "face", "data": {"id": 14}}],
        "看这里[CQ:face,id=14]",
    ],
)
async def test_a_message_comes_as_array_or_cq_text(
    bot: FakeBot, sim: Simulator, message: Any
) -> None:
    await bot.data("send_group_msg", group_id=GROUP, message=message)
    [sent] = sim.sent
    assert sent.segments == [text("看这里"), {"type": "face", "data": {"id": "14"}}]
    assert (sent.target, sent.group_id, sent.text) == ("group", GROUP, "看这里")


async def test_a_message_comes_as_one_segment(bot: FakeBot, sim: Simulator) -> None:
    await bot.data("send_group_msg", group_id=GROUP, message=text("单个"))
    assert sim.sent[0].text == "单个"


async def test_auto_escape_keeps_cq_codes_as_text(bot: FakeBot, sim: Simulator) -> None:
    await bot.data("send_group_msg", group_id=GROUP, message="[CQ:face,id=14]", auto_escape=True)
    assert sim.sent[0].text == "[CQ:face,id=14]"


@pytest.mark.parametrize("message", ["", [], 7, [{"data": {}}], [{"type": "text"}], None])
async def test_a_message_that_is_none_fails(bot: FakeBot, sim: Simulator, message: Any) -> None:
    answer = await bot.call("send_group_msg", group_id=GROUP, message=message)
    assert answer["retcode"] == 1200
    assert sim.sent == []


async def test_unknown_actions_and_bad_parameters(bot: FakeBot, sim: Simulator) -> None:
    assert (await bot.call("make_coffee"))["retcode"] == 1404
    assert (await bot.call("get_msg", message_id="x"))["retcode"] == 1400
    assert (await bot.call("get_msg"))["retcode"] == 1400


async def test_own_messages_are_in_the_truth_and_reported_only_if_asked(
    bot: FakeBot, start: Start
) -> None:
    simulator = await start(report_self=True)
    sent = await bot.data("send_group_msg", group_id=GROUP, message="我说的")
    event = await bot.event(post_type="message_sent")
    assert event["message_id"] == sent["message_id"]
    [line] = simulator.truth()
    assert line["self"] is True
    assert line["user_id"] == 10001


async def test_own_messages_are_not_reported_by_default(bot: FakeBot, sim: Simulator) -> None:
    await bot.data("send_group_msg", group_id=GROUP, message="我说的")
    marker = await sim.say("xiaoman", "收到")
    await bot.event(message_id=marker.message_id)
    assert all(event["post_type"] != "message_sent" for event in bot.events)


async def test_wait_sent_finds_past_and_future_sends(bot: FakeBot, sim: Simulator) -> None:
    await bot.send("send_group_msg", group_id=GROUP, message="一")
    assert (await sim.wait_sent(lambda sent: sent.text == "一")).group_id == GROUP
    assert (await sim.wait_sent(lambda sent: sent.text == "一")).leaked is False
    with pytest.raises(TimeoutError):
        await sim.wait_sent(lambda sent: True, timeout=0.01, after=len(sim.sent))


async def test_a_muted_bot_cannot_speak(bot: FakeBot, sim: Simulator) -> None:
    sim.stage.ban(GROUP, "bot", "atang", 60)
    assert (await bot.call("send_group_msg", group_id=GROUP, message="唔"))["retcode"] == 1200
    sim.stage.ban(GROUP, "bot", "atang", 0)
    await bot.data("send_group_msg", group_id=GROUP, message="好了")


async def test_ranks_limit_ban_kick_and_recall(bot: FakeBot, sim: Simulator) -> None:
    admins = await sim.say("laozhou", "我是管理员")
    members = await sim.say("hezi", "我是成员")
    refused = [
        await bot.call("set_group_ban", group_id=GROUP, user_id=LAOZHOU, duration=60),
        await bot.call("set_group_kick", group_id=GROUP, user_id=ATANG),
        await bot.call("delete_msg", message_id=admins.message_id),
    ]
    assert [answer["retcode"] for answer in refused] == [1200, 1200, 1200]
    await bot.data("set_group_ban", group_id=GROUP, user_id=XIAOMAN, duration=60)
    await bot.data("delete_msg", message_id=members.message_id)
    await bot.data("set_group_kick", group_id=GROUP, user_id=HEZI)
    assert (await bot.event(notice_type="group_ban"))["operator_id"] == 10001
    assert (await bot.event(notice_type="group_recall"))["operator_id"] == 10001
    assert (await bot.event(notice_type="group_decrease"))["user_id"] == HEZI
    info = await bot.call("get_group_member_info", group_id=GROUP, user_id=HEZI)
    assert info["retcode"] == 1200


async def test_without_rank_the_bot_moderates_nobody(
    bot: FakeBot, start: Start, groups: tuple[GroupSpec, ...]
) -> None:
    simulator = await start(groups=groups)
    message = await simulator.say("xiaoman", "随便说说")
    calls = {
        "set_group_ban": {"group_id": GROUP, "user_id": XIAOMAN},
        "set_group_kick": {"group_id": GROUP, "user_id": XIAOMAN},
        "set_group_whole_ban": {"group_id": GROUP},
        "set_group_card": {"group_id": GROUP, "user_id": XIAOMAN, "card": "改"},
        "delete_msg": {"message_id": message.message_id},
        "set_essence_msg": {"message_id": message.message_id},
    }
    for name, params in calls.items():
        assert (await bot.call(name, **params))["retcode"] == 1200, name
    own = await bot.data("send_group_msg", group_id=GROUP, message="我的")
    await bot.data("delete_msg", message_id=own["message_id"])


async def test_friend_requests(bot: FakeBot, sim: Simulator) -> None:
    flag = sim.requests.ask_friend(987654321, "你好")
    assert (await bot.call("set_friend_add_request", flag="nope"))["retcode"] == 1200
    assert (await bot.call("set_group_add_request", flag=flag))["retcode"] == 1200
    await bot.data("set_friend_add_request", flag=flag, approve=True)
    assert (await bot.event(notice_type="friend_add"))["user_id"] == 987654321
    friends = await bot.data("get_friend_list")
    assert 987654321 in [friend["user_id"] for friend in friends]


async def test_group_requests(bot: FakeBot, sim: Simulator) -> None:
    refused = sim.requests.ask_group(GROUP, 987654321, "")
    accepted = sim.requests.ask_group(GROUP, 987654322, "")
    await bot.data("set_group_add_request", flag=refused, approve=False, reason="不")
    await bot.data("set_group_add_request", flag=accepted, sub_type="add", approve=True)
    assert (await bot.event(notice_type="group_increase"))["user_id"] == 987654322
    members = await bot.data("get_group_member_list", group_id=GROUP)
    numbers = {member["user_id"] for member in members}
    assert 987654322 in numbers
    assert 987654321 not in numbers


async def test_essence(bot: FakeBot, sim: Simulator) -> None:
    message = await sim.say("xiaoman", "值得留着")
    await bot.data("set_essence_msg", message_id=message.message_id)
    [pinned] = await bot.data("get_essence_msg_list", group_id=GROUP)
    assert pinned["message_id"] == message.message_id
    assert pinned["content"] == [text("值得留着")]
    await bot.data("delete_essence_msg", message_id=message.message_id)
    assert await bot.data("get_essence_msg_list", group_id=GROUP) == []
    assert (await bot.event(notice_type="essence", sub_type="delete"))["sender_id"] == XIAOMAN


async def test_directory(bot: FakeBot, start: Start) -> None:
    await start(groups=(GroupSpec(group_id=GROUP, name="大群", members=300),))
    assert await bot.data("get_login_info") == {"user_id": 10001, "nickname": "留灯"}
    [group] = await bot.data("get_group_list")
    assert (group["group_name"], group["member_count"]) == ("大群", 300)
    members = await bot.data("get_group_member_list", group_id=GROUP)
    assert len(members) == len({member["user_id"] for member in members}) == 300
    me = await bot.data("get_group_member_info", group_id=GROUP, user_id=10001)
    assert me["role"] == "admin"
    friends = {friend["user_id"] for friend in await bot.data("get_friend_list")}
    assert friends == {ATANG, LAOZHOU}
    version = await bot.data("get_version_info")
    assert version["app_name"] == "LiudengSimulator"
    assert (await bot.data("get_status"))["online"] is True
    assert (await bot.data("get_stranger_info", user_id=XIAOMAN))["nickname"] == "小满"


async def test_the_rest_answers_too(bot: FakeBot, sim: Simulator) -> None:
    message = await sim.say("xiaoman", "喵")
    await bot.data("set_msg_emoji_like", message_id=message.message_id, emoji_id=76)
    like = await bot.event(notice_type="group_msg_emoji_like")
    assert like["likes"] == [{"emoji_id": "76", "count": 1}]
    await bot.data("group_poke", group_id=GROUP, user_id=XIAOMAN)
    assert (await bot.event(notice_type="notify", sub_type="poke"))["target_id"] == XIAOMAN
    assert await bot.data("can_send_image") == {"yes": True}
    assert await bot.data("can_send_record") == {"yes": False}
    assert (await bot.call("get_record", file="x.amr"))["status"] == "failed"
    await bot.data("set_group_card", group_id=GROUP, user_id=XIAOMAN, card="小满同学")
    await bot.data("upload_private_file", user_id=ATANG, file="/tmp/信.txt", name="信.txt")
    assert sim.sent[-1].segments[0]["data"]["file"] == "信.txt"
    assert (await sim.say("xiaoman", "改名了")).card == "小满同学"


def test_every_promised_action_exists() -> None:
    promised = """send_private_msg send_group_msg send_msg delete_msg get_msg get_forward_msg
        send_group_forward_msg send_private_forward_msg get_group_msg_history
        get_friend_msg_history get_group_list get_group_info get_group_member_list
        get_group_member_info get_friend_list get_login_info get_stranger_info get_status
        get_version_info get_image get_record set_group_ban set_group_kick set_group_whole_ban
        set_group_card set_friend_add_request set_group_add_request set_essence_msg
        delete_essence_msg get_essence_msg_list group_poke can_send_image can_send_record
        upload_private_file upload_group_file set_msg_emoji_like"""
    assert set(promised.split()) <= known_actions()
