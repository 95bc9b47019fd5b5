"""What moderators do with a case besides taking and closing it."""

import pytest
from sqlalchemy import select

from liudeng.desk import CaseKind, Desk
from liudeng.desk.personal import CaseHolder
from liudeng.desk.tables import desk_timers
from liudeng.roster import Roster
from tests.desk.conftest import Clock, Room
from tests.fakes.payloads import ADMIN, GROUP, MEMBER, OWNER, STAFF_GROUP, STRANGER, said

EVE = 31


@pytest.fixture(autouse=True)
def _a_third(roster: Roster) -> None:
    """Eve is an admin and no friend of the bot."""
    people = {OWNER: ("owner", "阿棠"), ADMIN: ("admin", "老周"), EVE: ("admin", "夏娃")}
    members = [
        {"user_id": user_id, "role": role, "nickname": name}
        for user_id, (role, name) in people.items()
    ]
    roster.set_members(GROUP, [*members, {"user_id": MEMBER, "role": "member"}])


async def test_handing_over_tells_the_heir(room: Room, desk: Desk) -> None:
    await room.signal()
    await room.deliver()
    await desk.handling.claim(1, OWNER)
    answer = await desk.handing.hand_over(1, OWNER, ADMIN, "我要上班了")
    assert "转交给 老周 了" in answer
    arrived = {letter.target_id: letter.text for letter in await room.deliver()}
    assert "阿棠 把案件 1 转交给你了" in arrived[ADMIN]
    assert "我要上班了" in arrived[ADMIN]
    assert "1｜" in await desk.viewing.mine(ADMIN)
    assert "没有案件" in await desk.viewing.mine(OWNER)
    assert "转交给老周" in (await desk.viewing.show(1, OWNER)).words


async def test_an_heir_who_does_not_look_is_reported_to_the_giver(
    room: Room, desk: Desk, clock: Clock
) -> None:
    await room.signal()
    await room.deliver()
    await desk.handling.claim(1, OWNER)
    await desk.handing.hand_over(1, OWNER, ADMIN, "")
    await room.deliver()
    (notice,) = await room.pass_time(clock, minutes=31)
    assert notice.target_id == OWNER
    assert "老周 半小时了" in notice.text
    await desk.handing.hand_over(1, OWNER, ADMIN, "")
    await desk.viewing.show(1, ADMIN)
    assert await room.pass_time(clock, minutes=31) == []


async def test_to_whom_it_cannot_be_handed(room: Room, desk: Desk) -> None:
    await room.signal()
    hand_over = desk.handing.hand_over
    assert "写上 QQ 号" in await hand_over(1, OWNER, None, "")
    assert "只能转给这个群的管理" in await hand_over(1, OWNER, MEMBER, "")
    assert "只能转给这个群的管理" in await hand_over(1, OWNER, STRANGER, "")
    assert "案件 1 先不转" in await hand_over(1, OWNER, EVE, ""), "nobody could tell her"
    assert "还没有人接手" in (await desk.viewing.show(1, OWNER)).words
    await desk.handling.claim(1, OWNER)
    assert "已经在你手里了" in await hand_over(1, OWNER, OWNER, "")
    assert "请 TA 自己转" in await hand_over(1, ADMIN, ADMIN, ""), "not his to take"
    assert "转交给 老周 了" in await hand_over(1, OWNER, ADMIN, "")
    assert "已经在 老周 手里" in await hand_over(1, OWNER, ADMIN, "")
    await desk.handling.resolve(1, OWNER, "好了")
    assert "不用转交了" in await hand_over(1, OWNER, ADMIN, "")


async def test_who_cannot_be_told_privately_is_told_among_staff(
    room: Room, desk: Desk, roster: Roster, clock: Clock
) -> None:
    roster.set_members(STAFF_GROUP, [{"user_id": EVE}])
    await room.signal()
    await room.deliver()
    answer = await desk.handing.hand_over(1, OWNER, EVE, "妈妈电话 13800000000")
    assert "在值班群里 @ 了 TA" in answer
    notices = {letter.target_id: letter for letter in await room.deliver()}
    assert notices[STAFF_GROUP].segments[0] == {"type": "at", "data": {"qq": str(EVE)}}
    assert "13800000000" not in notices[STAFF_GROUP].text
    assert "由 夏娃 接手了" in notices[ADMIN].text, "who was alerted need not come any more"
    (warning,) = await room.pass_time(clock, minutes=31)
    assert "夏娃 半小时了" in warning.text


