"""An archive with placed farewells and kept pictures, for albums to be written from."""

import io
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from PIL import Image
from rich.console import Console

from liudeng.album import write_album
from liudeng.db import Database
from liudeng.library import Farewell, FarewellDraft, Visibility, place
from liudeng.media import MediaStore
from liudeng.ocr import Reading, ReadingState
from liudeng.ocr.readings import keep_reading
from liudeng.settings import Settings

GROUP = 731_415_926
AUTHOR = "2236067977"


@dataclass
class Gallery:
    """What a test puts up, and the album made of it."""

    database: Database
    settings: Settings

    @property
    def store(self) -> MediaStore:
        """Where the originals are."""
        return MediaStore(self.settings.data_dir / "media")

    async def keep(
        self,
        picture: bytes,
        reading: Reading | None = None,
        state: ReadingState = ReadingState.READ,
    ) -> str:
        """Keep a picture; without a reading it waits to be read. Return its hash."""
        store = self.store
        store.prepare()
        with store.receive() as incoming:
            incoming.write(picture)
            received = incoming.finish()
            store.keep(received)
        if reading is not None:
            async with self.database.write() as connection:
                await keep_reading(connection, received.sha256, reading, state)
        return received.sha256

    async def place(self, title: str, **fields: object) -> Farewell:
        """Place an entry that is public unless a field says otherwise."""
        draft = FarewellDraft.model_validate(
            {
                "group_id": GROUP,
                "author_id": AUTHOR,
                "author_name": "半糖不加冰",
                "companion": "小暖",
                "title": title,
                "day": date(2026, 2, 13),
                "visibility": Visibility.PUBLIC,
                **fields,
            }
        )
        async with self.database.write() as connection:
            return await place(connection, draft, 0)

    async def write(self, out: Path, *, zipped: bool = False) -> str:
        """Write the album; return what the operator reads."""
        told = io.StringIO()
        console = Console(file=told, width=200)
        await write_album(self.settings, GROUP, out, zipped=zipped, console=console)
        return told.getvalue()


def settings(data_dir: Path) -> Settings:
    """Return settings that no environment changes."""
    return Settings(_env_file=None, data_dir=data_dir)  # pyright: ignore[reportCallIssue]


def flat(colour: str = "#ffffff", size: tuple[int, int] = (360, 720)) -> bytes:
    """Return a picture of one colour as PNG."""
    target = io.BytesIO()
    Image.new("RGB", size, colour).save(target, "PNG")
    return target.getvalue()


def all_text(folder: Path) -> str:
    """Return every page, script and list of an album in one text."""
    suffixes = {".html", ".js", ".css", ".json", ".sha256"}
    found = sorted(path for path in folder.rglob("*") if path.suffix in suffixes)
    return "\n".join(path.read_text("utf-8") for path in found)
