"""Running a compiled search: the hits in their order, their number, and what time allows."""

from collections.abc import Collection, Iterator
from contextlib import suppress
from typing import Any, cast

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive.message import StoredMessage
from liudeng.archive.numbering import first_id_at
from liudeng.archive.queries import stored_message
from liudeng.archive.tables import messages
from liudeng.db.driver import Row, fetch
from liudeng.search.budget import CutOff, Times, until
from liudeng.search.compile import Compiled, Scope, compile_query
from liudeng.search.query import Sort, Word

COUNTED = 1_000
"""Hits that are counted for a page; beyond them it is "more than"."""
RANKED = 1_000
"""The newest hits among which the most relevant are looked for."""
_IN_HASTE = 200
_FIRST_PIECE_ID = first_id_at(86_400_000)
"""A day, as a distance between ids."""

_COLUMNS = tuple(messages.c.keys())
_SELECTED = ", ".join(f"messages.{column}" for column in _COLUMNS)
_FROM = (
    "FROM log_index CROSS JOIN messages ON messages.id = log_index.rowid "
    "WHERE log_index MATCH :match AND log_index.rowid >= :since AND log_index.rowid < :before "
    "AND messages.recalled_ms IS NULL"
)
_FROM_INDEX_ALONE = (
    "FROM log_index WHERE log_index MATCH :match "
    "AND log_index.rowid >= :since AND log_index.rowid < :before"
)

Part = tuple[int, int]
"""A range of ids, half-open: a range of time."""


def part_of(compiled: Compiled, below_id: int | None, above_id: int | None) -> Part:
    """Return the part of a search's time that is older or newer than a message."""
    since = compiled.since_id if above_id is None else max(compiled.since_id, above_id + 1)
    before = compiled.before_id if below_id is None else min(compiled.before_id, below_id)
    return since, before


def _pieces(whole: Part, order: Sort) -> Iterator[Part]:
    """Divide ids into parts that follow one another, each twice as long as the one before."""
    since, before = whole
    width = _FIRST_PIECE_ID
    while since < before:
        if order is Sort.OLDEST:
            yield since, min(before, since + width)
            since += width
        else:
            yield max(since, before - width), before
            before -= width
        width *= 2


class Run:
    """One search on one connection, each of its steps within a time."""

    def __init__(self, connection: AsyncConnection, compiled: Compiled, times: Times) -> None:
        self._connection = connection
        self._compiled = compiled
        self._times = times
        self._where = "".join(f" AND {condition}" for condition in compiled.conditions)

    async def hits(
        self, sort: Sort, part: Part, limit: int
    ) -> tuple[tuple[StoredMessage, ...], bool]:
        """Return the first hits, and whether the search was cut off."""
        find = self._relevant if sort is Sort.RELEVANCE else self._in_order(sort)
        try:
            async with until(self._times.whole, self._connection):
                return await find(part, limit), False
        except CutOff:
            return await self._piecemeal(sort, part, limit), True

    async def total(self, at_least: int) -> tuple[int, bool]:
        """Return the number of hits, and whether it is the whole number."""
        query = f"SELECT count(*) FROM (SELECT 1 {self._source()} LIMIT :limit)"
        part = (self._compiled.since_id, self._compiled.before_id)
        try:
            async with until(min(self._times.counting, self._times.whole), self._connection):
                [(total,)] = await self._rows(query, part, COUNTED + 1)
        except CutOff:
            return at_least, False
        return min(total, COUNTED), total <= COUNTED

    async def newest_ids(self, limit: int) -> tuple[list[int], bool]:
        """Return the ids of the newest hits, and whether the search was cut off."""
        query = (
            f"SELECT log_index.rowid {self._source()} ORDER BY log_index.rowid DESC LIMIT :limit"
        )
        part = (self._compiled.since_id, self._compiled.before_id)
        tries = ((limit, self._times.whole), (min(limit, _IN_HASTE), self._times.last_try))
        for number, (wanted, seconds) in enumerate(tries):
            with suppress(CutOff):
                async with until(seconds, self._connection):
                    rows = await self._rows(query, part, wanted)
                    return [row_id for (row_id,) in rows], number > 0
        return [], True

    def _in_order(self, sort: Sort) -> Any:
        direction = "ASC" if sort is Sort.OLDEST else "DESC"

        async def find(part: Part, limit: int) -> tuple[StoredMessage, ...]:
            order = f"ORDER BY log_index.rowid {direction} LIMIT :limit"
            return await self._messages(
                f"SELECT {_SELECTED} {_FROM}{self._where} {order}", part, limit
            )

        return find

    async def _relevant(self, part: Part, limit: int) -> tuple[StoredMessage, ...]:
        """Rank the newest hits: to rank all of a common word's would take seconds."""
        newest = (
            "SELECT log_index.rowid AS id, bm25(log_index, 1.0, 0.0) AS score "
            f"{self._source()} ORDER BY log_index.rowid DESC LIMIT {RANKED}"
        )
        best = f"SELECT id, score FROM ({newest}) ORDER BY score, id DESC LIMIT :limit"
        return await self._messages(
            f"SELECT {_SELECTED} FROM ({best}) AS best CROSS JOIN messages USING (id) "
            "WHERE messages.recalled_ms IS NULL ORDER BY best.score, best.id DESC",
            part,
            limit,
        )

    def _source(self) -> str:
        """Return what is searched: the index alone, where it can tell."""
        return _FROM + self._where if self._where else _FROM_INDEX_ALONE

    async def _piecemeal(self, sort: Sort, part: Part, limit: int) -> tuple[StoredMessage, ...]:
        """Find what can be found in a last try: a day first, then more and more at once."""
        order = Sort.OLDEST if sort is Sort.OLDEST else Sort.NEWEST
        find = self._in_order(order)
        ends = "SELECT (SELECT min(id) FROM messages), (SELECT max(id) FROM messages)"
        [(first, last)] = await fetch(self._connection, ends)
        whole = (max(part[0], first or 0), min(part[1], (last or 0) + 1))
        found: tuple[StoredMessage, ...] = ()
        with suppress(CutOff):
            async with until(self._times.last_try, self._connection):
                for piece in _pieces(whole, order):
                    found += await find(piece, limit - len(found))
                    if len(found) == limit:
                        break
        return found

    async def _messages(self, query: str, part: Part, limit: int) -> tuple[StoredMessage, ...]:
        found = await self._rows(query, part, limit)
        mapped = (dict(zip(_COLUMNS, row, strict=True)) for row in found)
        return tuple(stored_message(cast(RowMapping, row)) for row in mapped)

    async def _rows(self, query: str, part: Part, limit: int) -> list[Row]:
        parameters = {"match": self._compiled.match, "since": part[0], "before": part[1]}
        values = {**self._compiled.parameters, **parameters, "limit": limit}
        return await fetch(self._connection, query, values)


async def occurring(
    connection: AsyncConnection, words: Collection[str], groups: Collection[int], times: Times
) -> frozenset[str]:
    """Return which of a few words stand in some message of these groups."""
    asked = tuple(words)
    matches = [compile_query((Word(word),), Scope(tuple(groups))).match for word in asked]
    each = "SELECT ? WHERE EXISTS (SELECT 1 FROM log_index WHERE log_index MATCH ?)"
    values = [value for pair in enumerate(matches) for value in pair]
    query = " UNION ALL ".join([each] * len(asked))
    with suppress(CutOff):
        async with until(times.whole, connection):
            return frozenset(asked[at] for (at,) in await fetch(connection, query, values))
    return frozenset()
