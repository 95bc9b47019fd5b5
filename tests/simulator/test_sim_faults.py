"""Each way of failing, switched on alone."""

import pytest
from nonebot.adapters.onebot.v11 import Adapter, Event
from pydantic import ValidationError

from simulator import Simulator
from simulator.faults import FaultOrder
from tests.simulator.conftest import GROUP, Start
from tests.simulator.fake_bot import FakeBot


async def heard(bot: FakeBot, sim: Simulator, marker: str = "完") -> list[str]:
    """The texts heard up to a marker said last."""
    await sim.say("xiaoman", marker)
    await bot.event(raw_message=marker)
    return [event["raw_message"] for event in bot.messages if event["raw_message"] != marker]


async def test_offline_events_are_lost_but_in_history(bot: FakeBot, sim: Simulator) -> None:
    sim.faults.offline = True
    message = await sim.say("xiaoman", "听不见")
    sim.stage.poke("xiaoman", "bot", GROUP)
    sim.faults.offline = False
    assert await heard(bot, sim) == []
    assert all(event["post_type"] != "notice" for event in bot.events)
    history = await bot.data("get_group_msg_history", group_id=GROUP)
    assert history["messages"][0]["message_id"] == message.message_id


async def test_drop_connection_comes_back(bot: FakeBot, sim: Simulator) -> None:
    sim.accident(FaultOrder(drop_connection=True))
    assert not sim.connected
    await sim.wait_connected()
    assert await heard(bot, sim) == []
    assert len(bot.handshakes) == 2


async def test_reconnect_after_stays_away_meanwhile(bot: FakeBot, sim: Simulator) -> None:
    sim.accident(FaultOrder(reconnect_after=0.15))
    with pytest.raises(TimeoutError):
        await sim.wait_connected(timeout=0.05)
    await sim.wait_connected()


async def test_repeat_sends_the_same_event_twice(bot: FakeBot, sim: Simulator) -> None:
    sim.faults.repeat = 1.0
    message = await sim.say("xiaoman", "哈")
    sim.faults.repeat = 0.0
    assert await heard(bot, sim) == ["哈", "哈"]
    assert {event["message_id"] for event in bot.messages[:2]} == {message.message_id}
    assert len(sim.truth()) == 2


async def test_repeat_with_changed_ids(bot: FakeBot, sim: Simulator) -> None:
    sim.faults.repeat = 1.0
    sim.faults.change_message_ids = True
    await sim.say("xiaoman", "哈")
    await bot.until(lambda: len(bot.messages) == 2)
    first, second = bot.messages
    assert first["message_id"] != second["message_id"]
    assert first["real_seq"] == second["real_seq"]
    again = await bot.data("get_msg", message_id=second["message_id"])
    assert again["raw_message"] == "哈"


async def test_changed_ids_in_history_stay_the_same_message(bot: FakeBot, sim: Simulator) -> None:
    message = await sim.say("xiaoman", "同一条")
    sim.faults.change_message_ids = True
    [found] = (await bot.data("get_group_msg_history", group_id=GROUP))["messages"]
    assert found["message_id"] != message.message_id
    assert found["real_seq"] == str(message.seq)
    page = await bot.data("get_group_msg_history", group_id=GROUP, message_seq=found["message_id"])
    assert page["messages"] == [found]


async def test_reorder_lets_an_event_be_overtaken(bot: FakeBot, sim: Simulator) -> None:
    sim.faults.reorder = 1.0
    await sim.say("xiaoman", "一")
    await sim.say("xiaoman", "二")
    sim.faults.reorder = 0.0
    assert await heard(bot, sim) == ["二", "一"]


async def test_a_held_event_comes_even_if_nothing_follows(bot: FakeBot, sim: Simulator) -> None:
    sim.faults.reorder = 1.0
    await sim.say("xiaoman", "最后一句")
    await bot.event(raw_message="最后一句")


async def test_rate_limit_refuses_the_sends_beyond_it(bot: FakeBot, sim: Simulator) -> None:
    sim.faults.rate_limit = 2
    codes = [
        (await bot.call("send_group_msg", group_id=GROUP, message=f"{n}"))["retcode"]
        for n in range(4)
    ]
    assert codes == [0, 0, 1200, 1200]
    assert (await bot.call("get_group_list"))["retcode"] == 0
    assert [sent.text for sent in sim.sent] == ["0", "1"]


