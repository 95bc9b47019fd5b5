"""Searching as it is done in the chat: 搜, 下一页, 上下文, 只看图, 按人, 按月."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, replace
from time import monotonic
from zoneinfo import ZoneInfo

from liudeng.archive.message import StoredMessage
from liudeng.archive.queries import message_by_seq, neighbours
from liudeng.db import Database
from liudeng.search import answers as texts
from liudeng.search.answers import Answers
from liudeng.search.budget import Allowance
from liudeng.search.conversations import Conversation, conversations
from liudeng.search.engine import LogSearch, SearchPage
from liudeng.search.facets import By, Facets
from liudeng.search.forgiving import LITTLE, Forgiveness, either_word
from liudeng.search.language import Calendar, QueryProblem, parse_query
from liudeng.search.lines import one_line
from liudeng.search.paging import Paging, Place, Standing
from liudeng.search.people import Viewpoint
from liudeng.search.query import Has, Kind, Query, Sort
from liudeng.text import fold

CONTEXT = 5
"""Messages shown before and after in 上下文."""
_LOOKED_AT = 12
"""Hits looked at for one conversation of a page."""
_SPELLINGS_SHOWN = 4


Curated = Callable[[str, Place, Collection[int]], Awaitable[Sequence[str]]]
"""Finds what was kept on purpose for the words of a query, as lines above the log's hits."""


@dataclass(frozen=True)
class _Results:
    """A page of hits, gathered into conversations as far as they fit."""

    page: SearchPage
    found: list[Conversation]

    @property
    def taken(self) -> list[StoredMessage]:
        """The hits that are part of what is shown."""
        return [hit for conversation in self.found for hit in conversation.hits]