async def test_taking_over_is_told_to_whoever_had_it(room: Room, desk: Desk) -> None:
    await room.signal()
    await room.deliver()
    await desk.handling.claim(1, ADMIN)
    await room.deliver()
    assert "在你手里了" in await desk.handing.hand_over(1, OWNER, OWNER, ""), "the owner may"
    (notice,) = await room.deliver()
    assert notice.target_id == ADMIN
    assert "你可以放下了" in notice.text
    assert "1｜" in await desk.viewing.mine(OWNER)


async def test_handing_what_nobody_has_to_oneself_is_taking_it(room: Room, desk: Desk) -> None:
    await room.signal()
    await room.deliver()
    assert "在你手里了" in await desk.handing.hand_over(1, ADMIN, ADMIN, "")
    (notice,) = await room.deliver()
    assert (notice.target_id, "由 老周 接手了" in notice.text) == (OWNER, True)


async def test_a_note_is_on_the_card_and_in_the_timeline(room: Room, desk: Desk) -> None:
    await room.signal()
    assert "想记下什么" in await desk.handling.note(1, OWNER, "  ")
    assert "记下了" in await desk.handling.note(1, OWNER, "打过电话，\n约了明天再聊")
    assert "阿棠 备注：打过电话， 约了明天再聊" in (await desk.viewing.show(1, ADMIN)).words


@pytest.mark.parametrize("words", ["\ud800坏字\0", "长" * 5_000, "第一行\n第二行"])
async def test_nothing_that_is_typed_breaks_a_note(words: str, room: Room, desk: Desk) -> None:
    await room.signal()
    assert "记下了" in await desk.handling.note(1, OWNER, words)
    assert "升到" in await desk.handling.escalate(1, OWNER, words)
    assert "已完结" in await desk.handling.resolve(1, OWNER, words)
    assert len((await desk.viewing.show(1, OWNER)).words) < 1_500


async def test_escalating_alerts_again_one_level_up(room: Room, desk: Desk) -> None:
    await room.signal(level=2)
    await desk.handling.claim(1, OWNER)
    assert "升到 3 级" in await desk.handling.escalate(1, OWNER, "说要出门")
    _, second = await room.alerts()
    assert "· 阿棠 请大家一起看：说要出门" in second.text
    assert "等级 3/3" in second.text
    assert "（编号 1-2）" in second.text
    assert {letter.target_id for letter in await room.deliver()} >= {OWNER, ADMIN}


async def test_saying_that_it_is_true_closes_nothing(room: Room, desk: Desk) -> None:
    await room.signal()
    assert "属实" in await desk.handling.confirm(1, OWNER)
    assert "还没有人接手" in await desk.viewing.overview(OWNER)
    assert "阿棠 属实" in (await desk.viewing.show(1, OWNER)).words


async def test_after_danger_somebody_asks_after_a_day_and_after_three(
    room: Room, desk: Desk, clock: Clock
) -> None:
    await room.signal()
    await room.deliver()
    await desk.handling.claim(1, ADMIN)
    answer = await desk.handling.resolve(1, ADMIN, "聊过了")
    assert "我需要休息" in answer, "and whoever did it is offered rest"
    await room.deliver()
    assert await room.pass_time(clock, hours=23) == []
    first = [one for one in await room.pass_time(clock, hours=2) if "回访" in one.text]
    second = [one for one in await room.pass_time(clock, hours=48) if "回访" in one.text]
    assert [one.target_id for one in (*first, *second)] == [ADMIN, ADMIN]
    assert "完结后 24 小时到了" in first[0].text
    assert "完结后 72 小时到了" in second[0].text
    assert "我今晚就走" not in first[0].text


async def test_who_asks_when_the_one_who_did_is_away(room: Room, desk: Desk, clock: Clock) -> None:
    await room.signal()
    await desk.handling.claim(1, ADMIN)
    await desk.handling.resolve(1, ADMIN, "聊过了")
    await room.deliver()
    await desk.duty.away(ADMIN, "3天")
    found = [one for one in await room.pass_time(clock, hours=25) if "回访" in one.text]
    assert [one.target_id for one in found] == [OWNER]


