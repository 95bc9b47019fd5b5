"""The desk where clocks are changed: Berlin's go forward on 29 March 2026, back on 25 October."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from liudeng.desk import Desk
from liudeng.outbox import PostedLetter
from tests.desk.conftest import Clock, Room
from tests.fakes.payloads import ADMIN, OWNER

BERLIN = ZoneInfo("Europe/Berlin")
SPRING, AUTUMN = datetime(2026, 3, 28, tzinfo=BERLIN), datetime(2026, 10, 24, tzinfo=BERLIN)
"""Midnight before the day whose night is an hour shorter or longer."""
CHANGES = pytest.mark.parametrize("eve", [SPRING, AUTUMN], ids=["spring", "autumn"])


@pytest.fixture
def zone() -> ZoneInfo:
    return BERLIN


async def by_the_hour(
    room: Room, clock: Clock, hours: int, words: str
) -> list[tuple[str, PostedLetter]]:
    """Let hours go by; return what was said with these words, and what the wall's clock showed."""
    heard = []
    for _ in range(hours * 2):
        arrived = await room.pass_time(clock, minutes=30)
        shown = datetime.fromtimestamp(clock() / 1000, BERLIN).strftime("%d %H:%M")
        heard += [(shown, one) for one in arrived if words in one.text]
    return heard


@CHANGES
async def test_the_digest_comes_at_six_whatever_the_clocks_do(
    eve: datetime, room: Room, desk: Desk, clock: Clock
) -> None:
    clock.set(eve + timedelta(hours=17, seconds=10))
    await desk.open(lambda: None)
    await desk.close()
    await room.signal()
    heard = await by_the_hour(room, clock, 50, "今日摘要")
    assert [shown for shown, _ in heard] == [f"{eve.day + day} 18:00" for day in (0, 1, 2)]


@CHANGES
async def test_a_shift_that_ends_in_the_changed_hour_is_handed_over_once(
    eve: datetime, room: Room, desk: Desk, clock: Clock
) -> None:
    """Half past two does not exist that night in spring, and comes twice in autumn."""
    clock.set(eve + timedelta(hours=20, seconds=10))
    await desk.duty.shift(ADMIN, "22:00-02:30")
    await room.signal()
    await desk.handling.claim(1, ADMIN)
    heard = await by_the_hour(room, clock, 12, "你的班到点了")
    assert len(heard) == 1
    assert heard[0][0] in (f"{eve.day + 1} 02:30", f"{eve.day + 1} 03:30")
    more = await by_the_hour(room, clock, 24, "你的班到点了")
    assert [shown for shown, _ in more] == [f"{eve.day + 2} 02:30"]


@CHANGES
async def test_a_day_later_is_a_day_later(
    eve: datetime, room: Room, desk: Desk, clock: Clock
) -> None:
    """A check-in is promised in hours: those do not change with the clocks."""
    clock.set(eve + timedelta(hours=20, seconds=10))
    await room.signal()
    await room.deliver()
    await desk.handling.claim(1, OWNER)
    await desk.handling.check_in(1, OWNER, "24h")
    heard = await by_the_hour(room, clock, 26, "你定的回访")
    shown = "21:00" if eve is SPRING else "19:00"
    assert [when for when, _ in heard] == [f"{eve.day + 1} {shown}"]


@CHANGES
async def test_quiet_hours_follow_the_clock_on_the_wall(
    eve: datetime, room: Room, desk: Desk, clock: Clock
) -> None:
    await desk.duty.quiet(ADMIN, "23:00-07:00")
    for hour, called in ((6, [OWNER]), (7, [OWNER, ADMIN])):
        clock.set((eve + timedelta(days=1)).replace(hour=hour, minute=30))
        await room.signal(user_id=500 + hour)
        arrived = [one for one in await room.deliver() if one.case_id == hour - 5]
        assert sorted(one.target_id for one in arrived) == called
