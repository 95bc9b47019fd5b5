"""An alert that nobody takes: who is called next, and how it ends."""

from datetime import datetime

import pytest
from sqlalchemy import select

from liudeng.db import Database
from liudeng.desk import CaseKind, Desk
from liudeng.desk.tables import desk_timers
from liudeng.outbox import Kind, PostedLetter, State, Target
from liudeng.outbox.ledger import Ledger
from liudeng.roster import Roster
from tests.desk.conftest import SHANGHAI, Clock, MakeDesk, Room
from tests.fakes.payloads import ADMIN, GROUP, OWNER, STAFF_GROUP

EVE, SUN, MAY = 31, 32, 33
"""Moderators who are friends of the bot."""


@pytest.fixture
def crowd(roster: Roster) -> None:
    """An owner and four admins, all friends."""
    roster.set_friends([OWNER, ADMIN, EVE, SUN, MAY])
    admins = [{"user_id": one, "role": "admin"} for one in (ADMIN, EVE, SUN, MAY)]
    roster.set_members(GROUP, [{"user_id": OWNER, "role": "owner"}, *admins])


def people(letters: list[PostedLetter]) -> list[int]:
    return sorted(one.target_id for one in letters if one.target is Target.PRIVATE)


def groups(letters: list[PostedLetter]) -> list[int]:
    return [one.target_id for one in letters if one.target is Target.GROUP]


async def test_nobody_has_shifts_all_are_told_then_the_staff_group_then_all_once_more(
    room: Room, clock: Clock
) -> None:
    await room.signal()
    assert people(await room.deliver()) == [OWNER, ADMIN]
    assert await room.pass_time(clock, minutes=4) == []
    (call,) = await room.pass_time(clock, minutes=2)
    assert (call.target, call.target_id) == (Target.GROUP, STAFF_GROUP)
    assert "还没有人接手" in call.text
    assert "今晚就走" not in call.text
    last = await room.pass_time(clock, minutes=6)
    assert people(last) == [OWNER, ADMIN]
    assert all("我不会再催了" in letter.text for letter in last)
    assert await room.pass_time(clock, days=2) == [], "nobody is contacted without end"


async def test_no_two_calls_for_help_read_the_same(room: Room, clock: Clock) -> None:
    """By its words one is looked up in the chat: an older one must not be taken for it."""
    await room.signal()
    said = await room.deliver()
    for _ in range(3):
        said += await room.pass_time(clock, minutes=6)
    await room.signal("我今晚就走了", message_id=2)
    await room.pass_time(clock, minutes=31)
    await room.signal("还是想走", message_id=3)
    said += await room.deliver()
    for _ in range(3):
        said += await room.pass_time(clock, minutes=6)
    to_staff = [one.text for one in said if one.target is Target.GROUP]
    assert len(to_staff) == 2
    assert len(set(to_staff)) == 2


async def test_without_a_staff_group_the_last_reminder_comes_sooner(
    room: Room, make_desk: MakeDesk, clock: Clock
) -> None:
    room.desk = make_desk(staff_group=None)
    await room.signal()
    await room.deliver()
    assert people(await room.pass_time(clock, minutes=6)) == [OWNER, ADMIN]


@pytest.mark.usefixtures("crowd")
async def test_with_shifts_one_after_the_other_is_called(
    room: Room, desk: Desk, clock: Clock
) -> None:
    for user in (EVE, SUN, MAY):
        await desk.duty.shift(user, "20:00-02:00")
    await room.signal(level=2)
    called = [people(await room.deliver())]
    called.extend([people(await room.pass_time(clock, minutes=16)) for _ in range(5)])
    assert sorted(called[:3]) == [[EVE], [SUN], [MAY]]
    assert called[3] == [OWNER], "then whoever leads"
    assert called[4] == [ADMIN], "then everybody else"
    assert called[5] == []
    assert groups(await room.letters()) == [STAFF_GROUP]


@pytest.mark.usefixtures("crowd")
async def test_danger_calls_two_and_waits_five_minutes(
    room: Room, desk: Desk, clock: Clock
) -> None:
    for user in (EVE, SUN, MAY):
        await desk.duty.shift(user, "20:00-02:00")
    await room.signal(level=3)
    assert len(people(await room.deliver())) == 2
    assert len(people(await room.pass_time(clock, minutes=6))) == 1


@pytest.mark.usefixtures("crowd")
async def test_the_one_with_the_least_to_do_is_called_first(room: Room, desk: Desk) -> None:
    for user in (EVE, SUN):
        await desk.duty.shift(user, "20:00-02:00")
    await room.signal(level=2, user_id=501)
    (first,) = people(await room.deliver())
    await desk.handling.claim(1, first)
    await room.signal(level=2, user_id=502)
    arrived = [one for one in await room.deliver() if one.case_id == 2]
    (second,) = people(arrived)
    assert {first, second} == {EVE, SUN}


