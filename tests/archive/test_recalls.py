"""A recalled message leaves search at once; its mark stays."""

import pytest

from liudeng.archive import LogWriter
from liudeng.db import Database
from tests.fakes.archive import found, kept, recall_of, store, texts
from tests.fakes.payloads import ADMIN, MEMBER, NOW_MS, NOW_S, OTHER_GROUP, said


async def test_a_recall_marks_the_message_and_takes_it_out_of_search(
    writer: LogWriter, database: Database
) -> None:
    message = said("说错了")
    await store(writer, message, said("没说错"))
    await store(writer, recall_of(message, operator_id=ADMIN))
    assert await found(database, "说错") == ["没说错"]
    recalled, other = await kept(database)
    assert recalled.recalled_ms == NOW_MS + 30_000
    assert other.recalled_ms is None
    assert writer.status.recalls == 1


@pytest.mark.parametrize("together", [True, False])
async def test_a_recall_may_come_before_its_message(
    together: bool, writer: LogWriter, database: Database
) -> None:
    message = said("来晚了")
    if together:
        await store(writer, recall_of(message), message)
    else:
        await store(writer, recall_of(message))
        await store(writer, message)
    assert await found(database, "来晚了") == []
    (row,) = await kept(database)
    assert row.recalled_ms is not None


async def test_a_recalled_message_does_not_come_back_with_the_history(
    writer: LogWriter, database: Database
) -> None:
    message = said("说错了")
    await store(writer, message)
    await store(writer, recall_of(message))
    await store(writer, message)
    assert await texts(database) == ["说错了"]
    assert await found(database, "说错了") == []


async def test_recalling_twice_is_recalling_once(writer: LogWriter, database: Database) -> None:
    message = said("说错了")
    await store(writer, message, recall_of(message), recall_of(message))
    await store(writer, recall_of(message, time=NOW_S + 90))
    (row,) = await kept(database)
    assert row.recalled_ms == NOW_MS + 30_000
    assert writer.status.recalls == 1


async def test_of_messages_with_one_id_the_latest_before_the_recall_is_meant(
    writer: LogWriter, database: Database
) -> None:
    day = 24 * 3600
    spoken = [
        said(text, message_id=7, time=NOW_S + days * day, received_ms=NOW_MS + 5 * day * 1000)
        for text, days in (("前天说的", -2), ("昨天说的", -1), ("明天说的", 1))
    ]
    await store(writer, *spoken)
    await store(writer, recall_of(spoken[0], time=NOW_S))
    assert await found(database, "天说的") == ["明天说的", "前天说的"]


async def test_a_recall_that_waits_does_not_hit_a_later_message_with_its_id(
    writer: LogWriter, database: Database
) -> None:
    later = said("几天后的话", message_id=7, time=NOW_S)
    await store(writer, recall_of(later, time=NOW_S - 3 * 24 * 3600))
    await store(writer, later)
    assert await found(database, "几天后") == ["几天后的话"]
    await store(writer, said("当时的话", message_id=7, time=NOW_S - 3 * 24 * 3600 - 5))
    assert await found(database, "的话") == ["几天后的话"]


async def test_another_group_s_message_with_that_id_stays(
    writer: LogWriter, database: Database
) -> None:
    here, there = said("这边", message_id=7), said("那边", message_id=7, group_id=OTHER_GROUP)
    await store(writer, here, there, recall_of(here))
    assert await found(database, "边", here.group_id, OTHER_GROUP) == ["那边"]


async def test_a_command_that_is_recalled_upsets_no_index(
    writer: LogWriter, database: Database
) -> None:
    command = said("搜 晚安").model_copy(update={"addressed": True})
    await store(writer, said("晚安"), command)
    assert await found(database, "晚安") == ["晚安"]
    await store(writer, recall_of(command, operator_id=MEMBER))
    assert await found(database, "晚安") == ["晚安"]
    assert (await kept(database))[1].recalled_ms is not None
