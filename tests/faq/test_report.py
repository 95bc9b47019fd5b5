"""The week's report."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from liudeng.faq.report import WeeklyReport, report_text
from liudeng.outbox.tables import outbox
from liudeng.roster import Roster
from tests.fakes.payloads import ADMIN, GROUP, OWNER
from tests.faq.conftest import HERE, Room


async def test_it_tells_gaps_and_what_is_stale_and_unused(room: Room) -> None:
    await room.ask(HERE, "群聚会在哪个城市办")
    async with room.database.read() as connection:
        soon = await report_text(connection, GROUP, "守灯人", date(2026, 12, 7))
        later = await report_text(connection, GROUP, "守灯人", date(2027, 8, 2))
    assert "群聚会在哪个城市办（1 次）" in soon
    assert "没人核实" not in soon
    assert "没人核实" in later
    assert "没人问过" in later


async def test_it_goes_to_each_moderator_once_a_week(room: Room, zone: ZoneInfo) -> None:
    roster = Roster({GROUP: {ADMIN, OWNER}})
    roster.set_friends([ADMIN])
    posted: list[int] = []
    now = datetime(2026, 12, 7, 9, 59, tzinfo=zone)
    report = WeeklyReport(room.database, roster, zone, lambda: posted.append(1), clock=lambda: now)
    await room.ask(HERE, "群聚会在哪个城市办")
    assert await report.look() == 0
    now = now.replace(hour=10, minute=0)
    assert await report.look() == 1
    assert await report.look() == 0
    now = now.replace(day=14)
    assert await report.look() == 1
    async with room.database.read() as connection:
        targets = list(await connection.scalars(select(outbox.c.target_id)))
    assert targets == [ADMIN, ADMIN]
    assert posted == [1, 1]
