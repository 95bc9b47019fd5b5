"""Cases: one per member and group, opened by signals, closed by people."""

import asyncio

import pytest
from sqlalchemy import select

from liudeng.db import Database
from liudeng.desk import CaseKind, Desk
from liudeng.desk.tables import case_events
from liudeng.outbox import Kind, Target
from liudeng.roster import Roster
from tests.desk.conftest import Clock, Room
from tests.fakes.archive import recall_of, store
from tests.fakes.payloads import ADMIN, GROUP, MEMBER, NOW_S, OTHER_GROUP, OWNER, STRANGER, said

OTHER_OWNER = 7


async def timeline(database: Database, case_id: int) -> list[tuple[str, str]]:
    async with database.read() as connection:
        rows = await connection.execute(
            select(case_events.c.kind, case_events.c.actor)
            .where(case_events.c.case_id == case_id)
            .order_by(case_events.c.id)
        )
        return [(row.kind, row.actor) for row in rows]


async def test_a_signal_opens_a_case_and_posts_one_alert(room: Room, database: Database) -> None:
    message = await room.signal()
    (letter,) = await room.letters()
    assert (letter.kind, letter.target, letter.target_id) == (Kind.ALERT, Target.MODERATORS, GROUP)
    assert letter.origin_ms == message.received_ms
    assert letter.expires_ms is None, "an alert does not go stale"
    assert await timeline(database, 1) == [("signal", str(MEMBER)), ("alert", "liudeng")]


async def test_the_alert_says_who_where_what_why_and_what_to_do(room: Room) -> None:
    for number in range(7):
        await room.say(said(f"闲聊{number}", time=NOW_S - 60 + number))
    await room.say(said("别的群的话", group_id=OTHER_GROUP, time=NOW_S - 2))
    await room.signal("我今晚就走", time=NOW_S)
    (letter,) = await room.letters()
    lines = letter.text.splitlines()
    assert lines[0] == "【留灯】案件 1：有一位成员可能正处在危险里，需要你看一眼"
    for shown in (
        f"群：守灯人（{GROUP}）",
        f"成员：满月（{MEMBER}）",
        "时间：09-21 22:13",
        "原话：「我今晚就走」",
        "· 说到今晚离开（「今晚就走」）",
        "1. 回「接手 1」，让其他管理知道你来",
    ):
        assert shown in lines
    assert "12356" in letter.text
    assert [line for line in lines if "闲聊" in line] == [
        f"　09-21 22:12 满月：闲聊{number}" for number in range(2, 7)
    ]
    assert "别的群的话" not in letter.text


async def test_a_worry_is_another_alert(room: Room) -> None:
    await room.signal("我朋友说不想活了", kind=CaseKind.WORRY)
    (letter,) = await room.letters()
    assert "担心另一个人" in letter.text
    assert "你朋友现在身边有人吗" in letter.text


async def test_what_was_recalled_is_not_quoted_around_an_alert(room: Room) -> None:
    recalled = said("说漏嘴的", time=NOW_S - 5)
    await store(room.writer, recalled, recall_of(recalled))
    await room.signal(time=NOW_S)
    assert "说漏嘴的" not in (await room.letters())[0].text


async def test_nothing_that_was_said_keeps_an_alert_from_going_out(room: Room) -> None:
    """Lone surrogates, NUL, a wall of text: from the member or from somebody before."""
    hostile = [
        {"type": "at", "data": {"qq": "1", "name": "\ud800\0"}},
        {"type": "text", "data": {"text": "墙\n" * 30_000}},
    ]
    await room.say(said(hostile, time=NOW_S - 1))
    await room.signal("\ud800我今晚就走\0" + "。" * 50_000, time=NOW_S)
    (letter,) = await room.letters()
    assert len(letter.text) < 1_500
    letter.text.encode()


async def test_a_repeat_joins_the_case_in_silence(room: Room, database: Database) -> None:
    await room.signal()
    await room.signal("真的要走了")
    await room.signal("走了", level=2)
    assert len(await room.letters()) == 1
    assert [kind for kind, _ in await timeline(database, 1)] == ["signal", "alert"] + ["signal"] * 2


async def test_a_rise_alerts_again(room: Room) -> None:
    await room.signal(level=2)
    await room.signal(level=3)
    first, second = await room.letters()
    assert first.key != second.key
    assert "（编号 1-2）" in second.text
    assert "等级 3/3" in second.text


async def test_members_groups_and_kinds_have_cases_of_their_own(room: Room) -> None:
    await room.signal()
    await room.signal(user_id=STRANGER)
    await room.signal(group_id=OTHER_GROUP)
    await room.signal(kind=CaseKind.WORRY)
    assert [letter.case_id for letter in await room.letters()] == [1, 2, 3, 4]


async def test_after_a_false_alarm_the_next_signal_opens_another(room: Room, desk: Desk) -> None:
    await room.signal()
    await desk.handling.dismiss(1, OWNER)
    await room.signal()
    assert [letter.case_id for letter in await room.letters()] == [1, 2]


async def test_a_resolved_case_that_flares_up_reopens_with_its_history(
    room: Room, desk: Desk, database: Database
) -> None:
    await room.signal()
    await desk.handling.claim(1, ADMIN)
    await desk.handling.resolve(1, ADMIN, "打通了电话，在姐姐家")
    await room.signal("还是不想活")
    first, second = await room.alerts()
    assert (first.case_id, second.case_id) == (1, 1)
    assert "（编号 1-2）" in second.text
    assert "结果是：打通了电话，在姐姐家。现在又有动静" in second.text
    assert "最近 7 天里是第 2 次" in second.text
    kinds = [kind for kind, _ in await timeline(database, 1)]
    assert kinds[-4:] == ["close", "reopened", "signal", "alert"]
    assert "由你接手了" in await desk.handling.claim(1, OWNER), "it is nobody's again"


