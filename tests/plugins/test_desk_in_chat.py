"""The desk as moderators talk to it: by number, by quoting an alert, or by a plain mistake."""

from typing import Any

import pytest
from sqlalchemy import select

from liudeng.outbox.tables import outbox
from tests.fakes.gateway import Call
from tests.fakes.payloads import (
    ADMIN,
    GROUP,
    OWNER,
    STAFF_GROUP,
    group_message,
    private_message,
    segment,
    text,
)
from tests.plugins.conftest import QQ

CRISIS = "我不想活了，今晚就从楼顶跳下去"
_members = iter(range(60_001, 70_000))
STAFF = {"group_id": STAFF_GROUP}


async def raise_case(qq: QQ) -> tuple[int, dict[int, str]]:
    """Let a member say what must not be overlooked; return the case and each alert's id."""
    alerts = await qq.tell(group_message(CRISIS, user_id=next(_members)))
    number = int(alerts[0].text.split("案件 ")[1].split("：")[0])
    async with qq.house.database.read() as connection:
        query = select(outbox.c.target_id, outbox.c.sent_message_id).where(
            outbox.c.case_id == number, outbox.c.state == "done"
        )
        rows = await connection.execute(query)
        return number, {row.target_id: row.sent_message_id for row in rows}


async def ask(qq: QQ, user: int, *message: Any, **place: Any) -> list[Call]:
    make = group_message if place else private_message
    payload = {**make(user_id=user, **place), "message": list(message)}
    said = await qq.tell(payload)
    return [call for call in said if not call.text.startswith("【留灯】")]


def quoting(message_id: str) -> dict[str, Any]:
    return segment("reply", id=message_id)


@pytest.mark.parametrize(
    ("typed", "answered"),
    [
        ("接手", "由你接手了"),
        ("属实", "属实"),
        ("备注 打过 110 了", "记下了"),
        ("回访 24h", "我私聊提醒你"),
        ("回访", "我私聊提醒你"),
        (f"转交 {ADMIN}", "转交给"),
        ("升级 说要出门", "已经再叫一次管理"),
        ("案件", "原话"),
        ("误报", "已完结：误报"),
        ("完结 3 个朋友陪着", "已完结：3 个朋友陪着"),
    ],
)
async def test_replying_to_the_alert_needs_no_number(typed: str, answered: str, qq: QQ) -> None:
    number, alerts = await raise_case(qq)
    [answer] = await ask(qq, OWNER, quoting(alerts[OWNER]), text(typed))
    assert answered in answer.text
    if typed != "案件":
        assert str(number) in answer.text


async def test_a_number_that_is_typed_counts_more_than_the_quotation(qq: QQ) -> None:
    first, _ = await raise_case(qq)
    _, alerts = await raise_case(qq)
    [answer] = await ask(qq, OWNER, quoting(alerts[OWNER]), text(f"接手 {first}"))
    assert f"案件 {first} 由你接手了" in answer.text


async def test_what_is_no_alert_is_no_key(qq: QQ) -> None:
    [answer] = await ask(qq, OWNER, quoting("12345"), text("接手"))
    assert "要处理哪一件" in answer.text


async def test_a_colleague_is_mentioned_or_named_or_numbered(qq: QQ) -> None:
    number, _ = await raise_case(qq)
    [answer] = await ask(qq, OWNER, text(f"转交 {number}"))
    assert "转交给谁" in answer.text
    mentioning = [text(f"转交 {number} "), segment("at", qq=str(ADMIN))]
    [answer] = await ask(qq, OWNER, *mentioning, **STAFF)
    assert f"案件 {number} 转交给 {ADMIN}" in answer.text
    [answer] = await ask(qq, OWNER, text(f"转交 {number} {OWNER} 我来吧"))
    assert f"案件 {number} 转交给 {OWNER}" in answer.text


TALK = (
    "备注 一下这个群规",
    "完结 撒花",
    "升级 系统了",
    "接手 一下吧",
    "值班 辛苦了",
    "离岗 了我先睡",
    "转交 给谁",
    "组长 在吗",
    "到岗 了",
    "回访 一下他",
    "摘要",
)


async def test_talk_among_staff_stays_talk(qq: QQ) -> None:
    assert await qq.tell(*(group_message(talk, user_id=OWNER, **STAFF) for talk in TALK)) == []


ON_A_CASE = ("接手", "转交", "备注", "升级", "误报", "属实", "回访", "完结", "送上资源", "前后文")


async def test_a_command_without_its_case_gets_one_helpful_sentence(qq: QQ) -> None:
    typed = [*ON_A_CASE, "备注 一下"]
    said = await qq.tell(*(private_message(one, user_id=OWNER) for one in typed))
    assert len(said) == len(typed)
    assert all("要处理哪一件？写上编号，例如：" in call.text for call in said)


async def test_full_width_numbers_are_numbers(qq: QQ) -> None:
    number, _ = await raise_case(qq)
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in str(number))
    [answer] = await ask(qq, OWNER, text(f"接手 ＃{wide}"))
    assert "由你接手了" in answer.text


async def test_a_report_without_a_quotation_is_talk_in_the_group(qq: QQ) -> None:
    talk = ("举报", "举报 他", "我担心 明天考试", "谁看过我")
    assert await qq.tell(*(group_message(one, group_id=GROUP) for one in talk)) == []
