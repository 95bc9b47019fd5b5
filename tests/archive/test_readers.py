"""Readers: each goes on where its bookmark stands; effects and bookmark are one."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive import LogWriter, ReaderRun, Source, StoredMessage, reader_lags
from liudeng.archive import readers as readers_module
from liudeng.archive.tables import bookmarks, groups
from liudeng.db import Database
from tests.fakes import trouble
from tests.fakes.archive import store
from tests.fakes.payloads import said
from tests.fakes.waiting import closes, until


@dataclass
class Note:
    """An effect that counts: one row per message, and twice the same row is an error."""

    seqs: list[int]
    fails: bool = False

    async def apply(self, connection: AsyncConnection) -> None:
        rows = [{"group_id": seq, "name": "注" * 99, "first_seen_ms": 0} for seq in self.seqs]
        await connection.execute(insert(groups), rows)
        if self.fails:
            raise RuntimeError("the effects are half written")


@dataclass
class Noting:
    """A reader that notes each message it reads, and fails over some."""

    name: str = "noting"
    sources: frozenset[Source] | None = None
    trips_over: set[str] = field(default_factory=set)
    fails_to_write: int = 0
    silent: bool = False
    tried: int = 0

    async def read(self, batch: Sequence[StoredMessage]) -> Note | None:
        self.tried += 1
        for message in batch:
            if message.text in self.trips_over:
                raise ValueError(f"cannot read {message.text}, which is private")
        if self.silent:
            return None
        self.fails_to_write -= 1
        return Note([message.seq for message in batch], fails=self.fails_to_write >= 0)


Run = Callable[[Noting], Awaitable[ReaderRun]]


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers_module, "_RETRY_S", 0.005)


@pytest.fixture
async def run(database: Database) -> AsyncIterator[Run]:
    """Starts readers, and closes them after the test."""
    started: list[ReaderRun] = []

    async def start(reader: Noting) -> ReaderRun:
        running = ReaderRun(database, reader, lambda: None)
        await running.start()
        started.append(running)
        return running

    yield start
    for running in started:
        await running.close()


async def noted(database: Database) -> list[int]:
    async with database.read() as connection:
        return list(await connection.scalars(select(groups.c.group_id).order_by(groups.c.group_id)))


async def bookmark(database: Database) -> int | None:
    async with database.read() as connection:
        return (await connection.execute(select(bookmarks.c.seq))).scalar()


async def test_it_reads_what_is_there_and_what_comes(
    run: Run, writer: LogWriter, database: Database
) -> None:
    await store(writer, said(), said())
    running = await run(Noting())
    await running.caught_up()
    await store(writer, said())
    await running.caught_up()
    assert await noted(database) == [1, 2, 3]
    assert running.seq == await bookmark(database) == 3


async def test_a_commit_wakes_it(run: Run, writer: LogWriter, database: Database) -> None:
    running = await run(Noting())
    writer.on_commit(running.wake)
    await store(writer, said())
    await until(lambda: running.seq == 1)


async def test_it_goes_on_where_it_stopped(run: Run, writer: LogWriter, database: Database) -> None:
    await store(writer, said(), said())
    first = await run(Noting())
    await first.caught_up()
    await first.close()
    await store(writer, said())
    second = await run(Noting())
    await second.caught_up()
    assert await noted(database) == [1, 2, 3]


async def test_a_reader_without_effects_keeps_its_place_when_it_is_closed(
    run: Run, writer: LogWriter, database: Database
) -> None:
    await store(writer, said(), said())
    running = await run(Noting(silent=True))
    await running.caught_up()
    await running.close()
    assert await bookmark(database) == 2


async def test_more_than_a_batch_is_read_once_each(
    run: Run, writer: LogWriter, database: Database
) -> None:
    many = readers_module.BATCH_LIMIT * 2 + 3
    await store(writer, *(said() for _ in range(many)))
    running = await run(Noting())
    await running.caught_up()
    assert await noted(database) == list(range(1, many + 1))


async def test_it_reads_its_sources_alone_and_moves_past_the_others(
    run: Run, writer: LogWriter, database: Database
) -> None:
    imported = [said(source=Source.IMPORT) for _ in range(readers_module.BATCH_LIMIT + 5)]
    await store(writer, said(), *imported, said(), said(source=Source.HISTORY))
    reader = Noting(sources=frozenset({Source.LIVE}))
    running = await run(reader)
    await running.caught_up()
    assert await noted(database) == [1, len(imported) + 2]
    assert reader.tried == 1
    assert running.seq == len(imported) + 3
    await store(writer, said(source=Source.IMPORT))
    await running.caught_up()
    await running.close()
    assert await bookmark(database) == running.seq == len(imported) + 4


async def test_effects_that_fail_leave_no_trace_and_are_tried_again(
    run: Run, writer: LogWriter, database: Database
) -> None:
    await store(writer, said(), said())
    reader = Noting(fails_to_write=2)
    running = await run(reader)
    await running.caught_up()
    assert await noted(database) == [1, 2]
    assert reader.tried == 3


async def test_after_a_crash_no_message_is_passed_over_and_no_effect_happens_twice(
    run: Run, writer: LogWriter, database: Database
) -> None:
    """The first life dies in the middle of its second batch, its effects half written."""
    await store(writer, *(said() for _ in range(3)))
    died = asyncio.Event()

    class Dying(Noting):
        async def read(self, batch: Sequence[StoredMessage]) -> Any:
            if batch[0].seq > 3:
                return _DiesWhileWriting(Note([message.seq for message in batch]), died)
            return await super().read(batch)

    first = await run(Dying())
    await first.caught_up()
    await store(writer, said(), said())
    first.wake()
    await died.wait()
    await first.close()
    assert await bookmark(database) == 3
    second = await run(Noting())
    await second.caught_up()
    assert await noted(database) == [1, 2, 3, 4, 5]


@dataclass
class _DiesWhileWriting:
    note: Note
    died: asyncio.Event

    async def apply(self, connection: AsyncConnection) -> None:
        await self.note.apply(connection)
        self.died.set()
        await asyncio.Event().wait()


async def test_a_stop_right_after_a_commit_does_not_move_the_bookmark_back(
    run: Run, writer: LogWriter, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = Noting(silent=True)
    await store(writer, said(), said())
    running = await run(reader)
    await running.caught_up()  # two read, and not yet worth a write of their own
    committed = asyncio.Event()
    write = database.write

    @asynccontextmanager
    async def write_and_linger() -> AsyncIterator[AsyncConnection]:
        async with write() as connection:
            yield connection
        committed.set()
        await asyncio.Event().wait()

    reader.silent = False
    await store(writer, said())
    monkeypatch.setattr(database, "write", write_and_linger)
    running.wake()
    await committed.wait()
    monkeypatch.setattr(database, "write", write)
    await running.close()
    assert await bookmark(database) == 3
    again = await run(Noting())
    await again.caught_up()
    assert await noted(database) == [3]


async def test_a_message_that_cannot_be_read_is_the_only_one_passed_over(
    run: Run, writer: LogWriter, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    await store(writer, said("前"), said("绊脚石"), said("后"))
    running = await run(Noting(trips_over={"绊脚石"}))
    await running.caught_up()
    assert await noted(database) == [1, 3]
    assert "编号 2" in caplog.text
    assert "绊脚石" not in caplog.text
    assert (running.skipped, running.trouble) == (1, "")


@pytest.mark.parametrize("inject", [trouble.locked, trouble.full, trouble.read_only])
async def test_in_trouble_it_waits_and_loses_nothing(
    inject: trouble.Trouble,
    run: Run,
    writer: LogWriter,
    database: Database,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await store(writer, *(said() for _ in range(150)))
    async with inject(database):
        running = await run(Noting())
        await until(lambda: "暂停" in caplog.text)
        assert await noted(database) == []
        assert running.seq == 0
        assert running.trouble, "the operator hears of it at /health"
    await running.caught_up()
    assert await noted(database) == list(range(1, 151))
    assert running.trouble == ""


async def test_a_reader_that_never_started_closes(database: Database) -> None:
    await ReaderRun(database, Noting(), lambda: None).close()


async def test_how_far_behind_a_reader_is(run: Run, writer: LogWriter, database: Database) -> None:
    await store(writer, said(received_ms=1_790_000_000_000))
    running = await run(Noting())
    await running.caught_up()
    await running.close()
    async with database.read() as connection:
        assert [(lag.messages, lag.seconds) for lag in await reader_lags(connection)] == [(0, 0.0)]
    long_ago = 1_600_000_000_000
    await store(writer, said(time=long_ago // 1000, received_ms=long_ago), said())
    async with database.read() as connection:
        (lag,) = await reader_lags(connection)
    assert (lag.reader, lag.messages) == ("noting", 2)
    assert lag.seconds > 24 * 3600


@pytest.mark.parametrize("steps", range(5))
async def test_it_stops_even_at_the_moment_it_is_woken(
    steps: int, run: Run, writer: LogWriter
) -> None:
    running = await run(Noting())
    await running.caught_up()
    running.wake()
    for _ in range(steps):
        await asyncio.sleep(0)
    await closes(running)
