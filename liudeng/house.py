"""The house: every room, opened in order and closed in reverse."""

import asyncio
import contextlib
import logging
from typing import Any

from liudeng.archive import (
    Backfill,
    BackfillLimits,
    Ear,
    LogWriter,
    PageRequest,
    ReaderRun,
    last_seq,
    open_known_gaps,
)
from liudeng.commands import CommandTable
from liudeng.db import Database, explain, migrate
from liudeng.desk import Desk
from liudeng.media import MediaFetcher, MediaLimits, MediaReader, MediaStore
from liudeng.outbox import Gateway, NotConnected, OutcomeUnknown, Pace, Refused, Sender
from liudeng.roster import Roster
from liudeng.search import ChatSearch, LogSearch
from liudeng.search.log_index import refresh_index
from liudeng.settings import Settings
from liudeng.watch import Watcher, load_lexicon
from liudeng.watch.reader import WatchReader

log = logging.getLogger(__name__)

_EMPTY_HISTORY = 1200
"""NapCat's answer when there is no (more) history."""
_OVERFLOW_CHECK_S = 1.0


class House:
    """Owns the database, the tasks and the way they are wired together."""

    def __init__(self, settings: Settings, commands: CommandTable, gateway: Gateway) -> None:
        self.settings = settings
        self.commands = commands
        self.gateway = gateway
        self.database = Database(settings.database_path)
        self.writer = LogWriter(self.database, settings.writer_queue_size)
        self.ear = Ear(
            self.writer,
            commands,
            settings.archives,
            staff_group=settings.staff_group,
            pass_all=settings.pass_all_messages,
        )
        self.roster = Roster(settings.moderators)
        self.desk = Desk(self.database, self.roster, settings.staff_group, settings.zone)
        self.sender = Sender(
            self.database,
            gateway,
            Pace(settings.send_interval, settings.send_burst),
            self.desk.route,
            self.desk.fall_back,
        )
        self.search = ChatSearch(
            self.database,
            LogSearch(self.database),
            settings.search_page_size,
            settings.zone,
            self.roster.group_name,
        )
        self.media_limits = MediaLimits(trusted_hosts=settings.media_trusted_hosts)
        self.media_store = MediaStore(settings.data_dir / "media")
        self.media = MediaFetcher(self.database, gateway, self.media_store, self.media_limits)
        self.readers: list[ReaderRun] = []
        self.settled = False
        """Whether the last connection's members are known and its gap was dealt with."""
        self._connection: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Bring the database up to date and start every task.

        Raises:
            liudeng.watch.LexiconError: a moderator's edit of the lexicon does not load.
            liudeng.db.SchemaTooNew: the database belongs to a newer version.
            sqlalchemy.exc.DBAPIError: the database cannot be opened.
        """
        lexicon = await asyncio.to_thread(load_lexicon, self.settings.lexicon_dir)
        watch = WatchReader(Watcher(lexicon), self.desk)
        self.readers = [ReaderRun(self.database, watch, self.sender.wake)]
        if self.settings.keep_media:
            media = MediaReader(self.media_limits)
            self.readers.append(ReaderRun(self.database, media, self.media.wake))
        await asyncio.to_thread(migrate, self.database.path)
        await refresh_index(self.database)
        async with self.database.write() as connection:
            newest = await last_seq(connection)
            await open_known_gaps(connection, newest)
        self.writer.on_commit(self._committed)
        self.writer.start(newest)
        for reader in self.readers:
            await reader.start()
        await self.sender.start()
        if self.settings.keep_media:
            await self.media.start()

    async def close(self) -> None:
        """Write what is queued, let the readers keep their places, stop everything."""
        await self.disconnected()
        await self.writer.close()
        for reader in self.readers:
            await reader.close()
        await self.media.close()
        await self.sender.close()
        await self.database.close()

    def connected(self) -> None:
        """An account has connected: learn who is where, then close the gap behind it."""
        mark = self.writer.status.committed_seq  # before anything of this connection is stored
        self.ear.new_connection()
        self.settled = False
        if self._connection is not None:
            self._connection.cancel()
        self._connection = asyncio.create_task(self._settle_in(mark), name="connection")
        self.sender.wake()

    async def disconnected(self) -> None:
        """The account is gone; its gap stays open until the next connection."""
        self.settled = False
        mark = self.writer.status.committed_seq
        settling, self._connection = self._connection, None
        if settling is not None:
            settling.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await settling
        try:
            async with self.database.write() as connection:
                await open_known_gaps(connection, mark)
        except Exception as error:
            # If this process lives until the next connection, that one brings a mark of its own.
            log.warning("断线没能记下：%s", explain(error).advice)

    def _committed(self) -> None:
        for reader in self.readers:
            reader.wake()

    async def _settle_in(self, mark: int) -> None:
        try:
            groups = await self._learn_groups()
            await self._learn_members(groups)
            recovered = await self._backfill(groups, mark)
            log.info("已连接：%d 个群，补回 %d 条消息。", len(groups), recovered)
            self.settled = True
            while True:
                await self._backfill_overflow()
                await asyncio.sleep(_OVERFLOW_CHECK_S)
        except (NotConnected, OutcomeUnknown, Refused) as error:
            log.warning("连接后的准备没有做完：%s", error)

    async def _learn_groups(self) -> dict[int, str]:
        friends = await self.gateway.call("get_friend_list")
        self.roster.set_friends(_ids(friends, "user_id"))
        entries = await self.gateway.call("get_group_list")
        names = {
            int(entry["group_id"]): str(entry.get("group_name") or "")
            for entry in _entries(entries)
            if str(entry.get("group_id")).isdecimal()
        }
        self.roster.set_groups(names)
        archives = self.settings.archives
        return {group_id: name for group_id, name in names.items() if archives(group_id)}

    async def _learn_members(self, groups: dict[int, str]) -> None:
        for group_id in groups:
            try:
                members = await self.gateway.call("get_group_member_list", group_id=group_id)
            except Refused as refused:
                log.warning("读不到一个群的成员表：retcode %d", refused.retcode)
                continue
            self.roster.set_members(group_id, _entries(members))
            self.sender.wake()

    async def _backfill(self, groups: dict[int, str], mark: int) -> int:
        limits = BackfillLimits(
            self.settings.backfill_page_size,
            self.settings.backfill_max_pages,
            self.settings.first_backfill_pages,
        )
        return await Backfill(self.database, self.ear, self._page, limits).run(groups, mark)

    async def _backfill_overflow(self) -> None:
        """Fetch again what found the queue full, once there is room."""
        if not self.writer.overflowed_groups or self.writer.status.trouble:
            return
        await self.writer.drain()
        groups = {
            group_id: self.roster.group_name(group_id) for group_id in self.writer.overflowed_groups
        }
        self.writer.overflowed_groups.clear()
        await self._backfill(groups, self.writer.overflow_mark)

    async def _page(self, request: PageRequest) -> list[dict[str, Any]]:
        try:
            page = await self.gateway.call("get_group_msg_history", **request.parameters())
        except Refused as refused:
            if refused.retcode == _EMPTY_HISTORY:
                return []
            raise
        return _entries(page.get("messages") if isinstance(page, dict) else page)


def _entries(answer: Any) -> list[dict[str, Any]]:
    if not isinstance(answer, list):
        return []
    return [entry for entry in answer if isinstance(entry, dict)]


def _ids(answer: Any, field: str) -> list[int]:
    values = (str(entry.get(field)) for entry in _entries(answer))
    return [int(value) for value in values if value.isdecimal()]
