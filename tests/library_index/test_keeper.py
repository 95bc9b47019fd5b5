"""Keeping the index current, and mending it."""

import logging
from pathlib import Path

import pytest
from sqlalchemy import delete

from liudeng.archive import LogWriter
from liudeng.db import Database
from liudeng.library import retitle, withdraw
from liudeng.library.index import LibraryIndexKeeper, rebuild_library
from liudeng.library.index.order import Order, Task
from liudeng.library.index.writer import IndexWriter, WritingFailed
from liudeng.library.showing import Showing
from liudeng.library.tables import library_changes
from liudeng.ocr import Box, Line, Reading
from liudeng.ocr.readings import ReadingState, keep_reading
from tests.fakes.archive import kept, recall_of, store
from tests.fakes.payloads import NOW_MS, said
from tests.fakes.waiting import until
from tests.library_index.conftest import NearWriter, ask, keep, numbers


def found(keeper: LibraryIndexKeeper, text: str) -> list[int]:
    return sorted(numbers(ask(keeper.index, text)))


def keeper_of(database: Database, folder: Path, writer: NearWriter) -> LibraryIndexKeeper:
    return LibraryIndexKeeper(database, folder / "kept", Showing(database), writer=writer, gather=0)


async def test_what_changes_is_found_as_it_is_now(
    keeper: LibraryIndexKeeper, database: Database
) -> None:
    first = await keep(database, title="一个月亮")
    await keeper.start()
    await keeper.caught_up()
    assert found(keeper, "月亮") == [first]
    second = await keep(database, title="两个月亮")
    third = await keep(database, title="三个月亮")
    async with database.write() as connection:
        await retitle(connection, first, "一阵晚风", None, NOW_MS)
        await withdraw(connection, third, NOW_MS)
    await keeper.caught_up()
    assert found(keeper, "月亮") == [second]
    assert found(keeper, "晚风") == [first]


async def test_many_changes_are_one_commit(
    keeper: LibraryIndexKeeper, database: Database, writer_of_index: NearWriter
) -> None:
    await keeper.start()
    await keeper.caught_up()
    entries = [await keep(database, title=f"第{number}个月亮") for number in range(20)]
    await keeper.caught_up()
    assert found(keeper, "月亮") == entries
    assert writer_of_index.tasks == [Task.RECONCILE, Task.APPLY]


async def test_a_recalled_message_s_entry_leaves_the_index(
    keeper: LibraryIndexKeeper, database: Database, writer: LogWriter
) -> None:
    message = said("晚安")
    await store(writer, message)
    (row,) = await kept(database)
    entry = await keep(database, message_row=row.id)
    await keeper.start()
    await keeper.caught_up()
    assert found(keeper, "月亮") == [entry]
    await store(writer, recall_of(message))
    await keeper.caught_up()
    assert found(keeper, "月亮") == []


async def test_an_entry_is_found_by_words_read_in_its_picture_later(
    keeper: LibraryIndexKeeper, database: Database
) -> None:
    picture = f"{1:064x}"
    entry = await keep(database, pictures=(picture,))
    await keeper.start()
    await keeper.caught_up()
    assert found(keeper, "一碗粥") == []
    line = Line(text="我方士气一碗粥", box=Box(0, 0, 9, 9), confidence=1, turn=0)
    async with database.write() as connection:
        await keep_reading(connection, picture, Reading(lines=(line,)), ReadingState.READ)
    keeper.picture_read(picture)
    await keeper.caught_up()
    assert found(keeper, "一碗粥") == [entry]


async def test_a_restart_goes_on_where_it_stopped(
    keeper: LibraryIndexKeeper, database: Database, tmp_path: Path
) -> None:
    first = await keep(database)
    await keeper.start()
    await keeper.caught_up()
    await keeper.close()
    second = await keep(database)
    async with database.write() as connection:
        await connection.execute(delete(library_changes))  # reconciling needs none of them
    watched = NearWriter()
    again = keeper_of(database, tmp_path, watched)
    await again.start()
    await again.caught_up()
    assert found(again, "月亮") == [first, second]
    await again.close()


