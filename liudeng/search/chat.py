"""Searching as it is done in the chat: 搜, 下一页, 上下文, as text answers."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from liudeng.archive.message import StoredMessage
from liudeng.archive.queries import message_by_seq, neighbours
from liudeng.archive.reading import shown_text
from liudeng.db import Database
from liudeng.search.engine import LogSearch, SearchPage
from liudeng.search.excerpt import MARKS, excerpt
from liudeng.search.paging import Paging, Place, Standing
from liudeng.search.query import QueryProblem, parse_query

CONTEXT = 5
"""Messages shown before and after in 上下文."""
_LINE_LIMIT = 80
_NO_GROUPS = "你和我还没有共同的群，所以没有可以搜的记录。请在有我的群里搜。"
_NOTHING_TO_PAGE = "没有可以往下翻的搜索。先发「搜 关键词」，再发「下一页」。"
_LAST_PAGE = "已经是最后一页了。换个词再搜：搜 关键词"


class ChatSearch:
    """Answers search commands; keeps each member's place for 下一页."""

    def __init__(
        self,
        database: Database,
        search: LogSearch,
        page_size: int,
        zone: ZoneInfo,
        group_name: Callable[[int], str],
    ) -> None:
        self._database = database
        self._search = search
        self._group_name = group_name
        self._page_size = page_size
        self._zone = zone
        self._paging = Paging()

    async def find(self, place: Place, text: str, groups: Collection[int]) -> str:
        """搜 <text>: return the newest hits in `groups`, or one helpful sentence."""
        if not groups:
            return _NO_GROUPS
        try:
            query = parse_query(text)
        except QueryProblem as problem:
            return str(problem)
        page = await self._search.search(query, groups, self._page_size)
        if not page.hits:
            self._paging.drop(place)
            return f"没有找到「{_one_line(text)}」。试试更短的词，或换一种说法。"
        standing = Standing(
            query, _one_line(text), tuple(groups), page.hits[-1].id, len(page.hits), page.total
        )
        return self._show(place, page, standing, first=1)

    async def next_page(self, place: Place, groups: Collection[int]) -> str:
        """下一页: return the hits that follow, in the groups the asker may still see."""
        before = self._paging.get(place)
        if before is None:
            return _NOTHING_TO_PAGE
        still = tuple(group_id for group_id in before.groups if group_id in groups)
        page = await self._search.search(before.query, still, self._page_size, before.last_id)
        if not page.hits:
            self._paging.drop(place)
            return _LAST_PAGE
        shown = before.shown + len(page.hits)
        standing = Standing(
            before.query, before.text, still, page.hits[-1].id, shown, max(page.total, shown)
        )
        return self._show(place, page, standing, first=before.shown + 1)

    async def context(self, text: str, groups: Collection[int]) -> str:
        """上下文 <id>: return what was said around a message, the message marked."""
        digits = text.strip().lstrip("#＃")
        if not (digits.isascii() and digits.isdecimal() and len(digits) <= 15):
            return "要看哪一条的前后文？写上搜索结果里的编号，例如：上下文 128"
        async with self._database.read() as connection:
            message = await message_by_seq(connection, int(digits), groups)
            if message is None or message.recalled_ms is not None:
                return f"找不到编号 {digits} 的消息，可能不在这个群，或已经撤回。"
            around = await neighbours(connection, message, CONTEXT, CONTEXT)
        day = _when(message, self._zone, "%Y-%m-%d")
        lines = [f"编号 {message.seq} 的前后文（{day}）："]
        lines += [self._context_line(entry, marked=entry.id == message.id) for entry in around]
        return "\n".join(lines)

    def _show(self, place: Place, page: SearchPage, standing: Standing, first: int) -> str:
        more = standing.shown < standing.total
        if more:
            self._paging.put(place, standing)
        else:
            self._paging.drop(place)
        words = page.query.words
        lines = [f"「{standing.text}」共 {standing.total} 条，第 {first}–{standing.shown} 条："]
        several = len(standing.groups) > 1
        lines += [self._hit_line(hit, words, several=several) for hit in page.hits]
        lines.append("下一页｜上下文 编号" if more else "上下文 编号：看那条消息的前后")
        return "\n".join(lines)

    def _hit_line(self, hit: StoredMessage, words: Sequence[str], *, several: bool) -> str:
        when = _when(hit, self._zone, "%m-%d %H:%M")
        where = f"（{self._group_name(hit.group_id)}）" if several else ""
        return f"#{hit.seq} {when} {hit.display_name}{where}\n　{excerpt(hit.text, words)}"

    def _context_line(self, message: StoredMessage, *, marked: bool) -> str:
        when = _when(message, self._zone, "%H:%M")
        text = _one_line(shown_text(message.segments), _LINE_LIMIT) or "[无法显示的消息]"
        if marked:
            text = f"{MARKS[0]}{text}{MARKS[1]}"
        return f"{'▶' if marked else '　'}{when} {message.display_name}：{text}"


def _when(message: StoredMessage, zone: ZoneInfo, form: str) -> str:
    return datetime.fromtimestamp(message.time_ms / 1000, zone).strftime(form)


def _one_line(text: str, limit: int = 40) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
