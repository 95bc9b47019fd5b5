"""Readings in the database."""

import json
from enum import StrEnum

from pydantic import TypeAdapter
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive.seen_text import add_seen_text
from liudeng.db import now_ms
from liudeng.ocr.reading import ENGINE, Line, Reading
from liudeng.ocr.sources import PictureSource
from liudeng.ocr.tables import readings, seen_pictures

_LINES = TypeAdapter(tuple[Line, ...])


class ReadingState(StrEnum):
    """What came of a picture."""

    READ = "read"
    """It was read; it may have held no words."""
    FAILED = "failed"
    """It cannot be read, or the process did not survive it; it is not tried again."""
    GONE = "gone"
    """The file was no longer there."""


async def reading_of(connection: AsyncConnection, sha256: str) -> Reading | None:
    """Return what was read in a kept picture; None when it was not, or not yet."""
    query = select(readings.c.lines, readings.c.codes).where(
        readings.c.sha256 == sha256, readings.c.state == ReadingState.READ.value
    )
    row = (await connection.execute(query)).first()
    if row is None:
        return None
    return Reading(lines=_LINES.validate_json(row.lines), codes=json.loads(row.codes or "[]"))


async def is_settled(connection: AsyncConnection, sha256: str) -> bool:
    """Tell whether a picture was tried, with whatever outcome."""
    query = select(readings.c.sha256).where(readings.c.sha256 == sha256)
    return (await connection.execute(query)).first() is not None


async def keep_reading(
    connection: AsyncConnection, sha256: str, reading: Reading, state: ReadingState
) -> None:
    """Keep what came of a picture; what another process kept meanwhile stays."""
    if await is_settled(connection, sha256):
        return
    await connection.execute(
        insert(readings).values(
            sha256=sha256,
            state=state.value,
            text=reading.text,
            lines=_LINES.dump_json(reading.lines).decode(),
            engine=ENGINE,
            read_ms=now_ms(),
            codes=json.dumps(reading.codes, ensure_ascii=False),
        )
    )


async def give_to_messages(
    connection: AsyncConnection, source: PictureSource, sha256: str
) -> list[int]:
    """Add a settled picture's words to every message that waits for them.

    Returns:
        `messages.id` of the messages that were given words.
    """
    query = select(readings.c.text).where(readings.c.sha256 == sha256)
    text = (await connection.execute(query)).scalar_one()
    given: list[int] = []
    for message_row in await source.holders(connection, sha256):
        if await add_seen_text(connection, message_row, text):
            given.append(message_row)
        await connection.execute(
            insert(seen_pictures).values(message_row=message_row, sha256=sha256)
        )
    return given
