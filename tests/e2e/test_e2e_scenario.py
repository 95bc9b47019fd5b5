"""A scripted evening: its clock is not the bot's. The whole of it is played by the demo's test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from benchmarks.support.bot_process import ROOT
from benchmarks.support.cast import DANGER_TEXT
from benchmarks.support.reckoning import Reckoning
from benchmarks.support.rig import Rig, start_rig
from simulator import Scenario, load_scenario
from simulator.faults import FaultOrder

STAFF = 714400999
SCENARIO = ROOT / "data" / "scenarios" / "farewell_night.jsonl"
_MESSAGES = 40


def opening(folder: Path) -> Scenario:
    """The people of the evening, and the first minutes of it."""
    lines = SCENARIO.read_text("utf-8").splitlines(keepends=True)
    cast = [line for line in lines if line.startswith('{"kind"')]
    events = [line for line in lines if line.startswith('{"t"')][:_MESSAGES]
    path = folder / "opening.jsonl"
    path.write_text("".join(cast + events), "utf-8")
    return load_scenario(path)


@pytest.fixture(scope="module")
async def evening(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Rig]:
    """The bot after the evening has begun."""
    directory = tmp_path_factory.mktemp("bot")
    scenario = opening(directory)
    settings = {"STAFF_GROUP": STAFF, "FAQ_VECTORS": False}
    async with start_rig(directory, scenario=scenario, settings=settings) as rig:
        await rig.sim.play(speed=0)
        await rig.complete()
        await rig.flush()
        yield rig


async def test_every_message_is_archived_once(evening: Rig) -> None:
    assert evening.sim.player.done
    assert evening.reckon_messages() == Reckoning(lost=(), twice=())


async def test_what_was_missed_that_evening_still_raises_an_alert(evening: Rig) -> None:
    """The evening's clock is not the bot's; said after the bot came is said after the bot came."""
    evening.sim.accident(FaultOrder(offline=True))
    subject = evening.bystander()
    await evening.sim.say(subject, DANGER_TEXT)
    evening.sim.accident(FaultOrder(offline=False))
    await evening.reconnect()
    await evening.flush()
    assert subject in evening.archive.cases()
