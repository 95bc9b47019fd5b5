"""Searching the log: newest first, in the groups the asker may see."""

from collections.abc import Collection

from pydantic import BaseModel, ConfigDict
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive.message import StoredMessage
from liudeng.archive.queries import stored_message
from liudeng.db import Database
from liudeng.search.query import Query

_HITS = text(
    "SELECT messages.* FROM log_index JOIN messages ON messages.id = log_index.rowid "
    "WHERE log_index MATCH :match AND log_index.rowid < :below "
    "ORDER BY log_index.rowid DESC LIMIT :limit"
)
_COUNT = text("SELECT count(*) FROM log_index WHERE log_index MATCH :match")
_TOP = 2**63 - 1


class SearchPage(BaseModel):
    """One page of hits, newest first."""

    model_config = ConfigDict(frozen=True)

    query: Query
    total: int
    """All hits, not only this page's."""
    hits: tuple[StoredMessage, ...]


class LogSearch:
    """Finds messages by their words."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def search(
        self, query: Query, groups: Collection[int], limit: int, below_id: int | None = None
    ) -> SearchPage:
        """Return the newest hits in `groups`; with `below_id`, those older than that message."""
        if not groups:
            return SearchPage(query=query, total=0, hits=())
        match = query.match(tuple(groups))
        async with self._database.read() as connection:
            total = (await connection.execute(_COUNT, {"match": match})).scalar_one()
            hits = await _hits(connection, match, limit, below_id) if total else ()
        return SearchPage(query=query, total=total, hits=hits)


async def _hits(
    connection: AsyncConnection, match: str, limit: int, below_id: int | None
) -> tuple[StoredMessage, ...]:
    below = _TOP if below_id is None else below_id
    found = await connection.execute(_HITS, {"match": match, "below": below, "limit": limit})
    return tuple(stored_message(row) for row in found.mappings())
