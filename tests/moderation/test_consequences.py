"""What follows from a rule: every consequence, its failure and its undoing."""

import asyncio
from typing import Any

import pytest

from liudeng.db import now_ms
from liudeng.moderation import Arming, Order
from liudeng.moderation.action import Kind, State
from liudeng.outbox import OutcomeUnknown, Refused
from tests.fakes.archive import store
from tests.fakes.payloads import ADMIN, GROUP, MEMBER, OWNER, said
from tests.fakes.waiting import until
from tests.moderation.conftest import NEIGHBOUR, OTHER_BOT, Scene, just_now


async def test_a_set_that_is_only_tried_does_nothing_but_take_notes(scene: Scene) -> None:
    await scene.arm(state=Arming.DRY)
    await scene.say("今天复活套餐打折")
    assert [(one.kind, one.state) for one in await scene.actions()] == [(Kind.NOTE, State.DRY)]
    assert not scene.called("delete_msg")
    assert await scene.letters(MEMBER) == []
    assert "卖复活" in await scene.room.rulebook.dry_of(GROUP)


async def test_nothing_is_armed_before_it_was_tried(scene: Scene) -> None:
    answer = await scene.room.rulebook.set_state(GROUP, "测试套", Arming.ARMED, OWNER)
    assert "试运行" in answer
    assert scene.room.choices.of(GROUP).armings == {"测试套": Arming.DRY}


async def test_a_message_is_recalled_and_its_words_are_given_back(scene: Scene) -> None:
    await scene.arm()
    await scene.say("今天复活套餐打折")
    (action,) = await scene.actions()
    assert (action.kind, action.state, action.version) == (Kind.RECALL, State.DONE, 3)
    assert scene.called("delete_msg") == [{"message_id": 7001}]
    (letter,) = await scene.letters(MEMBER)
    for told in ("守灯人", "它在卖复活", "测试套·卖复活", f"申诉 {action.id}", "今天复活套餐打折"):
        assert told in letter


async def test_a_mute_is_undone_and_no_longer_counts(scene: Scene) -> None:
    await scene.arm()
    await scene.say("进群门票三十")
    (mute,) = await scene.actions()
    assert scene.called("set_group_ban") == [
        {"group_id": GROUP, "user_id": MEMBER, "duration": 3600}
    ]
    assert "已解除禁言" in await scene.room.by_hand.undo(ADMIN, mute.id)
    assert scene.called("set_group_ban")[-1]["duration"] == 0
    assert (await scene.actions())[0].state is State.UNDONE
    assert "已经撤销过" in await scene.room.by_hand.undo(ADMIN, mute.id)
    assert "0.0 分" in await scene.room.by_hand.record_of(GROUP, MEMBER)


async def test_a_case_is_opened_where_the_rule_says_so(scene: Scene) -> None:
    await scene.arm()
    await scene.say("进群门票三十")
    async with scene.database.read() as connection:
        found = await connection.exec_driver_sql("SELECT kind, subject_id FROM cases")
        assert found.all() == [("conduct", str(MEMBER))]


async def test_what_people_are_only_asked_to_look_at_is_kept_from_its_author(scene: Scene) -> None:
    await scene.arm()
    await scene.say("悄悄话暗号")
    assert [one.kind for one in await scene.actions()] == [Kind.NOTE]
    assert await scene.letters(MEMBER) == []
    async with scene.database.read() as connection:
        found = await connection.exec_driver_sql("SELECT subject_id FROM cases")
        assert found.scalars().all() == [str(MEMBER)]


async def test_who_does_it_again_climbs_the_ladder(scene: Scene) -> None:
    await scene.arm()
    for _ in range(3):
        await scene.say(f"求点赞第{_}次")
    kinds = [one.kind for one in await scene.actions()]
    assert kinds == [Kind.WARN, Kind.WARN, Kind.RECALL, Kind.MUTE]
    assert scene.called("set_group_ban")[0]["duration"] == 600


async def test_old_offences_fade(scene: Scene) -> None:
    await scene.arm()
    for _ in range(2):
        await scene.say(f"求点赞第{_}次")
    month_ago = now_ms() - 30 * 86_400_000
    async with scene.database.write() as connection:
        await connection.exec_driver_sql(f"UPDATE moderation_actions SET created_ms = {month_ago}")
    await scene.say("求点赞")
    assert (await scene.actions())[-1].kind is Kind.WARN


