"""Migrations: from nothing to head and back, all or nothing."""

import sqlite3
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import URL, Connection, create_engine

import liudeng
from liudeng.db import SchemaTooNew, metadata, migrate
from liudeng.db.migrate import alembic_config, head_revision

for _module in walk_packages(liudeng.__path__, "liudeng."):
    if _module.name.endswith(".tables"):
        import_module(_module.name)  # registers the room's tables with `metadata`


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "neu" / "liudeng.sqlite3"


def tables(path: Path) -> set[str]:
    connection = sqlite3.connect(path)
    try:
        found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {name for (name,) in found if not name.startswith("sqlite_")}
    finally:
        connection.close()


def revision(path: Path) -> str | None:
    connection = sqlite3.connect(path)
    try:
        return connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]
    finally:
        connection.close()


def execute(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def test_an_empty_place_reaches_head(path: Path) -> None:
    migrate(path)
    assert revision(path) == head_revision()


def test_migrating_again_changes_nothing(path: Path) -> None:
    migrate(path)
    execute(path, "INSERT INTO groups VALUES (1, '守灯人', 0)")
    before = tables(path)
    migrate(path)
    assert tables(path) == before
    assert sqlite3.connect(path).execute("SELECT name FROM groups").fetchall() == [("守灯人",)]


def test_the_tables_in_the_code_are_the_tables_in_the_database(path: Path) -> None:
    def compared(connection: Connection) -> list[object]:
        def is_compared(name: str | None, kind: str, _parents: object) -> bool:
            # The index and its state belong to SQLite alone and have no table in the code.
            return kind != "table" or not (name or "").startswith(("log_index", "index_state"))

        options = {"include_name": is_compared, "compare_type": True}
        return list(
            compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
        )

    migrate(path)
    engine = create_engine(URL.create("sqlite", database=str(path)))
    with engine.connect() as connection:
        assert compared(connection) == []
        connection.exec_driver_sql("DROP TABLE gaps")
        assert compared(connection) != [], "the comparison must be able to fail"
        connection.rollback()
    engine.dispose()


def test_the_way_back_leaves_nothing(path: Path) -> None:
    migrate(path)
    engine = create_engine(URL.create("sqlite", database=str(path)))
    config = alembic_config(path)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    engine.dispose()
    assert tables(path) == {"alembic_version"}
    migrate(path)
    assert "messages" in tables(path)


def test_a_database_of_a_newer_version_is_left_alone(path: Path) -> None:
    migrate(path)
    execute(path, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaTooNew):
        migrate(path)
    assert revision(path) == "9999"


def test_a_migration_that_fails_leaves_no_half_schema(path: Path) -> None:
    path.parent.mkdir()
    execute(path, "CREATE TABLE cases (id INTEGER)")
    with pytest.raises(Exception, match="cases"):
        migrate(path)
    assert tables(path) == {"cases"}
    execute(path, "DROP TABLE cases")
    migrate(path)
    assert revision(path) == head_revision()
