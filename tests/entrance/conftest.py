"""A group with an entrance: an owner, an admin who is a friend, the bot as an admin."""

import hashlib
from collections.abc import AsyncIterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from liudeng.db import Database
from liudeng.desk import Desk
from liudeng.entrance import Entrance, EntranceOptions
from liudeng.entrance.request import KeptRequest
from liudeng.entrance.tables import requests
from liudeng.moderation.tables import audit
from liudeng.outbox.letter import posted_letter
from liudeng.outbox.tables import outbox
from liudeng.roster import Roster
from tests.fakes.gateway import FakeGateway
from tests.fakes.payloads import ADMIN, GROUP, MEMBER, NOW_MS, OWNER

BOT, OPERATOR, SOMEBODY, ELSEWHERE = 10001, 10003, 55_555, 777_777


def person_of(user_id: str) -> str:
    """Stands in for the keyed hash of the privacy room."""
    return hashlib.sha256(user_id.encode()).hexdigest()


def request(user_id: int = SOMEBODY, comment: str = "", **fields: Any) -> dict[str, Any]:
    """A request as NapCat tells it."""
    return {
        "post_type": "request",
        "request_type": "group",
        "sub_type": "add",
        "group_id": GROUP,
        "user_id": user_id,
        "comment": f"问题：暗号是什么\n答案：{comment}",
        "flag": f"{GROUP}|{user_id}",
        **fields,
    }


class Scene:
    """The room, its clock, and what became of it all."""

    def __init__(self, database: Database, gateway: FakeGateway, roster: Roster) -> None:
        self.database = database
        self.gateway = gateway
        self.roster = roster
        self.now_ms = NOW_MS
        self.raid = False
        self.room: Entrance

    async def choose(self, *typed: str) -> None:
        """Set the entrance as moderators do."""
        for words in typed:
            await self.room.board.answer(GROUP, words, OWNER)

    async def ask(self, user_id: int = SOMEBODY, comment: str = "", **fields: Any) -> None:
        """Somebody asks, and the doorkeeper does what is to be done now."""
        await self.room.asked(request(user_id, comment, **fields))
        await self.passes()

    async def passes(self, hours: float = 0) -> None:
        """Time passes."""
        self.now_ms += round(hours * 3_600_000)
        while await self.room.doorkeeper.pass_once():
            pass

    async def requests(self) -> list[KeptRequest]:
        """Every request, oldest first."""
        async with self.database.read() as connection:
            rows = await connection.execute(select(requests).order_by(requests.c.id))
            return [KeptRequest(**row._mapping) for row in rows]

    async def letters(self, target_id: int = ADMIN) -> list[str]:
        """What somebody was written."""
        async with self.database.read() as connection:
            rows = await connection.execute(select(outbox).order_by(outbox.c.id))
            posted = [posted_letter(row) for row in rows]
        return [one.text for one in posted if one.target_id == target_id]

    async def audited(self) -> list[str]:
        """The events of the audit, in order."""
        async with self.database.read() as connection:
            return list(await connection.scalars(select(audit.c.event).order_by(audit.c.seq)))

    @property
    def answered(self) -> list[tuple[str, bool]]:
        """What QQ was told: flag and approval."""
        return [
            (call.parameters["flag"], call.parameters["approve"])
            for call in self.gateway.calls
            if call.action == "set_group_add_request"
        ]


@pytest.fixture
async def scene(database: Database, zone: ZoneInfo) -> AsyncIterator[Scene]:
    roster = Roster({})
    roster.set_account(BOT)
    roster.set_friends([OWNER, ADMIN, OPERATOR])
    roster.set_groups({GROUP: "守灯人"})
    people = ((OWNER, "owner"), (ADMIN, "admin"), (BOT, "admin"), (MEMBER, "member"))
    roster.set_members(GROUP, [{"user_id": user, "role": role} for user, role in people])
    made = Scene(database, FakeGateway(), roster)
    options = EntranceOptions(
        person_of=person_of,
        in_raid=lambda _group: made.raid,
        operators=[OPERATOR],
        clock=lambda: made.now_ms,
    )
    made.room = Entrance(
        database, made.gateway, roster, Desk(database, roster, None, zone), options
    )
    yield made
    await made.room.close()
