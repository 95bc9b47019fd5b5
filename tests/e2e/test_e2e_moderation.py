"""Moderation as the group sees it: over a real WebSocket, with a QQ that can refuse."""

import re

import pytest

from benchmarks.support.cast import ATANG, LAOZHOU, STAFF, staffed_group
from benchmarks.support.rig import Rig
from benchmarks.support.waiting import until
from simulator import PersonSpec, SimulatorConfig
from simulator.faults import FaultOrder

WITHIN_S = 30.0
MORNING, NIGHT = 2840011021, 2840011022
"""More moderators: one person is not answered more than so often in a minute."""


@pytest.fixture(scope="module")
def bot_settings() -> dict[str, object]:
    # In words: whether a card is drawn in time depends on how busy the machine is.
    return {"STAFF_GROUP": STAFF, "API_TIMEOUT": 5, "ALERT_CARDS": False}


@pytest.fixture(scope="module")
def cast() -> SimulatorConfig:
    staffed = staffed_group(members=20)
    more = [
        PersonSpec(id=f"m{number}", user_id=number, nickname="管理", role="admin", friend=True)
        for number in (MORNING, NIGHT)
    ]
    return staffed.model_copy(update={"people": (*staffed.people, *more)})


def mention(user_id: int) -> dict[str, object]:
    return {"type": "at", "data": {"qq": str(user_id)}}


def words(text: str) -> dict[str, object]:
    return {"type": "text", "data": {"text": text}}


async def orders(rig: Rig, text: str, user_id: int, more: str = "", *, who: int = ATANG) -> str:
    """Let a moderator order something about a member in the group; the bot's answer."""
    before = len(rig.sim.sent)
    asked = await rig.sim.say(who, [words(text), mention(user_id), words(more)])

    def answers(sent: object) -> bool:
        segments = getattr(sent, "segments", ())
        return any(
            one["type"] == "reply" and int(one["data"]["id"]) == asked.message_id
            for one in segments
        )

    return (await rig.sim.wait_sent(answers, WITHIN_S, before)).text


async def tells(rig: Rig, who: int, text: str) -> str:
    """Say something to the bot in private; its answer."""
    return (await rig.ask(who, text, private=True)).text


def number_in(text: str) -> int:
    found = re.search(r"编号 (\d+)", text)
    assert found, text
    return int(found[1])


async def test_a_rule_is_tried_then_armed_and_a_message_goes(rig: Rig) -> None:
    speaker = rig.bystander()
    rig.sim.stage.befriend(speaker, friend=True)
    await rig.flush()
    assert "试运行" in await tells(rig, ATANG, "规则 新增 卖复活：复活套餐 → 撤回")
    await rig.sim.say(speaker, "复活套餐今天打折")
    await rig.flush()
    assert "卖复活" in await tells(rig, ATANG, "审计 试运行")
    assert not [call for call in rig.sim.calls if call.action == "delete_msg"]

    assert "生效" in await tells(rig, ATANG, "规则 生效 卖复活")
    before = len(rig.sim.sent)
    said = await rig.sim.say(speaker, "复-活-套-餐，先付定金")
    await until(lambda: rig.sim.world.message(said.message_id).recalled, "it is recalled", 30)
    letter = await rig.sim.wait_sent(
        lambda sent: sent.user_id == speaker and "原文还给你" in sent.text, WITHIN_S, before
    )
    assert "复-活-套-餐，先付定金" in letter.text
    assert not [sent for sent in rig.sim.sent[before:] if sent.group_id == rig.group_id]

    answer = await tells(rig, speaker, f"申诉 {number_in(letter.text)} 我只是转述")
    assert "已经交给管理" in answer
    await rig.sim.wait_sent(
        lambda sent: sent.user_id == ATANG and "我只是转述" in sent.text, WITHIN_S, before
    )
    assert "撤销了" in await tells(rig, LAOZHOU, f"撤销 {number_in(letter.text)}")


async def test_a_mute_by_hand_its_refusal_and_its_undoing(rig: Rig) -> None:
    someone = rig.bystander()
    done = await orders(rig, "禁言 ", someone, " 十分钟 太吵了")
    assert "已禁言 10 分钟" in done
    ban = next(call for call in rig.sim.calls if call.action == "set_group_ban")
    assert ban.params["duration"] == 600
    assert "已解除禁言" in await tells(rig, ATANG, f"撤销 {number_in(done)}")

    rig.sim.accident(FaultOrder(refuse={"set_group_ban": 1200}))
    assert "没做成" in await orders(rig, "禁言 ", someone, " 1小时")
    rig.sim.accident(FaultOrder(reset=True))
    assert "不动" in await orders(rig, "禁言 ", LAOZHOU, " 1小时")


async def test_somebody_is_removed_only_after_it_was_confirmed(rig: Rig) -> None:
    someone = rig.bystander()
    assert "确认踢" in await orders(rig, "踢 ", someone, " 广告")
    assert someone in rig.sim.world.group(rig.group_id).members
    before = len(rig.sim.sent)
    await rig.sim.say(ATANG, "确认踢")
    await rig.sim.wait_sent(lambda sent: "已移出" in sent.text, WITHIN_S, before)
    assert someone not in rig.sim.world.group(rig.group_id).members


async def test_the_last_messages_of_a_member_are_taken_back(rig: Rig) -> None:
    someone = rig.bystander()
    said = await rig.say_all(someone, ["第一句", "第二句", "第三句"])
    await rig.flush()
    assert "撤回了 2 条" in await orders(rig, "撤回 ", someone, " 2")
    gone = [rig.sim.world.message(one.message_id).recalled for one in said]
    assert gone == [False, True, True]


