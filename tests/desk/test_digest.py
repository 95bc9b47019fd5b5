"""The day's digest, the hand-over at a shift's end, and what is asked for."""

from datetime import datetime

import pytest

from liudeng.desk import Desk
from liudeng.roster import Roster
from tests.desk.conftest import SHANGHAI, Clock, Room
from tests.fakes.payloads import ADMIN, GROUP, OWNER


async def test_in_the_evening_the_owner_is_told_what_is_open_and_what_ended(
    room: Room, opened: Desk, clock: Clock
) -> None:
    await room.signal(user_id=501)
    await room.signal(user_id=502)
    await opened.handling.claim(2, ADMIN)
    await room.deliver()
    clock.set(datetime(2026, 11, 3, 17, 0, tzinfo=SHANGHAI))
    await room.pass_time(clock)
    await opened.handling.resolve(2, ADMIN, "家人陪着")
    (digest,) = [one for one in await room.pass_time(clock, minutes=61) if "今日摘要" in one.text]
    assert digest.target_id == OWNER
    assert "未完结 1 件，还没有人接手 1 件，24 小时内完结 1 件" in digest.text
    assert "家人陪着" in digest.text
    assert "我今晚就走" not in digest.text
    assert not any("今日摘要" in one.text for one in await room.pass_time(clock, hours=2))


async def test_a_quiet_day_is_a_day_without_a_digest(
    room: Room, opened: Desk, roster: Roster, clock: Clock
) -> None:
    roster.set_friends([OWNER, ADMIN, 7])
    assert await room.pass_time(clock, days=2) == []


async def test_after_days_of_sleep_there_is_one_digest(
    room: Room, opened: Desk, clock: Clock
) -> None:
    await room.signal()
    await room.deliver()
    arrived = await room.pass_time(clock, days=4)
    arrived += await room.pass_time(clock)
    assert sum("今日摘要" in one.text for one in arrived) == 1


async def test_the_end_of_a_shift_hands_over(room: Room, opened: Desk, clock: Clock) -> None:
    await opened.duty.shift(ADMIN, "20:00-22:00")
    await opened.duty.shift(OWNER, "22:00-02:00")
    await room.signal(level=2)
    await room.deliver()
    await opened.handling.claim(1, ADMIN)
    await room.deliver()
    arrived = {one.target_id: one.text for one in await room.pass_time(clock, minutes=61)}
    assert "你的班到点了" in arrived[ADMIN]
    assert "现在轮到你" in arrived[OWNER]
    assert "1｜" in arrived[OWNER]
    again = await room.pass_time(clock, hours=24)
    assert sum("你的班到点了" in one.text for one in again if one.target_id == ADMIN) == 1


async def test_nothing_open_is_nothing_to_hand_over(room: Room, opened: Desk, clock: Clock) -> None:
    await opened.duty.shift(ADMIN, "20:00-22:00")
    assert await room.pass_time(clock, hours=2) == []


async def test_a_shift_that_was_dropped_hands_nothing_over(
    room: Room, opened: Desk, clock: Clock
) -> None:
    await room.signal(level=2)
    await room.deliver()
    await opened.handling.claim(1, ADMIN)
    await room.deliver()
    assert "排好了，你的班：每天 20:00–22:00。" in await opened.duty.shift(ADMIN, "20:00-22:00")
    await opened.duty.shift(ADMIN, "清空")
    assert await room.pass_time(clock, hours=2) == []


async def test_who_is_on(opened: Desk) -> None:
    assert "你的班：还没有排" in await opened.duty.shift(OWNER, "")
    await opened.duty.shift(ADMIN, "20:00-22:00 周一")
    await opened.duty.shift(OWNER, "08:00-09:00")
    assert "「守灯人」现在值班：老周。" in await opened.duty.shift(OWNER, "")
    await opened.duty.away(ADMIN, "")
    assert "没有人，有事先叫群主和组长" in await opened.duty.shift(OWNER, "")
    assert "你离岗到 11-03 09:00" in await opened.duty.shift(ADMIN, "")


@pytest.mark.parametrize("typed", ["晚上", "20:00", "20:00-22:00 改天"])
async def test_what_is_no_time_is_asked_again(typed: str, opened: Desk) -> None:
    assert "没看懂时间" in await opened.duty.shift(OWNER, typed)
    assert "没看懂时间" in await opened.duty.quiet(OWNER, "晚上")
    assert "离开多久" in await opened.duty.away(OWNER, "一会儿")


async def test_only_the_owner_names_leads(opened: Desk) -> None:
    assert "由群主来定" in await opened.duty.lead(ADMIN, OWNER, leads=True)
    assert "不是你群里的管理" in await opened.duty.lead(OWNER, 999, leads=True)
    assert "老周 现在是组长" in await opened.duty.lead(OWNER, ADMIN, leads=True)
    assert "老周 不再是组长" in await opened.duty.lead(OWNER, ADMIN, leads=False)


async def test_the_summary_for_whoever_asks(room: Room, opened: Desk) -> None:
    await room.signal()
    assert "未完结 1 件" in (await opened.summary(ADMIN)).words
    assert str(GROUP) not in (await opened.summary(ADMIN)).words