async def test_after_a_month_it_is_another_case(room: Room, desk: Desk, clock: Clock) -> None:
    await room.signal()
    await desk.handling.resolve(1, OWNER, "聊过了")
    clock.forward(days=31)
    await room.signal()
    first, second = await room.alerts()
    assert (first.case_id, second.case_id) == (1, 2)
    assert "（案件 1）：聊过了" in second.text, "what came of it the last time"


async def test_claiming_tells_what_comes_next(room: Room, desk: Desk, database: Database) -> None:
    await room.signal()
    assert "案件 1 由你接手了" in await desk.handling.claim(1, ADMIN)
    assert "本来就在你手里" in await desk.handling.claim(1, ADMIN)
    assert "已经由 老周 接手" in await desk.handling.claim(1, OWNER)
    assert await timeline(database, 1) == [
        ("signal", str(MEMBER)),
        ("alert", "liudeng"),
        ("claim", str(ADMIN)),
    ]


async def test_of_two_who_claim_at_once_one_wins(
    room: Room, desk: Desk, roster: Roster, database: Database
) -> None:
    crowd = range(100, 110)
    roster.set_members(GROUP, [{"user_id": user_id, "role": "admin"} for user_id in crowd])
    await room.signal()
    answers = await asyncio.gather(*(desk.handling.claim(1, user_id) for user_id in crowd))
    assert sum("由你接手了" in answer for answer in answers) == 1
    assert sum("可以直接问问 TA" in answer for answer in answers) == 9
    assert [kind for kind, _ in await timeline(database, 1)].count("claim") == 1


async def test_of_two_who_close_at_once_one_closes(room: Room, desk: Desk) -> None:
    await room.signal()
    answers = await asyncio.gather(
        desk.handling.dismiss(1, OWNER), desk.handling.resolve(1, ADMIN, "聊过了")
    )
    assert sum("谢谢你照看大家" in answer for answer in answers) == 1
    assert sum("之前就已完结" in answer for answer in answers) == 1


async def test_an_outcome_is_kept(room: Room, desk: Desk) -> None:
    await room.signal()
    first = (await desk.handling.resolve(1, OWNER, "  家人陪着 ")).splitlines()[0]
    assert first == "案件 1 已完结：家人陪着。谢谢你照看大家。"
    assert await desk.handling.resolve(1, OWNER, "又一次") == "案件 1 之前就已完结（家人陪着）。"
    assert await desk.handling.claim(1, OWNER) == "案件 1 已完结（家人陪着），不用再接手。"
    await room.signal()
    assert "已处理" in await desk.handling.resolve(1, OWNER, "  ")
    await room.signal()
    assert "长" * 200 + "。" in await desk.handling.resolve(1, OWNER, "长" * 999)


@pytest.mark.parametrize("actor", [MEMBER, STRANGER, OTHER_OWNER])
async def test_only_moderators_of_the_group_see_or_touch_a_case(
    actor: int, room: Room, desk: Desk, database: Database
) -> None:
    await room.signal()
    refusals = {
        await desk.handling.claim(1, actor),
        await desk.handling.dismiss(1, actor),
        await desk.handling.resolve(1, actor, "聊过了"),
        (await desk.viewing.show(1, actor)).words,
    }
    assert refusals == {"没有案件 1，或者它不归你管。发「案件」看看你能处理的。"}
    assert refusals == {(await desk.viewing.show(99, OWNER)).words.replace("99", "1")}, (
        "no hint that it exists"
    )
    assert len(await timeline(database, 1)) == 2


async def test_looking_at_a_case_is_noted(room: Room, desk: Desk, database: Database) -> None:
    for number in range(5):
        await room.signal(f"第{number}句", time=NOW_S + number)
    await desk.handling.claim(1, ADMIN)
    card = (await desk.viewing.show(1, OWNER)).words
    assert "状态：老周 在跟进" in card
    assert [line[-3:] for line in card.splitlines() if "满月：" in line] == [
        "第2句",
        "第3句",
        "第4句",
    ]
    assert "接手 1｜误报 1｜完结 1 结果" in card
    assert ("view", str(OWNER)) in await timeline(database, 1)
    await desk.handling.resolve(1, ADMIN, "聊过了")
    assert "可用" not in (await desk.viewing.show(1, OWNER)).words


async def test_the_overview_lists_what_one_may_handle(room: Room, desk: Desk) -> None:
    assert await desk.viewing.overview(OWNER) == "现在没有未完结的案件。"
    await room.signal()
    await room.signal(user_id=STRANGER)
    await room.signal(group_id=OTHER_GROUP)
    await desk.handling.dismiss(2, OWNER)
    lines = (await desk.viewing.overview(OWNER)).splitlines()
    assert lines[0] == "未完结的案件（1）："
    assert lines[1].startswith("1｜")
    assert lines[1].endswith("｜守灯人｜满月｜还没有人接手")
    assert (await desk.viewing.overview(OTHER_OWNER)).splitlines()[1].startswith("3｜")
    assert "只给群主和管理看" in await desk.viewing.overview(MEMBER)
