"""Searching the log, in the groups the asker may see."""

from collections.abc import Collection
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from liudeng.archive.message import StoredMessage
from liudeng.db import Database
from liudeng.search.budget import Times
from liudeng.search.compile import compile_query
from liudeng.search.facets import By, Facets, months, people
from liudeng.search.people import Viewpoint, scope_of, speakers_of, strangers
from liudeng.search.query import Query
from liudeng.search.run import RANKED, Run, occurring, part_of

CHARTED = 10_000
"""The newest hits that a chart is made from."""
ANYBODY = Viewpoint()


class SearchPage(BaseModel):
    """One page of hits, in the query's order."""

    model_config = ConfigDict(frozen=True)

    query: Query
    total: int
    """All hits, not only this page's; where they go on after it, at most `COUNTED`."""
    hits: tuple[StoredMessage, ...]
    at_least: bool = False
    """There may be more than `total`."""
    cut_off: bool = False
    """The time was up: there may be hits that were not looked for."""
    strangers: tuple[str, ...] = ()
    """Names in the query that nobody there has."""


@dataclass(frozen=True, slots=True)
class FoundIds:
    """The ids of hits, newest first."""

    ids: list[int]
    cut_off: bool = False
    """The time was up: there may be older ones."""


class LogSearch:
    """Finds messages by their words, their senders, their time and what they carry."""

    def __init__(self, database: Database, times: Times | None = None) -> None:
        self._database = database
        self._times = times or Times()

    async def search(
        self,
        query: Query,
        groups: Collection[int],
        limit: int,
        below_id: int | None = None,
        *,
        above_id: int | None = None,
        viewpoint: Viewpoint = ANYBODY,
    ) -> SearchPage:
        """Return the first hits in `groups`, in the order the query asks for.

        Args:
            query: What is searched for.
            groups: Where; a hit of any other group is impossible.
            limit: How many hits at most.
            below_id: Only those older than this message.
            above_id: Only those newer than this message.
            viewpoint: Who asks.
        """
        if not groups:
            return SearchPage(query=query, total=0, hits=())
        async with self._database.read() as connection:
            scope = await scope_of(connection, query, groups, viewpoint)
            compiled = compile_query(query.clauses, scope)
            run = Run(connection, compiled, self._times)
            part = part_of(compiled, below_id, above_id)
            hits, cut_off = await run.hits(query.sort, part, limit)
            total, counted = len(hits), True
            if cut_off or below_id or above_id or len(hits) >= min(limit, RANKED):
                total, counted = await run.total(len(hits))
        return SearchPage(
            query=query,
            total=total,
            hits=hits,
            at_least=cut_off or not counted,
            cut_off=cut_off,
            strangers=strangers(query, scope),
        )

    async def count(
        self,
        query: Query,
        groups: Collection[int],
        by: By,
        zone: ZoneInfo,
        *,
        viewpoint: Viewpoint = ANYBODY,
    ) -> Facets:
        """Return the hits in `groups` counted by person or month, at most the newest `CHARTED`."""
        found = await self.ids(query, groups, CHARTED + 1, viewpoint=viewpoint)
        counted = found.ids[:CHARTED]
        at_least = found.cut_off or len(found.ids) > CHARTED
        if by is By.MONTH:
            bars, others = months(counted, zone)
        else:
            async with self._database.read() as connection:
                bars, others = people(await speakers_of(connection, counted))
        return Facets(by, bars, len(counted), at_least, others)

    async def ids(
        self,
        query: Query,
        groups: Collection[int],
        limit: int,
        *,
        viewpoint: Viewpoint = ANYBODY,
    ) -> FoundIds:
        """Return the ids of the newest hits in `groups`, newest first."""
        if not groups:
            return FoundIds([])
        async with self._database.read() as connection:
            scope = await scope_of(connection, query, groups, viewpoint)
            run = Run(connection, compile_query(query.clauses, scope), self._times)
            return FoundIds(*await run.newest_ids(limit))

    async def occurring(self, words: Collection[str], groups: Collection[int]) -> frozenset[str]:
        """Return which of a few words stand in some message that can be found in `groups`."""
        if not words or not groups:
            return frozenset()
        async with self._database.read() as connection:
            return await occurring(connection, words, groups, self._times)
