"""The farewell wall's commands, over the WebSocket and back."""

import base64
import io
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from PIL import Image

from liudeng.pictures import PictureUnavailable
from tests.fakes.gateway import Call
from tests.fakes.payloads import ADMIN, group_message, private_message, segment, text
from tests.plugins.conftest import QQ

_authors: Iterator[int] = count(81_001)


@pytest.fixture
def author() -> int:
    return next(_authors)


async def say(qq: QQ, words: str, who: int) -> dict[str, Any]:
    payload = group_message(words, user_id=who)
    payload["sender"]["user_id"] = who
    await qq.tell(payload)
    return payload


async def reply(qq: QQ, to: dict[str, Any], words: str, who: int) -> list[Call]:
    qq.implementation.answers["get_msg"].append(
        {"status": "failed", "retcode": 1200, "data": None, "message": "no such message"}
    )
    message = [segment("reply", id=str(to["message_id"])), text(words)]
    return await qq.tell(group_message(message, user_id=who))


async def keep(qq: QQ, author: int) -> int:
    """Place an entry; return its number."""
    said = await say(qq, "灯还给你留着", author)
    [answer] = await reply(qq, said, "存档 最后一盏灯｜小暖 #晚安", author)
    assert "存好了" in answer.text
    return int("".join(filter(str.isdigit, answer.text.partition("号")[0])))


def picture(answer: Call) -> Image.Image:
    [data] = [part["data"] for part in answer.parameters["message"] if part["type"] == "image"]
    return Image.open(io.BytesIO(base64.b64decode(data["file"].removeprefix("base64://"))))


async def test_an_entry_is_placed_shown_and_taken_down(qq: QQ, author: int) -> None:
    number = await keep(qq, author)
    [card] = await qq.tell(group_message(f"看 {number}"))
    assert picture(card).width == 1080
    [wall] = await qq.tell(group_message("告别墙 小暖"))
    assert picture(wall).width == 1080
    assert "看 编号" in wall.text
    [gone] = await qq.tell(group_message(f"撤下 {number}", user_id=author))
    assert f"{number} 号撤下了" in gone.text
    [none] = await qq.tell(group_message(f"看 {number}"))
    assert f"没有你能看的 {number} 号" in none.text


async def test_without_a_picture_it_is_said_in_words(
    qq: QQ, author: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def cannot(*_: object) -> bytes:
        raise PictureUnavailable("no process")

    number = await keep(qq, author)
    monkeypatch.setattr(qq.house.studio, "draw", cannot)
    [card] = await qq.tell(group_message(f"看 {number}"))
    assert [part["type"] for part in card.parameters["message"]] == ["reply", "text", "text"]
    assert "《最后一盏灯》" in card.text
    assert "灯还给你留着" in card.text


async def test_a_private_entry_is_shown_to_its_author_in_private_alone(qq: QQ, author: int) -> None:
    number = await keep(qq, author)
    await qq.tell(group_message(f"可见 {number} 私密", user_id=author))
    for asker in (author, ADMIN):
        [answer] = await qq.tell(group_message(f"看 {number}", user_id=asker))
        assert "没有你能看的" in answer.text
    [hidden] = await qq.tell(private_message(f"看 {number}", user_id=ADMIN))
    assert "没有你能看的" in hidden.text
    [mine] = await qq.tell(private_message(f"看 {number}", user_id=author))
    assert mine.action == "send_private_msg"
    assert picture(mine).width == 1080


async def test_a_moderator_can_only_propose(qq: QQ, author: int) -> None:
    said = await say(qq, "这句话想留住", author)
    told = await reply(qq, said, "存档 一句话", ADMIN)
    in_group = [call for call in told if call.action == "send_group_msg"]
    assert len(in_group) == 1
    assert "由作者自己决定" in in_group[0].text
    [asked] = [call for call in told if call.action == "send_private_msg"]
    assert asked.parameters["user_id"] == author
    assert "同意存档" in asked.text


@pytest.mark.parametrize("talk", ["看 这张好好笑", "纪念日 快到了", "撤下 那张吧", "打码 一下"])
async def test_talk_that_begins_like_a_command_stays_talk(qq: QQ, talk: str) -> None:
    assert await qq.tell(group_message(talk)) == []


async def test_a_date_is_kept_and_listed_in_private(qq: QQ, author: int) -> None:
    [kept] = await qq.tell(group_message("纪念日 06-06 和小暖的婚礼", user_id=author))
    assert "记下了：6月6日" in kept.text.replace(" ", "")
    [refused] = await qq.tell(group_message("纪念日", user_id=author))
    assert "婚礼" not in refused.text.partition("\n")[0]
    [listed] = await qq.tell(private_message("纪念日", user_id=author))
    assert "和小暖的婚礼" in listed.text


async def test_what_is_quoted_from_elsewhere_is_not_found(qq: QQ, author: int) -> None:
    [answer] = await reply(qq, {"message_id": 999_999_999}, "存档 不存在的", author)
    assert "请回复那条" in answer.text
