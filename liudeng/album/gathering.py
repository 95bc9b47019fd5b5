"""From the library to what an album shows."""

import asyncio
from collections import Counter
from enum import Enum, auto

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.album.model import Entry, Gathered, Shot, shown
from liudeng.archive.tables import groups
from liudeng.covering import CannotCover, CoveredPictures, Names, NotReadYet, words_beside
from liudeng.db import Database
from liudeng.library import public_farewells
from liudeng.library.showing import Showing
from liudeng.ocr import Reading, reading_of
from liudeng.ocr.readings import is_settled


class _Missing(Enum):
    UNREAD = auto()
    UNREADABLE = auto()


async def gather(database: Database, pictures: CoveredPictures, group_id: int) -> Gathered:
    """Return what a group's authors made public, with every picture covered.

    Raises:
        sqlalchemy.exc.DBAPIError: the archive cannot be read.
        OSError: the disk refuses a covered copy.
    """
    async with database.read() as connection:
        found = await public_farewells(connection, group_id)
        name = await _group_name(connection, group_id)
        readings = {
            sha256: await _reading(connection, sha256)
            for farewell in found
            for sha256 in farewell.pictures
        }
    showing = Showing(database)
    missing: Counter[_Missing] = Counter()
    entries: list[Entry] = []
    for farewell in found:
        names = await showing.covered_in(farewell)
        shots = [
            await _shot(pictures, sha256, readings[sha256], names) for sha256 in farewell.pictures
        ]
        missing.update(shot for shot in shots if isinstance(shot, _Missing))
        kept = tuple(shot for shot in shots if isinstance(shot, Shot))
        if kept or farewell.words.strip() or not farewell.pictures:
            entries.append(shown(await showing.of(farewell), kept))
    return Gathered(
        name=await showing.without_numbers(name, group_id),
        entries=tuple(entries),
        unread=missing[_Missing.UNREAD],
        unreadable=missing[_Missing.UNREADABLE],
        left_out=len(found) - len(entries),
    )


async def _reading(connection: AsyncConnection, sha256: str) -> Reading | _Missing:
    reading = await reading_of(connection, sha256)
    if reading is not None:
        return reading
    return _Missing.UNREADABLE if await is_settled(connection, sha256) else _Missing.UNREAD


async def _shot(
    pictures: CoveredPictures, sha256: str, reading: Reading | _Missing, names: Names
) -> Shot | _Missing:
    if isinstance(reading, _Missing):
        return reading
    try:
        copy = await pictures.get(sha256, reading, names)
    except NotReadYet:
        return _Missing.UNREAD
    except (CannotCover, FileNotFoundError):
        return _Missing.UNREADABLE
    return Shot(copy, await asyncio.to_thread(words_beside(copy).read_text, "utf-8"))


async def _group_name(connection: AsyncConnection, group_id: int) -> str:
    query = select(groups.c.name).where(groups.c.group_id == group_id)
    return (await connection.execute(query)).scalar() or ""
