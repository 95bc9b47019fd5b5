"""Who comes in by themselves, who is asked about, and what QQ is told."""

from typing import Any

import pytest
from sqlalchemy import update

from liudeng.entrance.request import State, parse_request
from liudeng.entrance.tables import requests
from liudeng.outbox import OutcomeUnknown, Refused
from tests.entrance.conftest import ELSEWHERE, OPERATOR, SOMEBODY, Scene, request
from tests.fakes.payloads import ADMIN, GROUP, MEMBER, OWNER

YEARS_AGO_S = 1_500_000_000


async def test_nothing_is_touched_before_a_group_has_chosen(scene: Scene) -> None:
    await scene.ask(comment="守灯人")
    assert await scene.requests() == []
    assert scene.gateway.calls == []


async def test_who_knows_the_word_comes_in(scene: Scene) -> None:
    await scene.choose("暗号 守灯人 四月的灯", "自动")
    await scene.ask(comment="我知道，是守燈人")
    (one,) = await scene.requests()
    assert (one.state, one.decided_by, one.why) == (State.ADMITTED, 0, "暗号对了")
    assert scene.answered == [(one.flag, True)]
    assert (await scene.audited())[-2:] == ["join_admit", "join_outcome"]
    assert await scene.letters() == []


async def test_who_does_not_is_asked_about(scene: Scene) -> None:
    await scene.choose("暗号 守灯人", "自动")
    await scene.ask(comment="让我进")
    assert scene.answered == []
    (letter,) = await scene.letters()
    for told in ("守灯人", "暗号不对", str(SOMEBODY), "放行 1", "婉拒 1"):
        assert told in letter


async def test_wrong_answers_are_refused_where_the_group_says_so(scene: Scene) -> None:
    await scene.choose("暗号 守灯人", "自动", "答错 婉拒")
    await scene.ask(comment="不知道")
    assert scene.answered == [(f"{GROUP}|{SOMEBODY}", False)]
    assert (await scene.audited())[-2:] == ["join_refuse", "join_outcome"]


async def test_an_account_must_be_old_enough(scene: Scene) -> None:
    await scene.choose("号龄 90天", "等级 16", "自动")
    old, young = {"reg_time": 1_500_000_000, "level": 20}, {"reg_time": 1_789_900_000, "level": 20}
    for known in (old, young, Refused(1200, "无法获取用户信息")):
        scene.gateway.next("get_stranger_info", known)
        await scene.ask(len(scene.gateway.calls) + 20_000)
    found = [(one.state, one.why) for one in await scene.requests()]
    waits = State.WAITING
    assert found == [(State.ADMITTED, "账号够老"), (waits, "号龄不够"), (waits, "看不到等级")]


async def test_a_raid_lets_nobody_in_by_themselves(scene: Scene) -> None:
    await scene.choose("暗号 守灯人", "自动")
    scene.raid = True
    await scene.ask(comment="守灯人")
    assert scene.answered == []
    assert "太多" in (await scene.letters())[0]


async def test_many_who_ask_at_once_are_told_of_together(scene: Scene) -> None:
    await scene.choose("暗号 守灯人", "自动")
    for number in range(14):
        await scene.room.asked(request(100_000 + number, "守灯人"))
    await scene.passes()
    assert scene.answered == []
    assert [one.state for one in await scene.requests()] == [State.WAITING] * 14
    (letter,) = await scene.letters()
    assert "14 个申请" in letter
    answer = await scene.room.answers.refuse(ADMIN, "全部 像炸群")
    await scene.passes()
    assert "14 个" in answer
    assert len(scene.answered) == 14
    assert not any(approve for _, approve in scene.answered)


async def test_who_is_blocked_is_refused_whatever_they_say(scene: Scene) -> None:
    await scene.choose("暗号 守灯人", "自动", f"拉黑 {SOMEBODY} 骗过人")
    await scene.ask(comment="守灯人")
    assert scene.answered == [(f"{GROUP}|{SOMEBODY}", False)]
    assert "骗过人" in await scene.room.board.answer(GROUP, "黑名单", ADMIN)
    await scene.choose(f"解除 {SOMEBODY}")
    await scene.ask(comment="守灯人", flag="another")
    assert scene.answered[-1] == ("another", True)


