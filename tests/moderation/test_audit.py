"""The audit's chain: any edited, removed or added row is found."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from liudeng.cli import app
from liudeng.db import Database
from liudeng.moderation.audit import Entry, record, verify
from liudeng.settings import get_settings
from tests.fakes.payloads import ADMIN, GROUP, MEMBER


async def _filled(database: Database) -> None:
    for number in range(1, 6):
        async with database.write() as connection:
            told = (("reason", f"理由{number}"),)
            await record(connection, Entry(GROUP, ADMIN, "mute", MEMBER, number, told))


async def test_an_untouched_chain_holds(database: Database) -> None:
    await _filled(database)
    async with database.read() as connection:
        found = await verify(connection)
    assert (found.rows, found.broken_at) == (5, None)


@pytest.mark.parametrize(
    ("change", "broken_at"),
    [
        ("UPDATE moderation_audit SET detail = '{}' WHERE seq = 3", 3),
        ("UPDATE moderation_audit SET actor = 7 WHERE seq = 1", 1),
        ("UPDATE moderation_audit SET time_ms = time_ms + 1 WHERE seq = 5", 5),
        ("UPDATE moderation_audit SET hash = 'x' WHERE seq = 2", 2),
        ("DELETE FROM moderation_audit WHERE seq = 2", 2),
        ("UPDATE moderation_audit SET seq = 9 WHERE seq = 5", 5),
    ],
)
async def test_every_edit_is_found(database: Database, change: str, broken_at: int) -> None:
    await _filled(database)
    async with database.write() as connection:
        await connection.exec_driver_sql(change)
    async with database.read() as connection:
        found = await verify(connection)
    assert found.broken_at == broken_at


@pytest.fixture
def archive(database_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The command line's archive is this test's."""
    monkeypatch.setenv("DATA_DIR", str(database_path.parent))
    get_settings.cache_clear()
    yield database_path
    get_settings.cache_clear()


def test_the_command_line_tells_an_edited_row(archive: Path) -> None:
    async def fill(change: str | None) -> None:
        database = Database(archive)
        if change is None:
            await _filled(database)
        else:
            async with database.write() as connection:
                await connection.exec_driver_sql(change)
        await database.close()

    run = CliRunner()
    asyncio.run(fill(None))
    assert "5 行都对得上" in run.invoke(app, ["audit", "verify"]).output
    rows = run.invoke(app, ["audit", "export"]).output.splitlines()
    assert [json.loads(row)["seq"] for row in rows] == [1, 2, 3, 4, 5]
    asyncio.run(fill("UPDATE moderation_audit SET subject = 7 WHERE seq = 4"))
    told = run.invoke(app, ["audit", "verify"])
    assert told.exit_code == 1
    assert "第 4 行" in told.output
