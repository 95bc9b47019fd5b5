"""Transactions, and what their failures mean to an operator."""

import asyncio
import contextlib
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import DBAPIError, OperationalError

from liudeng.archive.tables import groups
from liudeng.db import Checkpoints, Database, explain
from liudeng.db.compacting import CompactingPostponed
from tests.fakes import trouble
from tests.fakes.waiting import until


async def add(database: Database, group_id: int, name: str = "") -> None:
    async with database.write() as connection:
        await connection.execute(
            insert(groups).values(group_id=group_id, name=name, first_seen_ms=0)
        )


async def count(database: Database) -> int:
    async with database.read() as connection:
        return (await connection.execute(select(func.count()).select_from(groups))).scalar_one()


async def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    async def break_off() -> None:
        async with database.write() as connection:
            await connection.execute(insert(groups).values(group_id=1, name="", first_seen_ms=0))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await break_off()
    assert await count(database) == 0


async def test_writes_wait_for_one_another(database: Database) -> None:
    await asyncio.gather(*(add(database, group_id) for group_id in range(1, 21)))
    assert await count(database) == 20


async def test_a_reader_sees_one_state_while_others_write(database: Database) -> None:
    query = select(func.count()).select_from(groups)
    async with database.read() as connection:
        before = (await connection.execute(query)).scalar_one()
        await add(database, 1)
        assert (await connection.execute(query)).scalar_one() == before
    assert await count(database) == before + 1


async def test_reading_cannot_write(database: Database) -> None:
    with pytest.raises(OperationalError, match="readonly"):
        async with database.read() as connection:
            await connection.execute(insert(groups).values(group_id=1, name="", first_seen_ms=0))


async def test_a_commit_is_durable_and_leaves_readers_alone(database: Database) -> None:
    async with database.write() as connection:
        pragmas = {
            name: (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


@pytest.mark.parametrize(
    ("inject", "advice"),
    [
        (trouble.locked, "另一个程序"),
        (trouble.full, "磁盘满了"),
        (trouble.read_only, "只读"),
    ],
)
async def test_trouble_is_named_with_the_next_step_and_passes(
    database: Database, inject: trouble.Trouble, advice: str
) -> None:
    async with inject(database):
        with pytest.raises(DBAPIError) as raised:
            await add(database, 1, name="很长的群名" * 20_000)
        told = explain(raised.value)
        assert advice in told.advice
        assert told.transient
        assert await count(database) == 0
    await add(database, 1, name="很长的群名" * 20_000)
    assert await count(database) == 1


async def test_compacting_does_not_wait_for_who_reads_for_long(database: Database) -> None:
    """A backup reads for minutes; nothing can be written while compacting waits for it."""
    await add(database, 1)
    async with database.read() as reader:
        await reader.exec_driver_sql("SELECT count(*) FROM groups")
        await add(database, 2)
        with pytest.raises(CompactingPostponed):
            async with asyncio.timeout(25):
                await database.compact(rewrite=False)
    await database.compact(rewrite=False)


async def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "liudeng.sqlite3"
    path.write_text("这不是数据库" * 200)
    database = Database(path)
    with pytest.raises(DBAPIError) as raised:
        await count(database)
    assert "不是有效的 SQLite 文件" in explain(raised.value).advice
    await database.close()


async def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    database = Database(tmp_path / "nowhere" / "liudeng.sqlite3")
    with pytest.raises(DBAPIError) as raised:
        await count(database)
    assert "打不开" in explain(raised.value).advice
    await database.close()


def test_what_waiting_cannot_mend_is_not_waited_for() -> None:
    told = explain(sqlite3.IntegrityError("NOT NULL constraint failed: messages.text"))
    assert not told.transient
    assert "liudeng doctor" in told.advice


def test_only_a_database_can_be_locked() -> None:
    """An error that quotes what somebody said must not be waited out for ever."""
    assert not explain(ValueError("我的心 locked 了，database is locked")).transient


async def test_what_was_committed_moves_into_the_file_beside_the_writer(
    database: Database,
) -> None:
    def in_the_file_alone() -> bool:
        uri = f"file:{database.path}?immutable=1"  # without the write-ahead log
        with contextlib.closing(sqlite3.connect(uri, uri=True)) as connection:
            return connection.execute("SELECT 1 FROM groups WHERE group_id = 7").fetchone() == (1,)

    await add(database, 7)
    assert not in_the_file_alone()
    checkpoints = Checkpoints(database.path, every_s=0.01)
    await checkpoints.start()
    await until(in_the_file_alone, "the committed row is in the file")
    await checkpoints.close()
    assert await count(database) == 1
