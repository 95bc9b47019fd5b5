"""Leaving: the bot is in a group no longer. The operator says what becomes of its archive."""

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from liudeng.archive.erasing import forget_group
from liudeng.archive.tables import messages
from liudeng.db import Database, now_ms
from liudeng.holding import Holder
from liudeng.outbox import Kind, Letter, Target, post, text_segment
from liudeng.privacy.register import Register
from liudeng.privacy.sweeping import BATCH, Sweeper
from liudeng.privacy.tables import departures, greetings, wall_requests

log = logging.getLogger(__name__)

_DAY_MS = 24 * 3600_000
GRACE_DAYS = 30
_ASK = (
    "我已经不在「{name}」（{group_id}）里了，它的存档还在。怎么处理？\n"
    "退群存档 {group_id} 保留　　留着，不再问\n"
    "退群存档 {group_id} 导出　　写成文件放在机器上，你核对之后再删\n"
    "退群存档 {group_id} 删除　　现在就删，找不回来\n"
    "{days} 天内不回答，我就删掉。"
)


class Fate(StrEnum):
    """What becomes of a left group's archive."""

    UNDECIDED = "undecided"
    KEEP = "keep"
    EXPORT = "export"
    """Exported, and kept so long; then erased when nobody says otherwise in time."""
    ERASE = "erase"


@dataclass(frozen=True, slots=True)
class Departure:
    """A group the bot has left."""

    group_id: int
    name: str
    left_ms: int
    fate: Fate
    erase_ms: int | None
    exported_ms: int | None = None
    """When its export was whole."""


