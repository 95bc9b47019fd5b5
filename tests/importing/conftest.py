"""Importing what a test writes."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from liudeng.db import Database
from liudeng.importing import ImportReport, import_file
from tests.fakes.payloads import GROUP

Load = Callable[[str | bytes], Awaitable[ImportReport]]


@pytest.fixture
def load(database: Database, tmp_path: Path) -> Load:
    """Write a file and import it into the archive."""

    async def write_and_import(content: str | bytes) -> ImportReport:
        path = tmp_path / "export.bin"  # the name tells nothing
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return await import_file(database, path, GROUP, lambda _: None)

    return write_and_import
