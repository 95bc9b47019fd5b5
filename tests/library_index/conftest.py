"""Indexes over the shipped farewells and over entries of a database."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from benchmarks.library_search import shipped
from liudeng.db import Database
from liudeng.library import FarewellDraft, Visibility, place
from liudeng.library.index import Document, Found, Kind, LibraryIndex, LibraryIndexKeeper, writing
from liudeng.library.index.folder import IndexFolder
from liudeng.library.index.order import Order, Task
from liudeng.library.index.writer import IndexWriter, WritingFailed
from liudeng.library.showing import Showing
from tests.fakes.payloads import GROUP, MEMBER
from tests.fakes.payloads import NOW_MS as NOW

AUTHOR = str(MEMBER)

MakeDocument = Callable[..., Document]


def document(number: int = 1, **fields: Any) -> Document:
    """Return a document of `MEMBER`, for `GROUP`."""
    values: dict[str, Any] = {
        "group_id": GROUP,
        "author_id": AUTHOR,
        "author_name": "满月",
        "visibility": Visibility.GROUP,
        "title": "最后一个月亮",
        "companion": "小暖",
        "words": "",
        "seen_text": "",
        "tags": (),
        "day": date(2026, 2, 13),
    }
    return Document(kind=Kind.FAREWELL, id=number, **{**values, **fields})


def ask(index: LibraryIndex, text: str) -> Found:
    """Ask as a member of `GROUP`, in the group."""
    return index.find(text, groups={GROUP}, viewer_id="1", in_private=False)


def numbers(found: Found) -> list[int]:
    """Return the numbers of the entries, best first."""
    return [hit.id for hit in found.hits]


@pytest.fixture
def index(tmp_path: Path) -> Iterator[LibraryIndex]:
    """An index that was never built."""
    made = LibraryIndex(tmp_path / "index")
    yield made
    made.close()


@pytest.fixture(scope="session")
def shipped_index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LibraryIndex]:
    """An index over the shipped farewells; nobody writes to it."""
    made = LibraryIndex(tmp_path_factory.mktemp("library") / "index")
    made.rebuild(shipped())
    yield made
    made.close()


class NearWriter(IndexWriter):
    """Writes in a thread of the test: a process for every order would take a second each."""

    def __init__(self) -> None:
        super().__init__()
        self.orders: list[Order] = []
        self.fails = 0

    async def write(self, order: Order, documents: AsyncGenerator[Document, None]) -> int:
        """Carry out an order, or fail as often as it is told to."""
        self.orders.append(order)
        entries = [entry async for entry in documents]
        if self.fails:
            self.fails -= 1
            raise WritingFailed("OSError")
        folder = IndexFolder(order.folder)
        match order.task:
            case Task.BUILD:
                return await asyncio.to_thread(writing.build, folder, entries, order.seq)
            case Task.RECONCILE:
                return await asyncio.to_thread(writing.reconcile, folder, entries, order.seq)
            case Task.APPLY:
                return await asyncio.to_thread(
                    writing.apply, folder, entries, order.removed, order.seq
                )

    @property
    def tasks(self) -> list[Task]:
        """What was ordered."""
        return [order.task for order in self.orders]


@pytest.fixture
def writer_of_index() -> NearWriter:
    """A writer that is watched."""
    return NearWriter()


@pytest.fixture
async def keeper(
    database: Database, tmp_path: Path, writer_of_index: NearWriter
) -> AsyncIterator[LibraryIndexKeeper]:
    """A keeper that is not started."""
    made = LibraryIndexKeeper(
        database, tmp_path / "kept", Showing(database), writer=writer_of_index, gather=0
    )
    yield made
    await made.close()


async def keep(database: Database, **fields: Any) -> int:
    """Place a farewell of `MEMBER`; return its number."""
    values: dict[str, Any] = {
        "group_id": GROUP,
        "author_id": AUTHOR,
        "author_name": "满月",
        "title": "最后一个月亮",
        "companion": "小暖",
        "day": date(2026, 2, 13),
    }
    async with database.write() as connection:
        entry = await place(connection, FarewellDraft(**{**values, **fields}), NOW)
    return entry.id
