"""Covered copies are made once, belong to what was known, and go when they are told to."""

import hashlib
import io
from pathlib import Path

import pytest
from PIL import Image

from liudeng.covering import CoveredPictures, Names, NotReadYet, words_beside
from liudeng.media import MediaStore
from liudeng.ocr import Reading
from tests.covering.screens import Screen


def said() -> Screen:
    """A small chat."""
    screen = Screen()
    screen.face(270)
    screen.bubble("晚风不赶路来过", top=320)
    screen.bubble("谢谢", top=450, mine=True)
    return screen


class Shelf:
    """One kept picture, and the copies of it."""

    def __init__(self, folder: Path) -> None:
        self.store = MediaStore(folder / "media")
        self.store.prepare()
        self.folder = folder / "covered"
        self.copies = CoveredPictures(self.store, self.folder)
        screen = said()
        content = io.BytesIO()
        screen.picture.save(content, "PNG")
        with self.store.receive() as incoming:
            incoming.write(content.getvalue())
            received = incoming.finish()
            self.original = self.store.keep(received)
        self.sha256 = received.sha256
        self.reading: Reading = screen.reading

    def files(self) -> list[Path]:
        """Return every file in the folder."""
        return sorted(path for path in self.folder.rglob("*") if path.is_file())


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


async def test_a_copy_is_made_once_and_is_private_to_the_bot(shelf: Shelf) -> None:
    first = await shelf.copies.get(shelf.sha256, shelf.reading)
    shelf.original.unlink()
    again = await CoveredPictures(shelf.store, shelf.folder).get(shelf.sha256, shelf.reading)
    assert again == first
    assert shelf.folder.stat().st_mode & 0o777 == first.parent.stat().st_mode & 0o777 == 0o700
    with Image.open(first) as copy:
        assert copy.format == "WEBP"
    assert words_beside(first).read_text("utf-8") == "晚风不赶路来过\n谢谢"


async def test_only_names_that_stand_in_the_picture_make_another_copy(shelf: Shelf) -> None:
    plain = await shelf.copies.get(shelf.sha256, shelf.reading)
    others = await shelf.copies.get(shelf.sha256, shelf.reading, Names(known=("南瓜饼",)))
    named = await shelf.copies.get(shelf.sha256, shelf.reading, Names(known=("晚风不赶路",)))
    assert plain == others != named
    assert words_beside(named).read_text("utf-8") == "［已隐去］来过\n谢谢"


async def test_a_picture_that_was_not_read_is_not_shown(shelf: Shelf) -> None:
    with pytest.raises(NotReadYet):
        await shelf.copies.get(shelf.sha256, None)
    assert shelf.files() == []


async def test_a_forgotten_picture_leaves_no_copy(shelf: Shelf) -> None:
    await shelf.copies.get(shelf.sha256, shelf.reading)
    await shelf.copies.get(shelf.sha256, shelf.reading, Names(known=("晚风不赶路",)))
    assert len(shelf.files()) == 4
    shelf.copies.forget(shelf.sha256)
    assert shelf.files() == []


async def test_a_picture_that_is_taken_back_while_it_is_covered_leaves_no_copy(
    shelf: Shelf,
) -> None:
    async def taken_back() -> bool:
        return False

    with pytest.raises(FileNotFoundError):
        await shelf.copies.get(shelf.sha256, shelf.reading, still_shown=taken_back)
    assert shelf.files() == []


async def test_at_a_start_nothing_of_before_is_left(shelf: Shelf) -> None:
    copy = await shelf.copies.get(shelf.sha256, shelf.reading)
    copy.with_suffix(".part").touch()
    shelf.copies.clear()
    shelf.copies.clear()
    assert not shelf.folder.exists()
    assert await shelf.copies.get(shelf.sha256, shelf.reading) == copy


async def test_a_picture_that_is_gone_is_not_found(shelf: Shelf) -> None:
    unknown = hashlib.sha256(b"never kept").hexdigest()
    with pytest.raises(FileNotFoundError):
        await shelf.copies.get(unknown, shelf.reading)
