"""Erasure: everything of one person, so that no byte of it is left and none comes back."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive.erasing import (
    forget_person,
    mentioning,
    names_of,
    rewrite,
    said_by,
    segments_of,
)
from liudeng.archive.people import everybody, newest_said
from liudeng.db import Database, now_ms
from liudeng.holding import Held, Holder
from liudeng.media.erasing import detach_forwarded, nodes_naming, rewrite_node
from liudeng.outbox import Enclosures
from liudeng.outbox.personal import erase_letters, take_out_quotes
from liudeng.privacy.counting import Inventory, take_stock
from liudeng.privacy.register import Register
from liudeng.privacy.scrubbing import Scrubber
from liudeng.privacy.sweeping import BATCH, Sweeper

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of an erasure."""

    erased: Inventory
    files: int
    withheld: tuple[tuple[str, Held], ...]
    """What stays for somebody's safety, by its title."""
    complete: bool
    """False when the file could not be rewritten yet: it is tried again by itself."""


class Erasure:
    """Erases people. One at a time; what a crash interrupts goes on at the next start."""

    def __init__(
        self,
        database: Database,
        register: Register,
        sweeper: Sweeper,
        holders: Sequence[Holder],
        enclosures: Enclosures,
        drain: Callable[[], Awaitable[None]],
    ) -> None:
        """`drain` waits until what was queued before is durable."""
        self._database = database
        self._register = register
        self._sweeper = sweeper
        self._holders = holders
        self._enclosures = enclosures
        self._drain = drain
        self._turn = asyncio.Lock()

    async def stock(self, user_id: str) -> Inventory:
        """Count what is kept of somebody."""
        async with self._database.read() as connection:
            return await take_stock(connection, user_id, self._holders)

    async def erase(self, user_id: str, at_ms: int, *, at_any_size: bool = False) -> Receipt:
        """Erase somebody. From the first moment on nothing of theirs is kept any more.

        `at_ms` is when they asked for it; a large file is rewritten at night, unless `at_any_size`.
        """
        async with self._turn:
            await self._drain()
            async with self._database.read() as connection:
                newest = await newest_said(connection, user_id)
            await self._register.bury(user_id, max(at_ms, newest))
            await self._drain()
            return await self._carry_out(user_id, at_any_size=at_any_size)

    async def go_on(self, *, at_any_size: bool = False) -> int:
        """Carry out what was interrupted or put off; return how many people it concerned."""
        async with self._turn:
            left = await self._register.under_way()
            for user_id in left:
                await self._carry_out(user_id, at_any_size=at_any_size)
            return len(left) + await self._erase_again(at_any_size)

    async def _erase_again(self, at_any_size: bool) -> int:
        """Erase those again whom an older copy of the database brought back."""
        nameless = await self._register.nameless()
        if not nameless:
            return 0
        async with self._database.read() as connection:
            people = await everybody(connection)
            for holder in self._holders:
                people |= await holder.people(connection)
        back = [one for one in sorted(people) if self._register.person(one) in nameless]
        for user_id in back:
            await self._carry_out(user_id, at_any_size=at_any_size)
        gone = nameless.keys() - {self._register.person(one) for one in back}
        await self._register.note_nobody_left(gone, now_ms())
        return len(back)

    async def _carry_out(self, user_id: str, *, at_any_size: bool) -> Receipt:
        async with self._database.read() as connection:
            stock = await take_stock(connection, user_id, self._holders)
            names = await names_of(connection, user_id)
        await self._erase_messages(user_id)
        await self._erase_copies(user_id)
        await self._scrub_others(user_id, names)
        for holder in self._holders:
            async with self._database.write() as connection:
                await holder.erase(connection, user_id)
        async with self._database.write() as connection:
            enclosed = await erase_letters(connection, user_id)
            await take_out_quotes(connection, user_id, names)
            await forget_person(connection, user_id)
        await self._enclosures.discard(enclosed)
        files = await self._sweeper.drop_files()
        complete = await self._sweeper.leave_no_trace(at_any_size=at_any_size)
        if complete:
            await self._register.note_done(user_id, now_ms())
        log.info("一位成员的记录已经删掉：%d 条消息，%d 个文件。", stock.messages, files)
        async with self._database.read() as connection:
            left = [(one.title, await one.held(connection, user_id)) for one in self._holders]
        withheld = tuple((title, held) for title, held in left if held.withheld)
        return Receipt(stock, files, withheld, complete)

    async def _erase_messages(self, user_id: str) -> None:
        after = -1
        while True:
            async with self._database.read() as connection:
                rows = await said_by(connection, user_id, BATCH, after)
            if not rows:
                return
            await self._sweeper.erase(rows)
            after = rows[-1]

    async def _erase_copies(self, user_id: str) -> None:
        """Erase what others forwarded of them, where it is known that it was theirs."""
        async with self._database.write() as connection:
            containers = await detach_forwarded(connection, user_id)
        await self._sweeper.reread(containers)

    async def _scrub_others(self, user_id: str, names: frozenset[str]) -> None:
        """Take them out of what others said: mentions, quotations' details, their number."""
        scrubber = Scrubber(user_id.__eq__, user_id.__eq__, names)
        after = -1
        while True:
            async with self._database.read() as connection:
                words = (user_id, *(f"@{name}" for name in names), *(f"＠{name}" for name in names))
                rows = await mentioning(connection, words, BATCH, after)
                found = await segments_of(connection, rows)
            if not rows:
                break
            after = rows[-1]
            new = {row: scrubber.segments(segments) for row, segments in found.items()}
            changed = {row: each for row, each in new.items() if each is not found[row]}
            async with self._database.write() as connection:
                await rewrite(connection, changed)
        async with self._database.write() as connection:
            containers = await self._scrub_forwards(connection, user_id, scrubber)
        await self._sweeper.reread(containers)

    async def _scrub_forwards(
        self, connection: AsyncConnection, user_id: str, scrubber: Scrubber
    ) -> list[int]:
        containers: set[int] = set()
        for number, (row, segments) in (await nodes_naming(connection, user_id)).items():
            await rewrite_node(connection, number, scrubber.segments(segments))
            containers.add(row)
        return sorted(containers)
