"""入群 in the chat, and what newcomers are told."""

from sqlalchemy import insert

from liudeng.entrance.personal import EntranceHolder
from liudeng.entrance.request import State
from liudeng.entrance.tables import requests
from liudeng.entrance.waiting import KEPT_MS
from tests.entrance.conftest import ELSEWHERE, SOMEBODY, Scene
from tests.fakes.payloads import ADMIN, GROUP, OWNER


async def told(scene: Scene, typed: str) -> str:
    return await scene.room.board.answer(GROUP, typed, ADMIN)


async def test_a_full_group_hides_nobody_of_another(scene: Scene) -> None:
    """So many wait elsewhere that the first five hundred are all theirs."""
    crowd = [
        {
            **dict.fromkeys(("comment", "about", "why", "reply"), ""),
            **{"group_id": ELSEWHERE, "user_id": 60_000 + number, "kind": "join"},
            **{"flag": str(number), "state": "waiting"},
            **{"created_ms": scene.now_ms, "told_ms": scene.now_ms},
        }
        for number in range(501)
    ]
    async with scene.database.write() as connection:
        await connection.execute(insert(requests), crowd)
    await scene.choose("人工")
    await scene.ask()
    [mine] = [one for one in await scene.requests() if one.group_id == GROUP]
    assert mine.told_ms is not None
    answer = await scene.room.board.answer(GROUP, f"拉黑 {SOMEBODY} 骗过人", OWNER)
    assert "等着的申请也婉拒了" in answer


async def test_the_board_shows_what_holds(scene: Scene) -> None:
    assert "我不碰入群申请" in await told(scene, "")
    await scene.choose("暗号 守灯人", "号龄 90天", "自动", "时限 12小时", "超时 放行", "答错 婉拒")
    shown = await told(scene, "")
    for part in ("守灯人", "90 天", "直接婉拒", "12 小时", "放行"):
        assert part in shown


async def test_nothing_is_let_in_without_a_reason_to(scene: Scene) -> None:
    assert "先定凭什么放行" in await told(scene, "自动")
    await scene.choose("暗号 守灯人", "自动")
    assert "都交给管理" in await told(scene, "暗号 清空")
    assert "都请管理看" in await told(scene, "")


NOT_UNDERSTOOD = {
    "暗号 灯": "太短",
    "暗号 ！！": "太短",
    "暗号": "写上答案",
    "等级 很高": "至少几级",
    "号龄 很久": "至少多久",
    "答错 打他": "答错或不够的怎么办",
    "时限 一秒": "十分钟到七天",
    "超时 随便": "过时了怎么办",
    "拉黑 小明": "拉黑谁",
    f"拉黑 {OWNER}": "不能拉黑",
    "解除 12345678": "黑名单里没有",
    "黑名单": "空的",
    "待办": "没有等着的",
    "飞走": "没看懂「飞走」",
}


async def test_what_is_not_understood_is_answered_with_an_example(scene: Scene) -> None:
    for typed, answer in NOT_UNDERSTOOD.items():
        assert answer in await told(scene, typed), typed


async def test_who_is_no_admin_is_told_so(scene: Scene) -> None:
    scene.roster.set_role(GROUP, 10001, "member")
    assert "不是这个群的管理员" in await told(scene, "人工")


async def test_newcomers_hear_the_group_s_own_words(scene: Scene) -> None:
    words_for = scene.room.welcome.words_for
    async with scene.database.read() as connection:
        assert (await words_for(connection, GROUP))[0] == ""
    await scene.room.board.welcome(GROUP, "来了就是家人", OWNER)
    answer = await scene.room.board.set_rules(GROUP, "一、不劝死\n二、不卖东西\u202e", OWNER)
    assert "只说一次" in answer
    async with scene.database.read() as connection:
        above, below = await words_for(connection, GROUP)
    assert above == "来了就是家人"
    assert below.startswith("群规：\n一、不劝死\n二、不卖东西\n")
    assert all(command in below for command in ("搜 ", "资源", "帮助"))
    assert await scene.room.board.rules_of(GROUP) == "一、不劝死\n二、不卖东西"
    assert "原来的是：\n一、不劝死" in await scene.room.board.set_rules(GROUP, "清空", OWNER)
    assert "太长了" in await scene.room.board.welcome(GROUP, "长" * 900, OWNER)


async def test_who_is_erased_stays_blocked_without_a_number(scene: Scene) -> None:
    await scene.choose("人工")
    await scene.ask(comment="我是某某")
    await scene.choose(f"拉黑 {SOMEBODY} 骗过人")
    holder = EntranceHolder()
    async with scene.database.write() as connection:
        assert (await holder.held(connection, str(SOMEBODY))).count == 2
        assert (await holder.hand_out(connection, str(SOMEBODY)))[0]["comment"] == "我是某某"
        await holder.erase(connection, str(SOMEBODY))
        assert (await holder.held(connection, str(SOMEBODY))).count == 0
        assert str(SOMEBODY) not in await holder.people(connection)
    assert "还拦着" in await told(scene, "黑名单")
    await scene.ask(flag="again")
    assert scene.answered[-1] == ("again", False)


async def test_applicants_are_forgotten(scene: Scene) -> None:
    await scene.choose("人工", "时限 1小时")
    await scene.ask(comment="我是某某")
    await scene.passes(hours=1.1)
    await scene.passes(hours=1.1)
    await scene.passes(hours=KEPT_MS / 3_600_000 + 2)
    (one,) = await scene.requests()
    assert (one.state, one.user_id, one.comment, one.about) == (State.LEFT, 0, "", "")


async def test_where_requests_are_left_to_qq_blocking_promises_nothing(scene: Scene) -> None:
    assert "我直接婉拒" not in await told(scene, f"拉黑 {SOMEBODY}")
    await scene.ask()
    assert scene.answered == []
    await scene.choose("人工")
    assert "我直接婉拒" in await told(scene, f"拉黑 {SOMEBODY}")
