"""A member in danger: who is told, by which way, and that the group never hears of it."""

import json
from collections import Counter
from collections.abc import Iterator
from functools import partial

import pytest
from websockets.asyncio.server import ServerConnection, serve

from benchmarks.support.cast import (
    ATANG,
    DANGER_TEXT,
    LAOZHOU,
    STAFF,
    WATCHED,
    WORRY_TEXT,
    XIAOMAN,
    staffed_group,
)
from benchmarks.support.reckoning import case_number, deliveries
from benchmarks.support.rig import Rig, is_private_answer
from simulator import Simulator, SimulatorConfig
from simulator.faults import FaultOrder
from simulator.ledger import Sent

EVERYBODY_ONCE = {ATANG: 1, LAOZHOU: 1, STAFF: 1}


@pytest.fixture(scope="module")
def bot_settings() -> dict[str, object]:
    # In words: what an alert says is looked for in it. Cards: tests/desk/test_cards.py.
    return {"STAFF_GROUP": STAFF, "API_TIMEOUT": 1, "ALERT_CARDS": False}


@pytest.fixture(scope="module")
def cast() -> SimulatorConfig:
    return staffed_group(members=40)


def leaks(sim: Simulator) -> list[Sent]:
    """What was meant for a person and went to a group, and what the watched group was told."""
    return [sent for sent in sim.sent if sent.leaked or sent.group_id == WATCHED]


@pytest.fixture(autouse=True)
def nothing_leaks(rig: Rig) -> Iterator[None]:
    yield
    assert leaks(rig.sim) == []


async def raise_case(rig: Rig, text: str = DANGER_TEXT) -> int:
    """Let a member write something alarming; return the case's number once all are told."""
    subject = rig.bystander()
    await rig.sim.say(subject, text)
    await rig.flush()
    [number] = rig.archive.cases()[subject]
    return number


def told(rig: Rig, number: int) -> dict[int, int]:
    """Return how often each account or group was told of a case."""
    found: Counter[int] = Counter()
    for (case, recipient), times in deliveries(rig.sim.sent).items():
        if case == number:
            found[recipient] += times
    return dict(found)


def heard_by(rig: Rig, number: int, recipient: int) -> str:
    """Return all that an account or group was told of a case."""
    return "\n".join(
        sent.text
        for sent in rig.sim.sent
        if case_number(sent) == number and recipient in (sent.user_id, sent.group_id)
    )


def state_of(rig: Rig, number: int) -> tuple[str, int | None, str | None]:
    """Return a case's state, who has it, and its outcome."""
    query = "SELECT state, claimed_by, outcome FROM cases WHERE id = ?"
    return rig.archive.rows(query, number)[0]


async def test_friends_are_told_privately_and_the_rest_through_the_staff_group(rig: Rig) -> None:
    number = await raise_case(rig)
    assert told(rig, number) == EVERYBODY_ONCE
    assert DANGER_TEXT in heard_by(rig, number, ATANG)
    assert DANGER_TEXT in heard_by(rig, number, LAOZHOU)
    assert DANGER_TEXT not in heard_by(rig, number, STAFF)
    private = [call.params for call in rig.sim.calls if call.action == "send_private_msg"]
    assert private
    assert all(params.keys() == {"user_id", "message"} for params in private)
    assert rig.sim.sent_rows()
    assert not any(row["leaked"] for row in rig.sim.sent_rows())


async def test_the_simulator_leaks_what_is_sent_with_both_ids() -> None:
    """The bot's own leaks would show: the same call with both ids is caught here."""

    async def careless_bot(socket: ServerConnection) -> None:
        params = {"user_id": XIAOMAN, "group_id": WATCHED, "message": "只给你看"}
        await socket.send(json.dumps({"action": "send_private_msg", "params": params}))
        async for _ in socket:
            pass

    async with serve(careless_bot, "127.0.0.1", 0) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        cast = staffed_group(members=5)
        config = cast.model_copy(update={"url": f"ws://127.0.0.1:{port}"})
        async with Simulator(config) as sim:
            leaked = await sim.wait_sent(lambda sent: sent.leaked)
            assert leaks(sim) == [leaked]
            assert (leaked.group_id, leaked.text) == (WATCHED, "只给你看")


async def test_a_worried_friend_is_a_case_of_another_kind(rig: Rig) -> None:
    number = await raise_case(rig, WORRY_TEXT)
    assert told(rig, number) == EVERYBODY_ONCE
    assert "担心另一个人" in heard_by(rig, number, ATANG)


async def test_writing_it_twice_is_one_case_and_one_alert(rig: Rig) -> None:
    subject = rig.bystander()
    await rig.say_all(subject, [DANGER_TEXT, DANGER_TEXT])
    await rig.flush()
    [number] = rig.archive.cases()[subject]
    assert told(rig, number) == EVERYBODY_ONCE


async def test_when_no_private_way_is_open_the_staff_group_gets_the_words(rig: Rig) -> None:
    """Both have ended the friendship, which QQ tells nobody: sending to them is refused."""
    for moderator in ("atang", "laozhou"):
        rig.sim.stage.befriend(moderator, friend=False)
    try:
        number = await raise_case(rig)
    finally:
        for moderator in ("atang", "laozhou"):
            rig.sim.stage.befriend(moderator, friend=True)
    assert told(rig, number).keys() == {STAFF}
    assert DANGER_TEXT in heard_by(rig, number, STAFF)


