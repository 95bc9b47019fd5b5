"""Questions and answers over the WebSocket and back, and who may change them."""

import time
from itertools import count

import pytest
from sqlalchemy import select

from liudeng.commands import Audience, Command
from liudeng.faq.tables import faq_votes
from tests.fakes.payloads import (
    ADMIN,
    GROUP,
    MEMBER,
    OTHER_MEMBER,
    OWNER,
    SELF_ID,
    group_message,
    private_message,
    segment,
    text,
)
from tests.plugins.conftest import QQ
from tests.plugins.test_search_in_chat import quoting

_nights = count(1)
MODERATORS_COMMANDS = {
    "新增问答 水母灯怎么充电｜用原来的线。": "还没有发布",
    "改问答 2 新的答案": "还没有发布",
    "发布 1": "号",
    "合并 3 到 4": "合并了",
    "停用 5": "停用了",
    "核实 6": "核实过",
    "改回 999": "没有",
    "问答历史 7": "历史",
    "待答": "等",
    "补答 999 答案": "没有 999 号待答",
    "不答 999": "没有这一号待答",
    "自动回答 关": "不接话",
    "时间线 新增 2026-02-13 那天一起熬到天亮": "加上了",
    "时间线 删除 999": "没有 999 号",
}


async def test_a_question_is_answered_and_rated(qq: QQ) -> None:
    [answer] = await qq.tell(group_message("问 导出的下载链接打不开、提示过期？"))
    assert "重新申请" in answer.text
    [thanks] = await qq.tell(group_message("有用"))
    assert "谢谢" in thanks.text
    [sorry] = await qq.tell(group_message("没用"))
    assert "管理" in sorry.text


async def test_who_mentions_the_bot_asks_it(qq: QQ) -> None:
    mention = segment("at", qq=str(SELF_ID))
    [answer] = await qq.tell(group_message([mention, text(" 导出的下载链接打不开、提示过期？")]))
    assert "重新申请" in answer.text
    assert await qq.tell(group_message([mention, text(" 晚安")])) == []


async def test_quoting_the_bot_asks_nothing(qq: QQ) -> None:
    qq.implementation.answers["get_msg"].append(
        {"status": "failed", "retcode": 1200, "data": None, "message": "no such message"}
    )
    quoted = [segment("reply", id="1"), segment("at", qq=str(SELF_ID)), text(" 怎么导出？")]
    assert await qq.tell(group_message(quoted)) == []


async def test_the_list_is_a_picture(qq: QQ) -> None:
    [card] = await qq.tell(group_message("问答"))
    assert "image" in [part["type"] for part in card.parameters["message"]]


async def test_a_long_entry_is_a_card_and_what_is_dialled_stands_below_it(qq: QQ) -> None:
    [entry] = await qq.tell(group_message("问答 51"))
    assert [part["type"] for part in entry.parameters["message"]] == ["reply", "image", "text"]
    assert "12356" in entry.text
    assert "问答 51" in entry.text


async def test_who_quotes_an_answer_rates_that_one(qq: QQ) -> None:
    [older] = await qq.tell(group_message("问答 20", user_id=OWNER))
    await qq.tell(group_message("问答 21", user_id=OWNER))
    asked, known = quoting(older.text, SELF_ID, "没用")
    qq.implementation.answers["get_msg"].append(known)
    await qq.tell(asked)
    async with qq.house.database.read() as connection:
        mine = faq_votes.c.user_id == str(OWNER)
        votes = await connection.execute(select(faq_votes).where(mine))
        assert [(row.entry_id, row.useful) for row in votes] == [(20, False)]


async def test_a_plain_question_is_answered_though_nobody_asked_the_bot(qq: QQ) -> None:
    asked = "导出的下载链接打不开、提示过期？"
    payload = group_message(asked, time=int(time.time()))
    [answer] = await qq.tell(payload)
    [quoted, *_] = answer.parameters["message"]
    assert quoted["data"]["id"] == str(payload["message_id"])
    [hushed] = await qq.tell(group_message("不用答"))
    assert "一个月" in hushed.text


async def test_the_timeline_is_a_picture(qq: QQ) -> None:
    [card] = await qq.tell(group_message("时间线"))
    assert "image" in [part["type"] for part in card.parameters["message"]]


async def test_help_lists_every_command(qq: QQ) -> None:
    from liudeng.commands import help_text, help_topics

    topics = help_topics(qq.house.commands, moderator=True, private=True)
    shown = help_text(topics, private=True)
    for usage in ("问 怎么导出聊天记录", "问答 12", "不用答", "合并 12 到 8", "时间线 新增"):
        assert usage in shown


def test_every_command_of_moderators_is_tried_by_others() -> None:
    from plugins.faq import commands

    listed = [one for one in vars(commands).values() if isinstance(one, Command)]
    theirs = {one.name for one in listed if one.audience is Audience.MODERATOR}
    assert theirs <= {typed.partition(" ")[0] for typed in MODERATORS_COMMANDS}


@pytest.mark.parametrize("command", MODERATORS_COMMANDS)
async def test_only_moderators_of_the_group_change_anything(qq: QQ, command: str) -> None:
    for who in (MEMBER, OTHER_MEMBER):
        said = await qq.tell(group_message(command, user_id=who, group_id=GROUP))
        assert all("由管理来" in answer.text for answer in said)
    for who in (ADMIN, OWNER):
        [answer] = await qq.tell(group_message(command, user_id=who))
        assert any(
            expected in answer.text for expected in (MODERATORS_COMMANDS[command], "没有", "这样写")
        )


async def test_in_private_a_moderator_of_one_group_means_that_group(qq: QQ) -> None:
    [answer] = await qq.tell(private_message("待答", user_id=OWNER))
    assert "等" in answer.text
