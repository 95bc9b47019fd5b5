"""What is public leads to nobody, on every way it is shown."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from liudeng.covering import CoveredPictures
from liudeng.db import Database
from liudeng.library import Farewell, FarewellDesk, Visibility, farewell
from liudeng.library.covered_copies import CoveredCopies
from liudeng.library.entry_pictures import FarewellPictures
from liudeng.library.showing import Showing
from liudeng.media import MediaStore
from liudeng.ocr import Box, Line, Reading
from liudeng.ocr.readings import ReadingState, keep_reading
from tests.fakes.payloads import MEMBER, segment
from tests.library.conftest import AUTHOR, FRIEND, Room

NUMBER = "13912345678"


class Wall:
    """A wall with one picture of a chat, and everything that shows it."""

    def __init__(self, database: Database, room: Room, folder: Path) -> None:
        self.database = database
        self.room = room
        self.store = MediaStore(folder / "media")
        self.store.prepare()
        self.folder = folder / "covered"
        self.covered = CoveredPictures(self.store, self.folder)
        self.showing = Showing(database)
        self.pictures = FarewellPictures(database, self.store, self.covered, self.showing)
        self.desk = FarewellDesk(
            database, ZoneInfo("Asia/Shanghai"), str, on_hidden=self.covered.forget
        )
        self.copies = CoveredCopies(database, self.covered, self.showing)
        self.original = folder / "posted.png"
        Image.new("RGB", (720, 1280), "#f5f5f5").save(self.original)

    async def hang(self, visibility: Visibility, words: str = "晚安") -> Farewell:
        """The author's picture is on the wall; nothing was read in it yet."""
        message = await self.room.say([segment("image", file="a.png", url="", sub_type=0)])
        with self.store.receive() as incoming:
            incoming.write(self.original.read_bytes())
            received = incoming.finish()
            self.store.keep(received)
        await self.room.attach(message, sha256=received.sha256)
        placed = (await self.desk.keep(AUTHOR, message, f"{words}｜小暖")).entry
        assert placed is not None
        await self.desk.visibility(AUTHOR, f"{placed.id} {shown_as(visibility)}")
        async with self.database.read() as connection:
            entry = await farewell(connection, placed.id)
        assert entry is not None
        return entry

    async def read(self, entry: Farewell, text: str = "晚安") -> None:
        """Its picture is read."""
        line = Line(text=text, box=Box(60, 300, 400, 350), confidence=0.99)
        async with self.database.write() as connection:
            await keep_reading(
                connection, entry.pictures[0], Reading(lines=(line,)), ReadingState.READ
            )


def shown_as(visibility: Visibility) -> str:
    return {"private": "私密", "group": "本群", "public": "公开"}[visibility.value]


@pytest.fixture
def hung(database: Database, room: Room, tmp_path: Path) -> Wall:
    return Wall(database, room, tmp_path)


async def test_a_public_picture_that_was_not_read_is_not_shown(hung: Wall) -> None:
    entry = await hung.hang(Visibility.PUBLIC)
    for small in (False, True):
        assert await hung.pictures.of(entry, 1, small=small) == ()
    assert not hung.folder.exists() or not list(hung.folder.rglob("*.webp"))


async def test_of_a_public_picture_the_covered_copy_alone_is_shown(hung: Wall) -> None:
    entry = await hung.hang(Visibility.PUBLIC)
    await hung.read(entry)
    for small in (False, True):
        [path] = await hung.pictures.of(entry, 1, small=small)
        assert hung.folder in path.parents
    in_group = entry.model_copy(update={"visibility": Visibility.GROUP})
    [original] = await hung.pictures.of(in_group, 1)
    assert original == hung.store.path(entry.pictures[0])


async def test_taken_back_while_its_card_is_drawn_nothing_is_left_to_show(hung: Wall) -> None:
    entry = await hung.hang(Visibility.PUBLIC)
    await hung.read(entry)
    await hung.desk.visibility(AUTHOR, f"{entry.id} 私密")
    assert await hung.pictures.of(entry, 1) == ()
    assert not list(hung.folder.rglob("*.webp"))


async def test_the_words_of_a_public_entry_hold_no_number(hung: Wall) -> None:
    entry = await hung.hang(Visibility.PUBLIC, f"我的电话 {NUMBER} 和 {MEMBER}")
    for answer in (
        await hung.desk.look(FRIEND, str(entry.id)),
        await hung.desk.random(FRIEND),
        await hung.desk.wall(FRIEND, ""),
    ):
        said = answer.text + answer.listing
        entries = answer.wall.entries if answer.wall else (answer.entry,)
        said += "".join(shown.model_dump_json(exclude={"author_id"}) for shown in entries if shown)
        assert NUMBER not in said
        assert str(MEMBER) not in said


async def test_covering_a_recalled_picture_leaves_no_copy(hung: Wall) -> None:
    message = await hung.room.say([segment("image", file="a.png", url="", sub_type=0)])
    with hung.store.receive() as incoming:
        incoming.write(hung.original.read_bytes())
        received = incoming.finish()
        hung.store.keep(received)
    await hung.room.attach(message, sha256=received.sha256)
    async with hung.database.write() as connection:
        await keep_reading(connection, received.sha256, Reading(lines=()), ReadingState.READ)
    copy = await hung.copies.copy_of(FRIEND, message, "")
    assert copy.draw is not None
    assert await copy.draw() is not None
    hung.covered.forget(received.sha256)
    await hung.room.recall(message)
    assert (await hung.copies.copy_of(FRIEND, message, "")).draw is None
    assert not list(hung.folder.rglob("*.webp"))
