"""The wall, page by page and by companion."""

from liudeng.db import Database
from liudeng.library import Visibility, random_farewell, wall
from tests.library.conftest import AUTHOR, FRIEND, Room


async def test_the_newest_come_first_page_by_page(room: Room, database: Database) -> None:
    ids = [(await room.place()).id for _ in range(5)]
    async with database.read() as connection:
        pages = [await wall(connection, AUTHOR, page=page, limit=2) for page in (1, 2, 3, 4)]
    newest_first = ids[::-1]
    assert [entry.id for page in pages for entry in page.entries] == newest_first
    assert [len(page.entries) for page in pages] == [2, 2, 1, 0]
    assert {(page.total, page.pages) for page in pages} == {(5, 3)}


async def test_a_companion_is_found_however_the_name_is_written(
    room: Room, database: Database
) -> None:
    for name in ("Leo", "ｌｅｏ ", "LEO", "Leonora", ""):
        await room.place(companion=name)
    async with database.read() as connection:
        page = await wall(connection, FRIEND, companion="leo")
        part = await wall(connection, FRIEND, companion="nora")
        nobody = await wall(connection, FRIEND, companion="小暖")
    assert sorted(entry.companion for entry in page.entries) == ["LEO", "Leo", "ｌｅｏ "]
    assert (page.total, page.companion) == (3, "leo")
    assert [entry.companion for entry in part.entries] == ["Leonora"]
    assert (nobody.total, nobody.entries) == (0, ())


async def test_a_name_that_only_private_entries_bear_is_not_known_to_others(
    room: Room, database: Database
) -> None:
    await room.place(Visibility.PRIVATE, companion="秘密")
    async with database.read() as connection:
        assert (await wall(connection, FRIEND, companion="秘密")).total == 0


async def test_chance_reaches_every_entry(room: Room, database: Database) -> None:
    ids = {(await room.place()).id for _ in range(3)}
    met: set[int] = set()
    async with database.read() as connection:
        for _ in range(200):
            entry = await random_farewell(connection, AUTHOR)
            assert entry is not None
            met.add(entry.id)
            if met == ids:
                break
    assert met == ids
