"""Waves of arrivals: levels rise with them, those who came with them rest, others do not."""

import asyncio

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.db import now_ms
from liudeng.moderation import Arming
from liudeng.moderation import room as room_module
from liudeng.moderation.action import Action, Kind, State, plan
from liudeng.moderation.floods import QUIET_MS, Level, Raid, RaidWatch, Talk, bare_words
from liudeng.moderation.memory import likeness_of
from liudeng.moderation.planning import Limits
from liudeng.moderation.tables import actions
from tests.fakes.archive import store
from tests.fakes.payloads import ADMIN, GROUP, MEMBER, OWNER, said
from tests.moderation.conftest import NEIGHBOUR, Scene, just_now


def test_a_few_arrivals_are_no_wave() -> None:
    watch = RaidWatch()
    assert all(watch.joined(user, 1_000 * user) is None for user in range(1, 9))
    assert watch.raid is None


def test_levels_rise_and_end_by_themselves() -> None:
    watch = RaidWatch()
    risen = [watch.joined(user, 100 * user) for user in range(1, 121)]
    assert [one for one in risen if one] == [Level.WATCHFUL, Level.SLOW]
    rests: list[int] = []
    for user in range(500):
        for one in watch.said(Talk(user % 120 + 1, 13_000 + user * 10)).must_rest:
            watch.rests(one)
            rests.append(one)
    assert watch.raid is not None
    assert watch.raid.level is Level.STORM
    assert len(rests) == len(set(rests)) == 120
    last = 13_000 + 5_000
    assert watch.ended(last + 1_000) is None
    over = watch.ended(last + QUIET_MS + 10_000)
    assert over is not None
    assert (over.joins, len(over.muted)) == (120, 120)
    assert watch.ended(last + 2 * QUIET_MS) is None


def test_the_same_words_by_many_newcomers_are_enough_the_first_time() -> None:
    watch = RaidWatch()
    for user in range(1, 13):
        watch.joined(user, 100 * user)
    answers = [
        watch.said(Talk(user, 2_000 + user, bare_words(f"{user} 冲冲冲这个群没了！{user * 7}")))
        for user in range(1, 9)
    ]
    assert [one.must_rest for one in answers[:-1]] == [()] * 7
    assert answers[-1].risen is Level.SLOW
    assert answers[-1].must_rest == tuple(range(1, 9))


def test_newcomers_who_all_say_hello_are_no_raid() -> None:
    watch = RaidWatch()
    for user in range(1, 21):
        watch.joined(user, 100 * user)
    words = bare_words("大家好～")
    answers = [watch.said(Talk(user, 3_000 + 900 * user, words)) for user in range(1, 21)]
    assert not any(one.must_rest for one in answers)
    assert watch.raid is not None
    assert watch.raid.level is Level.WATCHFUL


def test_a_rush_of_different_words_leaves_each_newcomer_one() -> None:
    watch = RaidWatch()
    for user in range(1, 41):
        watch.joined(user, 100 * user)
    first = [watch.said(Talk(user, 5_000 + user * 40, f"各说各的{user}")) for user in range(1, 41)]
    again = [watch.said(Talk(user, 7_000 + user * 40, f"又来一句{user}")) for user in range(1, 41)]
    assert not any(one.must_rest for one in first)
    assert sum(bool(one.must_rest) for one in again) > 20


async def test_mutes_come_before_recalls(scene: Scene) -> None:
    await scene.arm("防炸群")
    for user in range(50_000, 50_012):
        scene.room.by_hand._roster.joined(GROUP, user)
        await scene.room.arrived(GROUP, user)
    scene.gateway.connected = False  # all of it is planned before anything is done
    for user in range(50_000, 50_008):
        await store(scene.writer, just_now(said(f"{user} 冲冲冲这个群没了", user_id=user)))
    await scene.room.reader_run.caught_up()
    scene.gateway.connected = True
    scene.room.hands.wake()
    await scene.settled()
    done = [call.action for call in scene.gateway.calls]
    assert done == ["set_group_ban"] * 8 + ["delete_msg"]


async def test_who_came_with_a_raid_rests_and_old_members_talk_on(scene: Scene) -> None:
    await scene.arm("防炸群")
    for user in range(50_000, 50_040):
        scene.room.by_hand._roster.joined(GROUP, user)
        await scene.room.arrived(GROUP, user)
    for round_ in range(4):
        for user in (50_001, 50_002, MEMBER, NEIGHBOUR):
            await scene.say(f"第 {round_} 轮有人在吗{user}", user)
    muted = {one.user_id for one in await scene.actions() if one.kind is Kind.MUTE}
    assert muted == {50_001, 50_002}
    told = [one for one in await scene.letters(OWNER) if "炸群" in one]
    assert len(told) == 1


