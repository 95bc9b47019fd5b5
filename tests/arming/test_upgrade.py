"""Who is alerted after an update, and what the operator is told of dry runs."""

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import URL, create_engine

from liudeng.arming import Stances, groups_in_dry_run
from liudeng.db import Database, migrate
from liudeng.db.migrate import alembic_config
from tests.fakes.payloads import GROUP, OTHER_GROUP

BEFORE = "0007"
"""The revision before groups could be armed."""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A database of before, with a group that is watched."""
    path = tmp_path / "liudeng.sqlite3"
    engine = create_engine(URL.create("sqlite", database=str(path)))
    config = alembic_config(path)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, BEFORE)
        connection.exec_driver_sql(f"INSERT INTO groups VALUES ({GROUP}, '守灯人', 0)")
    engine.dispose()
    return path


async def test_an_update_silences_no_group(old: Path) -> None:
    migrate(old)
    database = Database(old)
    async with database.write() as connection:
        await connection.exec_driver_sql(f"INSERT INTO groups VALUES ({OTHER_GROUP}, '新群', 0)")
    stances = Stances(database, start_armed=False)
    await stances.load()

    assert stances.of(GROUP).armed
    assert not stances.of(OTHER_GROUP).armed
    async with database.read() as connection:
        assert await groups_in_dry_run(connection, start_armed=False) == [OTHER_GROUP]
        assert await groups_in_dry_run(connection, start_armed=True) == []
    await database.close()
