"""A page of a search that somebody goes through: its hits, gathered, and whether more follow."""

from collections.abc import Callable
from dataclasses import dataclass

from liudeng.archive.message import StoredMessage
from liudeng.db import Database
from liudeng.search.conversations import Conversation, conversations
from liudeng.search.engine import LogSearch, SearchPage
from liudeng.search.paging import Standing
from liudeng.search.people import Viewpoint
from liudeng.search.query import Query, Sort

_LOOKED_AT = 12
"""Hits looked at for one conversation of a page."""


@dataclass(frozen=True)
class Results:
    """A page of hits, gathered into conversations as far as they fit."""

    page: SearchPage
    found: list[Conversation]
    more: bool
    """Whether there may be hits after these."""

    @property
    def taken(self) -> list[StoredMessage]:
        """The hits that are part of what is shown."""
        return [hit for conversation in self.found for hit in conversation.hits]


class ResultPages:
    """Turns the pages of searches."""

    def __init__(
        self,
        database: Database,
        search: LogSearch,
        page_size: int,
        group_name: Callable[[int], str],
    ) -> None:
        self._database = database
        self._search = search
        self._page_size = page_size
        self._group_name = group_name

    def viewpoint(self, standing: Standing) -> Viewpoint:
        """Return how the names in a search are to be understood."""
        return Viewpoint(str(standing.asker), self._group_name)

    async def after(self, standing: Standing) -> Results:
        """Return the hits that follow those already shown.

        One more is asked for than may be shown: whether it is there tells whether there are more,
        whatever was said or recalled meanwhile and however far they were counted.
        """
        if standing.query.sort is Sort.RELEVANCE:
            return await self._relevant(standing)
        query, last = standing.query, standing.last_id or None
        limit = self._page_size * (1 if query.each else _LOOKED_AT)
        bound = {"above_id" if query.sort is Sort.OLDEST else "below_id": last}
        page = await self._search.search(
            query, standing.groups, limit + 1, **bound, viewpoint=self.viewpoint(standing)
        )
        found = await self._gathered(query, page.hits[:limit])
        taken = sum(len(conversation.hits) for conversation in found)
        return Results(page, found, page.cut_off or taken < len(page.hits))

    async def _relevant(self, standing: Standing) -> Results:
        """The order is known only from its beginning: what was shown is left out."""
        end = standing.shown + self._page_size
        page = await self._search.search(
            standing.query, standing.groups, end + 1, viewpoint=self.viewpoint(standing)
        )
        found = [Conversation((hit,)) for hit in page.hits[standing.shown : end]]
        return Results(page, found, page.cut_off or end < len(page.hits))

    async def _gathered(self, query: Query, hits: tuple[StoredMessage, ...]) -> list[Conversation]:
        if query.each:
            return [Conversation((hit,)) for hit in hits]
        async with self._database.read() as connection:
            return await conversations(connection, hits, self._page_size)
