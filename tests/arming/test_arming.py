"""守望, 布防, 撤防 as moderators use them: who decided is kept and told, held words are private."""

import pytest

from liudeng.arming import Arming, Guard, Stances
from liudeng.db import Database
from liudeng.desk import Desk
from liudeng.outbox import Kind
from liudeng.roster import Roster
from tests.arming.test_guard import signal_of
from tests.desk.conftest import SHANGHAI, Room
from tests.fakes.archive import recall_of, store
from tests.fakes.payloads import ADMIN, GROUP, MEMBER, OTHER_GROUP, OWNER, said


@pytest.fixture
def stances(database: Database) -> Stances:
    return Stances(database, start_armed=False)


@pytest.fixture
def arming(database: Database, stances: Stances, roster: Roster, desk: Desk) -> Arming:
    return Arming(database, stances, roster, desk, SHANGHAI)


@pytest.fixture
def guard(desk: Desk, stances: Stances, roster: Roster) -> Guard:
    return Guard(desk, stances, roster)


async def hold(guard: Guard, room: Room, words: str, user_id: int = MEMBER) -> None:
    message = await room.say(said(words, user_id=user_id))
    signal = signal_of(message).model_copy(update={"time_ms": room.desk._office.now()})
    async with room.database.write() as connection:
        await guard.receive(connection, signal, message)


async def test_arming_is_told_to_the_other_moderators(
    arming: Arming, stances: Stances, room: Room
) -> None:
    answer = await arming.decide(OWNER, [GROUP], "", armed=True)

    assert "布防了" in answer
    assert stances.of(GROUP).armed
    [told] = [one for one in await room.letters() if one.kind is Kind.NOTICE]
    assert told.target_id == ADMIN
    assert "阿棠" in told.text
    assert "本来就" in await arming.decide(ADMIN, [GROUP], "守灯人", armed=True)


async def test_of_several_groups_one_must_be_named(arming: Arming, stances: Stances) -> None:
    asked = await arming.decide(OWNER, [GROUP, OTHER_GROUP], "", armed=True)
    assert "哪个群" in asked
    assert not stances.of(GROUP).armed

    await arming.decide(OWNER, [GROUP, OTHER_GROUP], "守灯", armed=True)
    assert stances.of(GROUP).armed
    assert not stances.of(OTHER_GROUP).armed


async def test_somebody_elses_group_is_not_decided(arming: Arming, stances: Stances) -> None:
    await arming.decide(OWNER, [OTHER_GROUP], str(GROUP), armed=True)
    assert not stances.of(GROUP).armed
    assert "没有在管的群" in await arming.decide(MEMBER, [], "", armed=True)


async def test_a_dry_run_shows_what_it_held_back(arming: Arming, guard: Guard, room: Room) -> None:
    await hold(guard, room, "我撑不下去了")
    await hold(guard, room, "真的撑不住")

    shown = await arming.overview(OWNER, [GROUP], "", private=True)

    assert "在试运行" in shown
    assert "只记数的 1 件" in shown, "two sentences of one member in one day are one case"
    assert "我撑不下去了" in shown
    assert "真的撑不住" in shown


async def test_held_words_are_shown_neither_among_staff_nor_to_their_author(
    arming: Arming, guard: Guard, room: Room
) -> None:
    await hold(guard, room, "管理自己也撑不住", user_id=OWNER)

    assert "撑不住" not in await arming.overview(OWNER, [GROUP], "", private=True)
    assert "撑不住" not in await arming.overview(ADMIN, [GROUP], "", private=False)
    assert "撑不住" in await arming.overview(ADMIN, [GROUP], "", private=True)


async def test_a_recalled_message_is_not_shown(arming: Arming, guard: Guard, room: Room) -> None:
    message = said("我撑不下去了")
    stored = await room.say(message)
    async with room.database.write() as connection:
        await guard.receive(connection, signal_of(stored, time_ms=room.desk._office.now()), stored)
    await store(room.writer, recall_of(message))
    await hold(guard, room, "真的撑不住")

    shown = await arming.overview(OWNER, [GROUP], "", private=True)
    assert "真的撑不住" in shown
    assert "我撑不下去了" not in shown
