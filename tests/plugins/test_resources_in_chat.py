"""Links in the chat: who may use which command, where; cards; warnings."""

import base64
import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from liudeng.commands import Command
from liudeng.pictures import PictureUnavailable
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
)
from tests.plugins.conftest import QQ
from tests.plugins.test_search_in_chat import quoting

if TYPE_CHECKING:
    from liudeng.house import House

PEOPLE = {
    "member": MEMBER,
    "moderator": ADMIN,
    "owner": OWNER,
    "moderator of another group": OTHER_MEMBER,
    "stranger": STRANGER,
}
THOSE_OF_THE_GROUP = ("moderator", "owner")
HINT = "我只听得懂命令"
FOR_EVERYBODY = {
    "资源": "资源",
    "资源 导出": "export-guide.example",
    "公告": "置顶",
    "失效 99999": "没有",
}
FOR_MODERATORS = {
    "候选": "",
    "收录 https://matrix.example/{who} 导出 表": "收录了",
    "驳回 99999": "没有 99999 号",
    "归类 99999 导出": "没有 99999 号",
    "核实链接 99999": "没有 99999 号",
    "下架 99999": "没有 99999 号",
    "改资源 99999 标题=一": "没有 99999 号",
    "置顶": "写上要置顶的话",
    "取消置顶 99999": "没有在置顶的 99999 号",
}


async def answers(qq: QQ, user: int, words: str, **place: int) -> list[Call]:
    make = group_message if place else private_message
    said = await qq.tell(make(words, user_id=user, **place))
    return [call for call in said if not call.text.startswith("【留灯】")]


