"""Limits: a slow query is cut off with what was found so far, and nobody asks without end."""

import asyncio
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from liudeng.archive import LogWriter
from liudeng.db import Database
from liudeng.db.driver import fetch
from liudeng.search import By, LogSearch, budget, parse_query
from liudeng.search.budget import Allowance, Times, until
from liudeng.search.export import ExportFolder, Limits, SearchExport
from liudeng.search.turns import TooMuch, Turns
from tests.fakes.archive import store
from tests.fakes.gateway import FakeGateway
from tests.fakes.payloads import GROUP, NOW_S, said
from tests.fakes.waiting import until as waiting_until
from tests.search.spoken import Spoken, manner

_SAID = 700
NEVER = Times(whole=0.0, last_try=0.0)
NO_TIME = Times(whole=0.0, last_try=60.0)
"""Everything is cut off, and the last try finds everything."""


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
    chat = Spoken(database, manner(zone, 100), NO_TIME)
    answer = await chat.find((1, GROUP), "晚安", [GROUP])
    assert "条以上" in answer.splitlines()[0]
    assert "搜得太久，先停下了：这是到目前为止找到的。" in answer


@pytest.fixture
def strict(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock is looked at after each step."""
    monkeypatch.setattr(budget, "_STEPS", 1)


@pytest.mark.usefixtures("archived", "strict")
async def test_what_was_not_found_in_time_is_not_told_as_nothing(
    database: Database, zone: ZoneInfo, tmp_path: Path
) -> None:
    chat = Spoken(database, manner(zone), NEVER)
    for typed in ("晚安", "晚安 排序:旧", "晚安 排序:相关"):
        answer = await chat.find((1, GROUP), typed, [GROUP])
        assert "还没搜完就到时间了" in answer
        assert "没有找到" not in answer
    search, gateway = LogSearch(database, NEVER), FakeGateway()
    none = await search.count(parse_query("晚安"), [GROUP], By.MONTH, zone)
    assert (none.counted, none.at_least) == (0, True)
    folder = ExportFolder(tmp_path)
    exporting = SearchExport(database, search, gateway, manner(zone), folder)
    answer = await exporting.export((1, GROUP), "晚安", [GROUP], Limits(500, 10_000))
    assert "还没搜完就到时间了，没有导出" in answer
    assert not gateway.calls


@pytest.mark.usefixtures("archived")
async def test_a_chart_and_a_file_of_what_was_found_in_time_say_so(
    database: Database, zone: ZoneInfo, tmp_path: Path
) -> None:
    facets = await LogSearch(database, NO_TIME).count(parse_query("晚安"), [GROUP], By.MONTH, zone)
    assert (facets.counted, facets.at_least) == (200, True)
    search, folder = LogSearch(database, NO_TIME), ExportFolder(tmp_path)
    exporting = SearchExport(database, search, FakeGateway(), manner(zone), folder)
    answer = await exporting.export((1, GROUP), "晚安", [GROUP], Limits(500, 100_000))
    assert "的 200 条" in answer
    assert "没搜完就到时间了，只有最新的这些" in answer


@pytest.mark.usefixtures("archived")
async def test_who_was_cut_off_may_go_on(database: Database, zone: ZoneInfo) -> None:
    chat = Spoken(database, manner(zone), NO_TIME)
    await chat.find((1, GROUP), "晚安", [GROUP])
    assert "第 4–6 条" in await chat.next_page((1, GROUP), [GROUP])


@pytest.mark.usefixtures("archived")
async def test_of_a_burst_each_question_is_charged_before_the_next(
    database: Database, zone: ZoneInfo
) -> None:
    now = 0.0
    allowance = Allowance(seconds=0.001, refill=0, clock=lambda: now)
    chat = Spoken(database, manner(zone), turns=Turns(allowance))
    ask = [chat.find((1, GROUP), "晚安", [GROUP]) for _ in range(3)]
    first, *others = await asyncio.gather(*ask)
    assert "第 1–3 条" in first
    assert all("歇一歇" in answer for answer in others)
    assert "歇一歇" in await chat.count((1, GROUP), By.MONTH, [GROUP])
    assert "歇一歇" in await chat.next_page((1, GROUP), [GROUP])
    assert "第 1–3 条" in await chat.find((2, GROUP), "晚安", [GROUP])


async def test_few_are_answered_at_a_time_and_one_person_after_the_other() -> None:
    turns, running, most = Turns(at_once=2), set[int](), 0
    go = asyncio.Event()

    async def ask(user_id: int) -> None:
        nonlocal most
        async with turns.turn(user_id):
            assert user_id not in running
            running.add(user_id)
            most = max(most, len(running))
            await go.wait()
            running.remove(user_id)

    asked = [asyncio.create_task(ask(user_id)) for user_id in (1, 1, 1, 2, 3, 4)]
    await waiting_until(lambda: len(running) == 2, "two are answered")
    with pytest.raises(TooMuch):
        await ask(1)
    go.set()
    await asyncio.gather(*asked)
    assert most == 2


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