async def test_answer_delay_does_it_first_and_answers_later(bot: FakeBot, sim: Simulator) -> None:
    sim.faults.answer_delay = 0.2
    echo = await bot.send("send_group_msg", group_id=GROUP, message="慢")
    await sim.wait_sent(lambda sent: sent.text == "慢")
    assert not bot.answered(echo)
    assert (await bot.answer(echo))["status"] == "ok"


async def test_swallowed_answers_are_done_all_the_same(bot: FakeBot, sim: Simulator) -> None:
    sim.faults.swallow_answer = {"send_group_msg"}
    echo = await bot.send("send_group_msg", group_id=GROUP, message="石沉大海")
    await sim.wait_sent(lambda sent: sent.text == "石沉大海")
    await bot.call("get_status")
    assert not bot.answered(echo)


async def test_refuse_answers_with_the_retcode_and_does_nothing(
    bot: FakeBot, sim: Simulator
) -> None:
    sim.faults.refuse = {"send_group_msg": 100}
    answer = await bot.call("send_group_msg", group_id=GROUP, message="不行")
    assert (answer["status"], answer["retcode"]) == ("failed", 100)
    assert sim.sent == []


async def test_say_ok_do_nothing(bot: FakeBot, sim: Simulator) -> None:
    message = await sim.say("xiaoman", "撤不掉")
    sim.faults.say_ok_do_nothing = {"delete_msg", "send_group_msg"}
    await bot.data("delete_msg", message_id=message.message_id)
    sent = await bot.data("send_group_msg", group_id=GROUP, message="没发出去")
    assert not message.recalled
    assert sim.sent == []
    assert (await bot.call("get_msg", message_id=sent["message_id"]))["retcode"] == 1200


async def test_malformed_frames_arrive_between_good_ones(bot: FakeBot, sim: Simulator) -> None:
    sim.accident(FaultOrder(malformed=5))
    message = await sim.say("xiaoman", "还在")
    await bot.event(message_id=message.message_id)
    assert len(bot.broken) == 1
    broken = bot.events[1:-1]
    assert len(broken) == 4
    for frame in broken:
        event = Adapter.json_to_event(frame)
        assert event is None or type(event) is Event


async def test_history_limit(bot: FakeBot, sim: Simulator) -> None:
    said = [await sim.say("xiaoman", str(n)) for n in range(6)]
    sim.faults.history_limit = 2
    newest = await bot.data("get_group_msg_history", group_id=GROUP)
    assert [m["raw_message"] for m in newest["messages"]] == ["4", "5"]
    forward = await bot.data(
        "get_group_msg_history", group_id=GROUP, message_seq=said[0].message_id
    )
    assert [m["raw_message"] for m in forward["messages"]] == ["4", "5"]
    beyond = await bot.call(
        "get_group_msg_history",
        group_id=GROUP,
        message_seq=said[3].message_id,
        reverse_order=True,
    )
    assert beyond["retcode"] == 1200


async def test_the_same_seed_fails_in_the_same_places(bot: FakeBot, start: Start) -> None:
    async def doubled(seed: int) -> list[str]:
        before = len(bot.messages)
        simulator = await start(seed=seed)
        simulator.faults.repeat = 0.5
        for number in range(20):
            await simulator.say("xiaoman", str(number))
        simulator.faults.repeat = 0.0
        await simulator.say("xiaoman", f"完{before}")
        await bot.event(raw_message=f"完{before}")
        return [event["raw_message"] for event in bot.messages[before:-1]]

    first, second, other = await doubled(3), await doubled(3), await doubled(4)
    assert first == second
    assert len(first) > 20
    assert first != other


def test_bad_values_are_refused_and_change_nothing(sim: Simulator) -> None:
    with pytest.raises(ValidationError):
        sim.faults.repeat = 2.0
    with pytest.raises(ValidationError):
        sim.accident(FaultOrder(offline=True, repeat=-1))
    assert sim.faults.offline is False


def test_null_and_reset_heal(sim: Simulator) -> None:
    sim.accident(FaultOrder(offline=True, rate_limit=6, refuse={"get_msg": 1}))
    sim.accident(FaultOrder(rate_limit=None))
    assert sim.faults.rate_limit is None
    assert sim.faults.offline is True
    sim.accident(FaultOrder(reset=True))
    assert sim.faults.offline is False
    assert sim.faults.refuse == {}
