"""A sender over a gateway in memory, and a clock that can be put forward."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import select

from liudeng.db import Database, now_ms
from liudeng.outbox import Kind, Letter, Pace, PostedLetter, Sender, Target, post, text_segment
from liudeng.outbox import ledger as ledger_module
from liudeng.outbox import letter as letter_module
from liudeng.outbox import sender as sender_module
from liudeng.outbox.tables import outbox
from tests.fakes.gateway import FakeGateway
from tests.fakes.payloads import ADMIN, GROUP
from tests.fakes.waiting import until


class Clock:
    """The wall clock, put forward by hand."""

    def __init__(self) -> None:
        self._ahead_ms = 0

    def __call__(self) -> int:
        return now_ms() + self._ahead_ms

    def forward(self, seconds: float) -> None:
        self._ahead_ms += int(seconds * 1000)


@dataclass
class Routes:
    """What the desk would decide."""

    routed: Sequence[Letter] | None = ()
    instead: Sequence[Letter] | None = ()
    asked: list[PostedLetter] = field(default_factory=list)
    failures: int = 0
    """How often finding another way is going to fail."""

    async def route(self, letter: PostedLetter) -> Sequence[Letter] | None:
        self.asked.append(letter)
        return self.routed

    async def fall_back(self, letter: PostedLetter) -> Sequence[Letter] | None:
        self.asked.append(letter)
        if self.failures:
            self.failures -= 1
            raise RuntimeError("the case cannot be read")
        return self.instead


class Outbox:
    """Posts letters and looks at what became of them."""

    def __init__(self, database: Database, sender: Sender) -> None:
        self.database = database
        self.sender = sender

    async def post(self, *letters: Letter) -> None:
        async with self.database.write() as connection:
            for letter in letters:
                await post(connection, letter)
        self.sender.wake()

    async def rows(self) -> dict[str, Any]:
        async with self.database.read() as connection:
            rows = await connection.execute(select(outbox).order_by(outbox.c.id))
            return {row.key: row for row in rows}

    async def states(self) -> dict[str, str]:
        return {key: row.state for key, row in (await self.rows()).items()}

    async def until(self, key: str, *states: str) -> None:
        """Wait until a letter is in one of these states."""

        async def reached() -> bool:
            return (await self.states()).get(key) in states

        await until(reached, f"{key} becomes {' or '.join(states)}")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    ticking = Clock()
    monkeypatch.setattr(sender_module, "now_ms", ticking)
    monkeypatch.setattr(ledger_module, "now_ms", ticking)
    monkeypatch.setattr(letter_module, "now_ms", ticking)
    return ticking


@pytest.fixture
def gateway() -> FakeGateway:
    return FakeGateway()


@pytest.fixture
def routes() -> Routes:
    return Routes()


MakeSender = Callable[[], Awaitable[Sender]]


@pytest.fixture
async def new_sender(
    database: Database, gateway: FakeGateway, routes: Routes, clock: Clock
) -> AsyncIterator[MakeSender]:
    """Starts senders; the next one is the bot after a restart."""
    started: list[Sender] = []

    async def start() -> Sender:
        for sender in started:
            await sender.close()
        sender = Sender(database, gateway, Pace(0, 1), routes.route, routes.fall_back)
        await sender.start()
        started.append(sender)
        return sender

    yield start
    for sender in started:
        await sender.close()


@pytest.fixture
async def box(database: Database, new_sender: MakeSender) -> Outbox:
    """An outbox that is being emptied."""
    return Outbox(database, await new_sender())


def letter(key: str, *, kind: Kind = Kind.ALERT, **fields: Any) -> Letter:
    """Return a private letter to a moderator, its text its key."""
    words = fields.pop("text", f"【{key}】")
    target = fields.pop("target", Target.PRIVATE)
    target_id = fields.pop("target_id", ADMIN if target is Target.PRIVATE else GROUP)
    return Letter(
        key=key,
        kind=kind,
        target=target,
        target_id=target_id,
        segments=(text_segment(words),),
        **fields,
    )
