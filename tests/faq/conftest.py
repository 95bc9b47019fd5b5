"""A room of questions and answers, matched by words alone: the encoder takes seconds to load."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from liudeng.db import Database
from liudeng.faq.asking import FaqDesk
from liudeng.faq.book import FaqBook
from liudeng.faq.editing import FaqEditing, Moderator
from liudeng.faq.matching import Askable, Lore, Matcher
from liudeng.faq.seed import SeedEntry, load_seed, seed_entries
from liudeng.library import Viewer
from liudeng.settings import DATA_ROOT
from tests.fakes.payloads import ADMIN, GROUP, MEMBER, OTHER_GROUP

LORE = DATA_ROOT / "faq"
_FEW = 12
"""Ways to ask each entry that the rooms of the tests know: they are read for every test."""
NOW = int(datetime(2026, 12, 1, 4, tzinfo=UTC).timestamp() * 1000)
HERE = Viewer(str(MEMBER), frozenset({GROUP}), GROUP)
THERE = Viewer(str(MEMBER), frozenset({OTHER_GROUP}), OTHER_GROUP)
MODERATOR = Moderator(str(ADMIN), "阿棠", GROUP)
OF_THE_OTHER = Moderator(str(MEMBER), "小满", OTHER_GROUP)


@dataclass
class Clock:
    """A clock that a test sets."""

    ms: int = NOW

    def __call__(self) -> int:
        return self.ms


@dataclass
class Room:
    """The room, with the seed in it."""

    database: Database
    book: FaqBook
    desk: FaqDesk
    editing: FaqEditing
    clock: Clock

    async def ask(self, viewer: Viewer, text: str, *, mentioned: bool = False) -> str | None:
        """问: what somebody is told, in words."""
        told = await self.desk.ask(viewer, text, mentioned=mentioned)
        return told and told.text

    async def open(self, viewer: Viewer, number: int) -> str:
        """问答 number: the entry in words."""
        return (await self.desk.entry(viewer, number)).text


@pytest.fixture(scope="session")
async def seeded_file(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with the seed in it, to be copied."""
    path = tmp_path_factory.mktemp("faq") / "liudeng.sqlite3"
    shutil.copyfile(migrated_file, path)
    database = Database(path)
    async with database.write() as connection:
        few = [one.model_copy(update={"phrasings": one.phrasings[:_FEW]}) for one in seed_entries()]
        await load_seed(connection, NOW, few)
    await database.close()
    return path


@pytest.fixture(scope="session")
def little_lore(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The synonyms, and little of what nobody answers: the book is built for every test."""
    folder = tmp_path_factory.mktemp("lore")
    shutil.copyfile(LORE / "synonyms.toml", folder / "synonyms.toml")
    for name in ("elsewhere.txt", "talk.txt"):
        lines = (LORE / name).read_text("utf-8").splitlines()[::10]
        (folder / name).write_text("\n".join(lines), "utf-8")
    return folder


@pytest.fixture
def database_path(seeded_file: Path, tmp_path: Path) -> Path:
    path = tmp_path / "liudeng.sqlite3"
    shutil.copyfile(seeded_file, path)
    return path


@pytest.fixture
async def room(database: Database, zone: ZoneInfo, little_lore: Path) -> AsyncIterator[Room]:
    clock = Clock()
    book = FaqBook(database, little_lore)
    await book.open()
    desk = FaqDesk(database, book, zone, clock)
    yield Room(database, book, desk, FaqEditing(database, zone, book.changed, clock), clock)
    await book.close()


@pytest.fixture(scope="session")
def seed() -> list[SeedEntry]:
    return seed_entries()


@pytest.fixture(scope="session")
def lore() -> Lore:
    return Lore.load(LORE)


@pytest.fixture(scope="session")
def matcher(seed: list[SeedEntry], lore: Lore) -> Matcher:
    """A matcher over the seed."""
    return Matcher(askables(seed), lore)


def askables(seed: list[SeedEntry], *without: str) -> list[Askable]:
    """Return the seed as it is matched, numbered from 1, without some ways to ask."""
    return [
        Askable(n, tuple(text for text in entry.asked if text not in without), entry.matched_answer)
        for n, entry in enumerate(seed, 1)
    ]


def number_in(answer: str, after: str) -> int:
    """Return the number that follows some words in an answer."""
    digits = answer.partition(after)[2].lstrip()
    return int("".join(digits[: next(i for i, c in enumerate(digits + " ") if not c.isdigit())]))