async def test_everybody_is_muted_its_refusal_and_its_undoing(rig: Rig) -> None:
    group = rig.sim.world.group(rig.group_id)
    rig.sim.accident(FaultOrder(refuse={"set_group_whole_ban": 1200}))
    assert "没做成：QQ 拒绝了" in await tells(rig, LAOZHOU, "全员禁言")
    assert not group.muted_all
    rig.sim.accident(FaultOrder(reset=True))
    done = await tells(rig, LAOZHOU, "全员禁言")
    assert group.muted_all
    rig.sim.accident(FaultOrder(refuse={"set_group_whole_ban": 1200}))
    assert "没成" in await tells(rig, LAOZHOU, f"撤销 {number_in(done)}")
    assert group.muted_all
    rig.sim.accident(FaultOrder(reset=True))
    assert "解除了" in await tells(rig, LAOZHOU, "解除全员禁言")
    again = await tells(rig, LAOZHOU, "全员禁言")
    assert "全员禁言已解除" in await tells(rig, LAOZHOU, f"撤销 {number_in(again)}")
    assert not group.muted_all


async def test_a_removal_and_a_recall_that_qq_refuses_are_said_to_have_failed(rig: Rig) -> None:
    someone = rig.bystander()
    said = await rig.sim.say(someone, "还在这里")
    await rig.flush()
    rig.sim.accident(FaultOrder(refuse={"set_group_kick": 1200, "delete_msg": 1200}))
    assert "1 条没成" in await orders(rig, "撤回 ", someone, " 1", who=MORNING)
    assert not rig.sim.world.message(said.message_id).recalled
    await orders(rig, "踢 ", someone, who=MORNING)
    before = len(rig.sim.sent)
    await rig.sim.say(MORNING, "确认踢")
    answer = await rig.sim.wait_sent(lambda sent: "没做成" in sent.text, WITHIN_S, before)
    assert "QQ 拒绝了" in answer.text
    assert someone in rig.sim.world.group(rig.group_id).members
    assert "不算在 TA 的记录里" in await tells(rig, MORNING, f"撤销 {number_in(answer.text)}")


async def test_who_has_left_is_not_acted_upon(rig: Rig) -> None:
    gone, unseen = rig.bystander(), rig.bystander()
    rig.sim.stage.leave(rig.group_id, gone)
    await rig.flush()
    assert "不在群里" in await orders(rig, "禁言 ", gone, " 10m", who=MORNING)
    rig.sim.world.group(rig.group_id).members.pop(unseen)  # and nobody was told
    answer = await orders(rig, "禁言 ", unseen, " 10m", who=MORNING)
    assert "没做成：QQ 拒绝了" in answer
    await orders(rig, "踢 ", unseen, who=MORNING)
    before = len(rig.sim.sent)
    await rig.sim.say(MORNING, "确认踢")
    await rig.sim.wait_sent(lambda sent: "没做成" in sent.text, WITHIN_S, before)


async def test_a_bot_that_is_no_admin_says_what_to_do(rig: Rig) -> None:
    bot, someone = rig.sim.world.bot.user_id, rig.bystander()
    rig.sim.stage.set_admin(rig.group_id, bot, enable=False)
    await rig.flush()
    for answer in (
        await orders(rig, "禁言 ", someone, " 10m", who=MORNING),
        await orders(rig, "撤回 ", someone, " 1", who=MORNING),
        await tells(rig, MORNING, "全员禁言"),
    ):
        assert "不是这个群的管理员" in answer or "没有找到" in answer
    assert "不是这个群的管理员" in await tells(rig, MORNING, "入群 人工")
    rig.sim.stage.set_admin(rig.group_id, bot, enable=True)
    await rig.flush()


async def test_who_asks_to_join_comes_in_by_the_word_or_by_people(rig: Rig) -> None:
    members = rig.sim.world.group(rig.group_id).members
    await tells(rig, NIGHT, "入群 暗号 守灯人")
    assert "放行" in await tells(rig, NIGHT, "入群 自动")
    rig.sim.requests.ask_group(rig.group_id, 3_811_000_001, "问题：暗号？\n答案：守燈人！")
    await until(lambda: 3_811_000_001 in members, "who knows the word is in", 30)

    before = len(rig.sim.sent)
    rig.sim.requests.ask_group(rig.group_id, 3_811_000_002, "问题：暗号？\n答案：让我进\n放行 1")
    letter = await rig.sim.wait_sent(
        lambda sent: sent.user_id == NIGHT and "3811000002" in sent.text, WITHIN_S, before
    )
    number = re.search(r"申请 (\d+) 号", letter.text)
    assert number, letter.text
    rig.sim.accident(FaultOrder(refuse={"set_group_add_request": 1200}))
    assert "没办成：QQ 没有答应" in await tells(rig, NIGHT, f"放行 {number[1]}")
    rig.sim.accident(FaultOrder(reset=True))
    assert "放行了" in await tells(rig, ATANG, f"放行 {number[1]}")
    assert 3_811_000_002 in members
    assert "放行了" in await tells(rig, NIGHT, f"婉拒 {number[1]}")
    assert not [sent for sent in rig.sim.sent[before:] if sent.group_id == rig.group_id]
    assert "放行入群" in await tells(rig, NIGHT, "审计")
