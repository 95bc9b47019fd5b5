"""The reader that notes what messages carry; the fetcher then gets it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive import Source, StoredMessage
from liudeng.media.limits import MediaLimits
from liudeng.media.segments import drafts_of
from liudeng.media.tables import attachments


@dataclass(frozen=True, slots=True)
class MediaEffects:
    """New attachments, ready to be written."""

    rows: tuple[dict[str, Any], ...]

    async def apply(self, connection: AsyncConnection) -> None:
        """Note them, unless an earlier reading of the same messages has."""
        containers = {row["message_row"] for row in self.rows}
        query = select(attachments.c.message_row).where(attachments.c.message_row.in_(containers))
        known = set(await connection.scalars(query))
        rows = [row for row in self.rows if row["message_row"] not in known]
        if rows:
            await connection.execute(insert(attachments), rows)


class MediaReader:
    """Finds pictures, files, voice, videos and merged forwards."""

    name = "media"
    sources = frozenset(Source) - {Source.IMPORT}

    def __init__(self, limits: MediaLimits) -> None:
        self._limits = limits

    async def read(self, batch: Sequence[StoredMessage]) -> MediaEffects | None:
        """Note what the messages carry. Links in imported files are years old: not those."""
        rows = [
            row
            for message in batch
            if message.source is not Source.IMPORT and message.recalled_ms is None
            for row in self._rows(message)
        ]
        return MediaEffects(tuple(rows)) if rows else None

    def _rows(self, message: StoredMessage) -> list[dict[str, Any]]:
        return [
            {
                **draft.values,
                "message_row": message.id,
                "forwarded_id": 0,
                "due_ms": message.received_ms,
            }
            for draft in drafts_of(message.segments)[: self._limits.per_message]
        ]
