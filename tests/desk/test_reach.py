"""Before the night: whom an alert would not find, told to those who can do something about it."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from liudeng.db import Database
from liudeng.desk import Desk, DeskOptions, reach_report
from liudeng.doctor import Verdict, examine
from liudeng.outbox import Kind, Letter, State, Target, post, text_segment
from liudeng.outbox.ledger import Ledger
from liudeng.roster import Roster
from liudeng.settings import Settings
from tests.desk.conftest import SHANGHAI, Clock, Room
from tests.fakes.payloads import ADMIN, GROUP, MEMBER, OWNER, STAFF_GROUP

OTHER_OWNER = 7
TUESDAY = datetime(2026, 11, 3, 17, 29, tzinfo=SHANGHAI)
MONDAY = datetime(2026, 11, 9, 17, 29, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
async def _tuesday(opened: Desk, roster: Roster, clock: Clock, room: Room) -> None:
    roster.set_friends([OWNER, ADMIN, OTHER_OWNER])
    clock.set(TUESDAY)
    await room.pass_time(clock)


async def refuse(room: Room, database: Database, user_id: int) -> None:
    """Let the last letter to somebody be refused."""
    letter = Letter(
        key=f"told:{user_id}",
        kind=Kind.NOTICE,
        target=Target.PRIVATE,
        target_id=user_id,
        segments=(text_segment("在吗"),),
    )
    async with database.write() as connection:
        await post(connection, letter)
    await Ledger(database).move((await room.letters())[-1], State.REFUSED)


async def test_who_has_not_befriended_the_bot_is_named_before_the_night(
    room: Room, roster: Roster, clock: Clock
) -> None:
    roster.set_friends([OWNER, OTHER_OWNER])
    told = {one.target_id: one.text for one in await room.pass_time(clock, minutes=2)}
    assert set(told) == {OWNER, OTHER_OWNER}, "without operators, whoever leads"
    assert "叫不到 老周（「守灯人」，还没加机器人为好友）" in told[OWNER]
    assert await room.pass_time(clock, days=3) == [], "it is known"
    roster.set_friends([OWNER])
    (told_again,) = await room.pass_time(clock, days=1)
    assert "「别的群」没有一位管理能私聊" in told_again.text
    assert len(await room.pass_time(clock, days=1)) == 1, "that is said every evening"


async def test_who_refused_the_last_letter_is_named_too(
    room: Room, database: Database, clock: Clock
) -> None:
    await refuse(room, database, ADMIN)
    told = {one.target_id: one.text for one in await room.pass_time(clock, minutes=2)}
    assert "叫不到 老周（「守灯人」，上次私聊被拒绝）" in told[OWNER]


async def test_on_a_good_day_nothing_is_said_but_on_mondays(room: Room, clock: Clock) -> None:
    assert await room.pass_time(clock, minutes=2) == []
    clock.set(MONDAY)
    await room.pass_time(clock)
    told = await room.pass_time(clock, minutes=2)
    assert "3 位管理我都叫得到" in told[0].text


async def test_a_staff_group_that_cannot_be_used_is_told(
    room: Room, roster: Roster, clock: Clock
) -> None:
    roster.set_members(STAFF_GROUP, [])
    unread, _ = await room.pass_time(clock, minutes=2)
    assert "读不到值班群的成员" in unread.text
    roster.forget_group(STAFF_GROUP)
    left, _ = await room.pass_time(clock, days=1)
    assert "我不在值班群里" in left.text


async def test_operators_are_told_if_there_are_any(
    database: Database, roster: Roster, zone: ZoneInfo, clock: Clock, room: Room
) -> None:
    roster.set_friends([OWNER, MEMBER])
    options = DeskOptions(clock=clock, operators=frozenset({MEMBER}))
    room.desk = Desk(database, roster, STAFF_GROUP, zone, options)
    (told,) = await room.pass_time(clock, minutes=2)
    assert told.target_id == MEMBER


async def test_a_group_without_anybody_to_call_is_named(
    room: Room, roster: Roster, clock: Clock, database: Database
) -> None:
    roster.set_friends([])
    assert await room.pass_time(clock, minutes=2) == [], "nobody can be told at all"
    async with database.read() as connection:
        report = await reach_report(connection)
    assert set(report.deaf_groups) == {"守灯人", "别的群"}


async def test_a_group_is_not_taken_for_another_of_its_name(
    room: Room, roster: Roster, clock: Clock, database: Database
) -> None:
    roster.set_groups({GROUP: "守灯人", 200: "守灯人", STAFF_GROUP: "值班"})
    roster.set_members(200, [{"user_id": 7, "role": "owner"}])
    roster.set_friends([OWNER, ADMIN])
    await room.pass_time(clock, minutes=2)
    async with database.read() as connection:
        report = await reach_report(connection)
    assert report.deaf_groups == ["守灯人"], "one of the two"


async def test_the_doctor_names_them(
    room: Room, roster: Roster, clock: Clock, database: Database
) -> None:
    async def moderators_check() -> tuple[Verdict, str]:
        await room.pass_time(clock, minutes=11)
        settings = Settings(data_dir=Path(str(database.path)).parent)
        checks = {check.name: check for check in (await examine(settings)).checks}
        return checks["moderators"].verdict, checks["moderators"].finding

    assert await moderators_check() == (Verdict.GOOD, "能私聊到 3 位管理")
    roster.set_friends([OWNER, OTHER_OWNER])
    verdict, finding = await moderators_check()
    assert verdict is Verdict.NOTICE
    assert "叫不到：老周（「守灯人」，还没加机器人为好友）" in finding
    roster.set_friends([OWNER])
    verdict, finding = await moderators_check()
    assert verdict is Verdict.BAD, "of the other group nobody can be called"
    assert str(GROUP) not in finding
