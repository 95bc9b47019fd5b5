"""The links everybody begins with: `data/seed/resources.jsonl`, each entered once and for all."""

import asyncio
import json
import logging
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import select

from liudeng.db import Database, now_ms
from liudeng.resources.canonical import Link, canonical
from liudeng.resources.entry import PETITIONS, SHARED, Draft, State
from liudeng.resources.ledger import enter, resource_at
from liudeng.resources.lookalike.brands import LINKS_ROOT
from liudeng.resources.tables import resources

log = logging.getLogger(__name__)

SEED_FILE = LINKS_ROOT.parent / "seed" / "resources.jsonl"


class _Row(BaseModel):
    """A line of the file."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str = Field(min_length=1, max_length=64)
    title: str
    url: str
    category: str
    region: str = ""
    login: bool = False
    expires: date | None = None
    summary: str = ""
    tags: tuple[str, ...] = ()
    verified: date | None = None
    source: str = ""
    version: str = ""

    def draft(self) -> Draft:
        """Return it as the ledger takes it. What a petition's expiry is called is its deadline."""
        petition = self.category == PETITIONS
        return Draft(
            url=self.url,
            title=self.title,
            summary=self.summary,
            category=self.category,
            region=self.region,
            needs_login=self.login,
            tags=self.tags,
            source=self.source,
            version=self.version,
            verified_on=self.verified,
            expires=None if petition else self.expires,
            deadline=self.expires if petition else None,
            seed_id=self.id,
        )


async def plant(database: Database, path: Path = SEED_FILE) -> int:
    """Enter the seeds that were never entered; what moderators made of one stays as it is.

    Returns:
        How many were new.

    Raises:
        OSError: the file cannot be read.
        sqlalchemy.exc.DBAPIError: the database cannot be written.
    """
    rows = await asyncio.to_thread(_read, path)
    planted = 0
    async with database.read() as connection:
        query = select(resources.c.seed_id).where(resources.c.seed_id != "")
        known = set(await connection.scalars(query))
    missing = [(draft, link) for draft, link in rows if draft.seed_id not in known]
    if not missing:
        return 0
    async with database.write() as connection:
        for draft, link in missing:
            if await resource_at(connection, link.key, ()) is None:
                await enter(connection, SHARED, link, draft, State.LISTED, now_ms())
                planted += 1
    return planted


def _read(path: Path) -> list[tuple[Draft, Link]]:
    return list(_rows(path.read_text("utf-8").splitlines()))


def _rows(lines: list[str]) -> Iterator[tuple[Draft, Link]]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = _Row.model_validate(json.loads(line))
        except (ValueError, ValidationError) as error:
            log.warning("种子资源第 %d 行读不了：%s", number, type(error).__name__)
            continue
        link = canonical(row.url)
        if link is not None:
            yield row.draft(), link