@pytest.mark.parametrize(
    ("user_id", "role"),
    [(OWNER, "owner"), (ADMIN, "admin"), (OTHER_BOT, "member"), (NEIGHBOUR, "admin")],
)
async def test_some_are_never_acted_upon(scene: Scene, user_id: int, role: str) -> None:
    await scene.arm()
    await scene.say("今天复活套餐打折", user_id, sender={"role": role, "nickname": "某人"})
    assert await scene.actions() == []
    assert scene.gateway.calls == []


@pytest.mark.parametrize("user_id", [OWNER, ADMIN, OTHER_BOT])
async def test_by_hand_the_same_are_spared(scene: Scene, user_id: int) -> None:
    order = Order(GROUP, ADMIN, user_id, "理由")
    by_hand = scene.room.by_hand
    for answer in (
        await by_hand.warn(order),
        await by_hand.mute(order, 60),
        await by_hand.kick(order),
    ):
        assert "都不动" in answer
    assert scene.gateway.calls == []


async def test_a_bot_that_is_no_admin_says_so_once(scene: Scene) -> None:
    await scene.arm()
    scene.room.by_hand._roster.set_role(GROUP, 10001, "member")
    await scene.say("今天复活套餐打折")
    await scene.say("复活套餐再说一遍", NEIGHBOUR)
    assert {one.state for one in await scene.actions()} == {State.REFUSED}
    assert scene.gateway.calls == []
    told = [one for one in await scene.letters(OWNER) if "管理员设置" in one]
    assert len(told) == 1
    assert "管理员设置" in await scene.room.by_hand.mute(Order(GROUP, ADMIN, MEMBER), 60)


async def test_what_qq_refuses_is_kept_and_told(scene: Scene) -> None:
    await scene.arm()
    scene.gateway.next("delete_msg", Refused(1200, "消息太久了"))
    await scene.say("今天复活套餐打折")
    (action,) = await scene.actions()
    assert action.state is State.REFUSED
    assert "消息太久了" in (action.trouble or "")
    assert any("没做成" in one for one in await scene.letters(OWNER))


async def test_a_lost_answer_is_asked_for_again_and_then_unknown(scene: Scene) -> None:
    await scene.arm()
    scene.gateway.next("set_group_ban", *[OutcomeUnknown("lost")] * 3)
    await scene.say("进群门票三十")
    assert len(scene.called("set_group_ban")) == 3
    assert (await scene.actions())[0].state is State.UNKNOWN


async def test_who_has_left_cannot_be_muted(scene: Scene) -> None:
    scene.room.by_hand._roster.left(GROUP, NEIGHBOUR)
    answer = await scene.room.by_hand.mute(Order(GROUP, ADMIN, NEIGHBOUR), 60)
    assert "不在群里" in answer


async def test_after_its_budget_the_bot_stops_and_asks(scene: Scene) -> None:
    await scene.arm()
    for number in range(7):
        await scene.say(f"复活套餐{number}号", 30_000 + number)
    assert len(scene.called("delete_msg")) == 4
    assert scene.room.choices.of(GROUP).stopped
    assert any("先停手了" in one for one in await scene.letters(OWNER))
    await scene.room.rulebook.resume(GROUP, OWNER)
    assert not scene.room.choices.of(GROUP).stopped
    for number in range(7):
        await scene.say(f"复活套餐{number}折", 40_000 + number)
    assert len(scene.called("delete_msg")) == 8  # what people have looked at counts no more
    assert len([one for one in await scene.letters(OWNER) if "先停手了" in one]) == 2


async def test_the_panic_switch_calls_off_what_is_planned(scene: Scene) -> None:
    await scene.arm()
    await scene.room.hands.close()
    await store(scene.writer, just_now(said("今天复活套餐打折", user_id=MEMBER, message_id="1")))
    await scene.room.reader_run.caught_up()
    assert "1 件" in await scene.room.rulebook.stop(GROUP, OWNER)
    assert (await scene.actions())[0].state is State.CANCELLED


