"""A group's archive with something of everything in it, and its export."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert

from liudeng.archive import LogWriter, Message
from liudeng.db import Database
from liudeng.exporting import ExportReport, ExportWish, export_group
from liudeng.exporting.carrying import Originals
from liudeng.exporting.model import Pseudonym
from liudeng.exporting.place import Place
from liudeng.media import Kind, MediaStore, State
from liudeng.media.tables import attachments, media
from tests.fakes.archive import kept, recall_of, store
from tests.fakes.payloads import GROUP, NOW_S, said

ZONE = ZoneInfo("Asia/Shanghai")
PNG = b"\x89PNG\r\n\x1a\n" + b"a picture, as far as its name goes"


def made_up(person: str) -> str:
    """A pseudonym that nobody needs to keep secret here."""
    return hashlib.sha256(person.encode()).hexdigest()


@dataclass
class Room:
    """The archive, its files, and where an export goes."""

    database: Database
    writer: LogWriter
    media: MediaStore
    out: Path

    async def say(self, *spoken: Message) -> None:
        await store(self.writer, *spoken)

    async def recall(self, message: Message) -> None:
        await store(self.writer, recall_of(message))

    async def attach(self, position: int = 0, content: bytes = PNG) -> str:
        """The message said last carries a kept picture; return its SHA-256."""
        with self.media.receive() as incoming:
            incoming.write(content)
            received = incoming.finish()
            self.media.keep(received)
        message = (await kept(self.database))[-1]
        picture = {
            "sha256": received.sha256,
            "size": received.size,
            "mime": "image/png",
            "width": 8,
            "height": 8,
            "stored_ms": 0,
        }
        carried = {
            "message_row": message.id,
            "forwarded_id": 0,
            "position": position,
            "kind": Kind.IMAGE.value,
            "url": "",
            "file": "a.png",
            "declared_size": 0,
            "sub_type": 0,
            "state": State.STORED.value,
            "sha256": received.sha256,
            "reason": "",
            "attempts": 0,
            "due_ms": 0,
        }
        async with self.database.write() as connection:
            await connection.execute(insert(media).prefix_with("OR IGNORE"), [picture])
            await connection.execute(insert(attachments), [carried])
        return received.sha256

    async def export(
        self,
        pseudonym: Pseudonym | None = None,
        on_progress: Callable[[int, int], None] = lambda _done, _total: None,
    ) -> ExportReport:
        place = Place(self.out)
        wish = ExportWish(GROUP, ZONE, pseudonym)
        carrier = Originals(self.media, place.out)
        return await export_group(self.database, wish, place, carrier, on_progress)

    def bytes_written(self) -> bytes:
        """Everything in the export, one file after the other, with their names."""
        paths = sorted(path for path in self.out.rglob("*") if path.is_file())
        return b"".join(
            path.relative_to(self.out).as_posix().encode() + path.read_bytes() for path in paths
        )


@pytest.fixture
def room(database: Database, writer: LogWriter, tmp_path: Path) -> Room:
    shelf = MediaStore(tmp_path / "media")
    shelf.prepare()
    return Room(database, writer, shelf, tmp_path / "out")


def many(count: int) -> list[Message]:
    """Messages of one evening, one a second."""
    return [said(f"第 {n} 句晚安", time=NOW_S + n) for n in range(count)]
