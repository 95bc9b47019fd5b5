"""Settling in after a connection: who is where, what was missed, and keeping both current.

The implementation may answer late, refuse, or know little just after its own login, so nothing here
is done once and for all: what failed is tried again for as long as the connection lasts.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping
from itertools import chain, repeat
from time import monotonic
from typing import Any, Protocol

from liudeng.archive import Backfill, BackfillLimits, Ear, HistoryRefused, PageRequest
from liudeng.archive.gaps import open_gaps, open_known_gaps
from liudeng.db import Database, explain
from liudeng.outbox import Gateway, NotConnected, OutcomeUnknown, Refused
from liudeng.roster import Roster
from liudeng.settings import Settings

log = logging.getLogger(__name__)

_RETRY_S = (2.0, 5.0, 15.0, 60.0)
_LOOK_EVERY_S = 1.0
_MISSING_EVERY_S = 30.0
"""How often members that were not told, or friends where there were none, are asked for again."""
_ROSTER_EVERY_S = 6 * 3600.0
_DOUBT_EVERY_S = 240.0
"""How often the list of groups is looked at again while one seems to be missing."""


class LeftGroups(Protocol):
    """Notices groups the account is in no longer."""

    @property
    def in_doubt(self) -> bool:
        """Whether the list should be looked at again."""
        ...

    def begin(self) -> None:
        """A connection has begun."""
        ...

    async def look(self, present: Mapping[int, str]) -> bool:
        """Look at a list; returns whether letters were posted."""
        ...


class Settling:
    """Owns the task that lives as long as a connection."""

    def __init__(
        self,
        database: Database,
        ear: Ear,
        roster: Roster,
        gateway: Gateway,
        settings: Settings,
        left_groups: LeftGroups,
        on_roster: Callable[[], None],
    ) -> None:
        """`on_roster` is called when it is known better who can be written to."""
        self._database = database
        self._ear = ear
        self._roster = roster
        self._gateway = gateway
        self._settings = settings
        self._left_groups = left_groups
        self._on_roster = on_roster
        self._task: asyncio.Task[None] | None = None
        self._unread: set[int] = set()
        self.settled = False
        """Whether members are known and the gap before this connection was dealt with."""

    def begin(self) -> None:
        """An account has connected."""
        mark = self._ear.writer.status.committed_seq  # before anything of it is stored
        self.settled = False
        if self._task is not None:
            self._task.cancel()
        self._task = asyncio.create_task(self._run(mark), name="settling")

    async def end(self) -> None:
        """The account is gone; its gap stays open until the next connection."""
        self._ear.new_connection()  # now: the next one's first event comes before `begin` is told
        self.settled = False
        mark = self._ear.writer.status.committed_seq
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        try:
            async with self._database.write() as connection:
                await open_known_gaps(connection, mark)
        except Exception as error:
            # If this process lives until the next connection, that one brings a mark of its own.
            log.warning("断线没能记下：%s", explain(error).advice)

    async def _run(self, mark: int) -> None:
        for pause in chain(_RETRY_S, repeat(_RETRY_S[-1])):
            try:
                await self._settle(mark)
                break
            except NotConnected:
                return  # the next connection begins anew
            except Exception as error:
                log.warning("连接后的准备没有做完，稍后再试：%s", _reason(error))
                log.debug("settling failed", exc_info=error)
            await asyncio.sleep(pause)
        self.settled = True
        await self._look_after()

    async def _settle(self, mark: int) -> None:
        groups = await self._learn_groups()
        await self._learn_members(groups)
        recovered = await self._backfill(groups, mark)
        log.info("已连接：%d 个群，补回 %d 条消息。", len(groups), recovered)

    async def _look_after(self) -> None:
        """Keep the roster current and fetch again what found the queue full."""
        asked_again = read_all = looked = monotonic()
        self._left_groups.begin()
        await self._try(self._look_for_left)
        while True:
            await asyncio.sleep(_LOOK_EVERY_S)
            now = monotonic()
            with contextlib.suppress(NotConnected):
                await self._try(self._backfill_overflow)
                if now - read_all > _ROSTER_EVERY_S:
                    read_all = now
                    await self._try(self._read_roster)
                elif self._left_groups.in_doubt and now - looked > _DOUBT_EVERY_S:
                    looked = now
                    await self._try(self._look_again)
                elif now - asked_again > _MISSING_EVERY_S:
                    asked_again = now
                    await self._try(self._read_missing)

    async def _try(self, step: Callable[[], Any]) -> None:
        try:
            await step()
        except NotConnected:
            raise
        except Exception as error:
            log.warning("读取群和好友时出错，稍后再试：%s", _reason(error))
            log.debug("looking after the roster failed", exc_info=error)

    async def _read_roster(self) -> None:
        await self._learn_members(await self._learn_groups())
        await self._look_for_left()

    async def _look_for_left(self) -> None:
        if await self._left_groups.look(self._roster.groups):
            self._on_roster()

    async def _look_again(self) -> None:
        if await self._left_groups.look(await self._told_groups()):
            self._on_roster()

    async def _read_missing(self) -> None:
        if not self._roster.has_friends:
            await self._learn_friends()
        if self._unread:
            await self._learn_members(dict.fromkeys(self._unread, ""))

    async def _learn_friends(self) -> None:
        friends = await self._gateway.call("get_friend_list")
        self._roster.set_friends(_ids(friends, "user_id"))
        self._on_roster()

    async def _learn_groups(self) -> dict[int, str]:
        await self._learn_friends()
        names = await self._told_groups()
        self._roster.set_groups(names)
        archives = self._settings.archives
        groups = {group_id: name for group_id, name in names.items() if archives(group_id)}
        staff = self._settings.staff_group
        # Its members are read too: whom a case is about must not read of it there.
        self._unread = {*groups, staff} if staff in names else set(groups)
        return groups

    async def _told_groups(self) -> dict[int, str]:
        return {
            int(entry["group_id"]): str(entry.get("group_name") or "")
            for entry in _entries(await self._gateway.call("get_group_list"))
            if str(entry.get("group_id")).isdecimal()
        }

    async def _learn_members(self, groups: dict[int, str]) -> None:
        staff = self._settings.staff_group
        # First: until it is known who reads along there, no alert can go there.
        wanted = [staff, *groups] if staff in self._unread and staff not in groups else [*groups]
        for group_id in wanted:
            try:
                members = await self._gateway.call("get_group_member_list", group_id=group_id)
            except (Refused, OutcomeUnknown) as error:
                log.warning("读不到一个群的成员表，稍后再试：%s", _reason(error))
                continue
            entries = _entries(members)
            self._roster.set_members(group_id, entries)
            if entries:
                self._unread.discard(group_id)
            self._on_roster()

    async def _backfill(self, groups: dict[int, str], mark: int) -> int:
        limits = BackfillLimits(
            self._settings.backfill_page_size,
            self._settings.backfill_max_pages,
            self._settings.first_backfill_pages,
        )
        return await Backfill(self._database, self._ear, self._page, limits).run(groups, mark)

    async def _backfill_overflow(self) -> None:
        """Fetch again what found the queue full, once there is room."""
        writer = self._ear.writer
        if not writer.overflowed_groups or writer.status.trouble:
            return
        groups = {group: self._roster.group_name(group) for group in writer.overflowed_groups}
        async with self._database.write() as connection:  # first: a crash must not forget it
            await open_gaps(connection, list(groups), writer.overflow_mark)
        await writer.drain()
        mark = writer.overflow_mark
        writer.overflowed_groups.difference_update(groups)
        await self._backfill(groups, mark)

    async def _page(self, request: PageRequest) -> list[dict[str, Any]]:
        try:
            page = await self._gateway.call("get_group_msg_history", **request.parameters())
        except Refused as refused:
            raise HistoryRefused(_reason(refused)) from refused
        return _entries(page.get("messages") if isinstance(page, dict) else page)


def _reason(error: Exception) -> str:
    """An implementation's own words may name an account: its number says enough."""
    if isinstance(error, Refused):
        return f"retcode {error.retcode}"
    return type(error).__name__


def _entries(answer: Any) -> list[dict[str, Any]]:
    if not isinstance(answer, list):
        return []
    return [entry for entry in answer if isinstance(entry, dict)]


def _ids(answer: Any, field: str) -> list[int]:
    values = (str(entry.get(field)) for entry in _entries(answer))
    return [int(value) for value in values if value.isdecimal()]
