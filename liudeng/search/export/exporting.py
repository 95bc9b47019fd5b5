"""An export from the question to the files in the asker's private chat."""

import asyncio
from collections.abc import Collection
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime

from liudeng.archive.message import StoredMessage
from liudeng.archive.reading import clean
from liudeng.db import Database
from liudeng.outbox import Gateway, NotConnected, OutcomeUnknown, Refused
from liudeng.search.answers import NO_GROUPS
from liudeng.search.budget import Allowance
from liudeng.search.engine import LogSearch
from liudeng.search.export.choosing import Chosen, Limits, chosen
from liudeng.search.export.files import Content, ExportFolder, Part
from liudeng.search.export.formats import Heading, Line, writing
from liudeng.search.language import Calendar, QueryProblem, in_words, parse_query
from liudeng.search.lines import one_line
from liudeng.search.manner import Manner
from liudeng.search.paging import Place
from liudeng.search.people import Viewpoint
from liudeng.search.query import Form, Query
from liudeng.search.turns import TooMuch, Turns

MIB = 1024 * 1024
MEMBERS_LIMIT = Limits(messages=500, text_bytes=2 * MIB)
MODERATORS_LIMIT = Limits(messages=5_000, text_bytes=12 * MIB)
_AT_ONCE, _PER_SECONDS = 3, 600
"""Exports that one person gets, and the seconds until as many more."""
_FORM_NAMES = {Form.MARKDOWN: "Markdown", Form.JSON: "JSON", Form.HTML: "网页"}

_NOT_REACHED = "文件发不到你的私聊：请先加我为好友，再发一次。"
_NOT_CONNECTED = "现在连不上 QQ，过一会儿再发一次。"
_UNKNOWN = "文件可能已经发到你的私聊；没有收到的话，过一会儿再发一次。"
_ENOUGH = "导出得太勤了，过几分钟再来。"
_BUSY = "上一个导出还在做，等它发完再来。"
_NOTHING = "没有找到「{}」，没有可以导出的。"
_TOO_SLOW = "「{}」还没搜完就到时间了，没有导出：加上日期或更特别的词再试。"


@dataclass(frozen=True, slots=True)
class _Order:
    """What is to be exported for whom."""

    query: Query
    text: str
    groups: tuple[int, ...]
    asker: int


class SearchExport:
    """Writes what a search finds to files, sends them privately and deletes them."""

    def __init__(
        self,
        database: Database,
        search: LogSearch,
        gateway: Gateway,
        manner: Manner,
        folder: ExportFolder,
        turns: Turns | None = None,
    ) -> None:
        self._database = database
        self._search = search
        self._gateway = gateway
        self._manner = manner
        self._folder = folder
        self._turns = turns or Turns()
        self._one_at_a_time = asyncio.Lock()
        self._allowance = Allowance(_AT_ONCE, _AT_ONCE / _PER_SECONDS)

    async def export(self, place: Place, text: str, groups: Collection[int], limits: Limits) -> str:
        """导出搜索 <text>: send files of the newest hits; return what became of it."""
        try:
            query = parse_query(text, Calendar.now(self._manner.zone))
        except QueryProblem as problem:
            return str(problem).replace("例如：搜 ", "例如：导出搜索 ")
        if not groups:
            return NO_GROUPS
        if self._one_at_a_time.locked():
            return _BUSY
        if not self._allowance.allows(place[0], 1):
            return _ENOUGH
        self._allowance.spend(place[0], 1)
        order = _Order(query, one_line(clean(text)), tuple(groups), place[0])
        async with self._one_at_a_time:
            try:
                found = await self._found(order, limits)
            except TooMuch:
                return _ENOUGH
            if found.ids:
                return await self._sent(order, found)
        if found.cut_off:
            return _TOO_SLOW.format(order.text)
        return _NOTHING.format(order.text)

    async def clear(self) -> None:
        """Delete what a crash left behind."""
        await asyncio.to_thread(self._folder.clear)

    async def _found(self, order: _Order, limits: Limits) -> Chosen:
        """Return which hits are exported, in the order in which they were said."""
        viewpoint = Viewpoint(str(order.asker), self._manner.group_name)
        async with self._turns.turn(order.asker):
            found = await self._search.ids(
                order.query, order.groups, limits.messages + 1, viewpoint=viewpoint
            )
            async with self._database.read() as connection:
                return await chosen(connection, found, limits)

    async def _sent(self, order: _Order, found: Chosen) -> str:
        """Write and send the files one after another; no file outlives its sending."""
        content = Content(
            self._heading(order, found),
            found.ids,
            lambda message: self._line(message, order),
            writing(order.query.form),
        )
        sent: list[Part] = []
        async with aclosing(self._folder.parts(self._database, content)) as parts:
            async for part in parts:
                try:
                    await self._upload(order, part)
                except (NotConnected, Refused, OutcomeUnknown) as error:
                    return _trouble(error, sent)
                sent.append(part)
        return _done(order, found, sent) if sent else _NOTHING.format(order.text)

    async def _upload(self, order: _Order, part: Part) -> None:
        name = f"留灯_{part.name(order.text)}"
        file = await part.as_base64()
        await self._gateway.call(
            "upload_private_file", user_id=order.asker, file=f"base64://{file}", name=name
        )

    def _heading(self, order: _Order, found: Chosen) -> Heading:
        now = datetime.now(self._manner.zone)
        asked = in_words(order.query, self._manner.zone)
        what = f"{asked}；{len(found.ids)} 条{found.left_out}"
        note = f"{what}；{now:%Y-%m-%d %H:%M} 由留灯导出，请只留给自己看。"
        return Heading(f"「{order.text}」的搜索结果", note)

    def _line(self, message: StoredMessage, order: _Order) -> Line:
        several = len(order.groups) > 1
        group = self._manner.group_name(message.group_id) if several else ""
        return Line.of(message, self._manner.zone, group)


def _done(order: _Order, found: Chosen, sent: list[Part]) -> str:
    count = sum(part.messages for part in sent)
    files = f"，分成 {len(sent)} 个文件" if len(sent) > 1 else ""
    form = _FORM_NAMES[order.query.form]
    return f"已经私聊发给你：「{order.text}」的 {count} 条，{form}{files}{found.left_out}。"


def _trouble(error: Exception, sent: list[Part]) -> str:
    advice = _UNKNOWN
    if isinstance(error, NotConnected):
        advice = _NOT_CONNECTED
    elif isinstance(error, Refused):
        advice = _NOT_REACHED
    return f"前 {len(sent)} 个文件发到了，后面的没有。{advice}" if sent else advice
