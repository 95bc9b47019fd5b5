"""Each morning's letters, by a clock that the test sets."""

import logging
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from liudeng.db import Database
from liudeng.library import Reminders, add_anniversary, parse_anniversary, set_remembrance
from tests.fakes.payloads import MEMBER, OTHER_MEMBER
from tests.fakes.trouble import read_only
from tests.fakes.waiting import closes, until
from tests.library.conftest import Room


class Morning:
    """A task of reminders and the clock it looks at."""

    def __init__(self, room: Room, zone: ZoneInfo) -> None:
        self.room = room
        self.now = datetime(2027, 2, 13, 8, 59, tzinfo=zone)
        self.posted = 0
        self.looks = 0
        self.reminders = Reminders(room.database, zone, self._count, self._look)

    def _count(self) -> None:
        self.posted += 1

    def _look(self) -> datetime:
        self.looks += 1
        return self.now

    async def look(self) -> None:
        """Wait until the task has looked at the clock."""
        before = self.looks
        self.reminders.wake()
        await until(lambda: self.looks > before, "it looks at the clock")

    async def seen_to_today(self) -> None:
        """Wait until today's letters are posted."""
        self.reminders.wake()
        await until(lambda: self.reminders.seen_to == self.now.date(), "today is seen to")


@pytest.fixture
async def morning(room: Room, zone: ZoneInfo, database: Database) -> AsyncIterator[Morning]:
    """The day before a date that is kept, and a remembrance."""
    day = Morning(room, zone)
    await room.place(author_id=str(OTHER_MEMBER))
    async with database.write() as connection:
        await set_remembrance(connection, str(OTHER_MEMBER), active=True)
        draft = parse_anniversary("02-13 婚礼")
        await add_anniversary(connection, str(MEMBER), draft, day.now - timedelta(days=100))
    yield day
    await closes(day.reminders)


async def test_letters_go_out_at_nine_and_once(morning: Morning) -> None:
    await morning.reminders.start()
    await morning.look()
    await morning.look()
    assert await morning.room.letters() == []
    morning.now += timedelta(minutes=1)
    await morning.seen_to_today()
    letters = await morning.room.letters()
    assert {letter.target_id for letter in letters} == {MEMBER, OTHER_MEMBER}
    assert morning.posted == 2
    morning.now += timedelta(hours=5)
    await morning.look()
    await morning.look()
    assert len(await morning.room.letters()) == 2


async def test_a_late_start_catches_up_and_a_second_one_repeats_nothing(
    morning: Morning, room: Room, zone: ZoneInfo
) -> None:
    morning.now += timedelta(hours=8)
    await morning.reminders.start()
    await morning.seen_to_today()
    await closes(morning.reminders)
    again = Morning(room, zone)
    again.now = morning.now + timedelta(hours=1)
    await again.reminders.start()
    await again.seen_to_today()
    await closes(again.reminders)
    assert len(await room.letters()) == 2
    assert again.posted == 0


async def test_what_the_database_refused_is_posted_later(
    morning: Morning, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    morning.now += timedelta(hours=1)
    with caplog.at_level(logging.ERROR, logger="liudeng.library"):
        async with read_only(database):
            await morning.reminders.start()
            await until(lambda: bool(caplog.records), "the trouble is told")
            assert morning.reminders.seen_to is None
    assert "数据库是只读的" in caplog.text
    await morning.seen_to_today()
    assert len(await morning.room.letters()) == 2


async def test_what_never_began_can_be_closed(room: Room, zone: ZoneInfo) -> None:
    await closes(Morning(room, zone).reminders)
