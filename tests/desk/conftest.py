"""A desk that knows an owner and an admin, both friends of the bot, a member, a staff group."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from liudeng.archive import LogWriter, Message, StoredMessage
from liudeng.db import Database, now_ms
from liudeng.desk import CaseKind, Desk, DeskOptions, Seal, Signal
from liudeng.outbox import PostedLetter, State, Target
from liudeng.outbox import ledger as ledger_module
from liudeng.outbox import letter as letter_module
from liudeng.outbox import sender as sender_module
from liudeng.outbox.ledger import Ledger
from liudeng.outbox.letter import posted_letter
from liudeng.outbox.tables import outbox
from liudeng.roster import Roster
from tests.fakes.archive import kept, store
from tests.fakes.payloads import ADMIN, GROUP, MEMBER, OTHER_GROUP, OWNER, STAFF_GROUP, said

SHANGHAI = ZoneInfo("Asia/Shanghai")
MakeDesk = Callable[..., Desk]


@pytest.fixture
def roster() -> Roster:
    known = Roster({})
    known.set_friends([OWNER, ADMIN])
    known.set_groups({GROUP: "守灯人", OTHER_GROUP: "别的群", STAFF_GROUP: "值班"})
    known.set_members(
        GROUP,
        [
            {"user_id": OWNER, "role": "owner", "nickname": "阿棠"},
            {"user_id": ADMIN, "role": "admin", "nickname": "zhou", "card": "老周"},
            {"user_id": MEMBER, "role": "member"},
        ],
    )
    known.set_members(OTHER_GROUP, [{"user_id": 7, "role": "owner"}])
    known.set_members(STAFF_GROUP, [{"user_id": user_id} for user_id in (OWNER, ADMIN)])
    return known


class Clock:
    """The wall clock of the desk and of the outbox: it goes on, and can be set by hand."""

    def __init__(self) -> None:
        self.set(datetime(2026, 11, 2, 21, 0, tzinfo=SHANGHAI))

    def __call__(self) -> int:
        return now_ms() + self._ahead_ms

    def forward(self, **span: float) -> None:
        """Put it forward: `minutes=5`, as for `timedelta`."""
        self._ahead_ms += int(timedelta(**span).total_seconds() * 1000)

    def set(self, moment: datetime) -> None:
        """Set it to an aware moment."""
        self._ahead_ms = int(moment.timestamp() * 1000) - now_ms()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    ticking = Clock()
    monkeypatch.setattr(ledger_module, "now_ms", ticking)
    monkeypatch.setattr(letter_module, "now_ms", ticking)
    monkeypatch.setattr(sender_module, "now_ms", ticking)
    return ticking


@pytest.fixture
def seal(tmp_path: Path, clock: Clock) -> Seal:
    return Seal("", tmp_path / "case.key", clock)


@pytest.fixture
def make_desk(
    database: Database, roster: Roster, zone: ZoneInfo, clock: Clock, seal: Seal
) -> MakeDesk:
    options = DeskOptions(seal=seal, clock=clock)
    return lambda staff_group=STAFF_GROUP: Desk(database, roster, staff_group, zone, options)


@pytest.fixture
def desk(make_desk: MakeDesk) -> Desk:
    return make_desk()


@pytest.fixture
async def opened(desk: Desk) -> Desk:
    """The desk after the bot has started, its task put aside."""
    await desk.open(lambda: None)
    await desk.close()
    return desk


class Room:
    """Lets members say things that the watcher would hand to the desk."""

    def __init__(self, writer: LogWriter, database: Database, desk: Desk) -> None:
        self.writer = writer
        self.database = database
        self.desk = desk

    async def say(self, *spoken: Message) -> StoredMessage:
        """Store messages; return the last."""
        await store(self.writer, *spoken)
        return (await kept(self.database))[-1]

    async def signal(self, words: str = "我今晚就走", **fields: Any) -> StoredMessage:
        """Say something and hand it to the desk."""
        level = fields.pop("level", 3)
        kind = fields.pop("kind", CaseKind.DISTRESS)
        reasons = fields.pop("reasons", ("说到今晚离开（「今晚就走」）",))
        message = await self.say(said(words, **fields))
        signal = Signal(
            group_id=message.group_id,
            subject_id=message.user_id,
            subject_name=message.display_name,
            kind=kind,
            level=level,
            message_row=message.id,
            time_ms=message.time_ms,
            received_ms=message.received_ms,
            reasons=reasons,
        )
        async with self.database.write() as connection:
            await self.desk.receive(connection, signal, message)
        return message

    async def alerts(self) -> list[PostedLetter]:
        """Return the alerts to a group's moderators, before they are addressed."""
        return [one for one in await self.letters() if one.target is Target.MODERATORS]

    async def deliver(self) -> list[PostedLetter]:
        """Let everything that is posted arrive; return what people got by it."""
        ledger, arrived = Ledger(self.database), []
        while waiting := [one for one in await self.letters() if one.state is State.PENDING]:
            for letter in waiting:
                if letter.target is Target.MODERATORS:
                    routed = await self.desk.route(letter) or []
                    await ledger.replace(letter, State.ROUTED, routed)
                else:
                    await ledger.move(letter, State.DONE, sent_message_id=f"sent-{letter.id}")
                    arrived.append(letter)
        return arrived

    async def pass_time(self, clock: "Clock", **span: float) -> list[PostedLetter]:
        """Let time pass, do what is due then, and deliver it; return what people got."""
        clock.forward(**span)
        await self.desk.timers.fire_due()
        return await self.deliver()

    async def letters(self) -> list[PostedLetter]:
        """Return the alerts that were posted."""
        async with self.database.read() as connection:
            rows = await connection.execute(select(outbox).order_by(outbox.c.id))
            return [posted_letter(row) for row in rows]


@pytest.fixture
def room(writer: LogWriter, database: Database, desk: Desk) -> Room:
    return Room(writer, database, desk)
