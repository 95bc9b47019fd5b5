"""The ear: what is archived, what NoneBot gets to see, and that nothing makes it deaf."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liudeng.archive import Ear, LogWriter, Source
from liudeng.commands import Command, CommandTable, Place
from liudeng.db import Database
from tests.fakes.archive import found, kept, texts
from tests.fakes.payloads import (
    GROUP,
    NOW_S,
    OTHER_GROUP,
    SELF_ID,
    STAFF_GROUP,
    group_message,
    group_notice,
    group_recall,
    private_message,
    segment,
    text,
)

COMMANDS = (
    Command(name="搜", usage="搜 关键词", summary="找", takes_text=True),
    Command(name="帮助", usage="帮助", summary="看"),
    Command(name="接手", usage="接手 编号", summary="接", takes_text=True, place=Place.STAFF),
    Command(name="案件", usage="案件", summary="看", takes_text=True, place=Place.PRIVATE),
)

MakeEar = Callable[..., Ear]


@pytest.fixture
def commands() -> CommandTable:
    table = CommandTable()
    for command in COMMANDS:
        table.add(command)
    return table


@pytest.fixture
def make_ear(writer: LogWriter, commands: CommandTable) -> MakeEar:
    def make(**options: Any) -> Ear:
        archives = options.pop("archives", lambda group_id: group_id != STAFF_GROUP)
        return Ear(writer, commands, archives, staff_group=STAFF_GROUP, **options)

    return make


@pytest.fixture
def ear(make_ear: MakeEar) -> Ear:
    return make_ear()


async def test_ordinary_talk_is_archived_and_goes_no_further(ear: Ear, database: Database) -> None:
    assert not ear.hear(group_message("今天好累"))
    await ear.writer.drain()
    assert await texts(database) == ["今天好累"]


async def test_a_command_is_archived_goes_on_and_is_no_hit(ear: Ear, database: Database) -> None:
    assert ear.hear(group_message("搜 晚安"))
    await ear.writer.drain()
    assert await texts(database) == ["搜 晚安"]
    assert await found(database, "晚安") == []


@pytest.mark.parametrize(
    "message",
    [
        "/搜 晚安",
        "／搜晚安",
        [segment("at", qq=str(SELF_ID)), text(" 搜 晚安")],
        [segment("reply", id="5"), segment("at", qq=SELF_ID), text(" \n"), text("搜 晚安")],
        [segment("reply", id="5"), segment("at", qq="1"), text(" 搜 晚安")],
        f"[CQ:reply,id=5][CQ:at,qq=1][CQ:at,qq={SELF_ID}] 搜 晚安",
    ],
)
def test_a_command_may_stand_behind_a_quotation_and_a_mention_of_the_bot(
    message: Any, ear: Ear
) -> None:
    payload = group_message()
    payload["message"] = message
    assert ear.hear(payload)


@pytest.mark.parametrize(
    "message",
    ["我想搜 晚安", "搜了半天", [segment("image", url="x"), text("搜 晚安")], [], "帮助 一下他"],
)
def test_what_only_mentions_a_command_is_talk(message: Any, ear: Ear) -> None:
    assert not ear.hear(group_message(message))


async def test_a_command_to_somebody_else_is_talk(ear: Ear, database: Database) -> None:
    message = [segment("at", qq="1", name="小明"), text(" 帮助")]
    assert not ear.hear(group_message(message))
    assert not ear.hear(group_message([segment("reply", id="5"), message[0], *message]))
    assert ear.command_of(message, group_id=GROUP, self_id=SELF_ID) is None
    assert ear.command_of(message, group_id=GROUP, self_id=1) is not None
    await ear.writer.drain()
    assert await found(database, "帮助") == ["@小明 @小明  帮助", "@小明  帮助"]


@pytest.mark.parametrize("command", ["接手 3", "/接手 3", "案件", "/案件 3"])
async def test_the_desk_does_not_exist_in_a_watched_group(
    command: str, ear: Ear, database: Database
) -> None:
    assert not ear.hear(group_message(command))
    await ear.writer.drain()
    assert await found(database, command) == [command]


def test_the_staff_group_hears_of_the_desk_and_is_not_archived(ear: Ear) -> None:
    assert ear.hear(group_message("接手 3", group_id=STAFF_GROUP))
    assert not ear.hear(group_message("案件 3", group_id=STAFF_GROUP))
    assert not ear.hear(group_message("搜 晚安", group_id=STAFF_GROUP))
    assert not ear.hear(group_message("大家辛苦了", group_id=STAFF_GROUP))
    assert ear.writer.waiting == 0


def test_only_the_configured_groups_are_archived(make_ear: MakeEar) -> None:
    ear = make_ear(archives=lambda group_id: group_id == GROUP)
    ear.hear(group_message("不归我管", group_id=OTHER_GROUP))
    assert not ear.hear(group_message("搜 晚安", group_id=OTHER_GROUP)), "nothing to search"
    ear.hear(group_recall(5, group_id=OTHER_GROUP))
    assert ear.writer.waiting == 0


def test_a_command_that_repeats_is_obeyed_once(ear: Ear) -> None:
    for payload in (group_message("搜 晚安"), private_message("帮助"), private_message("在吗")):
        assert [ear.hear(payload), ear.hear(dict(payload))] == [True, False]
        assert ear.hear({**payload, "time": NOW_S + 1}), "another message"


def test_private_talk_is_not_archived(ear: Ear) -> None:
    assert ear.hear(private_message("我有话想说"))
    assert ear.writer.waiting == 0


def test_notices_and_requests_go_on_and_the_bot_s_own_words_do_not(ear: Ear) -> None:
    assert ear.hear(group_notice("group_increase", "approve"))
    assert ear.hear({"post_type": "meta_event", "meta_event_type": "heartbeat", "time": NOW_S})
    assert ear.hear({"post_type": "request", "request_type": "friend", "time": NOW_S})
    assert not ear.hear(group_message("我是留灯", post_type="message_sent"))
    assert ear.writer.waiting == 0


def test_everything_goes_on_if_other_plugins_need_it(make_ear: MakeEar) -> None:
    assert make_ear(pass_all=True).hear(group_message("今天好累"))


async def test_a_recall_is_heard(ear: Ear, database: Database) -> None:
    payload = group_message("说错了")
    ear.hear(payload)
    assert ear.hear(group_recall(payload["message_id"]))
    await ear.writer.drain()
    assert (await kept(database))[0].recalled_ms is not None


def nested(depth: int) -> list[Any]:
    node: list[Any] = []
    for _ in range(depth):
        node = [node]
    return node


HOSTILE = {
    "no group": group_message(group_id=None),
    "no message": group_message(None),
    "an id in words": group_message(message_id={"a": 1}),
    "a time that is no number": group_message("搜", time=float("nan"), user_id=None),
    "deep nesting for an id": group_message("搜 x", user_id=nested(20_000)),
    "deep nesting for a private id": private_message("在吗", user_id=nested(20_000)),
    "a recall of nothing": group_recall(None),
    "a recall in no group": group_recall(1, group_id="群"),
}


@pytest.mark.parametrize("payload", HOSTILE.values(), ids=HOSTILE.keys())
async def test_a_malformed_event_costs_one_line_and_the_next_is_heard(
    payload: dict[str, Any], ear: Ear, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    ear.hear(payload)
    assert ear.refused == 1
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert not ear.hear(group_message("下一句"))
    await ear.writer.drain()
    assert await texts(database) == ["下一句"]


@pytest.mark.parametrize("time", [float("nan"), float("-inf"), 10**400, "1", None, True, [], -1])
def test_an_odd_clock_does_not_make_it_deaf(time: Any, ear: Ear) -> None:
    ear.hear({"post_type": "meta_event", "meta_event_type": "lifecycle", "time": time})
    assert ear.refused == 0


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


@given(
    st.sampled_from([group_message(), private_message(), group_recall(1)]),
    st.dictionaries(st.sampled_from(sorted(group_message())), anything, max_size=3),
)
async def test_it_hears_anything_without_raising(
    ear: Ear, sound: dict[str, Any], spoilt: dict[str, Any]
) -> None:
    assert ear.hear({**sound, **spoilt}) in (True, False)
    await ear.writer.drain()


def test_the_clock_of_the_first_event_is_when_the_connection_began(ear: Ear) -> None:
    ear.hear({"post_type": "meta_event", "time": NOW_S})
    ear.hear({"post_type": "meta_event", "time": NOW_S + 50})
    assert ear.connected_at_ms == NOW_S * 1000
    ear.new_connection()
    assert ear.connected_at_ms is None


def test_history_is_understood_as_if_it_were_heard(ear: Ear) -> None:
    message = ear.understand(group_message("搜 晚安"), Source.BACKFILL)
    assert (message.addressed, message.source) == (True, Source.BACKFILL)
    assert not ear.understand(group_message("晚安"), Source.BACKFILL).addressed


async def test_a_full_queue_is_no_reason_to_stop_listening(
    database: Database, commands: CommandTable
) -> None:
    ear = Ear(LogWriter(database, 1), commands, lambda _: True)
    for words in ("一", "二", "三"):
        assert not ear.hear(group_message(words))
    ear.hear(group_recall(1))
    assert ear.writer.overflowed_groups == {GROUP}
