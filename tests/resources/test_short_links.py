"""Short links: the shortener is asked, what it names is not opened."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select

from liudeng.db import Database
from liudeng.media import GuardedBackend
from liudeng.resources.lists import link_lists
from liudeng.resources.probing import ProbeLimits, ShortLinks
from liudeng.resources.sightings import forget_unsaid
from liudeng.resources.staff import LinkStaff
from liudeng.resources.tables import short_links
from tests.fakes.payloads import OTHER_MEMBER
from tests.resources.conftest import Log, moderator
from tests.resources.web_server import WebServer, never, reply

TARGET = "https://letters.example/one?utm_source=t"


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[WebServer]:
    """A shortener of our own: every name leads to it, and it is on the list."""
    async with WebServer() as started:
        hosts = link_lists().short.hosts | {"127.0.0.1", "s.example"}
        monkeypatch.setitem(link_lists().__dict__, "shorteners", hosts)
        yield started


@pytest.fixture
async def task(server: WebServer, database: Database) -> AsyncIterator[ShortLinks]:
    async def resolve(_host: str, _port: int) -> list[str]:
        return ["127.0.0.1"]

    trusted = {server.origin, f"s.example:{server.port}"}
    limits = ProbeLimits(total_timeout=2.0, short_pause=0.0, short_attempts=2)
    working = ShortLinks(database, limits, GuardedBackend(trusted, resolve))
    await working.start()
    yield working
    await working.close()


async def settled(task: ShortLinks) -> None:
    async with asyncio.timeout(60):
        await task.idle()


def short(server: WebServer, path: str) -> str:
    return f"http://s.example:{server.port}{path}"


async def test_a_candidate_becomes_what_the_short_link_leads_to(
    server: WebServer, task: ShortLinks, log: Log, staff: LinkStaff
) -> None:
    server.answers["/a"] = reply(status=301, location=short(server, "/b"))
    server.answers["/b"] = reply(status=302, location=TARGET)
    await log.say(f"看这个 {short(server, '/a')}")
    await settled(task)
    answer = await staff.waiting(moderator(), "")
    assert "letters.example/one" in answer
    assert "/s.example" not in answer.replace("\u3000", "/"), "the short one is gone"
    assert "看这个" in answer
    assert server.asked == {"GET /a": 1, "GET /b": 1}, "the page itself was not opened"


async def test_two_ways_to_one_page_are_one_candidate(
    server: WebServer, task: ShortLinks, log: Log, staff: LinkStaff
) -> None:
    server.answers["/a"] = reply(status=302, location=TARGET)
    await log.say("https://letters.example/one")
    await log.say(short(server, "/a"), user_id=OTHER_MEMBER)
    await settled(task)
    assert "共 2 次" in await staff.waiting(moderator(), "")
    await log.say(f"再发 {short(server, '/a')}")
    assert "共 3 次" in await staff.waiting(moderator(), "")
    assert server.asked == {"GET /a": 1}, "what is known is not asked again"


async def test_a_look_alike_behind_a_short_link_is_warned_of(
    server: WebServer, task: ShortLinks, log: Log
) -> None:
    server.answers["/a"] = reply(status=302, location="https://0penai.com/login")
    await log.say(short(server, "/a"))
    assert await log.warnings() == []
    await settled(task)
    [warning] = await log.warnings()
    assert "0penai[.]com" in warning


@pytest.mark.parametrize(
    "answer", [never, reply(), reply(status=404)], ids=["slow", "page", "gone"]
)
async def test_one_that_says_nothing_stays_as_it_is(
    answer: object, server: WebServer, task: ShortLinks, log: Log, staff: LinkStaff
) -> None:
    server.answers["/a"] = answer  # type: ignore[assignment]
    await log.say(short(server, "/a"))
    await settled(task)
    assert "s.example" in await staff.waiting(moderator(), "")
    assert server.asked["GET /a"] == 1, "it is asked again later, not at once"


async def test_a_circle_of_short_links_ends(server: WebServer, task: ShortLinks, log: Log) -> None:
    server.answers["/a"] = reply(status=302, location=short(server, "/a"))
    await log.say(short(server, "/a"))
    await settled(task)
    assert server.asked["GET /a"] <= 5


async def test_what_was_recalled_is_not_remembered_as_a_short_link(
    server: WebServer, task: ShortLinks, log: Log, database: Database
) -> None:
    server.answers["/a"] = reply(status=301, location=TARGET)
    server.answers["/b"] = reply(status=301, location="https://letters.example/two")
    message_id = await log.say(short(server, "/a"))
    await log.say(short(server, "/b"))
    await settled(task)
    await log.recall(message_id)
    async with database.write() as connection:
        assert await forget_unsaid(connection) == 1
        assert [row.url for row in await connection.execute(select(short_links))] == [
            short(server, "/b")
        ]
