"""An archive with the media room at work, a picture server and an account."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from liudeng.archive import LogWriter, Message, Recall
from liudeng.archive.readers import ReaderRun
from liudeng.db import Database
from liudeng.media import Attachment, MediaFetcher, MediaLimits, MediaReader, MediaStore, State
from liudeng.media.queries import attachment_of
from liudeng.media.tables import attachments
from tests.fakes.archive import store
from tests.fakes.gateway import FakeGateway
from tests.fakes.payloads import said, segment
from tests.fakes.waiting import until
from tests.media.server import FileServer

LIMITS = MediaLimits(
    backoff_first=0.005, backoff_longest=0.01, offline_retry=0.01, attempts=3, total_timeout=5
)


def image(url: str, **fields: Any) -> dict[str, Any]:
    """Return an image segment."""
    data = {"summary": "", "file": "F22633C1.jpg", "sub_type": 0, "url": url, **fields}
    return segment("image", **data)


@dataclass
class Room:
    """The media room as the house wires it."""

    database: Database
    writer: LogWriter
    store: MediaStore
    gateway: FakeGateway
    limits: MediaLimits
    fetcher: MediaFetcher
    reader: ReaderRun
    stored: list[str]

    async def receive(self, *segments: dict[str, Any], **fields: Any) -> Message:
        """Somebody says this in the group; wait until the media room has noted it."""
        message = said(list(segments), **fields)
        await self.put(message)
        return message

    async def put(self, *entries: Message | Recall) -> None:
        """Archive entries and let the reader see them."""
        await store(self.writer, *entries)
        await self.reader.caught_up()

    async def attachments(self) -> list[Attachment]:
        """Return all attachments in the order they were noted."""
        async with self.database.read() as connection:
            query = select(attachments).order_by(attachments.c.id)
            return [attachment_of(row) for row in (await connection.execute(query)).mappings()]

    async def settled(self) -> list[Attachment]:
        """Wait until nothing is pending; return all attachments."""

        async def nothing_pending() -> bool:
            found = await self.attachments()
            return all(entry.state is not State.PENDING for entry in found)

        await until(nothing_pending, "nothing is pending", 30)
        return await self.attachments()

    async def fetch(self, url: str, **fields: Any) -> Attachment:
        """Receive one picture and return what became of it."""
        await self.receive(image(url, **fields))
        return (await self.settled())[-1]

    @property
    def files(self) -> list[Path]:
        """All files in the media folder."""
        return sorted(path for path in self.store.root.rglob("*") if path.is_file())


@pytest.fixture
async def server() -> AsyncIterator[FileServer]:
    async with FileServer() as running:
        yield running


@pytest.fixture
def limits(server: FileServer) -> MediaLimits:
    """Limits that trust the test's server."""
    return LIMITS.model_copy(update={"trusted_hosts": frozenset({server.origin})})


@pytest.fixture
async def room(
    database: Database, writer: LogWriter, tmp_path: Path, limits: MediaLimits
) -> AsyncIterator[Room]:
    gateway, keep = FakeGateway(), MediaStore(tmp_path / "data" / "media")
    fetcher = MediaFetcher(database, gateway, keep, limits)
    reader = ReaderRun(database, MediaReader(limits), fetcher.wake)
    stored: list[str] = []
    fetcher.on_stored(stored.append)
    writer.on_commit(reader.wake)
    await fetcher.start()
    await reader.start()
    yield Room(database, writer, keep, gateway, limits, fetcher, reader, stored)
    await asyncio.gather(reader.close(), fetcher.close())
