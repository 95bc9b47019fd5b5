"""Who may use which command of the desk, and where: every command for everybody."""

from dataclasses import dataclass
from typing import Any

import pytest

from tests.fakes.payloads import (
    ADMIN,
    GROUP,
    MEMBER,
    OTHER_MEMBER,
    OWNER,
    STAFF_GROUP,
    STRANGER,
    group_message,
    private_message,
    segment,
    text,
)
from tests.plugins.conftest import QQ

CRISIS = "我不想活了，今晚就从楼顶跳下去"
HINT = "我只听得懂命令"
OPERATOR = 3_141_592_653
"""Named in SUPERUSERS: runs the machine, moderates nothing."""

PEOPLE = {
    "member": MEMBER,
    "moderator of another group": OTHER_MEMBER,
    "moderator": ADMIN,
    "lead": ADMIN,
    "owner": OWNER,
    "operator": OPERATOR,
    "stranger": STRANGER,
}
THOSE_OF_THE_GROUP = ("moderator", "lead", "owner")
OF_A_CASE = {
    "案件 {number}": "案件 {number}：",
    "前后文 {number}": "案件 {number}",
    "接手 {number}": "由你接手了",
    "转交 {number} {heir}": "转交给",
    "备注 {number} 打过电话": "记下了",
    "升级 {number}": "已经再叫一次管理",
    "误报 {number}": "已完结：误报",
    "属实 {number}": "属实",
    "回访 {number} 24h": "我私聊提醒你",
    "完结 {number} 家人陪着": "已完结：家人陪着",
    "送上资源 {number}": "好友",
}
OF_ONES_OWN = {
    "案件": "案件",
    "我的案件": "你手里",
    "摘要": "今日摘要",
    "确认": "没有等着确认",
    "值班": "你的班",
    "离岗 1h": "先叫别人",
    "到岗": "欢迎回来",
    "免打扰 23:00-07:00": "先叫别人",
    "免打扰 关": "也会叫你",
    "我需要休息": "你先歇着",
}
FOR_EVERYBODY = {
    "谁看过我": "90 天",
    "我担心 99999 不太好": "没找到这个人",
    "举报 99999 骂人": "没找到这个人",
}
PRIVATE_ONLY = ("案件", "我的案件", "前后文", "摘要", "送上资源", "确认", "谁看过我", "我担心")
_members = iter(range(50_001, 60_000))


@pytest.fixture(autouse=True)
async def _standings(house: Any, roster: None, request: pytest.FixtureRequest) -> None:
    """Somebody is a lead only where the test says so, and nobody is away."""
    duty = house.desk.duty
    await duty.lead(OWNER, ADMIN, leads=request.node.name.endswith("[lead]"))
    for user in (OWNER, ADMIN, OTHER_MEMBER):
        await duty.back(user)
        await duty.quiet(user, "关")


@dataclass
class Chat:
    """Asks the bot things, as somebody, somewhere."""

    qq: QQ
    monkeypatch: pytest.MonkeyPatch

    async def answers(self, user: int, *typed: str, **place: Any) -> list[str]:
        """Say things; return what is answered. Alerts and notices are not answers."""
        from plugins.commands import asking  # not before NoneBot has loaded it

        make = group_message if place else private_message
        self.monkeypatch.setattr(asking, "_budget", asking.AnswerBudget())
        said = await self.qq.tell(*(make(words, user_id=user, **place) for words in typed))
        return [call.text for call in said if not call.text.startswith("【留灯】")]

    async def answer(self, user: int, typed: str, **place: Any) -> str:
        """Return the one answer, or nothing."""
        return "".join(await self.answers(user, typed, **place))

    async def open_cases(self, count: int) -> list[int]:
        """Let members say what must not be overlooked; return the numbers of their cases."""
        payloads = [group_message(CRISIS, user_id=next(_members)) for _ in range(count)]
        alerts = await self.qq.tell(*payloads)
        texts = [alert.text for alert in alerts if alert.parameters.get("user_id") == OWNER]
        return [int(words.split("案件 ")[1].split("：")[0]) for words in texts]


@pytest.fixture
def chat(qq: QQ, monkeypatch: pytest.MonkeyPatch) -> Chat:
    return Chat(qq, monkeypatch)


def typed_on(command: str, number: int, user: int) -> str:
    return command.format(number=number, heir=OWNER if user == ADMIN else ADMIN)


@pytest.mark.parametrize("who", THOSE_OF_THE_GROUP)
async def test_moderators_handle_the_cases_of_their_group(who: str, chat: Chat) -> None:
    user = PEOPLE[who]
    numbers = await chat.open_cases(len(OF_A_CASE))
    for number, (command, allowed) in zip(numbers, OF_A_CASE.items(), strict=True):
        answer = await chat.answer(user, typed_on(command, number, user))
        assert allowed.format(number=number) in answer, command