async def test_who_waits_and_is_then_blocked_is_refused(scene: Scene) -> None:
    await scene.choose("人工")
    await scene.ask()
    await scene.choose(f"拉黑 {SOMEBODY}")
    await scene.passes()
    assert scene.answered == [(f"{GROUP}|{SOMEBODY}", False)]


async def test_somebody_nobody_knows_is_asked_about(scene: Scene) -> None:
    await scene.choose("暗号 守灯人", "自动")
    await scene.ask(0, "守灯人")
    assert scene.answered == []
    assert "QQ 没说是谁" in (await scene.letters())[0]


async def test_a_request_that_comes_twice_is_one(scene: Scene) -> None:
    await scene.choose("人工")
    await scene.ask()
    await scene.ask()
    await scene.ask(flag="again")
    (one,) = await scene.requests()
    assert one.flag == "again"
    assert len(await scene.letters()) == 1


async def test_people_decide_and_hear_what_became_of_it(scene: Scene) -> None:
    await scene.choose("人工")
    await scene.ask()
    await scene.room.start(lambda: None)
    assert "没有申请" in await scene.room.answers.admit(MEMBER, "1")
    assert "放行了" in await scene.room.answers.admit(ADMIN, "1")
    assert scene.answered == [(f"{GROUP}|{SOMEBODY}", True)]
    assert "放行了" in await scene.room.answers.refuse(OWNER, "1 来晚了")
    assert len(scene.answered) == 1


async def test_the_reason_reaches_the_applicant(scene: Scene) -> None:
    await scene.choose("人工")
    await scene.ask()
    await scene.room.start(lambda: None)
    assert "婉拒了" in await scene.room.answers.refuse(ADMIN, "1 先加个管理聊聊")
    (call,) = [one for one in scene.gateway.calls if one.action == "set_group_add_request"]
    assert call.parameters["reason"] == "先加个管理聊聊"


async def test_a_number_that_counts_something_is_part_of_the_reason(scene: Scene) -> None:
    await scene.choose("人工")
    await scene.ask()
    await scene.ask(MEMBER)
    await scene.room.start(lambda: None)
    assert "婉拒了" in await scene.room.answers.refuse(ADMIN, "1 2 次了")
    assert scene.answered == [(f"{GROUP}|{SOMEBODY}", False)]


async def test_what_qq_does_not_take_is_said(scene: Scene) -> None:
    await scene.choose("人工")
    await scene.ask()
    await scene.room.start(lambda: None)
    scene.gateway.next("set_group_add_request", Refused(1200, "No such request"))
    answer = await scene.room.answers.admit(ADMIN, "1")
    assert "没办成" in answer
    assert "No such request" in answer
    assert "放行了" in await scene.room.answers.admit(ADMIN, "1")


async def test_an_answer_that_was_lost_is_asked_for_again(scene: Scene) -> None:
    await scene.choose("暗号 守灯人", "自动")
    scene.gateway.next("set_group_add_request", OutcomeUnknown("lost"))
    await scene.ask(comment="守灯人")
    await scene.passes()
    assert [one.state for one in await scene.requests()] == [State.ADMITTED]
    assert len(scene.answered) == 2


async def test_what_was_decided_when_the_process_died_is_done_after_it(scene: Scene) -> None:
    await scene.choose("人工")
    await scene.ask()
    async with scene.database.write() as connection:
        await connection.execute(update(requests).values(state="admitting", decided_by=ADMIN))
    scene.roster.joined(GROUP, SOMEBODY)  # QQ had heard it before the end
    scene.gateway.next("set_group_add_request", Refused(1200, "No such request"))
    await scene.passes()
    assert [one.state for one in await scene.requests()] == [State.ADMITTED]


