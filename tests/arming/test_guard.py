"""The guard: an armed group is told, a dry run counts, the plainest danger is always told."""

from typing import Any

import pytest

from liudeng.archive import StoredMessage
from liudeng.arming import PLAIN, Guard, GuardOptions, Held, Stances, firings
from liudeng.db import Database
from liudeng.desk import Case, CaseKind, Desk, Signal
from liudeng.outbox import Kind, PostedLetter, Target
from liudeng.roster import Roster
from tests.desk.conftest import Room
from tests.fakes.payloads import ADMIN, GROUP, OWNER, STAFF_GROUP, said


def signal_of(message: StoredMessage, **fields: Any) -> Signal:
    values = {
        "group_id": message.group_id,
        "subject_id": message.user_id,
        "subject_name": message.display_name,
        "kind": CaseKind.DISTRESS,
        "level": 3,
        "message_row": message.id,
        "time_ms": message.time_ms,
        "received_ms": message.received_ms,
        "reasons": ("一", "二", "三", "四"),
        "rules": ("wish_to_die", "model_danger"),
        "score": 0.7,
        **fields,
    }
    return Signal.model_validate(values)


class Listener:
    """Keeps what it hears."""

    def __init__(self) -> None:
        self.cases: list[int] = []

    def heard(self, case: Case, message: StoredMessage) -> None:
        assert message.id
        self.cases.append(case.id)


@pytest.fixture
def stances(database: Database) -> Stances:
    return Stances(database, start_armed=False)


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def guard(desk: Desk, stances: Stances, roster: Roster, listener: Listener) -> Guard:
    return Guard(desk, stances, roster, GuardOptions(0.5, STAFF_GROUP), listener)


async def receive(
    guard: Guard, database: Database, room: Room, words: str = "撑不下去了", **fields: Any
) -> Case | None:
    message = await room.say(said(words))
    async with database.write() as connection:
        return await guard.receive(connection, signal_of(message, **fields), message)


async def recorded(database: Database) -> list[tuple[Held, int | None]]:
    async with database.read() as connection:
        return [(one.held, one.case_id) for one in await firings(connection)]


async def notices(room: Room) -> list[PostedLetter]:
    return [one for one in await room.letters() if one.kind is Kind.NOTICE]


async def test_an_armed_group_is_told_and_what_spoke_is_kept(
    guard: Guard, stances: Stances, database: Database, room: Room, listener: Listener
) -> None:
    await stances.decide(GROUP, OWNER, armed=True)

    case = await receive(guard, database, room)

    assert case is not None
    assert len(await room.alerts()) == 1
    assert listener.cases == [case.id]
    async with database.read() as connection:
        [one] = await firings(connection, GROUP)
    assert (one.held, one.case_id, one.score) == (Held.NOT, case.id, 0.7)
    assert one.rules == ("wish_to_die", "model_danger")


async def test_a_dry_run_tells_nobody_of_anybody(
    guard: Guard, database: Database, room: Room, listener: Listener
) -> None:
    assert await receive(guard, database, room) is None

    assert await room.alerts() == []
    assert listener.cases == []
    assert await recorded(database) == [(Held.DRY_RUN, None)]
    for notice in await notices(room):
        assert "撑不下去" not in notice.text


async def test_the_plainest_danger_is_told_in_a_dry_run_too(
    guard: Guard, database: Database, room: Room
) -> None:
    case = await receive(guard, database, room, score=PLAIN)

    assert case is not None
    [alert] = await room.alerts()
    assert "布防" in alert.text


async def test_what_no_single_message_said_waits_in_a_dry_run(
    guard: Guard, database: Database, room: Room
) -> None:
    assert await receive(guard, database, room, score=None, rules=("trajectory",)) is None
    assert await room.alerts() == []


async def test_moderators_hear_once_a_day_that_something_was_held_back(
    guard: Guard, database: Database, room: Room
) -> None:
    await receive(guard, database, room)
    await receive(guard, database, room)

    told = await notices(room)
    assert {(one.target, one.target_id) for one in told} == {
        (Target.PRIVATE, OWNER),
        (Target.PRIVATE, ADMIN),
    }
    assert len(told) == 2
    assert f"布防 {GROUP}" in told[0].text


async def test_without_friends_the_staff_group_hears(
    guard: Guard, database: Database, room: Room, roster: Roster
) -> None:
    roster.set_friends([])
    await receive(guard, database, room)
    assert [(one.target, one.target_id) for one in await notices(room)] == [
        (Target.GROUP, STAFF_GROUP)
    ]


async def test_below_the_operators_threshold_a_message_is_counted_alone(
    desk: Desk, stances: Stances, roster: Roster, database: Database, room: Room
) -> None:
    await stances.decide(GROUP, OWNER, armed=True)
    strict = Guard(desk, stances, roster, GuardOptions(threshold=0.8))

    assert await receive(strict, database, room, score=0.79) is None
    assert await receive(strict, database, room, score=0.8) is not None
    assert await receive(strict, database, room, score=None) is not None

    assert [held for held, _ in await recorded(database)] == [Held.TOO_WEAK, Held.NOT, Held.NOT]


async def test_what_was_decided_survives_a_restart(stances: Stances, database: Database) -> None:
    assert await stances.decide(GROUP, OWNER, armed=True)
    assert not await stances.decide(GROUP, ADMIN, armed=True)
    assert await stances.decide(GROUP, ADMIN, armed=False)
    assert await stances.decide(GROUP, OWNER, armed=True)

    later = Stances(database, start_armed=False)
    await later.load()

    assert later.of(GROUP).armed
    assert later.of(GROUP).actor == str(OWNER)
    assert not later.of(GROUP + 1).armed
