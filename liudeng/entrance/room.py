"""The entrance as the house opens it."""

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from liudeng.db import Database, now_ms
from liudeng.desk import Desk
from liudeng.entrance.answers import Answers
from liudeng.entrance.blocks import Blocks, PersonOf
from liudeng.entrance.board import Board
from liudeng.entrance.choice import Mode, choice_of
from liudeng.entrance.doorkeeper import Doorkeeper, Neighbours
from liudeng.entrance.letters import Letters
from liudeng.entrance.request import OPEN, Kind, State, change, keep, parse_request
from liudeng.entrance.tables import requests
from liudeng.entrance.welcome import Welcome
from liudeng.outbox import Gateway
from liudeng.roster import Roster

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class EntranceOptions:
    """What the house knows."""

    person_of: PersonOf
    in_raid: Callable[[int], bool] = lambda _group_id: False
    staff_group: int | None = None
    operators: Collection[int] = ()
    clock: Callable[[], int] = now_ms


class Entrance:
    """Requests to join, the block list, and what newcomers are told."""

    def __init__(
        self,
        database: Database,
        gateway: Gateway,
        roster: Roster,
        desk: Desk,
        options: EntranceOptions,
    ) -> None:
        self._database = database
        self._roster = roster
        self._options = options
        blocks = Blocks(options.person_of)
        letters = Letters(desk, roster, options.staff_group, options.operators)
        neighbours = Neighbours(database, gateway, roster, letters, blocks, options.in_raid)
        self.doorkeeper = Doorkeeper(neighbours, clock=options.clock)
        self.answers = Answers(database, roster, self.doorkeeper, options.operators)
        self.board = Board(database, roster, blocks, self.answers, self.doorkeeper)
        self.welcome = Welcome(options.in_raid)

    async def start(self, on_posted: Callable[[], None]) -> None:
        """Begin; `on_posted` is called when letters may have been posted."""
        self.doorkeeper.on_posted = on_posted
        await self.doorkeeper.start()

    async def close(self) -> None:
        """Stop; everything goes on after the next start."""
        await self.doorkeeper.close()

    async def asked(self, payload: Mapping[str, Any]) -> bool:
        """Take a request as the implementation tells it; False when it is left alone."""
        request = parse_request(payload, self._roster.groups)
        if request is None:
            return False
        if request.kind is Kind.INVITED and not self._options.operators:
            log.warning("有人邀请机器人进群，没有设置 SUPERUSERS，不知道问谁，留给 QQ 了。")
            return False
        async with self._database.write() as connection:
            if request.kind is Kind.JOIN:
                choice = await choice_of(connection, request.group_id)
                if choice.mode is Mode.OFF:
                    return False
            kept = await keep(connection, request, self._options.clock())
        if kept:
            self.doorkeeper.wake()
        return kept

    async def arrived(self, group_id: int, user_id: int) -> None:
        """Somebody has come into a group: what they asked for is settled, whoever let them in."""
        mine = (requests.c.group_id == group_id) & (requests.c.user_id == user_id)
        still = requests.c.state.in_([State.NEW.value, State.WAITING.value])
        async with self._database.read() as connection:
            known = requests.c.state.in_([state.value for state in OPEN])
            if (await connection.execute(select(requests.c.id).where(mine, known))).first() is None:
                return
        async with self._database.write() as connection:
            found = list(await connection.scalars(select(requests.c.id).where(mine, still)))
            settled = {"state": State.ELSEWHERE.value, "settled_ms": self._options.clock()}
            await change(connection, found, **settled)
