"""The whole bot, started once in this process, and an implementation connected to it."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nonebot
import pytest
from async_asgi_testclient import TestClient
from sqlalchemy import select, update

from liudeng.outbox.tables import outbox
from liudeng.settings import Settings, get_settings
from tests.fakes.gateway import Call
from tests.fakes.implementation import FRIENDS, GROUPS, MEMBERS, Implementation, connected
from tests.fakes.payloads import GROUP, OTHER_GROUP, STAFF_GROUP
from tests.fakes.waiting import until

if TYPE_CHECKING:
    from liudeng.house import House

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
async def client(
    nonebug_init: None, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[TestClient]:
    """The started bot: plugins and adapter as in bot.py, its data in a temporary folder."""
    environment = {
        "DATA_DIR": str(tmp_path_factory.mktemp("runtime")),
        "ARCHIVE_GROUPS": f"[{GROUP}, {OTHER_GROUP}]",
        "STAFF_GROUP": str(STAFF_GROUP),
        "WATCH_START": "armed",
        "MODERATORS": "{}",
        "LOG_LEVEL": "INFO",
        "SEND_INTERVAL": "0",
        "ALERT_CARDS": "false",
        "SEARCH_PAGE_SIZE": "2",
        "TIMEZONE": "Asia/Shanghai",
        "FAQ_VECTORS": "false",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name in Settings.model_fields:
            patch.delenv(name.upper(), raising=False)
        for name, value in environment.items():
            patch.setenv(name, value)
        patch.setitem(Settings.model_config, "env_file", None)
        patch.chdir(ROOT)  # NoneBot names plugins by their path from here
        get_settings.cache_clear()
        nonebot.load_plugins("plugins")
        from plugins.recorder import ListeningAdapter

        nonebot.get_driver().register_adapter(ListeningAdapter)
    # The house keeps its settings; other tests of this process find their environment as it was.
    async with TestClient(nonebot.get_asgi()) as started:
        yield started
    get_settings.cache_clear()


@pytest.fixture
def house(client: TestClient) -> "House":
    """The house that the plugins share."""
    from plugins.recorder import house

    return house


@pytest.fixture(autouse=True)
def _everybody_may_ask(house: "House", monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers of an earlier test are not counted against this one's people."""
    from plugins.commands import asking

    monkeypatch.setattr(asking, "_budget", asking.AnswerBudget())
    monkeypatch.setattr(asking, "_hinted", OrderedDict[int, float]())


@pytest.fixture(autouse=True)
def _newcomers_are_not_greeted(house: "House", monkeypatch: pytest.MonkeyPatch) -> None:
    """A minute after somebody came the bot greets them, in the middle of another test."""
    monkeypatch.setattr(house.privacy.notices, "member_joined", lambda *_: None)


@pytest.fixture(autouse=True)
async def _nothing_left_to_say(house: "House") -> None:
    """What an earlier test left in the outbox is not this test's."""
    async with house.database.write() as connection:
        await connection.execute(
            update(outbox).where(outbox.c.state == "pending").values(state="expired")
        )


_TURNS = 10
"""Of the event loop between two frames."""


@dataclass
class QQ:
    """The implementation and the bot behind it."""

    implementation: Implementation
    house: "House"

    async def tell(self, *payloads: Any) -> list[Call]:
        """Let things happen; return what the bot said until it had no more to say."""
        before = len(self.implementation.sent())
        await self.implementation.tell(*payloads)
        await self.quiet()
        return self.implementation.sent()[before:]

    async def quiet(self) -> None:
        """Wait until every event is handled, every message read and every letter on its way."""
        await until(self._heard, "every frame is handled")
        await self.house.writer.drain()
        for reader in self.house.readers:
            await reader.caught_up()
        await until(self._said, "every letter is settled")

    async def _heard(self) -> bool:
        from plugins.recorder import ListeningAdapter

        tasks = nonebot.get_adapter(ListeningAdapter).tasks
        for _ in range(_TURNS):  # a frame that was taken may have no task yet
            if tasks or not self.implementation.session.input_queue.empty():
                return False
            await asyncio.sleep(0)
        return True

    async def _said(self) -> bool:
        async with self.house.database.read() as connection:
            states = set(await connection.scalars(select(outbox.c.state)))
        return not states & {"pending", "sending"}


@asynccontextmanager
async def settled_in(client: TestClient) -> AsyncIterator[QQ]:
    """Connect an account and wait until the bot has learned who is where."""
    from plugins.recorder import house

    async with connected(client) as implementation:
        await until(lambda: house.settled, "the bot has settled in")
        yield QQ(implementation, house)
    await until(lambda: not house.gateway.connected, "the bot has noticed")


@pytest.fixture
async def qq(client: TestClient) -> AsyncIterator[QQ]:
    """An account of this test's own."""
    async with settled_in(client) as connected_account:
        yield connected_account


@pytest.fixture
def roster(house: "House") -> None:
    """The bot knows who is where, though no account is connected."""
    house.roster.set_friends(FRIENDS)
    house.roster.set_groups(GROUPS)
    for group_id, members in MEMBERS.items():
        entries = [{"user_id": user_id, "role": role} for user_id, role in members.items()]
        house.roster.set_members(group_id, entries)


_words = count(1)


@pytest.fixture
def word() -> str:
    """A word that nobody has said yet."""
    return f"独一无二{next(_words)}号"
