"""Rows of the library as models, with their pictures, their tags and what was read in them."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive.tables import messages
from liudeng.library.entry import Farewell, Standing, Visibility
from liudeng.library.tables import farewell_pictures, farewell_tags, farewells
from liudeng.ocr import ReadingState
from liudeng.ocr.tables import readings

# SQLite binds at most 32,766 values; a look-up stays far below it.
_CHUNK = 500
_T = TypeVar("_T")


def still_said() -> ColumnElement[bool]:
    """Return the condition that the message an entry was taken from is there, not recalled."""
    there = exists().where(
        messages.c.id == farewells.c.message_row, messages.c.recalled_ms.is_(None)
    )
    return or_(farewells.c.message_row.is_(None), there)


def is_kept() -> ColumnElement[bool]:
    """Return the condition that an entry is there for those who may see it."""
    return and_(farewells.c.state == Standing.KEPT.value, still_said())


async def load(connection: AsyncConnection, query: Select) -> list[Farewell]:
    """Return the entries that a query over all columns of `farewells` finds, in its order."""
    rows = (await connection.execute(query)).mappings().all()
    ids = [row["id"] for row in rows]
    pictures = await _pictures(connection, ids)
    tags = await _tags(connection, ids)
    seen = await _seen(connection, {sha256 for held in pictures.values() for sha256 in held})
    return [
        Farewell(
            **{
                **row,
                "visibility": Visibility(row["visibility"]),
                "state": Standing(row["state"]),
                "pictures": tuple(pictures[row["id"]]),
                "tags": tuple(tags[row["id"]]),
                "seen_text": "\n".join(filter(None, map(seen.get, pictures[row["id"]]))),
            }
        )
        for row in rows
    ]


async def entry_where(
    connection: AsyncConnection, *conditions: ColumnElement[bool]
) -> Farewell | None:
    """Return the one entry that meets the conditions, wherever it stands."""
    found = await load(connection, select(farewells).where(*conditions))
    return found[0] if found else None


async def _pictures(connection: AsyncConnection, ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for chunk in chunks(ids):
        query = (
            select(farewell_pictures)
            .where(farewell_pictures.c.farewell_id.in_(chunk))
            .order_by(farewell_pictures.c.farewell_id, farewell_pictures.c.position)
        )
        for row in await connection.execute(query):
            found[row.farewell_id].append(row.sha256)
    return found


async def _tags(connection: AsyncConnection, ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for chunk in chunks(ids):
        query = (
            select(farewell_tags)
            .where(farewell_tags.c.farewell_id.in_(chunk))
            .order_by(farewell_tags.c.farewell_id, farewell_tags.c.tag)
        )
        for row in await connection.execute(query):
            found[row.farewell_id].append(row.tag)
    return found


async def _seen(connection: AsyncConnection, pictures: Collection[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for chunk in chunks(sorted(pictures)):
        query = select(readings.c.sha256, readings.c.text).where(
            readings.c.sha256.in_(chunk), readings.c.state == ReadingState.READ.value
        )
        found.update((row.sha256, row.text) for row in await connection.execute(query))
    return found


def chunks(values: Sequence[_T]) -> Iterator[Sequence[_T]]:
    """Split values into portions that a query may ask for at once."""
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]
