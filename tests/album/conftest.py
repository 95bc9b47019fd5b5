"""Albums of a small archive, and a browser that opens them from the disk."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright

from liudeng.db import Database
from tests.album.gallery import Gallery, settings
from tests.browser.conftest import CHROMIUM_ARGS, chromium_path


@pytest.fixture
def gallery(database: Database, tmp_path: Path) -> Gallery:
    """An archive without entries."""
    return Gallery(database, settings(tmp_path))


@pytest.fixture(scope="module")
async def chromium() -> AsyncIterator[Browser]:
    """A browser; tests are skipped where there is none."""
    path = chromium_path()
    if path is None:
        pytest.skip("no Chromium on PATH")
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGS)
        yield launched
        await launched.close()
