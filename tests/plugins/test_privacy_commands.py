"""What members say about being kept, over the WebSocket and back."""

import base64
import errno
import io
import json
import zipfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from liudeng.archive.tables import messages
from liudeng.outbox.tables import outbox
from liudeng.privacy import Keeping, Mode, texts
from liudeng.privacy.handing_out import HandingOut
from tests.fakes.gateway import Call
from tests.fakes.payloads import (
    ADMIN,
    GROUP,
    MEMBER,
    NOW_S,
    OWNER,
    SELF_ID,
    group_message,
    group_notice,
    private_message,
    segment,
    text,
)
from tests.fakes.waiting import until
from tests.plugins.conftest import QQ

_members: Iterator[int] = count(910_000_001)
_seconds: Iterator[int] = count(NOW_S + 100, 10)


@pytest.fixture
def member() -> int:
    return next(_members)


def says(words: Any, who: int, **fields: Any) -> dict[str, Any]:
    payload = group_message(words, user_id=who, time=next(_seconds), **fields)
    payload["sender"] = {"user_id": who, "nickname": f"昵称{who}", "card": "", "role": "member"}
    return payload


def whispers(words: str, who: int) -> dict[str, Any]:
    return private_message(words, user_id=who, time=next(_seconds))


async def texts_of(qq: QQ, who: int) -> list[str]:
    async with qq.house.database.read() as connection:
        query = select(messages.c.text).where(messages.c.user_id == str(who))
        return list(await connection.scalars(query.order_by(messages.c.id)))


async def test_who_refuses_is_kept_no_longer_and_can_come_back(qq: QQ, member: int) -> None:
    await qq.tell(says("以前说的", member))
    [answer] = await qq.tell(says("不要存我", member))
    assert answer.text == texts.REFUSED
    await qq.tell(says("不该留下", member))
    assert await texts_of(qq, member) == ["以前说的"]
    [answer] = await qq.tell(says("存我", member))
    assert answer.text == texts.KEPT
    await qq.tell(says("又可以了", member))
    assert await texts_of(qq, member) == ["以前说的", "又可以了"]


async def test_an_old_word_that_comes_again_lets_nobody_in_and_says_so(qq: QQ, member: int) -> None:
    old = says("存我", member)
    await qq.tell(says("不要存我", member))
    [answer] = await qq.tell(old)
    assert answer.text == texts.REFUSED_SINCE
    await qq.tell(says("不该留下", member))
    assert await texts_of(qq, member) == []


async def test_a_refusal_in_private_holds_in_every_group_and_leaves_no_number(
    qq: QQ, member: int
) -> None:
    [answer] = await qq.tell(whispers("不要存我", member))
    assert answer.action == "send_private_msg"
    await qq.tell(says("不该留下", member))
    assert await texts_of(qq, member) == []
    async with qq.house.database.read() as connection:
        to_them = select(outbox.c.id).where(outbox.c.target_id == member)
        assert (await connection.execute(to_them)).first() is None


async def test_one_message_can_be_kept_out(qq: QQ, member: int) -> None:
    await qq.tell(says("🔕这句别存", member), says("这句可以", member))
    assert await texts_of(qq, member) == ["这句可以"]


async def test_who_keeps_only_the_wall_puts_one_message_there(
    qq: QQ, member: int, word: str
) -> None:
    await qq.tell(says("只存存档", member))
    spoken = says(f"{word}，再见了", member)
    await qq.tell(spoken, says("别的话", member))
    assert await texts_of(qq, member) == []
    qq.implementation.answers["get_msg"].append(
        {"status": "failed", "retcode": 1200, "data": None, "message": "no such message"}
    )
    reply = [segment("reply", id=str(spoken["message_id"])), text("存档 最后一句")]
    [answer] = await qq.tell(says(reply, member))
    assert "存好了" in answer.text
    assert await texts_of(qq, member) == [f"{word}，再见了"]
    [nothing] = await qq.tell(group_message(f"搜 {word}"))
    assert "再见了" not in nothing.text