class Leaving:
    """Notes departures, asks the operators, and erases what nobody wants kept."""

    def __init__(
        self,
        database: Database,
        register: Register,
        sweeper: Sweeper,
        holders: Sequence[Holder],
        operators: Collection[int],
        clock: Callable[[], int] = now_ms,
        may_be_in: Callable[[int], bool] = lambda _: False,
    ) -> None:
        """`may_be_in` tells of a group whether the bot is there again, as far as it can know."""
        self._database = database
        self._register = register
        self._sweeper = sweeper
        self._holders = holders
        self._operators = operators
        self._clock = clock
        self._may_be_in = may_be_in
        self._on_decision: list[Callable[[int], None]] = []

    def on_decision(self, listener: Callable[[int], None]) -> None:
        """Call `listener` with each group of which something was decided."""
        self._on_decision.append(listener)

    async def left(self, group_id: int, name: str) -> None:
        """The bot has left a group or was removed: ask what becomes of its archive, once."""
        now = self._clock()
        async with self._database.write() as connection:
            said = select(messages.c.id).where(messages.c.group_id == group_id).limit(1)
            known = select(departures.c.group_id).where(departures.c.group_id == group_id)
            for query, wanted in ((said, True), (known, False)):
                if ((await connection.execute(query)).first() is not None) is not wanted:
                    return
            await connection.execute(
                insert(departures).values(
                    group_id=group_id,
                    name=name,
                    left_ms=now,
                    choice=Fate.UNDECIDED.value,
                    erase_ms=now + GRACE_DAYS * _DAY_MS,
                )
            )
            for operator in sorted(self._operators):
                await post(connection, _question(operator, group_id, name, now))
        if not self._operators:
            log.warning(
                "机器人离开了一个群，没有设置 SUPERUSERS，不知道问谁：%d 天后会删掉它的存档。"
                "想留着请运行 liudeng privacy departures。",
                GRACE_DAYS,
            )

    async def came_back(self, group_id: int) -> None:
        """The bot is in the group again: nothing is to be decided any more."""
        async with self._database.write() as connection:
            await connection.execute(delete(departures).where(departures.c.group_id == group_id))
        self._decided(group_id)

    async def decide(self, group_id: int, fate: Fate) -> Departure | None:
        """Note the operator's decision; None when the bot has left no such group."""
        now = self._clock()
        due = now if fate is Fate.ERASE else None
        async with self._database.write() as connection:
            mine = departures.c.group_id == group_id
            await connection.execute(
                update(departures)
                .where(mine)
                .values(choice=fate.value, erase_ms=due, exported_ms=None)
            )
            row = (await connection.execute(select(departures).where(mine))).first()
        if row is None:
            return None
        self._decided(group_id)
        return _departure(row)

    async def exported(self, group_id: int, letters: Sequence[Letter]) -> bool:
        """Note that a group's export is whole and tell it; False when it is wanted no longer."""
        now = self._clock()
        wanted = (departures.c.group_id == group_id, departures.c.choice == Fate.EXPORT.value)
        values = {"exported_ms": now, "erase_ms": now + GRACE_DAYS * _DAY_MS}
        async with self._database.write() as connection:
            noted = await connection.execute(update(departures).where(*wanted).values(**values))
            if not noted.rowcount:
                return False
            for letter in letters:
                await post(connection, letter)
        return True

    async def tell(self, letters: Sequence[Letter]) -> None:
        """Say something to the operators."""
        async with self._database.write() as connection:
            for letter in letters:
                await post(connection, letter)

    async def all(self) -> list[Departure]:
        """Return the groups that were left and still have an archive."""
        async with self._database.read() as connection:
            rows = await connection.execute(select(departures).order_by(departures.c.left_ms))
            return [_departure(row) for row in rows]

    async def due(self) -> list[Departure]:
        """Return the groups whose archive is to be erased by now.

        Where the bot is again, because nobody was there to hear that it came back, silence is no
        wish: only what an operator said is done. Nothing goes before the export that was asked for
        is whole.
        """
        now = self._clock()
        over = [one for one in await self.all() if _is_over(one, now)]
        return [one for one in over if one.fate is Fate.ERASE or not self._may_be_in(one.group_id)]

    async def erase_due(self) -> int:
        """Erase the archives nobody wants kept; return how many."""
        found = await self.due()
        for departure in found:
            await self._erase(departure.group_id)
        return len(found)

    def _decided(self, group_id: int) -> None:
        for listener in self._on_decision:
            listener(group_id)

    async def _erase(self, group_id: int) -> None:
        while rows := await self._next(group_id):
            await self._sweeper.erase(rows)
        for holder in self._holders:
            async with self._database.write() as connection:
                await holder.erase_group(connection, group_id)
        await self._sweeper.drop_files()
        if not await self._sweeper.leave_no_trace(at_any_size=True):
            return  # tried again in a minute
        async with self._database.write() as connection:
            await forget_group(connection, group_id)
            for table in (greetings, wall_requests, departures):
                await connection.execute(delete(table).where(table.c.group_id == group_id))
            await self._register.forget_group(connection, group_id)
        log.info("一个已经退出的群，存档删掉了。")

    async def _next(self, group_id: int) -> list[int]:
        query = select(messages.c.id).where(messages.c.group_id == group_id).limit(BATCH)
        async with self._database.read() as connection:
            return list(await connection.scalars(query))


def _departure(row: Row[Any]) -> Departure:
    return Departure(
        row.group_id, row.name, row.left_ms, Fate(row.choice), row.erase_ms, row.exported_ms
    )


def _is_over(one: Departure, now: int) -> bool:
    if one.fate is Fate.EXPORT and one.exported_ms is None:
        return False
    return one.erase_ms is not None and one.erase_ms <= now


def _question(operator: int, group_id: int, name: str, now: int) -> Letter:
    words = _ASK.format(name=name, group_id=group_id, days=GRACE_DAYS)
    return Letter(
        key=f"privacy:left:{group_id}:{now}:{operator}",
        kind=Kind.NOTICE,
        target=Target.PRIVATE,
        target_id=operator,
        segments=(text_segment(words),),
        lifetime_ms=GRACE_DAYS * _DAY_MS,
    )
