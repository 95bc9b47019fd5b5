"""Limits: a slow query is cut off with what was found so far, and nobody asks without end."""

import asyncio
from zoneinfo import ZoneInfo

import pytest

from liudeng.archive import LogWriter
from liudeng.db import Database
from liudeng.db.driver import fetch
from liudeng.search import ChatSearch, LogSearch, parse_query
from liudeng.search.budget import Allowance, until
from tests.fakes.archive import store
from tests.fakes.payloads import GROUP, NOW_S, said

_SAID = 700
NO_TIME = 0.0


@pytest.fixture
async def archived(writer: LogWriter) -> None:
    await store(writer, *(said(f"晚安{n}", time=NOW_S - (_SAID - n) * 9_000) for n in range(_SAID)))


@pytest.mark.usefixtures("archived")
@pytest.mark.parametrize("order", ["", " 排序:旧", " 排序:相关"])
async def test_what_was_found_before_the_time_was_up_is_shown(
    order: str, database: Database
) -> None:
    search = LogSearch(database, NO_TIME)
    page = await search.search(parse_query(f"晚安{order}"), [GROUP], _SAID)
    assert page.cut_off
    assert page.at_least
    said_then = [f"晚安{n}" for n in range(_SAID)]
    expected = said_then if "旧" in order else said_then[::-1]
    assert [hit.text for hit in page.hits] == expected


@pytest.mark.usefixtures("archived")
async def test_the_next_query_on_the_connection_has_its_own_time(database: Database) -> None:
    query = parse_query("晚安")
    assert (await LogSearch(database, NO_TIME).search(query, [GROUP], _SAID)).cut_off
    page = await LogSearch(database).search(query, [GROUP], _SAID)
    assert (page.cut_off, page.at_least, page.total) == (False, False, _SAID)


@pytest.mark.usefixtures("archived")
async def test_the_answer_says_that_it_was_cut_off(database: Database, zone: ZoneInfo) -> None:
    chat = ChatSearch(database, LogSearch(database, NO_TIME), 100, zone, str)
    answer = await chat.find((1, GROUP), "晚安", [GROUP])
    assert "条以上" in answer.splitlines()[0]
    assert "搜得太久，先停下了：这是到目前为止找到的。" in answer


@pytest.mark.usefixtures("archived")
async def test_a_search_that_nobody_waits_for_ends_and_leaves_the_connection_usable(
    database: Database,
) -> None:
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x FROM n) SELECT count(*) FROM n"
    async with database.read() as connection:

        async def search() -> None:
            async with until(1e9, connection):
                begun.set()
                await fetch(connection, endless)

        begun = asyncio.Event()
        searching = asyncio.create_task(search())
        await begun.wait()
        searching.cancel()
        with pytest.raises(asyncio.CancelledError):
            await searching
        assert await fetch(connection, "SELECT 1") == [(1,)]


def test_an_allowance_is_used_up_and_comes_back() -> None:
    now = 0.0
    allowance = Allowance(seconds=2, refill=0.5, clock=lambda: now)
    allowance.spend(1, 3)
    assert not allowance.allows(1)
    assert allowance.allows(2)
    now = 2.1
    assert allowance.allows(1)
    assert not allowance.allows(1, 1)
    now = 100.0
    assert allowance.allows(1, 2)
    assert not allowance.allows(1, 2.5), "what is not used is not saved up"


def test_of_many_people_the_latest_are_remembered() -> None:
    allowance = Allowance(clock=lambda: 0.0)
    for user_id in range(2_500):
        allowance.spend(user_id, 100)
    assert allowance.allows(0)
    assert not allowance.allows(2_499)