class ChatSearch:
    """Answers search commands; keeps each member's place for what follows."""

    def __init__(
        self,
        database: Database,
        search: LogSearch,
        page_size: int,
        zone: ZoneInfo,
        group_name: Callable[[int], str],
        allowance: Allowance | None = None,
        curated: Curated | None = None,
    ) -> None:
        self._database = database
        self._search = search
        self._page_size = page_size
        self._zone = zone
        self._group_name = group_name
        self._answers = Answers(zone, group_name)
        self._paging = Paging()
        self._forgiveness = Forgiveness(database)
        self._allowance = allowance or Allowance()
        self._curated = curated

    async def find(self, place: Place, text: str, groups: Collection[int]) -> str:
        """搜 <text>: return the first hits in `groups`, or one helpful sentence."""
        if not groups:
            return texts.NO_GROUPS
        try:
            query = parse_query(text, Calendar.now(self._zone))
        except QueryProblem as problem:
            return str(problem)
        lines, answer = await asyncio.gather(
            self._kept_on_purpose(query, place, groups),
            self._begin(_beginning(query, text, groups, place), place),
        )
        return "\n".join([*lines, answer])

    async def _kept_on_purpose(
        self, query: Query, place: Place, groups: Collection[int]
    ) -> Sequence[str]:
        if self._curated is None or not query.words:
            return ()
        return await self._curated(" ".join(query.words), place, groups)

    async def next_page(self, place: Place, groups: Collection[int], quoted: str = "") -> str:
        """下一页: return the hits that follow, in the groups the asker may still see.

        `quoted` is the text of the answer that the asker quotes, if any: theirs or another's.
        """
        standing = self._standing(place, groups, quoted)
        if standing is None or standing.finished:
            return texts.NOTHING_TO_PAGE
        results = await self._results(standing, place)
        if results is None:
            return texts.TOO_MUCH
        if not results.found:
            self._paging.drop(place)
            return texts.LAST_PAGE
        return "\n".join(self._shown(results, standing, place))

    async def only_pictures(self, place: Place, groups: Collection[int], quoted: str = "") -> str:
        """只看图: search again for the hits that carry a picture."""
        standing = self._standing(place, groups, quoted)
        if standing is None:
            return texts.NOTHING_TO_COUNT
        clauses = (*standing.query.clauses, Has(Kind.IMAGE))
        again = replace(standing.query, clauses=clauses)
        text = f"{standing.text} 有:图"
        narrowed = replace(standing, query=again, text=text, last_id=0, shown=0, finished=False)
        return await self._begin(narrowed, place)

    async def count(self, place: Place, by: By, groups: Collection[int], quoted: str = "") -> str:
        """按人, 按月: return a chart of the last search's hits."""
        standing = self._standing(place, groups, quoted)
        if standing is None or not standing.groups:
            return texts.NOTHING_TO_COUNT
        facets = await self.facets(standing, by)
        return self._answers.charted(facets, standing)

    async def facets(self, standing: Standing, by: By) -> Facets:
        """Return what a search found, counted."""
        viewpoint = Viewpoint(str(standing.asker), self._group_name)
        return await self._search.count(
            standing.query, standing.groups, by, self._zone, viewpoint=viewpoint
        )

    async def context(self, text: str, groups: Collection[int]) -> str:
        """上下文 <id>: return what was said around a message, the message marked."""
        digits = _number(text)
        if not digits:
            return "要看哪一条的前后文？写上搜索结果里的编号，例如：上下文 128"
        message = await self.message(text, groups)
        if message is None:
            return f"找不到编号 {digits} 的消息，可能不在这个群，或已经撤回。"
        async with self._database.read() as connection:
            around = await neighbours(connection, message, CONTEXT, CONTEXT)
        return self._answers.context(message, around)

    async def message(self, text: str, groups: Collection[int]) -> StoredMessage | None:
        """Return the message with a typed number, if it is in `groups` and was not recalled."""
        digits = _number(text)
        if not digits:
            return None
        async with self._database.read() as connection:
            message = await message_by_seq(connection, int(digits), groups)
        return message if message and message.recalled_ms is None else None

    def _standing(self, place: Place, groups: Collection[int], quoted: str) -> Standing | None:
        """Return the search to go on with, in the groups that may still be seen."""
        before = self._paging.get(place, quoted)
        if before is None:
            return None
        still = tuple(group_id for group_id in before.groups if group_id in groups)
        return replace(before, groups=still)

    async def _begin(self, standing: Standing, place: Place) -> str:
        """Return the first page of a search; where it finds little, what is like it."""
        results = await self._results(standing, place)
        if results is None:
            return texts.TOO_MUCH
        page, lines = results.page, list[str]()
        if results.found:
            lines = self._shown(results, standing, place)
        if page.total < LITTLE and not page.cut_off:
            lines += await self._by_sound(standing, place, exact=bool(lines))
        if lines:
            return "\n".join(lines)
        self._paging.drop(place)
        return self._answers.nothing(standing.text, page, await self._suggestion(standing, place))

    async def _by_sound(self, standing: Standing, place: Place, *, exact: bool) -> list[str]:
        """Return the hits of what Latin letters may spell, beneath the exact ones."""
        query = await self._forgiveness.by_sound(standing.query, standing.groups)
        if query is None:
            return []
        sounding = replace(standing, query=query)
        results = await self._results(sounding, place)
        if results is None or not results.found:
            return []
        said = [fold(f"{hit.text}\n{hit.seen_text}") for hit in results.taken]
        words = [word for word in query.words if any(fold(word) in text for text in said)]
        read = "」「".join(words[:_SPELLINGS_SHOWN])
        note = f"按拼音{'还' if exact else ''}找到「{read}」："
        return [note, *self._shown(results, sounding, place)]

    async def _suggestion(self, standing: Standing, place: Place) -> str:
        """Return what may have been meant or would find something, if there is such a thing."""
        meant = await self._forgiveness.meant(standing.query, standing.groups)
        if meant and (found := await self._count(meant, standing, place)):
            text = standing.text
            for typed, word in zip(standing.query.words, meant.words, strict=False):
                text = text.replace(typed, word)
            return f"你是不是要找「{text}」？有 {found}，发：搜 {text}"
        either = either_word(standing.query)
        if either and (found := await self._count(either, standing, place)):
            text = " OR ".join(either.words)
            return f"没有一条同时有这几个词；有其中之一的 {found}，发：搜 {text}"
        return ""

    async def _count(self, query: Query, standing: Standing, place: Place) -> str:
        """Return how many hits another query would have; nothing for none."""
        results = await self._results(replace(standing, query=query), place)
        return texts.counted(results.page) if results and results.found else ""

    async def _results(self, standing: Standing, place: Place) -> _Results | None:
        """Return the hits that follow those already shown; None when the asker has had enough."""
        user_id = place[0]
        if not self._allowance.allows(user_id):
            return None
        started = monotonic()
        try:
            page = await self._page(standing)
            return _Results(page, await self._gathered(page))
        finally:
            self._allowance.spend(user_id, monotonic() - started)

    async def _page(self, standing: Standing) -> SearchPage:
        query, shown, last = standing.query, standing.shown, standing.last_id or None
        viewpoint = Viewpoint(str(standing.asker), self._group_name)
        if query.sort is Sort.RELEVANCE:
            wanted = shown + self._page_size
            page = await self._search.search(query, standing.groups, wanted, viewpoint=viewpoint)
            return page.model_copy(update={"hits": page.hits[shown:]})
        looked_at = self._page_size * (1 if query.each else _LOOKED_AT)
        bound = {"above_id" if query.sort is Sort.OLDEST else "below_id": last}
        return await self._search.search(
            query, standing.groups, looked_at, **bound, viewpoint=viewpoint
        )

    async def _gathered(self, page: SearchPage) -> list[Conversation]:
        if page.query.each or page.query.sort is Sort.RELEVANCE:
            return [Conversation((hit,)) for hit in page.hits]
        async with self._database.read() as connection:
            return await conversations(connection, page.hits, self._page_size)

    def _shown(self, results: _Results, before: Standing, place: Place) -> list[str]:
        """Return the lines of a page, and remember where it ended."""
        page, taken = results.page, results.taken
        shown = before.shown + len(taken)
        total = max(page.total, shown)
        oldest = before.query.sort is Sort.OLDEST
        last = (max if oldest else min)(hit.id for hit in taken)
        after = replace(before, last_id=last, shown=shown, total=total, finished=shown >= total)
        heading = self._answers.heading(page, before, after)
        self._paging.put(place, after, heading)
        lines = [heading]
        if not before.shown:
            lines += self._answers.reading(page.query)
        lines += self._answers.results(page, results.found, after)
        lines.append("上下文 编号：看那条消息的前后" if after.finished else "下一页｜上下文 编号")
        return lines


def _beginning(query: Query, text: str, groups: Collection[int], place: Place) -> Standing:
    return Standing(query, one_line(text), tuple(groups), 0, 0, 0, asker=place[0])


def _number(text: str) -> str:
    """Return the digits of a message's short number; empty for anything else."""
    digits = text.strip().lstrip("#＃")
    return digits if digits.isascii() and digits.isdecimal() and len(digits) <= 15 else ""
