"""A ledger, and people who use it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from liudeng.archive import LogWriter, Message, ReaderRun, Recall
from liudeng.db import Database
from liudeng.library import Viewer
from liudeng.outbox.tables import outbox
from liudeng.resources.canonical import canonical
from liudeng.resources.chat import LinkDesk, Names
from liudeng.resources.entry import SHARED, Draft, State
from liudeng.resources.ledger import enter
from liudeng.resources.pinning import Pinning
from liudeng.resources.reader import LinkReader
from liudeng.resources.staff import LinkStaff, Moderator
from tests.fakes.archive import store
from tests.fakes.payloads import ADMIN, GROUP, MEMBER, said

NOW = datetime(2026, 11, 22, 21, 0, tzinfo=ZoneInfo("Asia/Shanghai"))

NAMES = Names(lambda group: f"群{group}", lambda _group, user: {ADMIN: "阿棠"}.get(user, ""))


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **time: float) -> None:
        """Let time pass."""
        self.now += timedelta(**time)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(database: Database, clock: Clock, zone: ZoneInfo) -> LinkDesk:
    return LinkDesk(database, zone, NAMES, clock)


@pytest.fixture
def staff(database: Database, clock: Clock, zone: ZoneInfo) -> LinkStaff:
    return LinkStaff(database, zone, clock=clock)


@pytest.fixture
def pinning(database: Database, clock: Clock, zone: ZoneInfo) -> Pinning:
    return Pinning(database, zone, clock=clock)


def member(group: int = GROUP, user: int = MEMBER) -> Viewer:
    """Somebody who asks in a group."""
    return Viewer(str(user), frozenset({group}), group)


def moderator(*groups: int) -> Moderator:
    """Somebody who looks after groups."""
    return Moderator(str(ADMIN), frozenset(groups or (GROUP,)))


Enter = Callable[..., Awaitable[int]]


@pytest.fixture
def listing(database: Database) -> Enter:
    """List a link: a URL, a group, and whatever else is known of it."""

    async def list_one(
        url: str, group: int = SHARED, state: State = State.LISTED, **fields: Any
    ) -> int:
        link = canonical(url)
        assert link is not None
        draft = Draft(url=url, **{"title": url.rpartition("/")[2], **fields})
        async with database.write() as connection:
            return await enter(connection, group, link, draft, state, 1_000)

    return list_one


@dataclass
class Log:
    """Says things in a group and lets the reader of links read them."""

    writer: LogWriter
    database: Database
    run: ReaderRun
    told: list[int] = field(default_factory=list)

    async def say(self, words: Any, **fields: Any) -> Message:
        """Say something now."""
        seconds = int(datetime.now(UTC).timestamp())
        message = said(words, **{"time": seconds, "received_ms": seconds * 1000, **fields})
        await store(self.writer, message)
        await self.run.caught_up()
        return message

    async def recall(self, message: Message) -> None:
        """Take a message back."""
        recall = Recall(
            self_id=message.self_id,
            group_id=message.group_id,
            message_id=message.message_id,
            operator_id=message.user_id,
            time_ms=message.time_ms + 1_000,
        )
        await store(self.writer, recall)

    async def warnings(self) -> list[str]:
        """Return what the bot has to say in groups."""
        async with self.database.read() as connection:
            rows = await connection.execute(select(outbox.c.body, outbox.c.target))
            return [row.body for row in rows if row.target == "group"]


@pytest.fixture
async def log(database: Database, writer: LogWriter) -> Any:
    reader = LinkReader(lambda group, user: (group, user) == (GROUP, ADMIN))
    run = ReaderRun(database, reader, lambda: None)
    await run.start()
    yield Log(writer, database, run)
    await run.close()