async def test_my_data_comes_as_a_file_that_holds_everything(
    qq: QQ, member: int, word: str
) -> None:
    await qq.tell(says(f"{word}是我说的", member), says(f"{word}不是", MEMBER))
    told = await qq.tell(whispers("我的数据", member))
    assert any("1 条消息" in call.text for call in told)
    [upload] = [
        call
        for call in qq.implementation.calls
        if call.action == "upload_private_file" and call.parameters["user_id"] == member
    ]
    archive = zipfile.ZipFile(io.BytesIO(_content(upload)))
    [said] = json.loads(archive.read("messages-1.json"))
    assert said["text"] == f"{word}是我说的"
    assert f"{word}是我说的" in archive.read("messages-1.html").decode()
    assert "messages-1.html" in archive.read("index.html").decode()
    again = await qq.tell(whispers("我的数据", member))
    assert [call.text for call in again] == [texts.OFTEN]


async def test_who_asks_for_their_data_on_a_full_disk_is_answered(
    qq: QQ, member: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_self: HandingOut) -> Path:
        raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr(HandingOut, "_new_folder", full)
    [answer] = await qq.tell(whispers("我的数据", member))
    assert answer.text == texts.CANNOT_PACK


def _content(upload: Call) -> bytes:
    return base64.b64decode(upload.parameters["file"].removeprefix("base64://"))


async def test_who_is_erased_is_asked_once_and_gets_a_receipt(
    qq: QQ, member: int, word: str
) -> None:
    await qq.tell(says(f"{word}要删掉", member))
    [refused] = await qq.tell(whispers("确认删掉我", member))
    assert refused.text == texts.ASK_AGAIN
    [asked] = await qq.tell(whispers("删掉我", member))
    assert "1 条消息" in asked.text
    assert await texts_of(qq, member) != []
    before = len(qq.implementation.sent())
    await qq.tell(whispers("确认删掉我", member))

    def receipt() -> list[Call]:
        sent = qq.implementation.sent()[before:]
        return [call for call in sent if "删干净了" in call.text]

    await until(lambda: bool(receipt()), "a receipt comes", 30)
    assert receipt()[0].parameters["user_id"] == member
    assert await texts_of(qq, member) == []
    await qq.tell(says("之后也不存", member))
    assert await texts_of(qq, member) == []


async def test_moderators_decide_whom_their_group_keeps(qq: QQ, member: int) -> None:
    house = qq.house
    assert await qq.tell(says("群存档 关", MEMBER)) == []
    try:
        [answer] = await qq.tell(says("群存档 自愿", ADMIN))
        assert answer.text == texts.MODES[Mode.ASKED]
        await qq.tell(says("没问过我", member))
        assert await texts_of(qq, member) == []
        await qq.tell(says("存我", member))
        await qq.tell(says("我愿意", member))
        assert await texts_of(qq, member) == ["我愿意"]
        [answer] = await qq.tell(says("群存档 关", OWNER))
        assert answer.text == texts.MODES[Mode.OFF]
        assert house.privacy.register.standing(GROUP, str(member)).keeping is Keeping.NONE
    finally:
        await qq.tell(says("群存档 开", OWNER))
    assert house.privacy.register.book.mode(GROUP) is Mode.OPEN


async def test_only_an_operator_decides_about_a_group_that_was_left(qq: QQ) -> None:
    answers = await qq.tell(whispers(f"退群存档 {GROUP} 删除", OWNER))
    assert not any("删" in call.text for call in answers)


async def test_a_new_group_is_told_at_once_what_is_kept(qq: QQ) -> None:
    notice = group_notice("group_increase", "approve", user_id=SELF_ID, time=next(_seconds))
    told = await qq.tell(notice)
    [joined] = [call for call in told if call.action == "send_group_msg"]
    assert "不要存我" in joined.text
    assert joined.parameters["group_id"] == GROUP


async def test_privacy_tells_how_one_stands(qq: QQ, member: int) -> None:
    [answer] = await qq.tell(says("隐私", member))
    assert "现在：会存你说的话。" in answer.text
    await qq.tell(says("别看我", member))
    await qq.tell(says("不要存我", member))
    [answer] = await qq.tell(says("隐私", member))
    assert "现在：不存你说的话，也不留意你" in answer.text
