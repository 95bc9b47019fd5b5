"""What members tell the desk: privately, once per thing, not too often."""

import pytest

from liudeng.desk import Desk, Reporter
from liudeng.outbox import Target
from liudeng.roster import Roster
from tests.desk.conftest import Clock, Room
from tests.fakes.archive import recall_of, store
from tests.fakes.payloads import ADMIN, GROUP, MEMBER, OTHER_GROUP, OWNER, STRANGER, said

BULLY, TWIN = 41, 42


@pytest.fixture(autouse=True)
def _members(roster: Roster) -> None:
    members = [
        {"user_id": OWNER, "role": "owner", "nickname": "阿棠"},
        {"user_id": ADMIN, "role": "admin", "nickname": "老周"},
        {"user_id": MEMBER, "role": "member", "nickname": "小满"},
        {"user_id": BULLY, "role": "member", "nickname": "阿坏"},
    ]
    members += [{"user_id": 100 + number, "role": "member"} for number in range(9)]
    roster.set_members(GROUP, members)


def member(user_id: int = MEMBER, *groups: int) -> Reporter:
    return Reporter(user_id=user_id, groups=groups or (GROUP,))


async def test_a_report_reaches_the_moderators_with_its_context(room: Room, desk: Desk) -> None:
    await room.say(said("在那之前的话"))
    message = await room.say(said("你去死吧", user_id=BULLY))
    answer = await desk.reports.of_message(member(), message, "骂人")
    assert "已经转告管理" in answer
    (alert,) = await room.alerts()
    for shown in ("你去死吧", "在那之前的话", "有成员举报：骂人", "告诉我们的人：小满"):
        assert shown in alert.text
    assert "你去死吧" not in alert.text.splitlines()[0]
    assert "12356" not in alert.text, "nobody is in danger"


async def test_what_was_recalled_is_reported_without_its_words(room: Room, desk: Desk) -> None:
    gone = said("收回的脏话", user_id=BULLY)
    message = await room.say(gone)
    await room.say(said("后面的话"))
    await store(room.writer, recall_of(gone))
    await desk.reports.of_message(member(), message, "骂人")
    (alert,) = await room.alerts()
    assert "收回的脏话" not in alert.text
    assert "有成员举报：骂人" in alert.text
    assert "收回的脏话" not in (await desk.viewing.context(1, OWNER)).words


async def test_what_was_told_of_a_message_goes_with_it_unless_the_case_seals_it(
    room: Room, desk: Desk, clock: Clock
) -> None:
    first = await room.say(said("封存了的话", user_id=BULLY))
    await desk.reports.of_message(member(100), first, "他说的是封存")
    gone = said("收回的脏话", user_id=BULLY)
    second = await room.say(gone)
    await desk.reports.of_message(member(101), second, "他说的是收回")  # joins without an alert
    assert "他说的是收回" in (await desk.viewing.show(1, OWNER)).words
    await store(room.writer, recall_of(gone).model_copy(update={"time_ms": clock() + 5_000}))
    shown = (await desk.viewing.show(1, OWNER)).words
    assert ("他说的是收回" in shown, "他说的是封存" in shown) == (False, True)
    assert "收回的脏话" not in shown


async def test_many_reports_of_one_thing_are_one_case_and_two_alerts_at_most(
    room: Room, desk: Desk
) -> None:
    message = await room.say(said("加我领红包", user_id=BULLY))
    for number in range(9):
        await desk.reports.of_message(member(100 + number), message, "")
    alerts = await room.alerts()
    assert [alert.case_id for alert in alerts] == [1, 1]
    assert "等级 2/3" in alerts[1].text, "three have told the same"
    assert "未完结的案件（1）" in await desk.viewing.overview(OWNER)


async def test_who_tells_too_much_is_asked_to_wait(room: Room, desk: Desk, clock: Clock) -> None:
    message = await room.say(said("哈", user_id=BULLY))
    answers = [await desk.reports.of_message(member(), message, "") for _ in range(5)]
    assert ["已经转告管理" in answer for answer in answers] == [True] * 3 + [False] * 2
    assert "好几件了" in answers[-1]
    assert len(await room.alerts()) == 1
    clock.forward(minutes=61)
    assert "已经转告管理" in await desk.reports.of_message(member(), message, "")


