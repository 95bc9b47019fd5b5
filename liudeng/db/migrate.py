"""Brings a database to the current schema with Alembic."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import URL, Engine, create_engine, event

_MIGRATIONS = Path(__file__).parent / "migrations"


class SchemaTooNew(Exception):
    """The database was written by a newer version of the bot."""


def alembic_config(path: Path) -> Config:
    """Return an Alembic configuration for the database at `path`."""
    config = Config()
    # A % in the path would be read as a reference to another option.
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["path"] = path
    return config


def migrate(path: Path) -> None:
    """Create or upgrade the database at `path`, wholly or not at all.

    Blocks: call it in a thread.

    Raises:
        SchemaTooNew: the database has a revision this version does not know.
        sqlalchemy.exc.DBAPIError: the file cannot be opened or written.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)  # SQLite would let everybody read it, and its log beside it
    config = alembic_config(path)
    engine = _engine(path)
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except CommandError as error:
        raise SchemaTooNew(str(error)) from error
    finally:
        engine.dispose()


def _engine(path: Path) -> Engine:
    """Left to itself the driver begins no transaction for DDL: a crash could halve the schema."""
    engine = create_engine(URL.create("sqlite", database=str(path)))

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def head_revision() -> str | None:
    """Return the revision this version of the bot expects."""
    return ScriptDirectory(str(_MIGRATIONS)).get_current_head()
