"""What goes to the database's thread, and what comes back from there."""

import logging

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from liudeng.db import Database


@pytest.fixture
async def lamps(database: Database) -> Database:
    async with database.write() as connection:
        await connection.execute(text("CREATE TABLE lamps (id INTEGER PRIMARY KEY, name TEXT)"))
        rows = [{"name": name} for name in ("水母灯", "路灯", "台灯")]
        await connection.execute(text("INSERT INTO lamps (name) VALUES (:name)"), rows)
    return database


async def test_a_statement_and_its_rows_are_one_trip(
    lamps: Database, caplog: pytest.LogCaptureFixture
) -> None:
    async with lamps.read() as connection:
        with caplog.at_level(logging.DEBUG, "aiosqlite"):
            names = list(await connection.scalars(text("SELECT name FROM lamps ORDER BY id")))
    trips = [record for record in caplog.records if record.msg.startswith("executing")]
    assert names == ["水母灯", "路灯", "台灯"]
    assert len(trips) == 1


async def test_it_tells_what_was_changed(lamps: Database) -> None:
    async with lamps.write() as connection:
        renamed = await connection.execute(text("UPDATE lamps SET name = '灯' WHERE id > 1"))
        added = await connection.execute(text("INSERT INTO lamps (name) VALUES ('星星')"))
        returned = await connection.execute(
            text("INSERT INTO lamps (name) VALUES ('月亮') RETURNING id, name")
        )
        assert renamed.rowcount == 2
        assert added.lastrowid == 4
        assert returned.one()._mapping == {"id": 5, "name": "月亮"}


async def test_a_query_without_rows_still_has_columns(lamps: Database) -> None:
    async with lamps.read() as connection:
        found = await connection.execute(text("SELECT id, name FROM lamps WHERE id > 9"))
        assert list(found.keys()) == ["id", "name"]
        assert found.all() == []


async def twice_the_same(lamps: Database) -> None:
    async with lamps.write() as connection:
        await connection.execute(text("DELETE FROM lamps"))
        await connection.execute(text("INSERT INTO lamps (id) VALUES (1), (1)"))


async def test_what_the_database_refuses_is_raised_and_undone(lamps: Database) -> None:
    with pytest.raises(IntegrityError):
        await twice_the_same(lamps)
    async with lamps.read() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM lamps")) == 3
