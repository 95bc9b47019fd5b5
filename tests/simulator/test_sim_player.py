"""Playing a scenario, and the clock that belongs to it."""

import json
import time
from pathlib import Path

import pytest

from simulator import Scenario, load_scenario
from tests.simulator.conftest import Start
from tests.simulator.fake_bot import FakeBot

SMALL = Path(__file__).parent / "small_night.jsonl"
START = 1770984000  # 2026-02-13T20:00:00+08:00
ATANG = 2840011001


@pytest.fixture(scope="module")
def night() -> Scenario:
    return load_scenario(SMALL)


async def test_everything_arrives_in_order_with_scenario_times(
    bot: FakeBot, start: Start, night: Scenario
) -> None:
    simulator = await start(night, speed=0)
    await simulator.play()
    assert (simulator.player.done, simulator.player.playing) == (True, False)
    await bot.event(raw_message="关灯")
    times = [event["time"] - START for event in bot.events[1:]]
    assert times == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 15, 16, 600]
    assert {event["self_id"] for event in bot.events} == {10007}


async def test_lines_become_the_segments_they_describe(
    bot: FakeBot, start: Start, night: Scenario
) -> None:
    simulator = await start(night, speed=0)
    await simulator.play()
    await bot.event(raw_message="关灯")
    opening, answer, shot, sticker, card, forward, *_ = bot.messages
    assert answer["message"] == [
        {"type": "reply", "data": {"id": str(opening["message_id"])}},
        {"type": "at", "data": {"qq": str(ATANG)}},
        {"type": "at", "data": {"qq": "10007"}},
        {"type": "text", "data": {"text": " 来了"}},
        {"type": "face", "data": {"id": "14"}},
    ]
    assert [segment["type"] for segment in shot["message"]] == ["text", "image"]
    assert sticker["message"][0]["data"]["sub_type"] == 1
    content = json.loads(card["message"][0]["data"]["data"])
    assert content["meta"]["news"]["jumpUrl"] == "https://example.org/export"
    forward_id = forward["message"][0]["data"]["id"]
    nodes = (await bot.data("get_forward_msg", message_id=forward_id))["messages"]
    assert [node["raw_message"] for node in nodes] == ["转发一", "转发二"]


async def test_labels_are_in_the_truth_and_nowhere_else(
    bot: FakeBot, start: Start, night: Scenario
) -> None:
    simulator = await start(night, speed=0)
    await simulator.play()
    await bot.event(raw_message="关灯")
    labels = [line["expect"] for line in simulator.truth() if line["expect"]]
    assert labels == ["link", "joke"]
    assert "expect" not in json.dumps(bot.events)


async def test_who_may_not_speak_is_skipped(bot: FakeBot, start: Start, night: Scenario) -> None:
    simulator = await start(night, speed=0)
    await simulator.play()
    assert "这句发不出去" not in [line["text"] for line in simulator.truth()]
    assert simulator.player.sent == simulator.player.total


async def test_progress_pause_and_resume(bot: FakeBot, start: Start, night: Scenario) -> None:
    simulator = await start(night, speed=1)
    simulator.player.start()
    await bot.event(raw_message="开灯")
    simulator.player.pause()
    assert simulator.player.sent == 1
    frozen = simulator.clock.now()
    assert frozen <= START + 1
    simulator.player.set_speed(0)
    await simulator.play()
    assert simulator.player.done
    assert simulator.clock.now() >= START + 600


async def test_a_speed_change_takes_effect_while_waiting(
    bot: FakeBot, start: Start, night: Scenario
) -> None:
    simulator = await start(night, speed=0.001)
    simulator.player.start()
    await bot.event(raw_message="开灯")
    simulator.player.set_speed(0)
    await bot.event(raw_message="关灯")


async def test_the_bot_answers_on_the_scenarios_clock(
    bot: FakeBot, start: Start, night: Scenario
) -> None:
    simulator = await start(night, speed=0)
    await simulator.play()
    sent = await bot.data("send_group_msg", group_id=714400213, message="晚安")
    message = await bot.data("get_msg", message_id=sent["message_id"])
    assert 600 <= message["time"] - START < 660


async def test_wall_clock(bot: FakeBot, start: Start, night: Scenario) -> None:
    simulator = await start(night, speed=0, clock="wall")
    before = int(time.time())
    await simulator.play()
    await bot.event(raw_message="关灯")
    assert all(before <= event["time"] <= time.time() for event in bot.messages)


async def test_before_the_play_the_clock_stands_at_its_start(
    bot: FakeBot, start: Start, night: Scenario
) -> None:
    simulator = await start(night)
    assert (await simulator.say("atang", "预备")).time == START
