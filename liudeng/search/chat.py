"""Searching as it is done in the chat: 搜, 下一页, 上下文, 只看图, 按人, 按月."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import replace

from liudeng.archive.queries import message_by_seq, neighbours
from liudeng.archive.reading import clean
from liudeng.db import Database
from liudeng.search import answers as texts
from liudeng.search.answer import Answer, ShownFacets, ShownHits
from liudeng.search.answers import Answers
from liudeng.search.engine import LogSearch
from liudeng.search.facets import By
from liudeng.search.forgiving import LITTLE, Forgiveness
from liudeng.search.guesses import Guesses
from liudeng.search.language import Calendar, QueryProblem, parse_query
from liudeng.search.manner import Manner
from liudeng.search.paging import Paging, Place, Standing
from liudeng.search.query import Has, Kind, Query, Sort
from liudeng.search.results import ResultPages, Results
from liudeng.search.turns import TooMuch, Turns

CONTEXT = 5
"""Messages shown before and after in 上下文."""

Curated = Callable[[str, Place, Collection[int]], Awaitable[Sequence[str]]]
"""Finds what was kept on purpose for the words of a query, as lines above the log's hits."""


class ChatSearch:
    """Answers search commands; keeps each member's place for what follows."""

    def __init__(
        self,
        database: Database,
        search: LogSearch,
        manner: Manner,
        turns: Turns | None = None,
        curated: Curated | None = None,
    ) -> None:
        self._database = database
        self._search = search
        self._zone = manner.zone
        self._answers = Answers(manner)
        self._pages = ResultPages(database, search, manner.page_size, manner.group_name)
        self._forgiveness = Forgiveness(database, search)
        self._guesses = Guesses(self._pages, self._forgiveness, manner.zone)
        self._paging = Paging()
        self._turns = turns or Turns()
        self._curated = curated

    async def find(self, place: Place, text: str, groups: Collection[int]) -> Answer:
        """搜 <text>: return the first hits in `groups`, or one helpful sentence."""
        if not groups:
            return Answer(texts.NO_GROUPS)
        try:
            query = parse_query(text, Calendar.now(self._zone))
        except QueryProblem as problem:
            return Answer(str(problem))
        standing = Standing(query, " ".join(clean(text).split()), tuple(groups), asker=place[0])
        try:
            async with self._turns.turn(place[0]):
                lines = await self._kept_on_purpose(query, place, groups)
                answer = await self._begin(standing, place)
        except TooMuch:
            return Answer(texts.TOO_MUCH)
        return replace(answer, above="\n".join(filter(None, (*lines, answer.above))))

    async def next_page(self, place: Place, groups: Collection[int], quoted: str = "") -> Answer:
        """下一页: return the hits that follow, in the groups the asker may still see.

        `quoted` is the text of the answer that the asker quotes, if any: theirs or another's.
        """
        standing = self._standing(place, groups, quoted)
        if standing is None or standing.finished:
            return Answer(texts.NOTHING_TO_PAGE)
        try:
            async with self._turns.turn(place[0]):
                results = await self._pages.after(standing)
        except TooMuch:
            return Answer(texts.TOO_MUCH)
        if results.found:
            return self._shown(results, standing, place)
        if results.page.cut_off:
            return Answer(texts.TOO_SLOW_TO_GO_ON)
        self._paging.drop(place)
        return Answer(texts.LAST_PAGE)

    async def only_pictures(
        self, place: Place, groups: Collection[int], quoted: str = ""
    ) -> Answer:
        """只看图: search again for the hits that carry a picture."""
        standing = self._standing(place, groups, quoted)
        if standing is None:
            return Answer(texts.NOTHING_TO_COUNT)
        clauses = (*standing.query.clauses, Has(Kind.IMAGE))
        again = replace(standing.query, clauses=clauses)
        narrowed = Standing(again, f"{standing.text} 有:图", standing.groups, asker=place[0])
        try:
            async with self._turns.turn(place[0]):
                return await self._begin(narrowed, place)
        except TooMuch:
            return Answer(texts.TOO_MUCH)

    async def count(
        self, place: Place, by: By, groups: Collection[int], quoted: str = ""
    ) -> Answer:
        """按人, 按月: return a chart of the last search's hits."""
        standing = self._standing(place, groups, quoted)
        if standing is None or not standing.groups:
            return Answer(texts.NOTHING_TO_COUNT)
        viewpoint = self._pages.viewpoint(standing)
        try:
            async with self._turns.turn(place[0]):
                facets = await self._search.count(
                    standing.query, standing.groups, by, self._zone, viewpoint=viewpoint
                )
        except TooMuch:
            return Answer(texts.TOO_MUCH)
        if not facets.bars:
            return Answer(texts.TOO_SLOW_TO_COUNT if facets.at_least else texts.NOTHING_LEFT)
        title, bars = self._answers.charted(facets, standing)
        return Answer("", bars, title, ShownFacets(facets, standing))

    async def context(self, place: Place, text: str, groups: Collection[int]) -> Answer:
        """上下文 <id>: return what was said around a message, the message marked."""
        digits = _number(text)
        if not digits:
            return Answer(texts.WHICH_MESSAGE)
        try:
            async with self._turns.turn(place[0]), self._database.read() as connection:
                message = await message_by_seq(connection, int(digits), groups)
                if message is None or message.recalled_ms is not None:
                    return Answer(texts.NO_SUCH_MESSAGE.format(digits))
                around = await neighbours(connection, message, CONTEXT, CONTEXT)
        except TooMuch:
            return Answer(texts.TOO_MUCH)
        return Answer(self._answers.context(message, around), message=message)

    async def someone_was_erased(self) -> None:
        """Let none of their words stay in memory."""
        await self._forgiveness.forget()

    async def _kept_on_purpose(
        self, query: Query, place: Place, groups: Collection[int]
    ) -> Sequence[str]:
        if self._curated is None or not query.words:
            return ()
        return await self._curated(" ".join(query.words), place, groups)

    def _standing(self, place: Place, groups: Collection[int], quoted: str) -> Standing | None:
        """Return the search to go on with, in the groups that may still be seen."""
        before = self._paging.get(place, quoted)
        if before is None:
            return None
        still = tuple(group_id for group_id in before.groups if group_id in groups)
        return replace(before, groups=still)

    async def _begin(self, standing: Standing, place: Place) -> Answer:
        """Return the first page of a search; where it finds little, what is like it."""
        results = await self._pages.after(standing)
        exact = self._shown(results, standing, place) if results.found else None
        if results.page.total < LITTLE and not results.page.cut_off:
            sounding = await self._sounding(standing, place, exact=exact)
            if sounding:
                return sounding
        if exact:
            return exact
        self._paging.drop(place)
        suggestion = "" if results.page.cut_off else await self._guesses.suggestion(standing)
        return Answer(self._answers.nothing(standing.text, results.page, suggestion))

    async def _sounding(
        self, standing: Standing, place: Place, *, exact: Answer | None
    ) -> Answer | None:
        """Return the hits of what Latin letters may spell, beneath the exact ones."""
        found = await self._guesses.by_sound(standing)
        if found is None:
            return None
        note = f"按拼音{'还' if exact else ''}找到「{found.read_as}」："
        answer = self._shown(found.results, found.standing, place, note)
        return (
            replace(answer, above=exact.text + "\n" + answer.above, shown=None) if exact else answer
        )

    def _shown(self, results: Results, before: Standing, place: Place, note: str = "") -> Answer:
        """Return a page, and remember where it ended."""
        page, taken = results.page, results.taken
        shown = before.shown + len(taken)
        last = (max if before.query.sort is Sort.OLDEST else min)(hit.id for hit in taken)
        total = max(page.total, shown)
        after = replace(before, last_id=last, shown=shown, total=total, finished=not results.more)
        heading = self._answers.heading(page, before, after)
        self._paging.put(place, after, heading)
        reading = [] if before.shown else self._answers.reading(page.query)
        return Answer(
            "\n".join(self._answers.what_next(page, after)),
            "\n".join(self._answers.results(page, results.found, after)),
            "\n".join(filter(None, (note, heading, *reading))),
            ShownHits(results, after, before.shown + 1, note),
        )


def _number(text: str) -> str:
    """Return the digits of a message's short number; empty for anything else."""
    digits = text.strip().lstrip("#＃")
    return digits if digits.isascii() and digits.isdecimal() and len(digits) <= 15 else ""