@pytest.mark.usefixtures("crowd")
async def test_nobody_on_duty_the_leads_are_called(room: Room, desk: Desk, clock: Clock) -> None:
    await desk.duty.shift(EVE, "08:00-10:00")
    await desk.duty.lead(OWNER, SUN, leads=True)
    await room.signal()
    assert people(await room.deliver()) == [SUN, OWNER]


@pytest.mark.usefixtures("crowd")
async def test_who_is_away_or_asleep_is_called_last(room: Room, desk: Desk, clock: Clock) -> None:
    await desk.duty.away(OWNER, "3h")
    await desk.duty.quiet(ADMIN, "20:00-08:00")
    await room.signal()
    assert people(await room.deliver()) == [EVE, SUN, MAY]
    assert people(await room.pass_time(clock, minutes=6)) == [OWNER, ADMIN]


async def test_if_all_are_away_all_are_called(room: Room, desk: Desk) -> None:
    for user in (OWNER, ADMIN):
        await desk.duty.away(user, "")
    await room.signal()
    assert people(await room.deliver()) == [OWNER, ADMIN]


async def test_who_is_back_is_called(room: Room, desk: Desk) -> None:
    await desk.duty.away(OWNER, "2天")
    await desk.duty.back(OWNER)
    await room.signal()
    assert people(await room.deliver()) == [OWNER, ADMIN]


async def test_what_somebody_has_taken_calls_nobody_else(
    room: Room, desk: Desk, clock: Clock
) -> None:
    await room.signal()
    await room.deliver()
    await desk.handling.claim(1, ADMIN)
    (notice,) = await room.pass_time(clock, minutes=1)
    assert notice.target_id == OWNER
    assert await room.pass_time(clock, hours=5) == []


async def test_the_staff_group_that_was_called_hears_who_came(
    room: Room, desk: Desk, clock: Clock
) -> None:
    await room.signal()
    await room.deliver()
    await room.pass_time(clock, minutes=6)
    await desk.handling.claim(1, ADMIN)
    assert groups(await room.deliver()) == [STAFF_GROUP]


async def test_the_time_begins_when_somebody_was_reached(room: Room, clock: Clock) -> None:
    """While the line is down nobody can answer, and nobody else can be called."""
    await room.signal()
    clock.forward(hours=2)
    await room.desk.timers.fire_due()
    assert len(await room.letters()) == 1
    await room.deliver()
    clock.forward(minutes=4)
    await room.desk.timers.fire_due()
    assert groups(await room.letters()) == []
    assert groups(await room.pass_time(clock, minutes=3)) == [STAFF_GROUP]


async def test_after_a_restart_it_waits_until_it_is_known_who_is_there(
    room: Room, make_desk: MakeDesk, roster: Roster, clock: Clock
) -> None:
    await room.signal()
    await room.deliver()
    roster.set_groups({})
    room.desk = make_desk()
    assert await room.pass_time(clock, minutes=6) == []
    roster.set_groups({GROUP: "守灯人", STAFF_GROUP: "值班"})
    roster.set_members(STAFF_GROUP, [{"user_id": OWNER}])
    roster.set_members(GROUP, [{"user_id": OWNER, "role": "owner"}])
    assert groups(await room.pass_time(clock, minutes=1)) == [STAFF_GROUP]


async def test_a_worry_may_wait_longer(room: Room, clock: Clock) -> None:
    await room.signal(kind=CaseKind.WORRY)
    await room.deliver()
    assert await room.pass_time(clock, minutes=14) == []
    assert groups(await room.pass_time(clock, minutes=2)) == [STAFF_GROUP]


async def test_a_second_alert_has_a_time_of_its_own(room: Room, clock: Clock) -> None:
    await room.signal(level=2)
    await room.deliver()
    clock.forward(minutes=10)
    await room.signal(level=3)
    await room.deliver()
    assert groups(await room.pass_time(clock, minutes=6)) == [STAFF_GROUP]
    calls = [one.key for one in await room.letters() if one.target is Target.GROUP]
    assert calls == [f"alert:1:2|group:{STAFF_GROUP}:unanswered"]


async def test_whoever_goes_on_is_called_less_and_less(
    room: Room, database: Database, clock: Clock
) -> None:
    """Three days of words nobody answers: nobody is called every half hour for ever."""
    heard: list[PostedLetter] = []
    for _ in range(24):
        await room.signal(level=3)
        heard += await room.deliver()
        heard += await room.pass_time(clock, hours=3)
    to_owner = [one for one in heard if one.target_id == OWNER and one.kind is Kind.ALERT]
    assert 5 <= len(to_owner) <= 10
    assert len({one.key for one in to_owner}) == len(to_owner)
    assert len(groups(heard)) <= 10, "the staff group neither"


