"""An archive with kept pictures and a service that reads them without models."""

import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from liudeng.archive import LogWriter
from liudeng.archive.tables import messages
from liudeng.db import Database
from liudeng.media import Kind, MediaStore, State
from liudeng.media.tables import attachments, media
from liudeng.ocr import OcrLimits, OcrService, ReadingProcess, StoredPictures
from liudeng.ocr.tables import readings
from tests.fakes.archive import store as archive
from tests.fakes.payloads import said
from tests.ocr import fake_worker

FAKE = (sys.executable, fake_worker.__file__)


@dataclass
class Room:
    """A service over an archive, and what a test does to them."""

    database: Database
    writer: LogWriter
    store: MediaStore
    process: ReadingProcess
    service: OcrService

    async def say(self, words: str) -> int:
        """Somebody says this; return `messages.id`."""
        message = said(words)
        await archive(self.writer, message)
        async with self.database.read() as connection:
            query = select(messages.c.id).where(messages.c.message_id == message.message_id)
            return (await connection.execute(query)).scalar_one()

    def keep(self, content: str) -> str:
        """Keep a picture file; return its hash."""
        with self.store.receive() as incoming:
            incoming.write(content.encode())
            received = incoming.finish()
            self.store.keep(received)
        return received.sha256

    async def attach(
        self, row: int, sha256: str, position: int = 0, kind: Kind = Kind.IMAGE
    ) -> None:
        """Note a kept picture as an attachment of a message."""
        async with self.database.write() as connection:
            known = select(media.c.sha256).where(media.c.sha256 == sha256)
            if (await connection.execute(known)).first() is None:
                values = {"sha256": sha256, "size": 1, "mime": "image/png", "stored_ms": 0}
                await connection.execute(insert(media).values(**values, width=9, height=9))
            await connection.execute(
                insert(attachments).values(
                    message_row=row,
                    forwarded_id=0,
                    position=position,
                    kind=kind.value,
                    url="",
                    file="",
                    declared_size=0,
                    sub_type=0,
                    state=State.STORED.value,
                    sha256=sha256,
                    reason="",
                    attempts=1,
                    due_ms=0,
                )
            )

    async def post(self, content: str, words: str = "") -> int:
        """Somebody posts a picture that is kept; return `messages.id`."""
        row = await self.say(words)
        await self.attach(row, self.keep(content))
        return row

    async def seen(self, row: int) -> str:
        """Return what a message holds of its pictures' words."""
        async with self.database.read() as connection:
            query = select(messages.c.seen_text).where(messages.c.id == row)
            return (await connection.execute(query)).scalar_one()

    async def states(self) -> list[str]:
        """Return what became of each picture that was tried."""
        async with self.database.read() as connection:
            return sorted(await connection.scalars(select(readings.c.state)))


@pytest.fixture
async def room(database: Database, writer: LogWriter, tmp_path: Path) -> AsyncIterator[Room]:
    """A room whose service is not started: a test works it off, or starts it."""
    store = MediaStore(tmp_path / "media")
    store.prepare()
    process = ReadingProcess(OcrLimits(), FAKE)
    service = OcrService(database, StoredPictures(store), process=process)
    yield Room(database, writer, store, process, service)
    await service.close()
