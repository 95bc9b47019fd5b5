"""The LogWriter: what was queued is not lost, and nobody waits for anybody's mistake."""

import asyncio
import logging

import pytest

from liudeng.archive import LogWriter, Message
from liudeng.archive import writer as writer_module
from liudeng.db import Database
from tests.fakes import trouble
from tests.fakes.archive import found, kept, recall_of, store, texts
from tests.fakes.payloads import GROUP, OTHER_GROUP, said
from tests.fakes.waiting import closes, until


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer_module, "_RETRY_FIRST_S", 0.005)
    monkeypatch.setattr(writer_module, "_RETRY_MOST_S", 0.01)


def unstorable() -> Message:
    """No database can hold this id."""
    return said("无法入库").model_copy(update={"message_id": "\ud800"})


@pytest.mark.parametrize("inject", [trouble.locked, trouble.full, trouble.read_only])
async def test_what_was_queued_in_trouble_is_written_afterwards(
    inject: trouble.Trouble,
    writer: LogWriter,
    database: Database,
    caplog: pytest.LogCaptureFixture,
) -> None:
    spoken = [said(f"第{number}句" + "很长" * 10_000) for number in range(8)]
    async with inject(database):
        for message in spoken[:4]:
            assert writer.offer(message)
        await until(lambda: bool(writer.status.trouble), "the writer notices")
        advice = writer.status.trouble
        for message in spoken[4:]:
            assert writer.offer(message)
        assert await texts(database) == []
    await writer.drain()
    assert await texts(database) == [message.text for message in spoken]
    assert writer.status.trouble == ""
    errors = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert [advice in record.getMessage() for record in errors] == [True]
    assert "恢复" in caplog.records[-1].getMessage()


async def test_one_message_that_cannot_be_stored_takes_no_other_along(
    writer: LogWriter, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    await store(writer, said("前一句"), said("再一句"), unstorable(), said("后一句"))
    assert await texts(database) == ["前一句", "再一句", "后一句"]
    assert writer.status.refused == 1
    assert len([r for r in caplog.records if r.levelno == logging.ERROR]) == 1
    await store(writer, said("下一句"))
    assert (await texts(database))[-1] == "下一句"


async def test_a_flood_is_written_in_batches_and_in_order(
    writer: LogWriter, database: Database
) -> None:
    spoken = [said(f"第{number}句") for number in range(900)]
    for message in spoken:
        assert writer.offer(message)
    await writer.drain()
    assert await texts(database) == [message.text for message in spoken]
    assert len(writer.status.latencies_ms) == 900
    assert writer.status.committed_seq == 900


async def test_a_message_is_searchable_when_the_writer_says_so(
    writer: LogWriter, database: Database
) -> None:
    woken: list[int] = []
    writer.on_commit(lambda: woken.append(writer.status.committed_seq))
    await store(writer, said("刚说的"))
    assert woken == [1]
    assert await found(database, "刚说") == ["刚说的"]


async def test_a_full_queue_turns_away_and_remembers_whom(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    writer = LogWriter(database, 2)
    offered = [writer.offer(said(group_id=group)) for group in (GROUP, GROUP, GROUP, OTHER_GROUP)]
    assert offered == [True, True, False, False]
    assert writer.overflowed_groups == {GROUP, OTHER_GROUP}
    assert writer.status.overflowed == 2
    assert len(caplog.records) == 1
    writer.start(0)
    await writer.close()
    assert len(await texts(database)) == 2


async def test_draining_ends_though_messages_keep_arriving(
    writer: LogWriter, database: Database
) -> None:
    """With each commit somebody speaks again: the queue is never empty."""
    talking = True

    def speak_again() -> None:
        if talking:
            writer.offer(said("还没说完"))

    writer.on_commit(speak_again)
    writer.offer(said("在此之前"))
    async with asyncio.timeout(10):
        await writer.drain()
    assert (await texts(database))[0] == "在此之前"
    assert writer.waiting
    talking = False


async def test_a_recall_bypasses_a_full_queue(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, "_RECALLS_SET_ASIDE", 1)
    writer = LogWriter(database, 2)
    message = said("说错了")
    assert writer.offer(message)
    assert writer.offer(said("没说错"))
    assert writer.offer(recall_of(message))
    assert not writer.offer(recall_of(message)), "even recalls have a bound"
    assert writer.waiting == 3
    writer.start(0)
    await writer.drain()
    assert [row.recalled_ms is not None for row in await kept(database)] == [True, False]
    assert writer.waiting == 0
    await closes(writer)


def test_latencies_are_kept_of_the_newest_only() -> None:
    status = writer_module.WriterStatus()
    status.latencies_ms.extend(range(10_001))
    assert (len(status.latencies_ms), status.latencies_ms[0]) == (10_000, 1)


async def test_closing_writes_what_is_queued(database: Database) -> None:
    writer = LogWriter(database, 100)
    writer.start(0)
    writer.offer(said("最后一句"))
    await writer.close()
    assert await texts(database) == ["最后一句"]


async def test_closing_in_trouble_says_what_could_not_be_written(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    writer = LogWriter(database, 2_000)
    writer.start(0)
    async with trouble.read_only(database):
        for _ in range(writer_module.BATCH_LIMIT + 3):
            writer.offer(said())
        await until(lambda: bool(writer.status.trouble))
        await writer.close(timeout_s=0.02)
    assert f"还有 {writer_module.BATCH_LIMIT + 3} 条" in caplog.text


async def test_a_writer_that_never_started_closes() -> None:
    await LogWriter(Database.__new__(Database), 1).close()
