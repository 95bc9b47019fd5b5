"""The desk as moderators talk to it: by number, by quoting an alert, or by a plain mistake."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from async_asgi_testclient import TestClient
from nonebot.adapters.onebot.v11 import Adapter, MessageEvent
from sqlalchemy import select

from liudeng.desk import CaseKind, Concern
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
from tests.plugins.conftest import QQ, settled_in

CRISIS = "我不想活了，今晚就从楼顶跳下去"
_members = iter(range(60_001, 70_000))
STAFF = {"group_id": STAFF_GROUP}


@pytest.fixture(scope="module")
async def qq(client: TestClient) -> AsyncIterator[QQ]:
    """One connection for all that is said here."""
    async with settled_in(client) as connected:
        yield connected


async def raise_case(qq: QQ) -> tuple[int, dict[int, str]]:
    """Open a case; return its number and each alert's id."""
    concern = Concern(
        room="测试",
        kind=CaseKind.DISTRESS,
        group_id=GROUP,
        subject_id=next(_members),
        text="让人担心",
        level=3,
    )
    case = await qq.house.desk.take_up(concern)
    await qq.quiet()
    return case.id, await alert_ids(qq, case.id)


async def alert_ids(qq: QQ, number: int) -> dict[int, str]:
    async with qq.house.database.read() as connection:
        query = select(outbox.c.target_id, outbox.c.sent_message_id).where(
            outbox.c.case_id == number, outbox.c.state == "done"
        )
        return {row.target_id: row.sent_message_id for row in await connection.execute(query)}


def replying(message_id: str, typed: str, *more: dict[str, Any]) -> MessageEvent:
    payload = private_message(user_id=OWNER)
    payload["message"] = [quoting(message_id), text(typed), *more]
    event = Adapter.json_to_event(payload)
    assert isinstance(event, MessageEvent)
    return event


async def ask(qq: QQ, user: int, *message: Any, **place: Any) -> list[Call]:
    make = group_message if place else private_message
    payload = {**make(user_id=user, **place), "message": list(message)}
    said = await qq.tell(payload)
    return [call for call in said if not call.text.startswith("【留灯】")]


def quoting(message_id: str) -> dict[str, Any]:
    return segment("reply", id=message_id)


async def test_from_what_was_said_to_the_alert_that_is_quoted(qq: QQ) -> None:
    alerts = await qq.tell(group_message(CRISIS, user_id=next(_members)))
    number = int(alerts[0].text.split("案件 ")[1].split("：")[0])
    quoted = quoting((await alert_ids(qq, number))[OWNER])
    [answer] = await ask(qq, OWNER, quoted, text("案件"))
    assert CRISIS in answer.text


REPLIES = (
    ("接手", "always_a_case", "{n}", ""),
    ("接手 {n}", "always_a_case", "{n}", ""),
    ("接手 77", "always_a_case", "77", ""),
    ("备注 打过 110 了", "never_a_case", "{n}", "打过 110 了"),
    ("备注 110 来过了", "never_a_case", "{n}", "110 来过了"),
    ("备注 #77 打过电话", "never_a_case", "77", "打过电话"),
    ("备注 案件 77 打过电话", "never_a_case", "77", "打过电话"),
    ("完结 33 楼的朋友陪着", "never_a_case", "{n}", "33 楼的朋友陪着"),
    ("完结 {n} 家人陪着", "never_a_case", "{n}", "家人陪着"),
    ("升级 90 后都来", "never_a_case", "{n}", "90 后都来"),
    ("回访", "before_a_span", "{n}", ""),
    ("回访 24", "before_a_span", "{n}", "24"),
    ("回访 24h", "before_a_span", "{n}", "24h"),
    ("回访 3 天", "before_a_span", "{n}", "3 天"),
    ("回访 {n} 24h", "before_a_span", "{n}", "24h"),
    ("回访 77 24h", "before_a_span", "77", "24h"),
)


async def test_behind_a_quoted_alert_a_number_may_be_something_else(qq: QQ) -> None:
    """A time, a telephone's, how many friends: what the command takes tells."""
    from plugins.commands.asking import asker_of
    from plugins.desk import meaning

    number, alerts = await raise_case(qq)
    for typed, takes, case, rest in REPLIES:
        event = replying(alerts[OWNER], typed.format(n=number))
        meant = await meaning.case_meant(asker_of(event), getattr(meaning, takes))
        assert meant == (int(case.format(n=number)), rest), typed


HANDINGS = (
    (f"转交 {ADMIN}", "{n}", ADMIN, ""),
    (f"转交 {ADMIN} 我要上班了", "{n}", ADMIN, "我要上班了"),
    (f"转交 {{n}} {ADMIN}", "{n}", ADMIN, ""),
    (f"转交 77 {ADMIN} 我要上班了", "77", ADMIN, "我要上班了"),
    ("转交", "{n}", None, ""),
    ("转交 没有这个人", "{n}", None, ""),
)


async def test_whom_a_quoted_alert_is_handed_to(qq: QQ) -> None:
    from plugins.commands.asking import asker_of
    from plugins.desk import meaning

    number, alerts = await raise_case(qq)
    for typed, case, heir, words in HANDINGS:
        event = replying(alerts[OWNER], typed.format(n=number))
        meant = await meaning.handing_meant(event, asker_of(event))
        assert meant == (int(case.format(n=number)), heir, words), typed
    event = replying(alerts[OWNER], "转交 77 ", segment("at", qq=str(ADMIN)))
    assert await meaning.handing_meant(event, asker_of(event)) == (77, ADMIN, "")


async def test_replying_to_the_alert_needs_no_number(qq: QQ) -> None:
    number, alerts = await raise_case(qq)
    for typed, answered in (
        ("回访 24", f"（案件 {number}）"),
        (f"转交 {ADMIN}", f"案件 {number} 转交给"),
        ("误报", f"案件 {number} 已完结：误报"),
    ):
        [answer] = await ask(qq, OWNER, quoting(alerts[OWNER]), text(typed))
        assert answered in answer.text, typed


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
    assert f"案件 {number} 现在在你手里了" in answer.text


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
    typed = [*ON_A_CASE, "备注 一下", f"转交 {ADMIN}"]
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
