"""Who reaches which command of the desk, moderation and the entrance, and where.

What they may do then: tests/desk, tests/moderation, tests/entrance.
"""

from collections.abc import AsyncIterator
from typing import Any

import nonebot
import pytest
from async_asgi_testclient import TestClient
from nonebot.adapters.onebot.v11 import Adapter, Bot
from nonebot.matcher import Matcher

from liudeng.commands import Audience, Command, Place
from liudeng.desk import CaseKind, Concern
from liudeng.settings import Settings
from tests.fakes.gateway import Call
from tests.fakes.payloads import (
    ADMIN,
    GROUP,
    MEMBER,
    OTHER_MEMBER,
    OWNER,
    SELF_ID,
    STAFF_GROUP,
    STRANGER,
    group_message,
    private_message,
    segment,
    text,
)
from tests.plugins.conftest import QQ, settled_in

HINT = "我只听得懂命令"
SECRET = "今晚从楼顶跳下去"
OPERATOR = 3_141_592_653
"""Named in SUPERUSERS: runs the machine, moderates nothing."""
PEOPLE = {
    "member": MEMBER,
    "moderator of another group": OTHER_MEMBER,
    "moderator": ADMIN,
    "owner": OWNER,
    "operator": OPERATOR,
    "stranger": STRANGER,
}
MODERATORS = ("moderator", "owner", "moderator of another group")
HERE = ("moderator", "owner")
"""Who moderates just this group."""
PLACES: dict[str, dict[str, Any]] = {
    "private": {},
    "staff": {"group_id": STAFF_GROUP},
    "group": {"group_id": GROUP},
}
TYPED = (
    *("案件 {n}", "前后文 {n}", "接手 {n}", "转交 {n} {heir}", "备注 {n} 打过电话", "升级 {n}"),
    *("误报 {n}", "属实 {n}", "回访 {n} 24h", "完结 {n} 家人陪着", "送上资源 {n}"),
    *("案件", "我的案件", "摘要", "确认", "值班", "离岗 1h", "到岗", "免打扰 关", "组长 {heir}"),
    *("我需要休息", "谁看过我", "我担心 99999 不太好", "举报 99999 骂人"),
)
ALSO = (
    *("入群", "入群 待办", "放行 {n}", "婉拒 {n} 不认识", "婉拒 全部", "欢迎 来了就好"),
    *("群规", "应邀 {n}", "谢绝 {n}"),
    *("警告 99999 别吵", "禁言 99999 10m", "解禁 99999", "撤回 99999 2", "踢 99999", "确认踢"),
    *("记录 99999", "备注成员 99999 老朋友", "撤销 {n}", "规则", "规则 启用 防诈骗", "停手"),
    *("开始群管", "纪念模式 8小时", "审计", "全员禁言", "解除全员禁言", "申诉 {n}"),
)
_subjects = iter(range(50_001, 60_000))


def typed_on(command: str, number: int = 1) -> str:
    return "/" + command.format(n=number, heir=ADMIN)


def all_matchers() -> dict[str, Any]:
    """Return the matchers of these plugins by their plugin and the name of their command."""
    from plugins import desk, entrance, moderation

    modules = (desk, desk.members, desk.time_off, entrance, moderation, moderation.rules)
    return {
        f"{module.__name__}.{name}": one
        for module in modules
        for name, one in vars(module).items()
        if isinstance(one, type) and issubclass(one, Matcher) and one.type == "message"
    }


def command_of(typed: str) -> Command:
    from plugins.recorder import house

    addressed = house.commands.match(typed)
    assert addressed is not None, typed
    return addressed.command


def is_reached(command: Command, who: str, place: str) -> bool:
    """What ought to be: 值班 is for moderators, and what was said is for private chat."""
    if command.audience is Audience.MODERATOR and who not in MODERATORS:
        return False
    if command.audience is Audience.OPERATOR and who != "operator":
        return False
    if command.audience is Audience.MODERATOR and place == "group" and who not in HERE:
        return False
    places = {Place.PRIVATE: ("private",), Place.STAFF: ("private", "staff")}
    return place in places.get(command.place, ("private", "group"))