async def test_somebody_asks_even_if_the_one_who_did_has_erased_themselves(
    room: Room, desk: Desk, clock: Clock
) -> None:
    await room.signal()
    await desk.handling.claim(1, ADMIN)
    await desk.handling.resolve(1, ADMIN, "聊过了")
    await room.deliver()
    async with room.database.write() as connection:
        await CaseHolder().erase(connection, str(ADMIN))
        people = list(await connection.scalars(select(desk_timers.c.person)))
    assert ADMIN not in people
    found = [one for one in await room.pass_time(clock, hours=25) if "回访" in one.text]
    assert len(found) == 1


@pytest.mark.parametrize(
    ("kind", "level", "ending"),
    [
        (CaseKind.DISTRESS, 2, "resolve"),
        (CaseKind.CONDUCT, 3, "resolve"),
        (CaseKind.DISTRESS, 3, "dismiss"),
    ],
)
async def test_after_what_was_no_danger_nobody_asks(
    kind: CaseKind, level: int, ending: str, room: Room, desk: Desk, clock: Clock
) -> None:
    await room.signal(kind=kind, level=level)
    if ending == "resolve":
        await desk.handling.resolve(1, OWNER, "聊过了")
    else:
        await desk.handling.dismiss(1, OWNER)
    await room.deliver()
    assert not any("回访" in one.text for one in await room.pass_time(clock, days=4))


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [("", 24 * 60), ("24h", 24 * 60), ("3天", 3 * 24 * 60), ("90分钟", 90), ("2 小时后", 120)],
)
async def test_a_check_in_when_one_wants_it(
    typed: str, minutes: int, room: Room, desk: Desk, clock: Clock
) -> None:
    await room.signal(level=2)
    await room.deliver()
    await desk.handling.claim(1, OWNER)
    assert "我私聊提醒你" in await desk.handling.check_in(1, OWNER, typed)
    await room.deliver()
    early = await room.pass_time(clock, minutes=minutes - 1)
    assert not any("回访" in one.text for one in early)
    late = [one for one in await room.pass_time(clock, minutes=2) if "回访" in one.text]
    assert [one.target_id for one in late] == [OWNER]


@pytest.mark.parametrize("typed", ["改天", "0h", "999天", "h"])
async def test_when_it_cannot_be_read_it_is_asked(typed: str, room: Room, desk: Desk) -> None:
    await room.signal()
    assert "多久以后" in await desk.handling.check_in(1, OWNER, typed)


async def test_a_week_of_silence_asks_for_a_decision_once(
    room: Room, desk: Desk, clock: Clock
) -> None:
    await room.signal()
    await room.deliver()
    await desk.handling.claim(1, ADMIN)
    await room.pass_time(clock, days=5)
    await desk.handling.note(1, ADMIN, "还在聊")
    assert not any("一个星期" in one.text for one in await room.pass_time(clock, days=3))
    asked = [one for one in await room.pass_time(clock, days=5) if "一个星期" in one.text]
    assert [one.target_id for one in asked] == [ADMIN]
    assert not any("一个星期" in one.text for one in await room.pass_time(clock, days=9))


async def test_who_needs_rest_gives_all_cases_back(room: Room, desk: Desk, clock: Clock) -> None:
    for user in (501, 502):
        await room.signal(user_id=user)
    for number in (1, 2):
        await desk.handling.claim(number, ADMIN)
    await room.deliver()
    answer = await desk.duty.rest(ADMIN)
    assert "你手上的案件 2、1 已经请别人接手" in answer
    alerts = [one for one in await room.deliver() if "去休息了" in one.text]
    assert [one.target_id for one in alerts] == [OWNER, OWNER]
    assert "由你接手了" in await desk.handling.claim(1, OWNER)
    await room.signal(user_id=503)
    await room.deliver()
    assert (await room.letters())[-1].target_id != ADMIN


async def test_what_came_before_is_told(room: Room, desk: Desk, clock: Clock) -> None:
    await room.say(said("别人的话", user_id=STRANGER))
    await room.signal(level=2)
    await room.signal(level=3)
    (_, second) = await room.alerts()
    assert "最近 7 天里是第 2 次" in second.text


async def test_an_alert_is_known_in_its_own_chat_alone(room: Room, desk: Desk) -> None:
    await room.signal()
    for letter in await room.deliver():
        sent = f"sent-{letter.id}"
        for user in (OWNER, ADMIN):
            found = await desk.case_quoted(sent, user_id=user, group_id=None)
            assert found == (1 if user == letter.target_id else None)
        assert await desk.case_quoted(sent, user_id=OWNER, group_id=GROUP) is None
