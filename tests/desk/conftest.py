"""A desk that knows an owner and an admin, both friends of the bot, a member, a staff group."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from liudeng.archive import LogWriter, Message, StoredMessage
from liudeng.db import Database
from liudeng.desk import CaseKind, Desk, Signal
from liudeng.outbox import PostedLetter
from liudeng.outbox.letter import posted_letter
from liudeng.outbox.tables import outbox
from liudeng.roster import Roster
from tests.fakes.archive import kept, store
from tests.fakes.payloads import ADMIN, GROUP, MEMBER, OTHER_GROUP, OWNER, STAFF_GROUP, said

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
    return known


@pytest.fixture
def make_desk(database: Database, roster: Roster, zone: ZoneInfo) -> MakeDesk:
    return lambda staff_group=STAFF_GROUP: Desk(database, roster, staff_group, zone)


@pytest.fixture
def desk(make_desk: MakeDesk) -> Desk:
    return make_desk()


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

    async def letters(self) -> list[PostedLetter]:
        """Return the alerts that were posted."""
        async with self.database.read() as connection:
            rows = await connection.execute(select(outbox).order_by(outbox.c.id))
            return [posted_letter(row) for row in rows]


@pytest.fixture
def room(writer: LogWriter, database: Database, desk: Desk) -> Room:
    return Room(writer, database, desk)
