"""Who sees which link, and in which order."""

from datetime import date
from typing import Any

import pytest

from liudeng.db import Database
from liudeng.resources.entry import SHARED, Resource
from liudeng.resources.ledger import Wanted, change, listed, resource, resource_at, vote
from liudeng.resources.seeding import SEED_FILE, plant
from tests.fakes.payloads import GROUP, OTHER_GROUP
from tests.resources.conftest import Enter

TODAY = date(2026, 11, 22)


async def titles(database: Database, group: int, **wanted: Any) -> list[str]:
    async with database.read() as connection:
        found = await listed(connection, (group,), Wanted(**wanted), TODAY)
    return [entry.title for entry in found.entries]


async def one(database: Database, number: int, group: int = GROUP) -> Resource:
    async with database.read() as connection:
        entry = await resource(connection, number, (group,))
    assert entry is not None
    return entry


async def test_a_groups_own_links_are_its_own(database: Database, listing: Enter) -> None:
    await listing("https://a.example/shared")
    await listing("https://a.example/mine", GROUP)
    assert sorted(await titles(database, GROUP)) == ["mine", "shared"]
    assert await titles(database, OTHER_GROUP) == ["shared"]


async def test_changing_a_shared_link_makes_a_version_for_that_group(
    database: Database, listing: Enter
) -> None:
    number = await listing("https://a.example/shared")
    async with database.write() as connection:
        entry = await one(database, number)
        mine = await change(connection, entry, GROUP, 2_000, title="本群的")
    assert mine != number
    assert await titles(database, GROUP) == ["本群的"]
    assert await titles(database, OTHER_GROUP) == ["shared"]
    async with database.read() as connection:
        found = await resource_at(connection, "a.example/shared", (GROUP,))
    assert found is not None
    assert (found.id, found.forked_from) == (mine, number)


async def test_the_best_comes_first(database: Database, listing: Enter) -> None:
    await listing("https://a.example/over", deadline=date(2026, 6, 30))
    await listing("https://a.example/plain")
    broken = await listing("https://a.example/broken")
    useful = await listing("https://a.example/useful")
    await listing("https://a.example/checked", verified_on=TODAY)
    async with database.write() as connection:
        await vote(connection, broken, "1", 1, useful=False)
        await vote(connection, useful, "1", 1, useful=True)
    found = await titles(database, GROUP)
    assert found == ["useful", "checked", "plain", "broken", "over"]


@pytest.mark.parametrize("words", ["記憶信", "记忆", "MEMORY.example", "五封"])
async def test_a_link_is_found_by_any_piece_of_what_is_said_of_it(
    words: str, database: Database, listing: Enter
) -> None:
    await listing("https://memory.example/guide", title="记忆信三段式", summary="含五封范例")
    await listing("https://other.example/x")
    assert await titles(database, GROUP, words=(words,)) == ["记忆信三段式"]


@pytest.mark.parametrize("words", ["%", "_", "\\"])
async def test_signs_of_the_database_mean_themselves(
    words: str, database: Database, listing: Enter
) -> None:
    await listing("https://a.example/x")
    assert await titles(database, GROUP, words=(words,)) == []


async def test_a_vote_counts_once_and_may_change(database: Database, listing: Enter) -> None:
    number = await listing("https://a.example/x")
    async with database.write() as connection:
        assert await vote(connection, number, "1", 1, useful=True)
        assert not await vote(connection, number, "1", 2, useful=True)
        assert await vote(connection, number, "2", 3, useful=True)
        assert await vote(connection, number, "1", 4, useful=False)
    entry = await one(database, number)
    assert (entry.useful, entry.broken) == (1, 1)


async def test_seeds_are_planted_once_and_never_over_a_moderators_work(database: Database) -> None:
    planted = await plant(database)
    assert planted == len(SEED_FILE.read_text("utf-8").splitlines())
    async with database.write() as connection:
        found = await resource_at(connection, "support.example.org/12356", (GROUP,))
        assert found is not None
        await change(connection, found, SHARED, 1, title="改过的")
    assert await plant(database) == 0
    assert (await one(database, found.id)).title == "改过的"


async def test_hotlines_say_when_and_where_they_were_checked(database: Database) -> None:
    await plant(database)
    async with database.read() as connection:
        page = await listed(connection, (GROUP,), Wanted(words=("热线",), limit=20), TODAY)
    hotlines = [entry for entry in page.entries if "热线" in entry.tags]
    assert hotlines
    for entry in hotlines:
        assert entry.verified_on is not None
        assert entry.source.startswith("http")
        assert "24 小时" not in entry.summary
        assert "24小时" not in entry.summary