async def test_a_farewell_night_is_no_flood_but_a_swindle_stays_one(scene: Scene) -> None:
    await scene.arm()
    await scene.room.rulebook.memorial(GROUP, "8小时", OWNER)
    for _ in range(4):
        await scene.say("他走了以后灯一直亮着")
    assert await scene.actions() == []
    await scene.say("今天复活套餐打折")
    assert [one.kind for one in await scene.actions()] == [Kind.RECALL]


async def test_the_same_again_and_again_is_a_flood_on_other_nights(scene: Scene) -> None:
    await scene.arm()
    for _ in range(3):
        await scene.say("快来看看我的主页吧各位")
    assert [one.kind for one in await scene.actions()] == [Kind.MUTE]


async def test_an_appeal_opens_a_case_and_gives_the_words_back(scene: Scene) -> None:
    await scene.arm()
    await scene.say("今天复活套餐打折")
    (action,) = await scene.actions()
    appeals = scene.room.appeals
    assert f"· {action.id}" in await appeals.appeal(MEMBER, None, "")
    answer = await appeals.appeal(MEMBER, action.id, "我在提醒大家")
    assert "今天复活套餐打折" in answer
    assert "没有编号" in await appeals.appeal(NEIGHBOUR, action.id, "")
    async with scene.database.read() as connection:
        found = await connection.exec_driver_sql("SELECT count(*) FROM cases")
        assert found.scalar() == 1


async def test_warnings_by_hand_are_kept_and_told(scene: Scene) -> None:
    answer = await scene.room.by_hand.warn(Order(GROUP, ADMIN, MEMBER, "别连着发"))
    assert "已私下提醒" in answer
    assert "别连着发" in (await scene.letters(MEMBER))[0]
    stranger = await scene.room.by_hand.warn(Order(GROUP, ADMIN, NEIGHBOUR, "别连着发"))
    assert "不是我的好友" in stranger


async def test_a_rule_of_ones_own_is_tried_first(scene: Scene) -> None:
    book = scene.room.rulebook
    writing = scene.room.writing
    assert "没有存" in await writing.add(GROUP, "太宽：晚安 → 撤回", OWNER)
    assert "试运行" in await writing.add(GROUP, "卖号：成品号 老号带 → 撤回", OWNER)
    await scene.say("成品号有人要吗")
    assert (await scene.actions())[-1].state is State.DRY
    await book.set_state(GROUP, "卖号", Arming.ARMED, OWNER)
    await scene.say("成品号真的有人要吗")
    assert (await scene.actions())[-1].state is State.DONE
    assert "删掉了" in await writing.remove(GROUP, "卖号", OWNER)


async def test_what_is_undone_while_qq_thinks_stays_undone(scene: Scene) -> None:
    await scene.arm()
    asked, answered = asyncio.Event(), asyncio.Event()

    async def think(_parameters: dict[str, Any]) -> None:
        asked.set()
        await answered.wait()

    async def is_undone() -> bool:
        return (await scene.actions())[0].state is State.UNDONE

    scene.gateway.next("set_group_ban", think)
    await store(scene.writer, just_now(said("进群门票三十", user_id=MEMBER, message_id="1")))
    await scene.room.reader_run.caught_up()
    await asked.wait()
    (mute,) = await scene.actions()
    undoing = asyncio.create_task(scene.room.by_hand.undo(ADMIN, mute.id))
    await until(is_undone, "the record is corrected")
    answered.set()
    assert "已解除禁言" in await undoing
    assert await is_undone()


async def test_two_who_undo_at_once_undo_it_once(scene: Scene) -> None:
    await scene.arm()
    await scene.say("进群门票三十")
    (mute,) = await scene.actions()
    by_hand = scene.room.by_hand
    told = await asyncio.gather(by_hand.undo(ADMIN, mute.id), by_hand.undo(OWNER, mute.id))
    assert sum("已经撤销过" in one for one in told) == 1
    assert [call["duration"] for call in scene.called("set_group_ban")] == [3600, 0]


async def test_what_is_read_long_after_it_was_heard_is_over(scene: Scene) -> None:
    await scene.arm()
    then = {"time_ms": now_ms() - 3_600_000, "received_ms": now_ms() - 3_600_000}
    message = said("今天复活套餐打折", user_id=MEMBER, message_id="1").model_copy(update=then)
    await store(scene.writer, message)
    await scene.room.reader_run.caught_up()
    assert await scene.actions() == []
