"""The scripted evening, played as fast as it goes: all kept, the two who need it found."""

from collections.abc import AsyncIterator

import pytest

from benchmarks.support.bot_process import ROOT
from benchmarks.support.cast import DANGER_TEXT
from benchmarks.support.reckoning import Reckoning
from benchmarks.support.rig import Rig, start_rig
from simulator import load_scenario
from simulator.faults import FaultOrder

STAFF = 714400999
SCENARIO = ROOT / "data" / "scenarios" / "farewell_night.jsonl"


@pytest.fixture(scope="module")
async def evening(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Rig]:
    """The bot after the whole evening."""
    scenario = load_scenario(SCENARIO)
    directory = tmp_path_factory.mktemp("bot")
    async with start_rig(directory, scenario=scenario, settings={"STAFF_GROUP": STAFF}) as rig:
        await rig.sim.play(speed=0)
        await rig.complete()
        await rig.flush()
        yield rig


def signalled(rig: Rig) -> list[dict[str, str]]:
    """Return the messages, as the simulator knows them, that count as signals of a case."""
    by_id = {str(line["message_id"]): line for line in rig.sim.truth()}
    rows = rig.archive.rows(
        "SELECT messages.message_id FROM case_events "
        "JOIN messages ON messages.id = case_events.message_row "
        "WHERE case_events.kind = 'signal'"
    )
    return [by_id[number] for (number,) in rows]


async def test_every_message_is_archived_once(evening: Rig) -> None:
    assert evening.sim.player.done
    assert evening.reckon_messages() == Reckoning(lost=(), twice=())


@pytest.mark.parametrize("label", ["danger", "worry"])
async def test_who_needs_somebody_is_among_the_cases(evening: Rig, label: str) -> None:
    labelled = {line["user_id"] for line in evening.sim.truth() if line["expect"] == label}
    assert labelled
    assert labelled <= evening.archive.cases().keys()


async def test_hyperbole_and_quotations_raise_nothing(evening: Rig) -> None:
    joking = [line["text"] for line in signalled(evening) if line["expect"] == "joke"]
    assert joking == []


async def test_grief_is_no_case(evening: Rig) -> None:
    others = [
        line["text"] for line in signalled(evening) if line["expect"] not in ("danger", "worry")
    ]
    assert others == []


async def test_the_moderators_hear_of_it_and_the_group_does_not(evening: Rig) -> None:
    assert evening.sim.sent
    assert not any(row["leaked"] for row in evening.sim.sent_rows())
    assert not any(
        "案件" in sent.text for sent in evening.sim.sent if sent.group_id == evening.group_id
    )


async def test_what_was_missed_that_evening_still_raises_an_alert(evening: Rig) -> None:
    """The evening's clock is not the bot's; said after the bot came is said after the bot came."""
    evening.sim.accident(FaultOrder(offline=True))
    subject = evening.bystander()
    await evening.sim.say(subject, DANGER_TEXT)
    evening.sim.accident(FaultOrder(offline=False))
    await evening.reconnect()
    await evening.flush()
    assert subject in evening.archive.cases()
