"""Commands as members and moderators give them, over the WebSocket and back."""

from typing import Any

import pytest

from tests.fakes.gateway import Call
from tests.fakes.payloads import (
    ADMIN,
    GROUP,
    MEMBER,
    NOW_S,
    OTHER_GROUP,
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
from tests.plugins.conftest import QQ

CRISIS = "我不想活了，今晚就从楼顶跳下去"
_members = iter(range(30_001, 40_000))


def new_member() -> int:
    return next(_members)


async def ask(qq: QQ, payload: dict[str, Any]) -> Call:
    """Say something that the bot must answer once."""
    said = await qq.tell(payload)
    (answer,) = [call for call in said if "你可以先不用联系" not in call.text]
    return answer


FORMS = {
    "bare": lambda command: command,
    "slash": lambda command: f"/{command}",
    "full-width slash": lambda command: f"／{command}",
    "behind a mention": lambda command: [segment("at", qq=str(SELF_ID)), text(f" {command}")],
    "quoting": lambda command: [segment("reply", id="5"), text(command)],
    "quoting with a mention": lambda command: [
        segment("reply", id="5"),
        segment("at", qq=str(OWNER)),
        text(f" /{command}"),
    ],
    "as a CQ string": lambda command: f"[CQ:at,qq={SELF_ID}] {command}",
}


@pytest.mark.parametrize("form", FORMS)
async def test_a_command_is_answered_in_every_form(form: str, qq: QQ, word: str) -> None:
    qq.implementation.answers["get_msg"].append(
        {"status": "failed", "retcode": 1200, "data": None, "message": "no such message"}
    )
    message = FORMS[form](f"搜 {word}")
    payload = group_message(f"我说过{word}")
    await qq.tell(payload)
    answer = await ask(qq, {**group_message(), "message": message})
    assert answer.action == "send_group_msg"
    assert set(answer.parameters) == {"group_id", "message"}
    assert answer.parameters["message"][0]["type"] == "reply"
    assert f"我说过【{word}】" in answer.text
    assert "共 1 条" in answer.text, "the command itself is no hit"


@pytest.mark.parametrize("form", [form for form in FORMS if "quoting" not in form])
async def test_and_in_private(form: str, qq: QQ, word: str) -> None:
    await qq.tell(group_message(f"我说过{word}"))
    answer = await ask(qq, {**private_message(), "message": FORMS[form](f"搜 {word}")})
    assert (answer.action, set(answer.parameters)) == ("send_private_msg", {"user_id", "message"})
    assert answer.parameters["user_id"] == MEMBER
    assert {part["type"] for part in answer.parameters["message"]} == {"text"}
    assert f"我说过【{word}】" in answer.text


async def test_pages_and_context(qq: QQ, word: str) -> None:
    said = [group_message(f"{word}第{n}句", time=NOW_S + 3_600 * (n + 1)) for n in range(3)]
    await qq.tell(*said)
    first = await ask(qq, group_message(f"搜 {word}"))
    assert "共 3 条，第 1–2 条" in first.text
    second = await ask(qq, group_message("下一页"))
    assert "第 3–3 条" in second.text
    number = second.text.split("#")[1].split()[0]
    context = await ask(qq, group_message(f"上下文 {number}"))
    assert f"【{word}第0句】" in context.text
    assert f"{word}第2句" in context.text


async def test_a_member_finds_only_what_their_groups_said(qq: QQ, word: str) -> None:
    await qq.tell(group_message(word), group_message(word, group_id=OTHER_GROUP))
    here = await ask(qq, group_message(f"搜 {word}", group_id=OTHER_GROUP, user_id=OTHER_MEMBER))
    assert "共 1 条" in here.text
    mine = await ask(qq, private_message(f"搜 {word}", user_id=OTHER_MEMBER))
    assert "共 1 条" in mine.text
    nobody = await ask(qq, private_message(f"搜 {word}", user_id=STRANGER))
    assert "没有共同的群" in nobody.text


@pytest.mark.parametrize(
    "typed", ["搜", "搜 " + "长" * 500, "搜 \u200b", "搜 -", '搜 """', "上下文 x", "/下一页啊"]
)
async def test_odd_input_gets_one_helpful_answer(typed: str, qq: QQ) -> None:
    answer = await ask(qq, group_message(typed, user_id=new_member()))
    assert answer.text
    assert len(answer.text.splitlines()) == 1


async def test_talk_is_not_answered(qq: QQ) -> None:
    talk = ["我想搜 晚安", "帮助我一下", "下一页在哪", "搜了半天", "", "/没有这个命令"]
    assert await qq.tell(*(group_message(words) for words in talk)) == []


@pytest.mark.parametrize("make", [group_message, private_message])
async def test_an_event_that_repeats_is_answered_once(make: Any, qq: QQ) -> None:
    payload = make("帮助")
    assert len(await qq.tell(payload, payload)) == 1
    assert await qq.tell(payload) == []


async def test_an_event_that_repeats_after_long_is_not_answered_again(qq: QQ, word: str) -> None:
    """The gate remembers a thousand commands; the outbox remembers its answers."""
    payload = group_message(f"搜 {word}")
    assert len(await qq.tell(payload)) == 1
    for _ in range(1_001):
        qq.house.ear.hear(private_message("在吗"))
    assert qq.house.ear.hear(dict(payload)), "the gate has forgotten it"
    for _ in range(1_001):
        qq.house.ear.hear(private_message("在吗"))
    assert await qq.tell(payload) == []


MEMBERS_COMMANDS = {"帮助", "搜 关键词", "下一页", "上下文 编号"}
DESK_COMMANDS = {"案件 [编号]", "接手 编号", "误报 编号", "完结 编号 结果"}


@pytest.fixture
def in_words(qq: QQ, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing can be drawn: the bot says it in words."""

    async def nothing(*_: object, **__: object) -> None:
        return None

    monkeypatch.setattr(qq.house.help_pictures, "draw", nothing)


def listed(card: str) -> set[str]:
    return {line.split("　")[0] for line in card.splitlines() if "　" in line}


@pytest.mark.parametrize(
    ("payload", "desk"),
    [
        (group_message("帮助"), False),
        (group_message("帮助", user_id=ADMIN), False),
        (private_message("help"), False),
        (private_message("菜单", user_id=ADMIN), True),
        (private_message("帮助", user_id=STRANGER), False),
    ],
    ids=["member here", "moderator here", "member", "moderator", "stranger"],
)
async def test_help_lists_what_one_may_use(
    payload: dict[str, Any], desk: bool, qq: QQ, in_words: None
) -> None:
    commands = listed((await ask(qq, payload)).text)
    assert commands >= MEMBERS_COMMANDS
    assert commands & DESK_COMMANDS == (DESK_COMMANDS if desk else set())


async def test_private_talk_gets_one_hint_and_no_more(qq: QQ) -> None:
    somebody = new_member()
    hint = await ask(qq, private_message("在吗", user_id=somebody))
    assert "发「帮助」" in hint.text
    assert await qq.tell(private_message("在吗？？", user_id=somebody)) == []
    assert await qq.tell(private_message("帮助", user_id=somebody)) != []


async def test_its_own_words_in_private_are_not_answered(qq: QQ) -> None:
    assert await qq.tell(private_message("在吗", user_id=SELF_ID)) == []


async def test_a_temporary_session_is_answered_without_its_group(qq: QQ) -> None:
    payload = private_message("帮助", sub_type="group", group_id=GROUP, temp_source=GROUP)
    answer = await ask(qq, payload)
    assert (answer.action, set(answer.parameters)) == ("send_private_msg", {"user_id", "message"})


async def raise_case(qq: QQ, member: int) -> int:
    """Let a member say what must not be overlooked; return the number of their case."""
    alerts = await qq.tell(group_message(CRISIS, user_id=member))
    assert {(call.action, call.parameters["user_id"]) for call in alerts} == {
        ("send_private_msg", OWNER),
        ("send_private_msg", ADMIN),
    }
    assert all(set(call.parameters) == {"user_id", "message"} for call in alerts)
    return int(alerts[0].text.split("案件 ")[1].split("：")[0])


async def test_a_case_from_the_alert_to_its_end(qq: QQ) -> None:
    number = await raise_case(qq, new_member())
    answers = [
        (await ask(qq, private_message(typed, user_id=user))).text
        for user, typed in (
            (OWNER, f"接手 {number}"),
            (ADMIN, f"接手 #{number}"),
            (ADMIN, f"案件 {number}"),
            (OWNER, f"完结 案件 {number} 家人陪着"),
            (ADMIN, f"误报 {number}"),
        )
    ]
    assert "由你接手了" in answers[0]
    assert f"已经由 {OWNER} 接手" in answers[1]
    assert CRISIS in answers[2]
    assert "已完结：家人陪着" in answers[3]
    assert "之前就已完结" in answers[4]


async def test_when_one_takes_a_case_the_others_who_were_alerted_hear_of_it(qq: QQ) -> None:
    number = await raise_case(qq, new_member())
    said = await qq.tell(private_message(f"接手 {number}", user_id=OWNER))
    told = {call.parameters["user_id"] for call in said if "你可以先不用联系" in call.text}
    assert told == {ADMIN}


async def test_whom_a_case_is_about_cannot_see_or_close_it(qq: QQ) -> None:
    alerts = await qq.tell(group_message(CRISIS, user_id=ADMIN))
    assert [call.parameters.get("user_id") for call in alerts] == [OWNER]
    number = int(alerts[0].text.split("案件 ")[1].split("：")[0])
    for typed in (f"案件 {number}", f"误报 {number}", f"接手 {number}"):
        answer = await ask(qq, private_message(typed, user_id=ADMIN))
        assert f"没有案件 {number}" in answer.text


async def test_the_overview_and_a_false_alarm(qq: QQ) -> None:
    number = await raise_case(qq, new_member())
    overview = await ask(qq, private_message("/案件", user_id=OWNER))
    assert f"\n{number}｜" in overview.text
    dismissed = await ask(qq, private_message(f"误报{number}", user_id=OWNER))
    assert "我只听得懂命令" in dismissed.text, "without a slash a space is needed"
    assert "误报" in (await ask(qq, private_message(f"/误报{number}", user_id=OWNER))).text


@pytest.mark.parametrize("command", ["接手", "误报", "完结", "案件"])
async def test_a_missing_number_is_asked_for(command: str, qq: QQ) -> None:
    answer = await ask(qq, private_message(f"/{command} 那个", user_id=ADMIN))
    assert "案件" in answer.text


@pytest.mark.parametrize("user", [MEMBER, OWNER], ids=["member", "owner"])
@pytest.mark.parametrize("typed", ["接手 1", "/接手 1", "案件", "/案件 1", "误报 1", "完结 1 好了"])
async def test_in_a_watched_group_the_desk_is_silent(typed: str, user: int, qq: QQ) -> None:
    assert await qq.tell(group_message(typed, user_id=user)) == []


@pytest.mark.parametrize("typed", ["接手 1", "/案件", "完结 1 好了"])
async def test_who_does_not_moderate_learns_nothing_of_the_desk(typed: str, qq: QQ) -> None:
    answers = await qq.tell(private_message(typed, user_id=new_member()))
    assert [answer.text for answer in answers] == ["我只听得懂命令。发「帮助」看看我能做什么。"]


async def test_the_staff_group_can_claim_but_sees_no_card(qq: QQ) -> None:
    number = await raise_case(qq, new_member())
    shown = await qq.tell(group_message(f"案件 {number}", group_id=STAFF_GROUP, user_id=ADMIN))
    assert shown == []
    answer = await ask(qq, group_message(f"接手 {number}", group_id=STAFF_GROUP, user_id=ADMIN))
    assert answer.parameters["group_id"] == STAFF_GROUP
    assert "由你接手了" in answer.text
    assert CRISIS not in answer.text


async def test_help_about_one_topic_lists_that_alone(qq: QQ, in_words: None) -> None:
    asked = private_message("帮助 入群", user_id=ADMIN)
    assert listed((await ask(qq, asked)).text) >= {
        "入群 暗号 守灯人",
        "放行 3",
        "婉拒 3 和群没关系",
    }
    assert "搜 关键词" not in listed(
        (await ask(qq, private_message("帮助 群管", user_id=ADMIN))).text
    )
    everything = (await ask(qq, private_message("帮助 入群", user_id=MEMBER))).text
    assert listed(everything) >= MEMBERS_COMMANDS  # no topic of theirs


def test_every_topic_can_be_asked_for(qq: QQ) -> None:
    from liudeng.commands import help_topics
    from plugins.commands import TOPICS

    topics = help_topics(qq.house.commands, moderator=True, private=True, operator=True)
    assert {one.title.removesuffix("（管理）") for one in topics} == set(TOPICS)
