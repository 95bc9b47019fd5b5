"""Moderation as the group sees it: over a real WebSocket, with a QQ that can refuse."""

import re

import pytest

from benchmarks.support.cast import ATANG, LAOZHOU, STAFF, staffed_group
from benchmarks.support.rig import Rig
from benchmarks.support.waiting import until
from simulator import SimulatorConfig
from simulator.faults import FaultOrder

WITHIN_S = 30.0


@pytest.fixture(scope="module")
def bot_settings() -> dict[str, object]:
    return {"STAFF_GROUP": STAFF, "API_TIMEOUT": 5}


@pytest.fixture(scope="module")
def cast() -> SimulatorConfig:
    return staffed_group(members=20)


def mention(user_id: int) -> dict[str, object]:
    return {"type": "at", "data": {"qq": str(user_id)}}


def words(text: str) -> dict[str, object]:
    return {"type": "text", "data": {"text": text}}


async def orders(rig: Rig, text: str, user_id: int, more: str = "") -> str:
    """Let the owner order something about a member in the group; the bot's answer."""
    before = len(rig.sim.sent)
    asked = await rig.sim.say(ATANG, [words(text), mention(user_id), words(more)])

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