@pytest.mark.usefixtures("roster")
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("who", PEOPLE)
async def test_who_reaches_which_command_where(
    who: str, place: str, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Settings, "operators", frozenset({OPERATOR}))
    bot = Bot(Adapter(nonebot.get_driver()), str(SELF_ID))
    make = group_message if PLACES[place] else private_message
    matchers = all_matchers()
    for command in (*TYPED, *ALSO):
        payload = make(typed_on(command), user_id=PEOPLE[who], **PLACES[place])
        event = Adapter.json_to_event(payload)
        assert event is not None
        taking = [name for name, one in matchers.items() if await one.check_rule(bot, event, {})]
        wanted = is_reached(command_of(typed_on(command)), who, place)
        assert len(taking) == wanted, (command, taking)


@pytest.fixture(scope="module")
async def qq(client: TestClient) -> AsyncIterator[QQ]:
    """One connection for all that is really said here."""
    async with settled_in(client) as connected:
        yield connected


async def open_case(qq: QQ) -> int:
    concern = Concern(
        room="测试",
        kind=CaseKind.DISTRESS,
        group_id=GROUP,
        subject_id=next(_subjects),
        text=SECRET,
        level=3,
    )
    case = await qq.house.desk.take_up(concern)
    await qq.quiet()
    return case.id


def answers(said: list[Call]) -> list[str]:
    """Alerts and notices are no answers."""
    return [call.text for call in said if not call.text.startswith("【留灯】")]


@pytest.mark.parametrize("who", ["member", "operator", "stranger"])
async def test_who_moderates_nothing_hears_a_hint_and_changes_nothing(who: str, qq: QQ) -> None:
    number = await open_case(qq)
    moderators = [one for one in TYPED if command_of(typed_on(one)).audience is Audience.MODERATOR]
    typed = [typed_on(one, number) for one in moderators]
    said = await qq.tell(*(private_message(one, user_id=PEOPLE[who]) for one in typed))
    assert answers(said)
    assert all(HINT in answer for answer in answers(said))
    assert "还没有人接手" in (await qq.house.desk.viewing.show(number, OWNER)).words


async def test_in_the_watched_group_nobody_is_answered(qq: QQ) -> None:
    number = await open_case(qq)
    typed = [typed_on(one, number) for one in TYPED]
    for user in (OWNER, MEMBER):
        said = await qq.tell(*(group_message(one, user_id=user) for one in typed))
        assert answers(said) == []
    assert "还没有人接手" in (await qq.house.desk.viewing.show(number, OWNER)).words


async def test_in_the_staff_group_nothing_shows_what_was_said(
    qq: QQ, monkeypatch: pytest.MonkeyPatch
) -> None:
    from plugins.commands import asking  # not before NoneBot has loaded it

    number = await open_case(qq)
    for command in TYPED[:-3]:
        monkeypatch.setattr(asking, "_budget", asking.AnswerBudget())
        typed = typed_on(command, number)
        said = await qq.tell(group_message(typed, user_id=OWNER, group_id=STAFF_GROUP))
        heard = [call for call in said if call.parameters.get("group_id") == STAFF_GROUP]
        is_private = command_of(typed).place is Place.PRIVATE
        assert bool(answers(heard)) != is_private, command
        assert SECRET not in "".join(call.text for call in heard), command
    await qq.house.desk.duty.back(OWNER)


async def test_a_report_in_the_group_is_answered_in_private(qq: QQ) -> None:
    spoken = group_message("你去死吧", user_id=next(_subjects))
    await qq.tell(spoken)
    typed = [segment("reply", id=str(spoken["message_id"])), text("举报 骂人")]
    said = await qq.tell({**group_message(user_id=MEMBER), "message": typed})
    assert {call.action for call in said} == {"send_private_msg"}
    to_reporter = [call.text for call in said if call.parameters["user_id"] == MEMBER]
    assert ["已经转告管理" in answer for answer in to_reporter] == [True]
    to_owner = [call.text for call in said if call.parameters["user_id"] == OWNER]
    assert "有成员举报：骂人" in to_owner[0]


async def test_behind_a_slash_anything_may_stand_where_a_number_belongs(qq: QQ) -> None:
    said = await qq.tell(private_message("/撤销 刚才那次", user_id=ADMIN))
    assert any("写上编号" in answer for answer in answers(said))
    said = await qq.tell(private_message(f"/记录 {'9' * 30}", user_id=ADMIN))
    assert any("要对谁" in answer for answer in answers(said))
