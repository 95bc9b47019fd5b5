"""A fake bot, and simulators that call it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest

from simulator import GroupSpec, Scenario, Simulator, SimulatorConfig
from tests.simulator.fake_bot import FakeBot

Start = Callable[..., Awaitable[Simulator]]

GROUP = 714400213


@pytest.fixture
async def bot() -> AsyncIterator[FakeBot]:
    async with FakeBot() as fake:
        yield fake


@pytest.fixture
async def start(bot: FakeBot) -> AsyncIterator[Start]:
    """Starts simulators with the given settings, connected to the fake bot."""
    async with AsyncExitStack() as stack:

        async def begin(scenario: Scenario | None = None, **settings: Any) -> Simulator:
            url = settings.pop("url", bot.url)
            config = SimulatorConfig(url=url, reconnect_first=0.02, **settings)
            simulator = await stack.enter_async_context(Simulator(config, scenario))
            if url is not None and not bot.refusing:
                await simulator.wait_connected()
            return simulator

        yield begin


@pytest.fixture
async def sim(start: Start) -> Simulator:
    """A connected simulator with the default cast: 阿棠 owns, 老周 helps, 小满 and 盒子 chat."""
    return await start()


@pytest.fixture
def groups() -> tuple[GroupSpec, ...]:
    """One group in which the bot has no rank."""
    return (GroupSpec(group_id=GROUP, name="没有权限的群", members=8, bot_role="member"),)
