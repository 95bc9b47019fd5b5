"""An export from the question to the file in the asker's private chat."""

import asyncio
import base64
import os
import re
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TextIO
from uuid import uuid4
from zoneinfo import ZoneInfo

from liudeng.archive.message import StoredMessage
from liudeng.archive.queries import messages_by_id
from liudeng.db import Database
from liudeng.outbox import Gateway, NotConnected, OutcomeUnknown, Refused
from liudeng.search.answers import NO_GROUPS
from liudeng.search.budget import Allowance
from liudeng.search.engine import LogSearch
from liudeng.search.export.formats import Heading, Line, writing
from liudeng.search.language import Calendar, QueryProblem, in_words, parse_query
from liudeng.search.lines import one_line
from liudeng.search.paging import Place
from liudeng.search.people import Viewpoint
from liudeng.search.query import Form, Query

MEMBERS_LIMIT = 500
MODERATORS_LIMIT = 5_000
_CHUNK = 200
"""Messages in memory at a time."""
_AT_ONCE, _PER_SECONDS = 3, 600
"""Exports that one person gets, and the seconds until as many more."""
_MOST_BYTES = 4 * 1024 * 1024
"""A file travels to the implementation inside one frame."""
_NO_FILE_NAME = re.compile(r'[\\/:*?"<>|\s\x00-\x1f]+')
_FORM_NAMES = {Form.MARKDOWN: "Markdown", Form.JSON: "JSON", Form.HTML: "网页"}

_NOT_REACHED = "文件发不到你的私聊：请先加我为好友，再发一次。"
_NOT_CONNECTED = "现在连不上 QQ，过一会儿再发一次。"
_UNKNOWN = "文件可能已经发到你的私聊；没有收到的话，过一会儿再发一次。"
_ENOUGH = "导出得太勤了，过几分钟再来。"
_BUSY = "上一个导出还在做，等它发完再来。"


@dataclass(frozen=True, slots=True)
class _Order:
    """What is to be exported for whom."""

    query: Query
    text: str
    groups: tuple[int, ...]
    asker: int
    limit: int


class SearchExport:
    """Writes what a search finds to a file, sends it privately and deletes it."""

    def __init__(
        self,
        database: Database,
        gateway: Gateway,
        folder: Path,
        zone: ZoneInfo,
        group_name: Callable[[int], str],
    ) -> None:
        self._database = database
        self._search = LogSearch(database)
        self._gateway = gateway
        self._folder = folder
        self._zone = zone
        self._group_name = group_name
        self._one_at_a_time = asyncio.Lock()
        self._allowance = Allowance(_AT_ONCE, _AT_ONCE / _PER_SECONDS)

    async def export(self, place: Place, text: str, groups: Collection[int], limit: int) -> str:
        """导出搜索 <text>: send a file of at most `limit` messages; return what became of it."""
        try:
            query = parse_query(text, Calendar.now(self._zone))
        except QueryProblem as problem:
            return str(problem).replace("例如：搜 ", "例如：导出搜索 ")
        if not groups:
            return NO_GROUPS
        if self._one_at_a_time.locked():
            return _BUSY
        if not self._allowance.allows(place[0], 1):
            return _ENOUGH
        self._allowance.spend(place[0], 1)
        order = _Order(query, one_line(text), tuple(groups), place[0], limit)
        async with self._one_at_a_time:
            ids = await self._found(order)
            if not ids:
                return f"没有找到「{order.text}」，没有可以导出的。"
            async with self._written(order, ids) as (path, count):
                return await self._sent(order, path, count)

    async def _found(self, order: _Order) -> Sequence[int]:
        """Return the newest hits, in the order in which they were said."""
        viewpoint = Viewpoint(str(order.asker), self._group_name)
        ids = await self._search.ids(order.query, order.groups, order.limit, viewpoint=viewpoint)
        return list(reversed(ids))

    @asynccontextmanager
    async def _written(self, order: _Order, ids: Sequence[int]) -> AsyncIterator[tuple[Path, int]]:
        """Write the file; it is gone when the caller is done with it, whatever happens."""
        form = writing(order.query.form)
        path = self._folder / f"{uuid4().hex}.{form.suffix}"
        written = 0
        try:
            with await asyncio.to_thread(_opened, path) as file:
                await asyncio.to_thread(file.write, form.head(self._heading(order, len(ids))))
                async for chunk in self._messages(ids):
                    lines = [self._line(message, order) for message in chunk]
                    await asyncio.to_thread(file.writelines, form.lines(lines))
                    written += len(lines)
                    if file.tell() > _MOST_BYTES:
                        break
                await asyncio.to_thread(file.write, form.tail())
            yield path, written
        finally:
            await asyncio.to_thread(path.unlink, missing_ok=True)

    async def _messages(self, ids: Sequence[int]) -> AsyncIterator[list[StoredMessage]]:
        """Yield messages by and by; what was recalled meanwhile is left out."""
        for start in range(0, len(ids), _CHUNK):
            wanted = ids[start : start + _CHUNK]
            async with self._database.read() as connection:
                found = {each.id: each for each in await messages_by_id(connection, wanted)}
            kept = (found.get(row_id) for row_id in wanted)
            yield [message for message in kept if message and message.recalled_ms is None]

    async def _sent(self, order: _Order, path: Path, count: int) -> str:
        content = await asyncio.to_thread(path.read_bytes)
        # As bytes: the implementation may run in a container with other files than ours.
        encoded = base64.b64encode(content).decode("ascii")
        name = f"{_NO_FILE_NAME.sub('_', order.text)[:30] or '搜索'}{path.suffix}"
        try:
            await self._gateway.call(
                "upload_private_file",
                user_id=order.asker,
                file=f"base64://{encoded}",
                name=f"留灯_{name}",
            )
        except NotConnected:
            return _NOT_CONNECTED
        except Refused:
            return _NOT_REACHED
        except OutcomeUnknown:
            return _UNKNOWN
        form = _FORM_NAMES[order.query.form]
        most = "（到上限了，只有最新的这些）" if count >= order.limit else ""
        return f"已经私聊发给你：「{order.text}」的 {count} 条，{form}{most}。"

    def _heading(self, order: _Order, count: int) -> Heading:
        now = datetime.now(self._zone)
        asked = in_words(order.query, self._zone)
        note = f"{asked}；{count} 条；{now:%Y-%m-%d %H:%M} 由留灯导出，请只留给自己看。"
        return Heading(f"「{order.text}」的搜索结果", note)

    def _line(self, message: StoredMessage, order: _Order) -> Line:
        several = len(order.groups) > 1
        group = self._group_name(message.group_id) if several else ""
        return Line.of(message, self._zone, group)


def _opened(path: Path) -> TextIO:
    """Open a new file that nobody else on this machine may read."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    for leftover in path.parent.iterdir():  # of a crash: exports are made one at a time
        leftover.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    return os.fdopen(descriptor, "w", encoding="utf-8", newline="\n")
