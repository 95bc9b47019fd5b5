"""The gentle message: shown first, sent on confirmation, signed as the team."""

import tomllib

import pytest

from liudeng.desk import CaseKind, Desk
from liudeng.desk.care import Care, load_care
from liudeng.desk.desk import CARE_DIR
from liudeng.roster import Roster
from tests.desk.conftest import Clock, Room
from tests.fakes.payloads import ADMIN, MEMBER, OWNER


@pytest.fixture(autouse=True)
def _the_member_is_a_friend(roster: Roster) -> None:
    roster.set_friends([OWNER, ADMIN, MEMBER])


async def test_nothing_is_sent_before_it_is_confirmed(room: Room, desk: Desk, clock: Clock) -> None:
    await room.signal()
    await room.deliver()
    shown = await desk.resources.draft(1, OWNER)
    assert "满月" in shown
    assert "回「确认」" in shown
    assert await room.deliver() == []
    assert "发出去了" in await desk.resources.confirm(OWNER)
    (sent,) = await room.deliver()
    assert sent.target_id == MEMBER
    assert "12356" in sent.text
    assert "由机器人代发" in sent.text
    assert sent.text.splitlines()[-1] == "—— 「守灯人」的管理团队"
    assert not any(word in sent.text for word in ("案件", "阿棠", "编号"))
    assert "以团队的名义写给了 TA" in (await desk.viewing.show(1, ADMIN)).words
    assert "没有等着确认" in await desk.resources.confirm(OWNER), "once"


async def test_a_draft_is_one_persons_and_does_not_keep(
    room: Room, desk: Desk, clock: Clock
) -> None:
    await room.signal()
    await desk.resources.draft(1, OWNER)
    assert "没有等着确认" in await desk.resources.confirm(ADMIN)
    clock.forward(minutes=31)
    assert "没有等着确认" in await desk.resources.confirm(OWNER)


async def test_two_who_confirm_at_once_write_once(room: Room, desk: Desk) -> None:
    await room.signal()
    await room.deliver()
    for moderator in (OWNER, ADMIN):
        await desk.resources.draft(1, moderator)
    assert "发出去了" in await desk.resources.confirm(OWNER)
    assert "已经发给 TA" in await desk.resources.confirm(ADMIN)
    assert [one.target_id for one in await room.deliver()] == [MEMBER]


async def test_nothing_is_sent_of_a_case_that_was_closed_meanwhile(room: Room, desk: Desk) -> None:
    await room.signal()
    await room.deliver()
    await desk.resources.draft(1, OWNER)
    await desk.handling.dismiss(1, ADMIN)
    await room.deliver()
    assert "已经完结" in await desk.resources.confirm(OWNER)
    assert await room.deliver() == []


async def test_who_is_no_friend_is_written_to_by_a_person(
    room: Room, desk: Desk, roster: Roster
) -> None:
    roster.set_friends([OWNER, ADMIN])
    await room.signal()
    answer = await desk.resources.draft(1, OWNER)
    assert "由你复制了私聊 TA" in answer
    assert "机器人" not in answer, "a person sends it"
    assert "by_bot" not in answer
    assert "12356" in answer
    assert "没有等着确认" in await desk.resources.confirm(OWNER)


async def test_where_it_does_not_belong(room: Room, desk: Desk) -> None:
    await room.signal(kind=CaseKind.SCAM)
    assert "用不上" in await desk.resources.draft(1, OWNER)
    await room.signal()
    await desk.handling.resolve(2, OWNER, "好了")
    assert "已经完结" in await desk.resources.draft(2, OWNER)
    assert "没有案件 2" in await desk.resources.draft(2, MEMBER)


def test_no_hotline_is_said_to_be_always_there() -> None:
    care = load_care(CARE_DIR)
    assert {line.number for line in care.hotlines} >= {"12356"}
    for line in care.hotlines:
        assert "24" not in line.hours
        assert line.source.startswith("http")
        assert line.checked.year >= 2026


def test_an_edit_that_breaks_the_text_is_found_at_the_start() -> None:
    words = tomllib.loads((CARE_DIR / "care.toml").read_text("utf-8"))
    with pytest.raises(ValueError, match="nobody"):
        Care.model_validate({**words, "to_subject": "{nobody}，你好"})