@pytest.fixture
def no_pictures(house: "House", monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawing takes its time, and words say the same."""

    async def cannot(*_: object) -> bytes:
        raise PictureUnavailable("no process")

    monkeypatch.setattr(house.studio, "draw", cannot)


@pytest.mark.usefixtures("no_pictures")
@pytest.mark.parametrize("who", PEOPLE)
async def test_everybody_may_ask_for_links(who: str, qq: QQ) -> None:
    for words, expected in FOR_EVERYBODY.items():
        [answer] = await answers(qq, PEOPLE[who], words)
        assert expected in answer.text, words


@pytest.mark.parametrize("who", PEOPLE)
async def test_only_moderators_look_after_links(who: str, qq: QQ) -> None:
    user = PEOPLE[who]
    typed = [command.format(who=user) for command in FOR_MODERATORS]
    said = await qq.tell(*(private_message(words, user_id=user) for words in typed))
    texts = [call.text for call in said if not call.text.startswith("【留灯】")]
    if who in (*THOSE_OF_THE_GROUP, "moderator of another group"):
        assert not any(HINT in words for words in texts)
        for command, expected in FOR_MODERATORS.items():
            assert any(expected in words for words in texts), command
    else:
        assert all(HINT in words for words in texts)
    in_group = (group_message(f"/{words}", user_id=user, group_id=GROUP) for words in typed)
    assert await qq.tell(*in_group) == [], "in the group they do not exist"


async def test_in_the_staff_group_moderators_are_answered(qq: QQ) -> None:
    [answer] = await answers(qq, ADMIN, "核实链接 99999", group_id=STAFF_GROUP)
    assert "没有 99999 号" in answer.text
    assert await answers(qq, STRANGER, "核实链接 99999", group_id=STAFF_GROUP) == []


async def test_a_moderator_cannot_touch_another_groups_link(qq: QQ) -> None:
    [taken] = await answers(qq, ADMIN, "收录 https://only-here.example/a 导出 本群的")
    number = "".join(filter(str.isdigit, taken.text.partition("号")[0]))
    [refused] = await answers(qq, OTHER_MEMBER, f"下架 {number}")
    assert f"没有 {number} 号" in refused.text
    [hidden] = await answers(qq, OTHER_MEMBER, f"资源 {number}")
    assert "没有" in hidden.text


async def test_links_are_shown_as_a_card_with_the_best_ones_address(qq: QQ) -> None:
    [answer] = await answers(qq, MEMBER, "资源 导出", group_id=GROUP)
    kinds = [part["type"] for part in answer.parameters["message"]]
    assert kinds == ["reply", "image", "text"]
    file = answer.parameters["message"][1]["data"]["file"]
    picture = Image.open(io.BytesIO(base64.b64decode(file.removeprefix("base64://"))))
    assert picture.width == 1080


@pytest.mark.usefixtures("no_pictures")
async def test_without_a_picture_it_is_said_in_words(qq: QQ) -> None:
    [answer] = await answers(qq, MEMBER, "资源 请愿", group_id=GROUP)
    assert "keep4o 请愿主页" in answer.text


@pytest.mark.parametrize(
    "talk", ["资源太少了", "资源 谁能分享一下啊？我找了好久都没有找到", "公告 看了吗"]
)
async def test_talk_that_begins_like_a_command_stays_talk(talk: str, qq: QQ) -> None:
    assert await answers(qq, MEMBER, talk, group_id=GROUP) == []


def test_every_command_about_links_is_tried_by_everybody() -> None:
    from plugins.resources import commands

    listed = {one.name for one in vars(commands).values() if isinstance(one, Command)}
    assert listed == {typed.partition(" ")[0] for typed in (*FOR_EVERYBODY, *FOR_MODERATORS)}


@pytest.mark.usefixtures("no_pictures")
@pytest.mark.parametrize(
    ("number", "typed", "expected"),
    [(1, "失效", "请管理看看"), (2, "没用", "请管理看看"), (3, "有用", "记下了")],
)
async def test_who_quotes_a_link_says_whether_it_helps(
    number: int, typed: str, expected: str, qq: QQ
) -> None:
    [card] = await answers(qq, OWNER, f"资源 {number}", group_id=GROUP)
    asked, known = quoting(card.text, SELF_ID, typed)
    qq.implementation.answers["get_msg"].append(known)
    [thanks] = await qq.tell(asked)
    assert expected in thanks.text


@pytest.mark.usefixtures("no_pictures")
async def test_a_link_is_posted_taken_in_and_found(qq: QQ) -> None:
    await answers(qq, MEMBER, "看 https://lamp-letters.example/one?utm_source=qq", group_id=GROUP)
    [waiting] = await answers(qq, ADMIN, "候选")
    line = next(line for line in waiting.text.splitlines() if "lamp-letters" in line)
    number = line.partition("\u3000")[0]
    [taken] = await answers(qq, ADMIN, f"收录 {number} 请愿 点灯的信")
    assert "收录了" in taken.text
    [card] = await answers(qq, MEMBER, f"资源 {number}", group_id=GROUP)
    assert "https://lamp-letters.example/one" in card.text
    name = qq.house.roster.known_name(GROUP, ADMIN)
    assert name
    assert f"{name}收录" in card.text
    await qq.house.library.index.caught_up()
    [found] = await answers(qq, MEMBER, "搜 点灯的信", group_id=GROUP)
    assert f"资源 {number}" in found.text


async def test_a_look_alike_gets_one_warning_in_the_group(qq: QQ) -> None:
    now = int(datetime.now(UTC).timestamp())
    for user in (MEMBER, STRANGER):
        payload = group_message("领取 https://chatgpt-4o.vip/vip", user_id=user, time=now)
        said = await qq.tell(payload)
        if user == MEMBER:
            [warning] = said
            assert warning.action == "send_group_msg"
            assert "chatgpt-4o[.]vip" in warning.text
        else:
            assert said == []


async def test_an_announcement_is_said_once_in_the_group(qq: QQ) -> None:
    said = await answers(qq, OWNER, "置顶 周六一起寄信 到 12-31")
    assert sorted(call.action for call in said) == ["send_group_msg", "send_private_msg"]
    [shown] = await answers(qq, MEMBER, "公告", group_id=GROUP)
    assert "周六一起寄信" in shown.text
    number = shown.text.splitlines()[1].partition("\u3000")[0]
    await answers(qq, OWNER, f"取消置顶 {number}")
