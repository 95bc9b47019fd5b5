"""What is shown or offered where a search finds little: other readings of its words."""

from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from liudeng.search.answers import counted
from liudeng.search.forgiving import Forgiveness, either_word
from liudeng.search.language import Calendar, QueryProblem, as_typed, parse_query
from liudeng.search.paging import Standing
from liudeng.search.query import Query
from liudeng.search.results import ResultPages, Results
from liudeng.text import fold

_SPELLINGS_SHOWN = 4


@dataclass(frozen=True)
class Sounding:
    """A search whose Latin letters were read as Chinese, and what it found."""

    standing: Standing
    results: Results
    read_as: str
    """The words that were found, as they are shown."""


class Guesses:
    """Tries what may have been meant; tells only what would be found."""

    def __init__(self, pages: ResultPages, forgiveness: Forgiveness, zone: ZoneInfo) -> None:
        self._pages = pages
        self._forgiveness = forgiveness
        self._zone = zone

    async def by_sound(self, standing: Standing) -> Sounding | None:
        """Return the hits of what Latin letters may spell, if there are any."""
        query = await self._forgiveness.by_sound(standing.query, standing.groups)
        if query is None:
            return None
        # Which words were found is told, not all that were tried.
        sounding = replace(standing, query=replace(query, taken_as_text=()))
        results = await self._pages.after(sounding)
        if not results.found:
            return None
        said = [fold(f"{hit.text}\n{hit.seen_text}") for hit in results.taken]
        words = [word for word in query.words if any(fold(word) in text for text in said)]
        return Sounding(sounding, results, "」「".join(words[:_SPELLINGS_SHOWN]))

    async def suggestion(self, standing: Standing) -> str:
        """Return what may have been meant or would find something, if there is such a thing."""
        meant = await self._forgiveness.meant(standing.query, standing.groups)
        if meant and (text := self._typed(meant)) and (found := await self._count(meant, standing)):
            return f"你是不是要找「{text}」？有 {found}，发：搜 {text}"
        either = either_word(standing.query)
        if (
            either
            and (text := self._typed(either))
            and (found := await self._count(either, standing))
        ):
            return f"没有一条同时有这几个词；有其中之一的 {found}，发：搜 {text}"
        return ""

    def _typed(self, query: Query) -> str:
        """Return what to type for a query; nothing where typing it would mean something else."""
        text = as_typed(query, self._zone)
        try:
            read = parse_query(text, Calendar.now(self._zone))
        except QueryProblem:
            return ""
        return text if read.clauses == query.clauses else ""

    async def _count(self, query: Query, standing: Standing) -> str:
        """Return how many hits another query would have; nothing for none."""
        results = await self._pages.after(replace(standing, query=query))
        return counted(results.page) if results.found else ""
