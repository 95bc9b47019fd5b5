"""The album looks as it did when somebody last looked at it, whichever font the machine has.

After a change that is meant, write the images anew and look at the pages themselves:
LIUDENG_GOLDEN=write pytest tests/album/test_album_golden.py
"""

import io
import os
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.async_api import Browser, Page

from liudeng.ocr import Reading
from tests.album.gallery import Gallery, flat

pytestmark = pytest.mark.browser

GOLDEN = Path(__file__).parent / "golden"
_WIDE = 39
"""Pixels: a tenth of the phone. Letters become grey, blocks and colours stay."""
_SAME = 9.0
"""Greatest mean difference of a fourth of the page, of 255."""


@pytest.fixture
async def page(chromium: Browser, gallery: Gallery, tmp_path: Path) -> AsyncIterator[Page]:
    """The wall on a phone, in the light."""
    picture = await gallery.keep(flat("#9fc5a8"), Reading())
    await gallery.place("第一封", day=date(2025, 8, 7), words="那天下雨了", pictures=(picture,))
    await gallery.place("后悔面馆打烊公告", words="三块云，两枚月亮", tags=("面馆",))
    await gallery.write(tmp_path / "album")
    context = await chromium.new_context(
        viewport={"width": 390, "height": 1400}, color_scheme="light", reduced_motion="reduce"
    )
    opened = await context.new_page()
    await opened.goto((tmp_path / "album" / "index.html").as_uri())
    await opened.wait_for_selector("html[data-ready]")
    yield opened
    await context.close()


async def looks(page: Page) -> np.ndarray:
    """Return the page as a few coloured pixels."""
    await page.wait_for_function("[...document.images].every((image) => image.complete)")
    picture = Image.open(io.BytesIO(await page.screenshot())).convert("RGB")
    small = picture.resize((_WIDE, _WIDE * picture.height // picture.width), Image.Resampling.BOX)
    return np.asarray(small, dtype=np.int16)


def worst_fourth(one: np.ndarray, other: np.ndarray) -> float:
    """Return the mean difference of that fourth of the page that differs most."""
    if one.shape != other.shape:
        return 255.0
    rows = np.array_split(np.abs(one - other), 4)
    return max(float(part.mean()) for part in rows)


def golden(name: str, seen: np.ndarray) -> np.ndarray:
    """Return what was looked at; write it first, if asked to."""
    path = GOLDEN / f"{name}.png"
    if os.environ.get("LIUDENG_GOLDEN") == "write":
        GOLDEN.mkdir(exist_ok=True)
        Image.fromarray(seen.astype(np.uint8)).save(path)
    with Image.open(path) as kept:
        return np.asarray(kept.convert("RGB"), dtype=np.int16)


async def test_the_wall_looks_as_it_did(page: Page) -> None:
    seen = await looks(page)
    assert worst_fourth(seen, golden("wall", seen)) < _SAME


async def test_an_entry_looks_as_it_did(page: Page) -> None:
    await page.click("text=第一封")
    await page.wait_for_load_state("load")
    seen = await looks(page)
    assert worst_fourth(seen, golden("entry", seen)) < _SAME


@pytest.mark.parametrize("missing", ["link[rel=stylesheet]", "img"])
async def test_what_is_missing_is_noticed(page: Page, missing: str) -> None:
    kept = golden("wall", await looks(page))
    await page.evaluate(
        "missing => document.querySelectorAll(missing).forEach(part => part.remove())", missing
    )
    assert worst_fourth(await looks(page), kept) > _SAME
