"""Searching for somebody: the database has the last word, whatever the index holds."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from liudeng.archive import LogWriter
from liudeng.db import Database
from liudeng.library import Viewer, Visibility, set_visibility, withdraw
from liudeng.library.index import LibraryIndexKeeper, LibrarySearch, Way
from tests.fakes.archive import kept, recall_of, store
from tests.fakes.payloads import GROUP, NOW_MS, OTHER_MEMBER, said
from tests.library_index.conftest import AUTHOR, keep

FRIEND = Viewer(str(OTHER_MEMBER), frozenset({GROUP}), GROUP)
STRANGER = Viewer("3", frozenset(), None)

Library = tuple[LibrarySearch, Callable[[], Awaitable[None]]]


@pytest.fixture
async def library(keeper: LibraryIndexKeeper, database: Database) -> AsyncIterator[Library]:
    """A search, and a function that lets the index catch up once; after that it stays stale."""
    search = LibrarySearch(database, keeper.index)

    async def catch_up() -> None:
        await keeper.start()
        await keeper.caught_up()
        await keeper.close()

    yield search, catch_up
    await search.close()


async def test_entries_come_whole_and_say_how_they_were_found(
    library: Library, database: Database
) -> None:
    search, catch_up = library
    entry = await keep(database, tags=("晚安",))
    await catch_up()
    answer = await search.find(FRIEND, "月亮")
    assert [found.entry.id for found in answer.entries] == [entry]
    assert answer.entries[0].way is Way.LITERAL
    assert answer.entries[0].entry.tags == ("晚安",)
    assert answer.facets.companions == (("小暖", 1),)
    assert (answer.total, answer.suggestion) == (1, "")
    answer = await search.find(FRIEND, "月凉")
    assert (answer.total, answer.suggestion) == (1, "月亮")


async def test_withdrawn_hidden_and_recalled_entries_are_gone_at_once(
    library: Library, database: Database, writer: LogWriter
) -> None:
    search, catch_up = library
    message = said("晚安")
    await store(writer, message)
    (row,) = await kept(database)
    names = ("一号灯", "二号灯", "三号灯", "四号灯")
    withdrawn, hidden, _, stays = [
        await keep(database, companion=name, message_row=row.id if name == "三号灯" else None)
        for name in names
    ]
    await catch_up()
    assert (await search.find(FRIEND, "月亮")).total == 4
    async with database.write() as connection:
        await withdraw(connection, withdrawn, NOW_MS)
        await set_visibility(connection, hidden, Visibility.PRIVATE, NOW_MS)
    await store(writer, recall_of(message))
    answer = await search.find(FRIEND, "月亮")
    assert [found.entry.id for found in answer.entries] == [stays]
    assert answer.total == 1
    assert answer.facets.companions == (("四号灯", 1),)
    for gone in ("一号登", "二号登", "三号登"):
        assert gone[0] not in (await search.find(FRIEND, gone)).suggestion
    mine = await search.find(Viewer(AUTHOR, frozenset({GROUP}), None), "二号灯")
    assert [found.entry.id for found in mine.entries] == [hidden]


async def test_who_is_in_no_group_finds_what_is_public_in_private(
    library: Library, database: Database
) -> None:
    search, catch_up = library
    await keep(database)
    public = await keep(database, visibility=Visibility.PUBLIC)
    await catch_up()
    answer = await search.find(STRANGER, "月亮")
    assert [found.entry.id for found in answer.entries] == [public]
    assert answer.total == 1


async def test_pages_follow_one_another(library: Library, database: Database) -> None:
    search, catch_up = library
    entries = {await keep(database, title=f"第{number}个月亮") for number in range(7)}
    await catch_up()
    shown: list[int] = []
    for offset in (0, 3, 6, 9):
        answer = await search.find(FRIEND, "月亮", limit=3, offset=offset)
        assert answer.total == 7
        shown += [found.entry.id for found in answer.entries]
    assert len(shown) == 7
    assert set(shown) == entries


async def test_without_an_index_nothing_is_found_yet(library: Library) -> None:
    search, _ = library
    answer = await search.find(FRIEND, "月亮")
    assert (answer.ready, answer.entries, answer.total) == (False, (), 0)
