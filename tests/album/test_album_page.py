"""The album as a visitor has it: opened from the disk, on a phone, without a network."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from playwright.async_api import Browser, ConsoleMessage, Page, ViewportSize, expect

from liudeng.ocr import Reading
from tests.album.gallery import Gallery, flat

pytestmark = pytest.mark.browser

PHONE: ViewportSize = {"width": 390, "height": 844}


@dataclass
class Visit:
    """A page, and what the browser said and asked for."""

    page: Page
    index: str
    complaints: list[str]
    asked: list[str]

    def hear(self, message: ConsoleMessage) -> None:
        """Note what the browser complains about."""
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    async def is_calm(self) -> None:
        """Nothing to scroll sideways, nothing from outside, no complaint."""
        over = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert await self.page.evaluate(over) <= 0
        assert [url for url in self.asked if not url.startswith("file://")] == []
        assert self.complaints == []


@pytest.fixture
async def visit(chromium: Browser, gallery: Gallery, tmp_path: Path) -> AsyncIterator[Visit]:
    """The wall of four entries on a phone."""
    picture = await gallery.keep(flat("#dddddd"), Reading())
    await gallery.place("第一封", day=date(2025, 8, 7), words="那天下雨了", pictures=(picture,))
    await gallery.place("后悔面馆打烊公告", words="三块云，两枚ＭＯＯＮ", tags=("面馆",))
    await gallery.place("很长" * 20, words="A" * 300, author_name="一个名字" * 10)
    await gallery.place("最后一封", day=date(2026, 2, 14), words="晚安")
    await gallery.write(tmp_path / "album")
    context = await chromium.new_context(viewport=PHONE, has_touch=True, is_mobile=True)
    page = await context.new_page()
    visit = Visit(page, (tmp_path / "album" / "index.html").as_uri(), [], [])
    page.on("request", lambda request: visit.asked.append(request.url))
    page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    page.on("console", visit.hear)
    await page.goto(visit.index)
    await page.wait_for_selector("html[data-ready]")
    yield visit
    await context.close()


async def shown(page: Page) -> list[str]:
    """Return the titles that are to be seen."""
    return await page.locator(".card:visible .name").all_inner_texts()


async def test_the_wall_is_laid_out_by_month_and_needs_no_network(visit: Visit) -> None:
    months = await visit.page.locator("h2").all_inner_texts()
    assert months == ["2025 年 8 月", "2026 年 2 月"]
    assert len(await shown(visit.page)) == 4
    assert await visit.page.locator("html").get_attribute("lang") == "zh-CN"
    image = visit.page.locator(".card img").first
    assert await image.evaluate("async (img) => { await img.decode(); return img.naturalWidth; }")
    await visit.is_calm()


async def test_a_word_is_found_whatever_its_width_and_case(visit: Visit) -> None:
    page = visit.page
    await page.get_by_role("searchbox").fill("两枚 moon")
    await expect(page.get_by_role("status")).to_have_text("找到 1 封")
    assert await shown(page) == ["后悔面馆打烊公告"]
    await expect(page.locator(".found:visible mark")).to_have_text("两枚")
    assert await page.locator("h2:visible").all_inner_texts() == ["2026 年 2 月"]
    await page.get_by_role("searchbox").fill("后悔面馆打样公告")
    await expect(page.get_by_role("status")).to_have_text("没有一样的，这 1 封相近")
    await page.get_by_role("searchbox").fill("没有人说过的话")
    await expect(page.get_by_role("status")).to_have_text("没有找到，换一个词试试")
    await page.keyboard.press("Escape")
    assert len(await shown(page)) == 4
    await visit.is_calm()


async def test_an_entry_opens_and_leads_on_by_keyboard_and_back_by_tag(visit: Visit) -> None:
    page = visit.page
    await page.get_by_role("searchbox").fill("面馆")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("后悔面馆打烊公告")
    await page.wait_for_selector("html[data-ready]")
    await visit.is_calm()
    await page.keyboard.press("ArrowLeft")
    await expect(page.get_by_role("heading", level=1)).to_have_text("第一封")
    await page.get_by_role("link", name="后一封").click()
    await page.get_by_role("link", name="面馆", exact=True).click()
    await expect(page.get_by_role("status")).to_have_text("找到 1 封")
    assert await shown(page) == ["后悔面馆打烊公告"]
    await visit.is_calm()


async def test_a_long_name_and_a_long_word_do_not_widen_an_entry(visit: Visit) -> None:
    await visit.page.get_by_role("link", name="很长很长").click()
    await expect(visit.page.get_by_role("heading", level=1)).to_contain_text("很长")
    await visit.is_calm()