async def test_what_cannot_be_reported(room: Room, desk: Desk) -> None:
    own = await room.say(said("我自己的话"))
    assert "不用举报" in await desk.reports.of_message(member(), own, "")
    assert "找不到那条消息" in await desk.reports.of_message(member(), None, "")
    assert await room.letters() == []


async def test_about_a_moderator_the_others_are_told(room: Room, desk: Desk) -> None:
    message = await room.say(said("都给我闭嘴", user_id=ADMIN))
    await desk.reports.of_message(member(), message, "")
    told = [one for one in await room.deliver() if one.target is Target.PRIVATE]
    assert [one.target_id for one in told] == [OWNER]
    assert "没有案件 1" in (await desk.viewing.show(1, ADMIN)).words


@pytest.mark.parametrize("typed", [f"{BULLY}00000", "路人甲 今天不对劲", "99999"])
async def test_somebody_who_is_in_none_of_ones_groups(typed: str, room: Room, desk: Desk) -> None:
    assert "没找到这个人" in await desk.reports.worry(member(), typed)
    assert "没找到这个人" in await desk.reports.worry(member(STRANGER, OTHER_GROUP), "阿坏 怎么了")
    assert await room.letters() == []


@pytest.mark.parametrize(
    "typed", ["小满 一天没说话了", "@小满 一天没说话了", f"{MEMBER} 一天没说话了"]
)
async def test_a_worry_opens_a_case_about_the_other(typed: str, room: Room, desk: Desk) -> None:
    answer = await desk.reports.worry(member(BULLY), typed)
    assert "打 110 或 120" in answer
    (alert,) = await room.alerts()
    for shown in ("案件 1：有一位成员可能正处在危险里", f"成员：小满（{MEMBER}）", "一天没说话了"):
        assert shown in alert.text
    assert "告诉我们的人：阿坏（只有管理看得到）" in alert.text


async def test_a_worry_joins_the_case_that_is_open(room: Room, desk: Desk) -> None:
    await room.signal()
    await desk.reports.worry(member(BULLY), "小满 电话不接")
    assert len(await room.alerts()) == 1
    assert "电话不接" in (await desk.viewing.show(1, OWNER)).words


async def test_about_oneself_and_about_nobody(room: Room, desk: Desk) -> None:
    assert "12356" in await desk.reports.worry(member(), f"{MEMBER} 我不太好")
    assert "写 QQ 号" in await desk.reports.worry(member(), " ")
    assert await room.letters() == []


async def test_two_of_one_name_are_asked_apart(room: Room, desk: Desk, roster: Roster) -> None:
    roster.set_members(OTHER_GROUP, [{"user_id": TWIN, "role": "member", "nickname": "阿坏"}])
    answer = await desk.reports.of_person(member(MEMBER, GROUP, OTHER_GROUP), "阿坏 骂人")
    assert "有 2 位" in answer
    assert "已经转告" in await desk.reports.of_person(member(100), f"{MEMBER} 发广告")


async def test_the_subject_learns_that_somebody_looked_and_not_who(
    room: Room, desk: Desk, clock: Clock
) -> None:
    assert "没有管理打开过" in await desk.viewing.who_saw_me(MEMBER)
    await room.signal()
    for actor in (OWNER, ADMIN, ADMIN):
        await desk.viewing.show(1, actor)
    await desk.viewing.context(1, ADMIN)
    answer = await desk.viewing.who_saw_me(MEMBER)
    assert "被打开过 4 次：群主 1 次、管理 3 次" in answer
    assert "我请管理留意过你 1 次" in answer
    assert not any(name in answer for name in ("阿棠", "老周", str(OWNER), str(ADMIN)))
    clock.forward(days=91)
    assert "没有管理打开过" in await desk.viewing.who_saw_me(MEMBER)