async def test_it_says_whether_it_is_ready(database: Database, tmp_path: Path) -> None:
    keeper = keeper_of(database, tmp_path, NearWriter())
    assert not ask(keeper.index, "月亮").ready
    await keeper.start()
    await keeper.caught_up()
    assert ask(keeper.index, "月亮").ready
    await keeper.close()


async def test_damage_that_a_query_meets_is_mended_meanwhile(
    keeper: LibraryIndexKeeper, database: Database, writer_of_index: NearWriter
) -> None:
    entry = await keep(database)
    await keeper.start()
    await keeper.caught_up()
    (pickle,) = keeper.index.folder.path.glob("generation-*/*.toc")
    pickle.write_bytes(b"garbage")
    assert not ask(keeper.index, "月亮").ready
    await until(lambda: found(keeper, "月亮") == [entry], "the index is mended")
    assert writer_of_index.tasks[-1] is Task.BUILD


async def test_an_index_that_vanishes_is_built_anew(
    keeper: LibraryIndexKeeper, database: Database
) -> None:
    entry = await keep(database)
    await keeper.start()
    await keeper.caught_up()
    (keeper.index.folder.path / "state.json").unlink()
    await keeper.caught_up()
    assert found(keeper, "月亮") == [entry]
    assert keeper.index.folder.state() is not None


async def test_an_older_copy_of_the_database_is_indexed_anew(
    keeper: LibraryIndexKeeper, database: Database
) -> None:
    entries = [await keep(database, title=f"第{number}个月亮") for number in range(3)]
    await keeper.start()
    await keeper.caught_up()
    async with database.write() as connection:
        await withdraw(connection, entries[0], NOW_MS)
        await connection.execute(delete(library_changes).where(library_changes.c.seq > 1))
    await keeper.caught_up()
    assert found(keeper, "月亮") == entries[1:]


async def test_when_writing_fails_the_old_index_still_answers(
    keeper: LibraryIndexKeeper,
    database: Database,
    writer_of_index: NearWriter,
    caplog: pytest.LogCaptureFixture,
) -> None:
    first = await keep(database)
    await keeper.start()
    await keeper.caught_up()
    writer_of_index.fails = 1
    second = await keep(database)
    with caplog.at_level(logging.ERROR):
        keeper.wake()
        await until(lambda: "文库索引写不了" in caplog.text, "the failure is told")
    assert found(keeper, "月亮") == [first]
    await keeper.caught_up()
    assert found(keeper, "月亮") == [first, second]
    assert writer_of_index.tasks[-1] is Task.RECONCILE


async def test_the_writing_process_builds_an_index(database: Database, tmp_path: Path) -> None:
    entry = await keep(database)
    keeper = keeper_of(database, tmp_path, NearWriter())
    assert await rebuild_library(database, tmp_path / "kept") == 1
    assert found(keeper, "月亮") == [entry]
    await keeper.close()


@pytest.mark.parametrize(
    ("command", "limit", "reason"),
    [
        (("/bin/false",), 5.0, "ValidationError|BrokenPipe|ConnectionReset"),
        (("/bin/echo", "nonsense"), 5.0, "ValidationError|BrokenPipe|ConnectionReset"),
        (("/bin/sleep", "60"), 0.05, "TimeoutError"),
        (("/nowhere",), 5.0, "FileNotFoundError"),
        (("/bin/echo", '{"failed": "MemoryError"}'), 5.0, "MemoryError"),
    ],
    ids=["dies", "talks nonsense", "hangs", "is not there", "fails"],
)
async def test_a_writing_process_that_fails_says_so(
    tmp_path: Path, command: tuple[str, ...], limit: float, reason: str
) -> None:
    async def nothing():
        for document in ():
            yield document

    writer = IndexWriter(command, limit)
    with pytest.raises(WritingFailed, match=reason):
        await writer.write(Order(task=Task.BUILD, folder=tmp_path / "kept", seq=0), nothing())
