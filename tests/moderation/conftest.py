"""A group that moderation may act in: an owner, an admin, members, the bot as an admin."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from liudeng.archive import LogWriter, Message
from liudeng.db import Database, now_ms
from liudeng.desk import Desk
from liudeng.moderation import Arming, Limits, Moderation, ModerationOptions
from liudeng.moderation import room as room_module
from liudeng.moderation.action import KeptAction, State
from liudeng.moderation.model import Model, load_model
from liudeng.moderation.tables import actions
from liudeng.outbox.letter import PostedLetter, posted_letter
from liudeng.outbox.tables import outbox
from liudeng.roster import Roster
from tests.fakes.archive import store
from tests.fakes.gateway import FakeGateway
from tests.fakes.payloads import ADMIN, GROUP, MEMBER, OWNER, said

BOT, OTHER_BOT, NEIGHBOUR = 10001, 10002, 20002
RULES = """
name = "测试套"
summary = "只在测试里用"
version = 3
[[rule]]
id = "recall-it"
name = "卖复活"
why = "它在卖复活"
do = ["recall"]
points = 1
when = { words = ["复活套餐"] }
[[rule]]
id = "mute-it"
name = "卖门票"
why = "它在卖门票"
do = ["mute", "desk"]
mute_for = "1小时"
points = 1
when = { words = ["进群门票"] }
[[rule]]
id = "warn-it"
name = "小提醒"
why = "这里不说这个"
do = ["warn"]
points = 1
when = { words = ["求点赞"] }
[[rule]]
id = "look-at-it"
name = "请看一眼"
why = "想请管理看一眼"
do = ["desk"]
points = 0
when = { words = ["悄悄话暗号"] }
[[rule]]
id = "fast"
name = "太快"
why = "同样的话太多遍"
do = ["mute"]
points = 1
flood = true
when = { same = 3 }
"""


@pytest.fixture(scope="module")
def rules_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("rules")
    (directory / "a.toml").write_text(RULES, "utf-8")
    raid = '[[rule]]\nid = "raid"\nname = "炸群"\nwhy = "看着像炸群"\ndo = ["note"]\npoints = 0\n'
    body = 'name = "防炸群"\nsummary = "盯着炸群"\n' + raid + "when = { mentions = 50 }\n"
    (directory / "b.toml").write_text(body, "utf-8")
    return directory


@pytest.fixture
def roster() -> Roster:
    known = Roster({})
    known.set_account(BOT)
    known.set_friends([OWNER, ADMIN, MEMBER])
    known.set_groups({GROUP: "守灯人"})
    known.set_members(
        GROUP,
        [
            {"user_id": OWNER, "role": "owner"},
            {"user_id": ADMIN, "role": "admin"},
            {"user_id": BOT, "role": "admin"},
            {"user_id": OTHER_BOT, "role": "member"},
            {"user_id": MEMBER, "role": "member", "card": "小满"},
            {"user_id": NEIGHBOUR, "role": "member"},
        ],
    )
    return known


@pytest.fixture
def gateway() -> FakeGateway:
    return FakeGateway()


def just_now(message: Message) -> Message:
    """The same message, said at this moment."""
    return message.model_copy(update={"time_ms": now_ms(), "received_ms": now_ms()})


class Scene:
    """The room, and what happens in the group."""

    def __init__(
        self, room: Moderation, writer: LogWriter, database: Database, gateway: FakeGateway
    ) -> None:
        self.room = room
        self.writer = writer
        self.database = database
        self.gateway = gateway
        self._count = 0

    async def arm(self, name: str = "测试套", state: Arming = Arming.ARMED) -> None:
        """Switch a set on."""
        await self.room.rulebook.set_state(GROUP, name, Arming.DRY, OWNER)
        if state is Arming.ARMED:
            await self.room.rulebook.set_state(GROUP, name, state, OWNER)

    async def say(self, words: str, user_id: int = MEMBER, **fields: Any) -> None:
        """Let a member say something, and let moderation read it and act."""
        self._count += 1
        message = said(words, user_id=user_id, message_id=str(7000 + self._count), **fields)
        await store(self.writer, just_now(message))
        await self.room.reader_run.caught_up()
        await self.settled()

    async def settled(self) -> None:
        """Wait until nothing is planned any more."""
        for action in await self.actions():
            if action.state in (State.PLANNED, State.DOING):
                await self.room.hands.outcome(action.id, 5)

    async def actions(self) -> list[KeptAction]:
        """Every action, oldest first."""
        async with self.database.read() as connection:
            rows = await connection.execute(select(actions).order_by(actions.c.id))
            return [KeptAction(**row._mapping) for row in rows]

    async def letters(self, user_id: int) -> list[str]:
        """What somebody was written privately."""
        async with self.database.read() as connection:
            rows = await connection.execute(select(outbox).order_by(outbox.c.id))
            posted: list[PostedLetter] = [posted_letter(row) for row in rows]
        return [one.text for one in posted if one.target_id == user_id]

    def called(self, action: str) -> list[dict[str, Any]]:
        """What QQ was asked to do."""
        return [call.parameters for call in self.gateway.calls if call.action == action]


@pytest.fixture(scope="module")
def model() -> Model:
    """The shipped model, read once."""
    return load_model()


@pytest.fixture
async def scene(
    database: Database,
    writer: LogWriter,
    roster: Roster,
    gateway: FakeGateway,
    zone: ZoneInfo,
    rules_dir: Path,
    model: Model,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Scene]:
    monkeypatch.setattr(room_module, "load_model", lambda: model)
    desk = Desk(database, roster, None, zone)
    options = ModerationOptions(
        rules_dir=rules_dir,
        bots={OTHER_BOT},
        limits=Limits(hourly_budget=4, raid_budget=50),
        interval_s=0,
    )
    room = Moderation(database, desk, roster, gateway, zone, options)
    await room.prepare()
    await room.open(lambda: None)
    yield Scene(room, writer, database, gateway)
    await room.reader_run.close()
    await room.close()
