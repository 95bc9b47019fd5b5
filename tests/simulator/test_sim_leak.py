"""The way a private alert ends up in the group, imitated so that a bot can be caught at it."""

from typing import Any

import pytest

from simulator import Simulator
from tests.simulator.conftest import GROUP
from tests.simulator.fake_bot import FakeBot

XIAOMAN, ATANG = 2840011003, 2840011001


@pytest.mark.parametrize(
    ("action", "extra"),
    [
        ("send_private_msg", {}),
        ("send_msg", {"message_type": "private"}),
        ("send_msg", {}),
    ],
)
async def test_both_ids_and_no_friend_leaks_to_the_group(
    bot: FakeBot, sim: Simulator, action: str, extra: dict[str, Any]
) -> None:
    await bot.data(action, user_id=XIAOMAN, group_id=GROUP, message="只给你看", **extra)
    [sent] = sim.sent
    assert sent.leaked
    assert (sent.target, sent.group_id, sent.user_id) == ("group", GROUP, XIAOMAN)
    assert [line["text"] for line in sim.truth()] == ["只给你看"]


async def test_answering_a_temporary_session_the_naive_way_leaks(
    bot: FakeBot, sim: Simulator
) -> None:
    await sim.say("xiaoman", "在吗", private=True)
    asked = await bot.event(message_type="private")
    await bot.data(
        "send_msg",
        message_type=asked["message_type"],
        user_id=asked["user_id"],
        group_id=asked["group_id"],
        message="在",
    )
    assert sim.sent[0].leaked


async def test_a_friend_gets_it_in_private_even_with_both_ids(bot: FakeBot, sim: Simulator) -> None:
    await bot.data("send_private_msg", user_id=ATANG, group_id=GROUP, message="给你")
    [sent] = sim.sent
    assert not sent.leaked
    assert (sent.target, sent.user_id, sent.group_id) == ("private", ATANG, None)
    assert sim.truth() == []


async def test_a_group_answer_with_both_ids_is_no_leak(bot: FakeBot, sim: Simulator) -> None:
    await bot.data(
        "send_msg", message_type="group", user_id=XIAOMAN, group_id=GROUP, message="大家好"
    )
    assert not sim.sent[0].leaked


async def test_user_id_alone_to_no_friend_is_refused(bot: FakeBot, sim: Simulator) -> None:
    answer = await bot.call("send_private_msg", user_id=XIAOMAN, message="你好")
    assert answer["retcode"] == 1200
    assert sim.sent == []


async def test_with_refusal_off_it_becomes_a_temporary_session(
    bot: FakeBot, sim: Simulator
) -> None:
    sim.faults.refuse_private = False
    await bot.data("send_private_msg", user_id=XIAOMAN, message="你好")
    assert (sim.sent[0].target, sim.sent[0].user_id) == ("private", XIAOMAN)


async def test_nobody_and_nowhere(bot: FakeBot, sim: Simulator) -> None:
    assert (await bot.call("send_private_msg", user_id=1, message="？"))["retcode"] == 1200
    assert (await bot.call("send_group_msg", group_id=1, message="？"))["retcode"] == 1200
    assert (await bot.call("send_msg", message="？"))["retcode"] == 1200