async def test_what_is_said_while_people_are_called_keeps_nobody_from_being_called(
    room: Room, desk: Desk, clock: Clock
) -> None:
    await room.signal()
    await room.deliver()
    calls: list[PostedLetter] = []
    for _ in range(4):
        await room.signal()
        calls += await room.pass_time(clock, minutes=6)
    assert groups(calls) == [STAFF_GROUP]
    assert people(calls) == [OWNER, ADMIN], "the last reminder"


async def test_a_weaker_repeat_is_no_less_urgent(room: Room, clock: Clock) -> None:
    await room.signal(level=3)
    await room.deliver()
    for _ in range(3):
        await room.pass_time(clock, minutes=6)
    clock.forward(hours=1)
    await room.signal("我在", level=2)
    repeat = (await room.alerts())[-1]
    assert "（编号 1-2）" in repeat.text
    assert "等级 3/3" in repeat.text


async def test_of_a_group_the_bot_has_left_nobody_is_called_and_no_timer_rings_on(
    room: Room, roster: Roster, clock: Clock, database: Database
) -> None:
    await room.signal()
    await room.deliver()
    roster.forget_group(GROUP)
    assert await room.pass_time(clock, minutes=6) == []
    async with database.read() as connection:
        query = select(desk_timers.c.kind).where(desk_timers.c.fired_ms.is_(None))
        assert "acknowledge" not in set(await connection.scalars(query))


async def test_the_staff_group_is_called_only_when_it_is_known_who_reads_there(
    room: Room, roster: Roster, clock: Clock
) -> None:
    roster.set_members(STAFF_GROUP, [])
    roster.set_friends([])
    await room.signal(user_id=501)
    (letter,) = await room.alerts()
    assert await room.desk.route(letter) is None, "it waits"
    clock.forward(minutes=2)
    assert await room.desk.route(letter) == [], "and stays where it is"
    roster.set_members(STAFF_GROUP, [{"user_id": 501}])
    assert await room.desk.route(letter) == [], "the subject is there"
    roster.set_members(STAFF_GROUP, [{"user_id": OWNER}])
    (told,) = await room.desk.route(letter) or []
    assert told.target_id == STAFF_GROUP


async def test_a_shift_is_told_by_the_clock_on_the_wall(
    room: Room, desk: Desk, roster: Roster, clock: Clock
) -> None:
    await desk.duty.shift(ADMIN, "20:00-02:00 周一")
    clock.set(datetime(2026, 11, 3, 1, 30, tzinfo=SHANGHAI))
    await room.signal()
    assert people(await room.deliver()) == [ADMIN]


async def _lose_all(room: Room) -> None:
    """Let everything that is posted be sent, perhaps, and never be seen."""
    ledger = Ledger(room.database)
    while waiting := [one for one in await room.letters() if one.state is State.PENDING]:
        for letter in waiting:
            if letter.target is Target.MODERATORS:
                routed = await room.desk.route(letter) or []
                await ledger.replace(letter, State.ROUTED, routed)
            else:
                instead = await room.desk.fall_back(letter) or []
                await ledger.replace(letter, State.EXPIRED, instead)


async def test_an_alert_that_was_never_confirmed_is_not_waited_for(
    room: Room, clock: Clock
) -> None:
    """The account could not speak for a while: nobody is known to have heard of it."""
    await room.signal()
    await _lose_all(room)
    last = await room.pass_time(clock, minutes=6)
    last += await room.pass_time(clock, minutes=6)
    assert people(last) == [OWNER, ADMIN], "it is said again now"


async def test_a_member_is_not_silent_because_an_alert_was_never_confirmed(
    room: Room, clock: Clock
) -> None:
    await room.signal()
    await _lose_all(room)
    for _ in range(3):
        await room.pass_time(clock, minutes=31)
    await room.signal("真的撑不住了，今晚就走", message_id=2)
    assert len(await room.alerts()) == 2


async def test_a_refusal_counts_on_nobody_who_was_never_seen_to_be_told(
    room: Room, make_desk: MakeDesk
) -> None:
    room.desk = make_desk(staff_group=None)
    await room.signal()
    (alert,) = await room.alerts()
    ledger = Ledger(room.database)
    await ledger.replace(alert, State.ROUTED, await room.desk.route(alert) or [])
    _, first, second = await room.letters()
    await ledger.replace(first, State.EXPIRED, await room.desk.fall_back(first) or [])
    assert await room.desk.fall_back(second) is None, "nobody has been told"
