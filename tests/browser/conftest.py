"""A real Chromium, a simulator with a small bot behind it, and the page opened in both."""

import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright

from simulator import Simulator, SimulatorConfig
from tests.browser.screens import DESKTOP, OpenPage, StartSimulator
from tests.browser.small_bot import SmallBot

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_ARGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs a browser."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


def chromium_path() -> str | None:
    """The browser of this machine, if it has one."""
    return next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """A browser with a profile of its own; tests are skipped where there is none."""
    path = chromium_path()
    if path is None:
        pytest.skip(f"no Chromium on PATH (looked for {', '.join(CHROMIUM_NAMES)})")
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGS)
        yield launched
        await launched.close()


@pytest.fixture
async def bot() -> AsyncIterator[SmallBot]:
    """A bot that says only what a test makes it say."""
    async with SmallBot() as small:
        yield small


@pytest.fixture
async def start(bot: SmallBot) -> AsyncIterator[StartSimulator]:
    """Starts simulators that are connected to the small bot."""
    async with AsyncExitStack() as stack:

        async def begin(**settings: Any) -> Simulator:
            config = SimulatorConfig(url=bot.url, reconnect_first=0.02, **settings)
            simulator = await stack.enter_async_context(Simulator(config))
            await simulator.wait_connected()
            return simulator

        yield begin


@pytest.fixture
async def sim(start: StartSimulator) -> Simulator:
    """The default group: 阿棠 owns it, 老周 helps, 小满 and 盒子 chat, the others are quiet."""
    return await start()


@pytest.fixture
async def open_page(browser: Browser) -> AsyncIterator[OpenPage]:
    """Opens the page of a simulator, and fails the test if the page complained about anything.

    The browser's own line about a refused request is no complaint: people may be refused.
    """
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        refused = "/api/" in message.location.get("url", "") and "status of 4" in message.text
        if message.type in ("error", "warning") and not refused:
            complaints.append(message.text)

    async with AsyncExitStack() as stack:

        async def begin(simulator: Simulator, **context_options: Any) -> Page:
            context = await browser.new_context(**(DESKTOP | context_options))
            stack.push_async_callback(context.close)
            page = await context.new_page()
            page.on("console", listen)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            await page.goto(f"http://127.0.0.1:{simulator.port}/")
            await page.wait_for_selector("body[data-ready]")
            return page

        yield begin
    assert complaints == []


@pytest.fixture
async def page(sim: Simulator, open_page: OpenPage) -> Page:
    """The page on a wide screen, in a fresh profile."""
    return await open_page(sim)