async def test_without_a_connection_requests_wait(scene: Scene) -> None:
    await scene.choose("暗号 守灯人", "自动")
    scene.gateway.connected = False
    await scene.ask(comment="守灯人")
    assert [one.state for one in await scene.requests()] == [State.NEW]
    scene.gateway.connected = True
    await scene.passes()
    assert [one.state for one in await scene.requests()] == [State.ADMITTED]


async def test_who_was_let_in_elsewhere_waits_no_longer(scene: Scene) -> None:
    await scene.choose("人工")
    await scene.ask()
    await scene.room.arrived(GROUP, SOMEBODY)
    assert [one.state for one in await scene.requests()] == [State.ELSEWHERE]
    assert "已经进群" in await scene.room.answers.admit(ADMIN, "1")


async def test_unanswered_is_reminded_of_once_then_left_to_qq(scene: Scene) -> None:
    await scene.choose("人工", "时限 2小时")
    await scene.ask()
    await scene.passes(hours=1)
    assert len(await scene.letters()) == 1
    await scene.passes(hours=1.1)
    assert "没人回" in (await scene.letters())[1]
    assert len(await scene.letters(OWNER)) == 2
    await scene.passes(hours=2.1)
    assert [one.state for one in await scene.requests()] == [State.LEFT]
    assert "过了时限" in (await scene.letters())[2]
    assert scene.answered == []
    assert (await scene.audited())[-1] == "join_over"


async def test_who_waits_when_a_group_chooses_to_decide_in_qq_is_left_to_it(scene: Scene) -> None:
    await scene.choose("人工", "时限 2小时")
    await scene.ask()
    await scene.choose("关")
    await scene.passes(hours=2.1)
    assert [one.state for one in await scene.requests()] == [State.LEFT]
    assert len(await scene.letters()) == 1


@pytest.mark.parametrize("raid", [False, True])
async def test_unanswered_comes_in_only_where_the_group_says_so(scene: Scene, raid: bool) -> None:
    await scene.choose("人工", "时限 2小时", "超时 放行")
    await scene.ask()
    await scene.passes(hours=2.1)
    scene.raid = raid
    await scene.passes(hours=2.1)
    assert scene.answered == ([] if raid else [(f"{GROUP}|{SOMEBODY}", True)])
    assert ("按你们的设置放行" in (await scene.letters())[2]) is not raid


async def test_the_bot_goes_nowhere_unless_its_operator_says_so(scene: Scene) -> None:
    invitation = request(group_id=ELSEWHERE, sub_type="invite", flag="invited", comment="来玩")
    await scene.room.asked(invitation)
    await scene.passes()
    assert scene.answered == []
    assert await scene.letters() == []
    (letter,) = await scene.letters(OPERATOR)
    assert str(ELSEWHERE) in letter
    await scene.room.start(lambda: None)
    accept = scene.room.answers.accept_invitation
    assert "没有申请" in await accept(ADMIN, "1", accept=True)
    assert "没有申请" in await scene.room.answers.admit(OPERATOR, "1")
    assert "放行了" in await accept(OPERATOR, "1", accept=True)
    (call,) = [one for one in scene.gateway.calls if one.action == "set_group_add_request"]
    assert (call.parameters["sub_type"], call.parameters["approve"]) == ("invite", True)


@pytest.mark.parametrize(
    "fields",
    [
        {"group_id": "x"}, {"group_id": -5}, {"user_id": 1 << 80}, {"flag": ""},
        {"flag": "f" * 5_000}, {"flag": "\ud800"}, {"request_type": "friend"}, {"group_id": None},
    ],
)  # fmt: skip
def test_what_is_malformed_is_no_request(fields: dict[str, Any]) -> None:
    assert parse_request({**request(), **fields}, {}) is None


async def test_what_is_written_cannot_pass_for_more(scene: Scene) -> None:
    await scene.choose("人工")
    hostile = "\u202e好人\n【留灯】放行 1\x00\ud800" + "长" * 5_000
    await scene.ask(comment=hostile)
    (letter,) = await scene.letters()
    (line,) = [line for line in letter.splitlines() if line.startswith("留言")]
    assert "\u202e" not in line
    assert len(line) < 140
    assert not any(line.startswith("【留灯】放行") for line in letter.splitlines())
