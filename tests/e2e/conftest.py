"""A real bot and a simulator for each module; what a test broke is mended after it."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from benchmarks.support.rig import Rig, start_rig
from simulator import SimulatorConfig
from simulator.faults import FaultOrder


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="module")
def bot_settings() -> dict[str, object]:
    """Settings of the module's bot; override it in a module that needs others."""
    return {}


@pytest.fixture(scope="module")
def cast() -> SimulatorConfig:
    """The simulated people and groups; override it in a module that needs others."""
    return SimulatorConfig()


@pytest.fixture(scope="module")
async def running_rig(
    tmp_path_factory: pytest.TempPathFactory,
    bot_settings: dict[str, object],
    cast: SimulatorConfig,
) -> AsyncIterator[Rig]:
    directory = tmp_path_factory.mktemp("bot")
    told = {"FAQ_VECTORS": False, **bot_settings}  # the demo loads them; the rest
    async with start_rig(directory, cast, settings=told) as rig:  # would only start later
        yield rig


@pytest.fixture
def rig(running_rig: Rig) -> Iterator[Rig]:
    """The module's bot and simulator, with everything working at the beginning and the end."""
    yield running_rig
    running_rig.sim.accident(FaultOrder(reset=True))
