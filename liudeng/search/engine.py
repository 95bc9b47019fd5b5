"""Searching the log, in the groups the asker may see."""

from collections.abc import Collection
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from liudeng.archive.message import StoredMessage
from liudeng.db import Database
from liudeng.search.compile import compile_query
from liudeng.search.facets import By, Facets, months, people
from liudeng.search.people import Viewpoint, scope_of, speakers_of, strangers
from liudeng.search.query import Query
from liudeng.search.run import RANKED, Run, part_of

CHARTED = 10_000
"""The newest hits that a chart is made from."""
_BUDGET_S = 1.5
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


class LogSearch:
    """Finds messages by their words, their senders, their time and what they carry."""

    def __init__(self, database: Database, budget_s: float = _BUDGET_S) -> None:
        self._database = database
        self._budget_s = budget_s

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
            run = Run(connection, compiled, self._budget_s)
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
        ids = await self.ids(query, groups, CHARTED + 1, viewpoint=viewpoint)
        counted = ids[:CHARTED]
        at_least = len(ids) > CHARTED
        if by is By.MONTH:
            return Facets(by, months(counted, zone), len(counted), at_least)
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
    ) -> list[int]:
        """Return the ids of the newest hits in `groups`, newest first."""
        if not groups:
            return []
        async with self._database.read() as connection:
            scope = await scope_of(connection, query, groups, viewpoint)
            compiled = compile_query(query.clauses, scope)
            return await Run(connection, compiled, self._budget_s).newest_ids(limit)
