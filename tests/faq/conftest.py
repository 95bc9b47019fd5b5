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
from liudeng.faq.matching import Askable, Concepts, Matcher
from liudeng.faq.seed import SeedEntry, load_seed, seed_entries
from liudeng.library import Viewer
from liudeng.settings import DATA_ROOT
from tests.fakes.payloads import ADMIN, GROUP, MEMBER, OTHER_GROUP

SYNONYMS = DATA_ROOT / "faq" / "synonyms.toml"
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


@pytest.fixture(scope="session")
async def seeded_file(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with the seed in it, to be copied."""
    path = tmp_path_factory.mktemp("faq") / "liudeng.sqlite3"
    shutil.copyfile(migrated_file, path)
    database = Database(path)
    async with database.write() as connection:
        await load_seed(connection, NOW)
    await database.close()
    return path


@pytest.fixture
def database_path(seeded_file: Path, tmp_path: Path) -> Path:
    path = tmp_path / "liudeng.sqlite3"
    shutil.copyfile(seeded_file, path)
    return path


@pytest.fixture
async def room(database: Database, zone: ZoneInfo) -> AsyncIterator[Room]:
    clock = Clock()
    book = FaqBook(database, SYNONYMS)
    await book.open()
    desk = FaqDesk(database, book, zone, clock)
    yield Room(database, book, desk, FaqEditing(database, zone, book.changed, clock), clock)
    await book.close()


@pytest.fixture(scope="session")
def seed() -> list[SeedEntry]:
    return seed_entries()


@pytest.fixture(scope="session")
def concepts() -> Concepts:
    return Concepts.load(SYNONYMS)


@pytest.fixture(scope="session")
def matcher(seed: list[SeedEntry], concepts: Concepts) -> Matcher:
    """A matcher over the seed."""
    return Matcher(askables(seed), concepts)


def askables(seed: list[SeedEntry], without: str = "") -> list[Askable]:
    """Return the seed as it is matched, numbered from 1, without one way to ask."""
    return [
        Askable(n, tuple(text for text in entry.asked if text != without), entry.matched_answer)
        for n, entry in enumerate(seed, 1)
    ]


def number_in(answer: str, after: str) -> int:
    """Return the number that follows some words in an answer."""
    digits = answer.partition(after)[2].lstrip()
    return int("".join(digits[: next(i for i, c in enumerate(digits + " ") if not c.isdigit())]))