async def test_one_refused_moderator_leaves_the_words_private(rig: Rig) -> None:
    rig.sim.stage.befriend("atang", friend=False)
    try:
        number = await raise_case(rig)
    finally:
        rig.sim.stage.befriend("atang", friend=True)
    assert told(rig, number) == {LAOZHOU: 1, STAFF: 1}
    assert DANGER_TEXT not in heard_by(rig, number, STAFF)


async def test_an_alert_without_an_answer_is_looked_up_not_sent_again(rig: Rig) -> None:
    calls = len(rig.sim.calls)
    rig.sim.accident(FaultOrder(swallow_answer={"send_private_msg", "send_group_msg"}))
    number = await raise_case(rig)
    assert told(rig, number) == EVERYBODY_ONCE
    looked_up = {call.action for call in rig.sim.calls[calls:]}
    assert {"get_friend_msg_history", "get_group_msg_history"} <= looked_up


async def test_answers_that_come_too_late_double_nothing(rig: Rig) -> None:
    rig.sim.accident(FaultOrder(answer_delay=1.3))
    before = len(rig.sim.sent)
    subject = rig.bystander()
    await rig.sim.say(subject, DANGER_TEXT)
    await rig.sim.wait_sent(lambda sent: case_number(sent) is not None, 30, before)
    rig.sim.accident(FaultOrder(reset=True))
    await rig.flush()
    [number] = rig.archive.cases()[subject]
    assert told(rig, number) == EVERYBODY_ONCE


async def test_an_alert_held_up_by_risk_control_is_tried_again(rig: Rig) -> None:
    """Retcode 100: the platform throttles the account, which passes."""
    subject = rig.bystander()
    rig.sim.accident(FaultOrder(refuse={"send_private_msg": 100, "send_group_msg": 100}))
    await rig.sim.say(subject, DANGER_TEXT)
    await rig.sim.wait_call(lambda call: call.retcode == 100, 30)
    rig.sim.accident(FaultOrder(reset=True))
    await rig.flush()
    [number] = rig.archive.cases()[subject]
    assert told(rig, number) == EVERYBODY_ONCE


async def test_claiming_and_resolving(rig: Rig) -> None:
    number = await raise_case(rig)
    assert (
        f"案件 {number} 由你接手了" in (await rig.ask("atang", f"接手 {number}", private=True)).text
    )
    assert state_of(rig, number) == ("claimed", ATANG, None)
    second = await rig.ask("laozhou", f"接手 {number}", private=True)
    assert f"案件 {number} 已经由 阿棠 接手" in second.text
    done = await rig.ask("atang", f"完结 {number} 打通了电话，在姐姐家", private=True)
    assert "已完结：打通了电话，在姐姐家" in done.text
    assert state_of(rig, number) == ("closed", ATANG, "打通了电话，在姐姐家")


async def test_a_false_alarm_is_closed(rig: Rig) -> None:
    number = await raise_case(rig)
    assert "误报" in (await rig.ask("laozhou", f"误报 {number}", private=True)).text
    assert state_of(rig, number)[0] == "closed"


async def test_who_is_no_friend_works_from_the_staff_group(rig: Rig) -> None:
    number = await raise_case(rig)
    before = len(rig.sim.sent)
    await rig.sim.say("qiqi", f"接手 {number}", group=STAFF)
    answer = await rig.sim.wait_sent(lambda sent: "由你接手了" in sent.text, 30, before)
    assert answer.group_id == STAFF


async def test_members_cannot_touch_a_case(rig: Rig) -> None:
    number = await raise_case(rig)
    rig.sim.stage.befriend("xiaoman", friend=True)
    before = len(rig.sim.sent)
    for command in ("接手", "误报", "完结", "案件"):
        await rig.sim.say("xiaoman", f"{command} {number}", private=True)
    card = (await rig.ask("xiaoman", "帮助", private=True)).text
    assert "接手" not in card
    await rig.idle()
    assert state_of(rig, number) == ("open", None, None)
    answers = [s.text for s in rig.sim.sent[before:] if s.user_id == XIAOMAN and s.text != card]
    assert not any(str(number) in text or "案件" in text for text in answers)


async def test_in_the_watched_group_the_desk_is_silent(rig: Rig) -> None:
    number = await raise_case(rig)
    await rig.sim.say("atang", f"接手 {number}")
    await rig.flush()
    assert state_of(rig, number) == ("open", None, None)


async def test_two_moderators_at_once_one_gets_it(rig: Rig) -> None:
    number = await raise_case(rig)
    before = len(rig.sim.sent)
    await rig.sim.say("atang", f"接手 {number}", private=True)
    await rig.sim.say("laozhou", f"接手 {number}", private=True)
    answers = {}
    for who in (ATANG, LAOZHOU):
        answer = await rig.sim.wait_sent(partial(is_private_answer, user_id=who), 30, before)
        answers[who] = answer.text
    winner = state_of(rig, number)[1]
    assert winner in answers
    [loser] = answers.keys() - {winner}
    assert "由你接手了" in answers[winner]
    assert "已经由" in answers[loser]
    assert "由你接手了" not in answers[loser]