async def test_what_a_raid_has_spent_and_left_undone_is_said_when_it_is_over(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    await scene.arm("防炸群")
    for user in range(50_000, 50_040):
        scene.room.by_hand._roster.joined(GROUP, user)
        await scene.room.arrived(GROUP, user)
    monkeypatch.setattr(scene.room._raids, "_limits", Limits(raid_budget=3))
    for round_ in range(5):
        for user in (50_001, 50_002, 50_003, 50_004):
            await scene.say(f"第 {round_} 轮有人在吗{user}", user)
    raids = scene.room._raids
    raids._groups[GROUP].watch._joins.clear()
    raid = raids._groups[GROUP].watch.raid
    assert raid is not None
    raid.last_ms = 1
    async with scene.database.write() as connection:
        await raids.pass_time(connection)
    (told,) = [one for one in await scene.letters(OWNER) if "过去了" in one]
    assert "（炸群时一小时 3 次）用了 3 次" in told
    assert "还有 1 人没有请" in told


async def test_on_a_farewell_night_many_may_come(scene: Scene) -> None:
    await scene.arm("防炸群")
    await scene.room.rulebook.memorial(GROUP, "", OWNER)
    for user in range(50_000, 50_040):
        await scene.room.arrived(GROUP, user)
    for _ in range(4):
        await scene.say("来送他最后一程，晚安", 50_001)
    assert await scene.actions() == []


async def test_in_a_dry_run_nobody_rests(scene: Scene) -> None:
    await scene.arm("防炸群", Arming.DRY)
    for user in range(50_000, 50_040):
        await scene.room.arrived(GROUP, user)
    for round_ in range(4):
        await scene.say(f"第 {round_} 轮", 50_001)
    assert await scene.actions() == []


async def test_a_mute_of_everybody_that_outlives_the_process_still_ends(scene: Scene) -> None:
    raids, database = scene.room._raids, scene.database
    async with database.write() as connection:
        await plan(connection, Action(group_id=GROUP, user_id=0, kind=Kind.WHOLE_MUTE))
        await raids.remember(connection)
        assert not await raids.pass_time(connection)
        raids._groups[GROUP].watch.raid = Raid(1, Level.STORM, last_ms=1)
        assert await raids.pass_time(connection)
        raids._groups.clear()
        await raids.remember(connection)
        assert not raids.is_on(GROUP)
    scene.room.wake()
    await scene.settled()
    assert [call["enable"] for call in scene.called("set_group_whole_ban")] == [True, False]
    (told,) = [one for one in await scene.letters(OWNER) if "全员禁言" in one]
    assert "进来 0 人" not in told


async def test_a_mute_whose_end_could_not_be_written_still_ends(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    raids, passed = scene.room._raids, asyncio.Event()
    async with scene.database.write() as connection:
        await plan(connection, Action(group_id=GROUP, user_id=0, kind=Kind.WHOLE_MUTE))
        await raids.remember(connection)
    raids._groups[GROUP].watch.raid = Raid(1, Level.STORM, last_ms=1)
    pass_time, troubles = raids.pass_time, [OSError("the disk is full")]

    async def fail_once(connection: AsyncConnection) -> bool:
        ended = await pass_time(connection)
        if troubles:
            raise troubles.pop()
        passed.set()
        return ended

    monkeypatch.setattr(raids, "pass_time", fail_once)
    monkeypatch.setattr(room_module, "_TICK_S", 0.0)
    ticking = asyncio.create_task(scene.room._tick())
    await passed.wait()
    ticking.cancel()
    assert raids.is_on(GROUP)


async def test_a_mute_that_people_have_made_their_own_is_not_ended(scene: Scene) -> None:
    raids, database = scene.room._raids, scene.database
    async with database.write() as connection:
        await plan(connection, Action(group_id=GROUP, user_id=0, kind=Kind.WHOLE_MUTE))
        await raids.remember(connection)
    await scene.room.by_hand.whole_mute(GROUP, ADMIN, enable=True)
    async with database.write() as connection:
        raids._groups[GROUP].watch.raid = Raid(1, Level.STORM, joins=9, last_ms=1)
        assert await raids.pass_time(connection)
    scene.room.wake()
    await scene.settled()
    assert all(call["enable"] for call in scene.called("set_group_whole_ban"))


async def test_however_late_everybody_may_speak_again(scene: Scene) -> None:
    scene.gateway.connected = False
    async with scene.database.write() as connection:
        muted = Action(group_id=GROUP, user_id=0, kind=Kind.WHOLE_MUTE, state=State.DONE)
        await plan(connection, muted)
        await plan(connection, Action(group_id=GROUP, user_id=0, kind=Kind.WHOLE_UNMUTE))
        await connection.execute(update(actions).values(created_ms=now_ms() - 3_600_000))
    assert "取消" not in await scene.room.rulebook.stop(GROUP, OWNER)
    scene.gateway.connected = True
    scene.room.wake()
    await scene.settled()
    assert [call["enable"] for call in scene.called("set_group_whole_ban")] == [False]


async def test_when_somebody_came_outlives_a_restart(scene: Scene) -> None:
    await scene.room.arrived(GROUP, NEIGHBOUR)
    scene.room.choices._joined.clear()
    async with scene.database.write() as connection:
        await scene.room.choices.read_arrivals(connection)
    assert now_ms() - scene.room.choices.joined[GROUP, NEIGHBOUR] < 60_000


def test_messages_alike_have_hashes_alike() -> None:
    one = likeness_of("快来我的直播间领取福利今天最后一天不要错过")
    other = likeness_of("快来我的直播间领取福利今天最后一天不要错过哦")
    strange = likeness_of("昨天下了一场雨我在窗边坐了很久想起他")
    assert one is not None
    assert other is not None
    assert strange is not None
    assert (one ^ other).bit_count() <= 6 < (one ^ strange).bit_count()
    assert likeness_of("晚安") is None