@pytest.mark.parametrize("who", [who for who in PEOPLE if who not in THOSE_OF_THE_GROUP])
async def test_nobody_else_handles_a_case_or_learns_of_it(who: str, chat: Chat) -> None:
    user, [number] = PEOPLE[who], await chat.open_cases(1)
    answers = await chat.answers(user, *(typed_on(one, number, user) for one in OF_A_CASE))
    if who == "moderator of another group":
        assert len(answers) == len(OF_A_CASE)
        assert all(f"没有案件 {number}，" in answer for answer in answers)
        nothing = await chat.answers(user, *(typed_on(one, 9_999, user) for one in OF_A_CASE))
        assert [words.replace("9999", str(number)) for words in nothing] == answers
    else:
        assert all(HINT in answer for answer in answers)
    assert "还没有人接手" in await chat.answer(OWNER, f"案件 {number}"), "it is untouched"


@pytest.mark.parametrize("who", PEOPLE)
async def test_commands_about_ones_own_time(who: str, chat: Chat) -> None:
    moderates = who in (*THOSE_OF_THE_GROUP, "moderator of another group")
    for command, allowed in OF_ONES_OWN.items():
        answer = await chat.answer(PEOPLE[who], command) or HINT
        assert (allowed if moderates else HINT) in answer, command


@pytest.mark.parametrize("who", PEOPLE)
async def test_only_the_owner_names_a_lead(who: str, chat: Chat) -> None:
    answer = await chat.answer(PEOPLE[who], f"组长 {ADMIN}") or HINT
    if who == "owner":
        assert "现在是组长" in answer
    elif who == "moderator of another group":
        assert "不是你群里的管理" in answer, "that one owns another group"
    else:
        assert ("由群主来定" if who in THOSE_OF_THE_GROUP else HINT) in answer


@pytest.mark.parametrize("who", ["member", "moderator", "owner"])
async def test_only_a_lead_takes_a_case_from_a_colleague(who: str, chat: Chat) -> None:
    [number] = await chat.open_cases(1)
    holder, other = (OWNER, ADMIN) if who == "moderator" else (ADMIN, OWNER)
    await chat.answer(holder, f"接手 {number}")
    answer = await chat.answer(PEOPLE[who], f"转交 {number} {other}") or HINT
    wanted = {"member": HINT, "moderator": "请 TA 自己转", "owner": "转交给"}
    assert wanted[who] in answer


@pytest.mark.parametrize("who", PEOPLE)
async def test_what_everybody_may_say_in_private(who: str, chat: Chat) -> None:
    for command, allowed in FOR_EVERYBODY.items():
        assert allowed in await chat.answer(PEOPLE[who], command), command


@pytest.mark.parametrize("who", PEOPLE)
async def test_in_the_watched_group_nobody_is_answered(who: str, chat: Chat) -> None:
    user, [number] = PEOPLE[who], await chat.open_cases(1)
    commands = [*OF_A_CASE, *OF_ONES_OWN, *FOR_EVERYBODY, f"组长 {ADMIN}"]
    typed = [f"/{typed_on(command, number, user)}" for command in commands]
    assert await chat.answers(user, *typed, group_id=GROUP) == []
    assert "还没有人接手" in await chat.answer(OWNER, f"案件 {number}")


@pytest.mark.parametrize("who", [*THOSE_OF_THE_GROUP, "stranger"])
async def test_in_the_staff_group_nothing_shows_what_was_said(who: str, chat: Chat) -> None:
    user, numbers = PEOPLE[who], await chat.open_cases(len(OF_A_CASE))
    commands = {**OF_A_CASE, **OF_ONES_OWN, **FOR_EVERYBODY}
    for command, allowed in commands.items():
        number = numbers[min(len(numbers) - 1, list(commands).index(command))]
        answer = await chat.answer(user, typed_on(command, number, user), group_id=STAFF_GROUP)
        hidden = command.split(maxsplit=1)[0] in PRIVATE_ONLY or command in FOR_EVERYBODY
        if hidden or who == "stranger":
            assert answer == "", command
        else:
            assert allowed.format(number=number) in answer, command
            assert CRISIS not in answer, command


async def test_a_report_in_the_group_is_answered_in_private(qq: QQ) -> None:
    spoken = group_message("你去死吧", user_id=next(_members))
    await qq.tell(spoken)
    typed = [segment("reply", id=str(spoken["message_id"])), text("举报 骂人")]
    said = await qq.tell({**group_message(user_id=MEMBER), "message": typed})
    assert {call.action for call in said} == {"send_private_msg"}
    to_reporter = [call.text for call in said if call.parameters["user_id"] == MEMBER]
    assert ["已经转告管理" in answer for answer in to_reporter] == [True]
    to_owner = [call.text for call in said if call.parameters["user_id"] == OWNER]
    assert "有成员举报：骂人" in to_owner[0]
