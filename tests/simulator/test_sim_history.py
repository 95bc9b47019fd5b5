"""Reading messages back: single ones, pages of history, forwards."""

from typing import Any

from simulator import Simulator
from tests.simulator.conftest import GROUP
from tests.simulator.fake_bot import FakeBot, text


async def fill(sim: Simulator, count: int) -> list[int]:
    return [(await sim.say("xiaoman", f"第{n}句")).message_id for n in range(count)]


def ids(data: dict[str, Any]) -> list[int]:
    return [message["message_id"] for message in data["messages"]]


async def test_newest_page_is_oldest_first(bot: FakeBot, sim: Simulator) -> None:
    said = await fill(sim, 30)
    assert ids(await bot.data("get_group_msg_history", group_id=GROUP)) == said[-20:]
    page = await bot.data("get_group_msg_history", group_id=str(GROUP), message_seq=0, count="3")
    assert ids(page) == said[-3:]


async def test_paging_back_reaches_the_beginning(bot: FakeBot, sim: Simulator) -> None:
    said = await fill(sim, 50)
    collected: list[int] = []
    start = 0
    while True:
        page = ids(
            await bot.data(
                "get_group_msg_history",
                group_id=GROUP,
                message_seq=start,
                count=12,
                reverse_order=True,
            )
        )
        fresh = [number for number in page if number not in collected]
        if not fresh:
            break
        collected = fresh + collected
        start = page[0]
    assert collected == said


async def test_without_reverse_order_a_page_runs_forward_from_the_id(
    bot: FakeBot, sim: Simulator
) -> None:
    said = await fill(sim, 10)
    page = await bot.data("get_group_msg_history", group_id=GROUP, message_seq=said[4], count=3)
    assert ids(page) == said[4:7]


async def test_empty_and_unknown_histories_fail_with_1200(bot: FakeBot, sim: Simulator) -> None:
    empty = await bot.call("get_group_msg_history", group_id=GROUP)
    assert (empty["status"], empty["retcode"]) == ("failed", 1200)
    await fill(sim, 1)
    unknown = await bot.call("get_group_msg_history", group_id=GROUP, message_seq=123456)
    assert unknown["retcode"] == 1200


async def test_an_id_of_another_chat_is_unknown(bot: FakeBot, sim: Simulator) -> None:
    await fill(sim, 1)
    private = await sim.say("atang", "悄悄话", private=True)
    answer = await bot.call("get_group_msg_history", group_id=GROUP, message_seq=private.message_id)
    assert answer["retcode"] == 1200


async def test_recalled_messages_leave_history(bot: FakeBot, sim: Simulator) -> None:
    said = await fill(sim, 3)
    await sim.recall(said[1])
    page = await bot.data("get_group_msg_history", group_id=GROUP)
    assert ids(page) == [said[0], said[2]]
    assert (await bot.call("get_msg", message_id=said[1]))["retcode"] == 1200


async def test_history_has_the_bots_own_messages(bot: FakeBot, sim: Simulator) -> None:
    sent = await bot.data("send_group_msg", group_id=GROUP, message="我在")
    [message] = (await bot.data("get_group_msg_history", group_id=GROUP))["messages"]
    assert message["message_id"] == sent["message_id"]
    assert message["post_type"] == "message_sent"


async def test_private_history(bot: FakeBot, sim: Simulator) -> None:
    message = await sim.say("atang", "悄悄话", private=True)
    page = await bot.data("get_friend_msg_history", user_id=2840011001)
    assert ids(page) == [message.message_id]


async def test_get_msg(bot: FakeBot, sim: Simulator) -> None:
    message = await sim.say("xiaoman", "查我")
    data = await bot.data("get_msg", message_id=str(message.message_id))
    assert data["raw_message"] == "查我"
    assert data["real_id"] == message.message_id
    assert (await bot.call("get_msg", message_id=1))["retcode"] == 1200


async def test_forwards_are_sent_by_id_and_read_back(bot: FakeBot, sim: Simulator) -> None:
    inner = {"type": "node", "data": {"user_id": 5, "nickname": "甲", "content": "里面的话"}}
    outer = {"type": "node", "data": {"user_id": 6, "nickname": "乙", "content": [inner]}}
    sent = await bot.data("send_group_forward_msg", group_id=GROUP, messages=[inner, outer])
    shown = await bot.data("get_msg", message_id=sent["message_id"])
    [segment] = shown["message"]
    assert segment == {"type": "forward", "data": {"id": sent["forward_id"]}}
    nodes = (await bot.data("get_forward_msg", id=sent["forward_id"]))["messages"]
    assert nodes[0]["message"] == [text("里面的话")]
    assert nodes[0]["sender"]["nickname"] == "甲"
    nested = nodes[1]["message"][0]["data"]["content"]
    assert nested[0]["message"] == [text("里面的话")]
    assert (await bot.call("get_forward_msg", id="unknown"))["retcode"] == 1200
