"""What goes on around the ledger: the index, the moderators' letter, what is forgotten."""

import asyncio
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from liudeng.db import Database
from liudeng.library import Viewer
from liudeng.outbox.tables import outbox
from liudeng.resources.entry import State
from liudeng.resources.indexing import ResourceShelf
from liudeng.resources.keeping import LedgerKeeper
from liudeng.resources.staff import LinkStaff
from liudeng.resources.tables import resources
from liudeng.roster import Roster
from tests.fakes.payloads import ADMIN, GROUP, OTHER_GROUP, OWNER
from tests.resources.conftest import Clock, Enter, member, moderator


async def test_the_index_is_lent_what_is_listed_and_shows_what_may_be_seen(
    database: Database, staff: LinkStaff, listing: Enter
) -> None:
    shelf = ResourceShelf()
    shared = await listing("https://memory.example/guide", title="记忆信三段式", summary="五封范例")
    mine = await listing("https://memory.example/mine", GROUP, title="本群的记忆信")
    await listing("https://memory.example/new", GROUP, State.CANDIDATE, title="记忆信候选")

    async def lines(viewer: Viewer) -> dict[int, str]:
        async with database.read() as connection:
            documents = await shelf.documents(connection, await shelf.ids(connection))
            behind = {
                number
                for number, document in documents.items()
                if shelf.doors(viewer) & {*document.doors}
            }
            return dict(await shelf.lines(connection, viewer, behind))

    line = f"资源：记忆信三段式　资源 {shared}"
    assert await lines(member()) == {shared: line, mine: f"资源：本群的记忆信　资源 {mine}"}
    assert await lines(member(OTHER_GROUP)) == {shared: line}
    await staff.take_down(moderator(), str(shared))
    assert (await lines(member())).keys() == {mine}, "hidden here, by this group's own version"
    assert await lines(member(OTHER_GROUP)) == {shared: line}


@pytest.fixture
def roster() -> Roster:
    known = Roster({GROUP: [OWNER, ADMIN]})
    known.set_groups({GROUP: "守灯人"})
    known.set_friends([OWNER])
    return known


async def letters(database: Database) -> list[str]:
    async with database.read() as connection:
        return [row.body for row in await connection.execute(select(outbox))]


async def test_moderators_are_told_once_of_what_needs_a_look(
    database: Database, roster: Roster, listing: Enter, clock: Clock, zone: ZoneInfo
) -> None:
    await listing("https://a.example/over", GROUP, title="过期的", expires=date(2026, 10, 1))
    keeper = LedgerKeeper(database, roster, zone, lambda: None, clock)
    await keeper.start()
    for _ in range(2):
        async with asyncio.timeout(60):
            await keeper.idle()
        clock.pass_by(days=1)
    [letter] = await letters(database)
    assert "过期的：10月1日已过期" in letter
    await listing("https://a.example/other", GROUP, title="另一条", deadline=date(2026, 10, 2))
    async with asyncio.timeout(60):
        await keeper.idle()
    await keeper.close()
    assert len(await letters(database)) == 2, "there is something new to tell"


async def test_candidates_nobody_cared_for_are_forgotten(
    database: Database, roster: Roster, listing: Enter, zone: ZoneInfo
) -> None:
    await listing("https://a.example/old", GROUP, State.CANDIDATE)
    await listing("https://a.example/kept", GROUP)
    keeper = LedgerKeeper(database, roster, zone, lambda: None)
    await keeper.start()
    async with asyncio.timeout(60):
        await keeper.idle()
    await keeper.close()
    async with database.read() as connection:
        assert list(await connection.scalars(select(resources.c.title))) == ["kept"]
