"""Killed in the middle of a flood: after the restart nothing is missing and nothing is doubled."""

import pytest

from benchmarks.support.cast import DANGER_TEXT, FRIENDS, STAFF, staffed_group
from benchmarks.support.reckoning import Reckoning, deliveries, expected_deliveries, reckon
from benchmarks.support.rig import Rig, wall_ms
from benchmarks.support.waiting import until
from simulator import SimulatorConfig

NOTHING_WRONG = Reckoning(lost=(), twice=())
RECIPIENTS = (*FRIENDS, STAFF)


@pytest.fixture(scope="module")
def bot_settings() -> dict[str, object]:
    return {"STAFF_GROUP": STAFF, "API_TIMEOUT": 5}


@pytest.fixture(scope="module")
def cast() -> SimulatorConfig:
    return staffed_group(members=60)


def reckon_alerts(rig: Rig, subjects: list[int]) -> Reckoning:
    expected = expected_deliveries(rig.archive.cases(), subjects, RECIPIENTS)
    return reckon(expected, deliveries(rig.sim.sent))


async def said(rig: Rig, count: int) -> None:
    await until(lambda: len(rig.sim.world.messages) >= count, f"{count} messages were said")


async def test_killed_in_a_flood(rig: Rig) -> None:
    """One cry for help well before the kill, one in the batch it interrupts, one while down."""
    subjects = [rig.bystander() for _ in range(3)]
    start = len(rig.sim.world.messages)
    since = wall_ms()
    rig.sim.start_flood(rig.group_id, 900, 600)
    await said(rig, start + 200)
    await rig.sim.say(subjects[0], DANGER_TEXT)
    await said(rig, start + 400)
    await rig.sim.say(subjects[1], DANGER_TEXT)
    await rig.bot.kill()
    await rig.sim.say(subjects[2], DANGER_TEXT)
    await said(rig, start + 600)
    assert len(rig.reckon_messages().lost) > 100

    await rig.bot.start()
    await rig.reconnected(since)
    await rig.complete()
    await rig.flush()
    assert rig.reckon_messages() == NOTHING_WRONG
    assert reckon_alerts(rig, subjects) == NOTHING_WRONG


async def test_killed_with_an_alert_on_its_way(rig: Rig) -> None:
    """The moderator has the alert, the bot never learns so: after the restart it looks first."""
    subject = rig.bystander()
    before, since = len(rig.sim.sent), wall_ms()
    rig.sim.faults.swallow_answer = {"send_private_msg"}
    await rig.sim.say(subject, DANGER_TEXT)
    await rig.sim.wait_sent(lambda sent: sent.target == "private", 30, before)
    await rig.bot.kill()
    rig.sim.faults.reset()

    await rig.bot.start()
    await rig.reconnected(since)
    await rig.flush()
    assert reckon_alerts(rig, [subject]) == NOTHING_WRONG
    assert rig.reckon_messages() == NOTHING_WRONG


async def test_killed_again_before_the_gap_was_known(rig: Rig) -> None:
    """What the second bot hears before it dies must not hide what the first one missed."""
    await rig.bot.kill()
    await rig.say_all("xiaoman", [f"没有人在听 {number}" for number in range(40)])
    rig.sim.faults.answer_delay = 30.0
    await rig.bot.start()
    await rig.sim.wait_connected(60)
    await rig.say_all("xiaoman", [f"刚刚连上 {number}" for number in range(150)])
    newest = rig.sim.world.messages[-1].seq
    await until(lambda: newest in rig.copies(), "the second bot has archived what it heard")
    assert rig.reckon_messages().lost
    await rig.bot.kill()
    rig.sim.faults.reset()

    since = wall_ms()
    await rig.bot.start()
    await rig.reconnected(since)
    await rig.flush()
    assert rig.reckon_messages() == NOTHING_WRONG
