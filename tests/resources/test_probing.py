"""Looking at pages of strangers: every misbehaviour keeps its budget, and what follows from it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from liudeng.db import Database
from liudeng.resources.entry import Outcome, State, Why
from liudeng.resources.ledger import resource
from liudeng.resources.probing import ProbeLimits, Prober
from liudeng.resources.probing.looking import Face, Looker
from liudeng.resources.probing.page import FAR, distance, fingerprint, read_page
from liudeng.resources.probing.web import Trouble, Web, WebTrouble
from liudeng.resources.tables import resource_probes
from tests.fakes.payloads import GROUP
from tests.fakes.waiting import until
from tests.resources.conftest import Enter
from tests.resources.web_server import (
    WebServer,
    drip,
    endless,
    garbage,
    hang_up,
    huge,
    never,
    page,
    reply,
    self_signed,
)

PRIVATE = "http://10.0.0.1/admin"


@pytest.fixture
async def server() -> AsyncIterator[WebServer]:
    async with WebServer() as started:
        yield started


def limits(server: WebServer, **changed: Any) -> ProbeLimits:
    fields = {
        "trusted_hosts": frozenset({server.origin}),
        "total_timeout": 20.0,
        "first_after": 0.0,
        "host_pause": 0.0,
    }
    return ProbeLimits(**{**fields, **changed})


@pytest.fixture
async def web(server: WebServer) -> AsyncIterator[Web]:
    opened = Web(limits(server))
    yield opened
    await opened.close()


@pytest.fixture
async def hasty(server: WebServer) -> AsyncIterator[Web]:
    """One with little time, for servers that take for ever."""
    opened = Web(limits(server, total_timeout=0.3))
    yield opened
    await opened.close()


MISBEHAVIOUR = {
    "/never": (never, Trouble.SLOW),
    "/drip": (drip, Trouble.SLOW),
    "/garbage": (garbage, Trouble.PROTOCOL),
    "/hang-up": (hang_up, Trouble.PROTOCOL),
    "/loop": (reply(status=302, location="/loop"), Trouble.REDIRECTS),
    "/pair": (reply(status=301, location="/riap"), Trouble.REDIRECTS),
    "/riap": (reply(status=301, location="/pair"), Trouble.REDIRECTS),
    "/inside": (reply(status=302, location=PRIVATE), Trouble.FORBIDDEN),
    "/itself": (reply(status=302, location="http://127.0.0.1:1/"), Trouble.FORBIDDEN),
    "/file": (reply(status=302, location="file:///etc/passwd"), Trouble.BAD_URL),
    "/words": (reply(status=302, location="http://a:b@example.com/"), Trouble.BAD_URL),
    "/nonsense": (reply(status=302, location="http://[::1"), Trouble.BAD_URL),
}


@pytest.mark.parametrize("path", MISBEHAVIOUR)
async def test_misbehaviour_has_a_name_and_an_end(
    path: str, server: WebServer, web: Web, hasty: Web
) -> None:
    server.answers = {place: answer for place, (answer, _) in MISBEHAVIOUR.items()}
    trouble = MISBEHAVIOUR[path][1]
    with pytest.raises(WebTrouble) as raised:
        await (hasty if trouble is Trouble.SLOW else web).get(server.url(path))
    assert raised.value.trouble is trouble


async def test_a_long_chain_of_redirects_ends(server: WebServer, web: Web) -> None:
    server.answers = {
        f"/{number}": reply(status=302, location=f"/{number + 1}") for number in range(50)
    }
    with pytest.raises(WebTrouble, match="redirects"):
        await web.get(server.url("/0"))
    assert sum(server.asked.values()) <= 6


@pytest.mark.parametrize("answer", [endless, huge], ids=["endless", "20 MB"])
async def test_of_a_large_page_only_the_beginning_is_read(
    answer: Any, server: WebServer, web: Web
) -> None:
    server.answers["/large"] = answer
    read = await web.get(server.url("/large"), most=50_000)
    assert len(read.body) == 50_000


async def test_a_certificate_that_nobody_vouches_for(tmp_path: Path) -> None:
    async with WebServer(certificate=self_signed(tmp_path)) as server:
        web = Web(limits(server))
        with pytest.raises(WebTrouble, match="tls"):
            await web.get(server.url("/", "https"))
        await web.close()


async def test_an_address_that_is_not_public_is_not_asked(server: WebServer) -> None:
    web = Web(ProbeLimits())
    with pytest.raises(WebTrouble, match="forbidden"):
        await web.get(server.url("/"))
    await web.close()
    assert not server.asked


async def test_a_name_nobody_knows_is_unreachable(web: Web) -> None:
    with pytest.raises(WebTrouble, match="unreachable"):
        await web.get("http://no-such-host.invalid/")


CHARSETS = {
    "as told": ("告别".encode("gbk"), "text/html; charset=gbk"),
    "in the page": (b"<meta charset=gb2312>" + "告别".encode("gbk"), "text/html"),
    "wrongly told": ("告别".encode(), "text/html; charset=shift_jis"),
    "unknown": ("告别".encode(), "text/html; charset=x-no-such-thing"),
    "one that unpacks": ("告别".encode(), "text/html; charset=zlib_codec"),
    "not told": ("告别".encode("gb18030"), "text/html"),
}


@pytest.mark.parametrize("case", [case for case in CHARSETS if case != "wrongly told"])
def test_a_page_is_read_whatever_its_charset(case: str) -> None:
    body, kind = CHARSETS[case]
    assert read_page(b"<html>" + body, kind).words == "告别"


def test_a_wrong_charset_breaks_nothing() -> None:
    body, kind = CHARSETS["wrongly told"]
    assert read_page(b"<html>" + body, kind).words
    assert read_page(bytes(range(256)) * 50, "text/html; charset=big5").words is not None
    cut = "<html>告别".encode()[:-1]
    assert read_page(cut, "text/html").words == "告"


@pytest.mark.parametrize(
    "markup",
    ["<script" * 40_000, "<!--" * 60_000, "<" * 250_000, "<title>" * 30_000, "<a b='" * 40_000],
)
def test_markup_made_to_be_slow_is_not(markup: str) -> None:
    assert len(read_page(f"<html>{markup}".encode(), "text/html").words) <= 20_000


def test_the_same_page_is_known_again_and_another_is_not() -> None:
    letter = "我们写这封信，是想请你们把门留着，哪怕只留一道缝，让灯光能照进来。" * 10
    shop = "限时优惠全场五折起包邮到家，点击领取新人红包，下载应用再减二十元整。" * 10
    one, later, other = (
        fingerprint(read_page(page("t", words), "text/html"))
        for words in (letter, f"{letter}今天已有 1,204 人署名，谢谢大家。", shop)
    )
    assert distance(one, later) < FAR <= distance(one, other)
    assert fingerprint(read_page(page("t", "短"), "text/html")) == ""


async def look(server: WebServer, path: str, known: Face | None = None, **changed: Any) -> Outcome:
    bounds = limits(server, **changed)
    web = Web(bounds)
    try:
        looked = await Looker(web, bounds).look(server.url(path), known or Face())
        return looked.outcome
    finally:
        await web.close()


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (reply(page()), Outcome.GOOD),
        (reply(status=404), Outcome.GONE),
        (reply(status=410), Outcome.GONE),
        (reply(status=403), Outcome.CLOSED),
        (reply(status=503), Outcome.BUSY),
        (reply(status=418), Outcome.BROKEN),
        (reply(page("出售", "该域名可出售，请联系我们")), Outcome.CHANGED),
        (never, Outcome.SLOW),
        (reply(status=302, location=PRIVATE), Outcome.FORBIDDEN),
    ],
)
async def test_what_a_look_shows(answer: Any, outcome: Outcome, server: WebServer) -> None:
    server.answers["/page"] = answer
    seconds = 0.3 if outcome is Outcome.SLOW else 20.0
    assert await look(server, "/page", total_timeout=seconds) is outcome


async def test_head_comes_before_get(server: WebServer) -> None:
    server.answers["/page"] = reply(status=503)
    await look(server, "/page")
    assert server.asked == {"GET /robots.txt": 1, "HEAD /page": 1}


async def test_robots_are_obeyed(server: WebServer) -> None:
    rules = b"User-agent: *\nDisallow: /private\nAllow: /\n"
    server.answers["/robots.txt"] = reply(rules, kind="text/plain")
    server.answers["/page"] = server.answers["/private/page"] = reply(page())
    assert await look(server, "/private/page") is Outcome.UNASKED
    assert "GET /private/page" not in server.asked
    assert await look(server, "/page") is Outcome.GOOD


async def test_names_that_are_only_examples_are_not_asked(server: WebServer) -> None:
    web = Web(limits(server))
    looked = await Looker(web, limits(server)).look("https://petition.example.org/a", Face())
    await web.close()
    assert looked.outcome is Outcome.UNASKED


async def test_a_page_that_turned_into_another_is_seen(server: WebServer) -> None:
    server.answers["/page"] = reply(page("请愿", "请把门留着，让灯光照进来，谢谢你们。" * 20))
    first = fingerprint(
        read_page(page("请愿", "请把门留着，让灯光照进来，谢谢你们。" * 20), "text/html")
    )
    known = Face(first, "请愿", "127.0.0.1")
    assert await look(server, "/page", known) is Outcome.GOOD
    server.answers["/page"] = reply(page("红包", "限时优惠全场五折，点击领取新人红包！" * 20))
    assert await look(server, "/page", known) is Outcome.CHANGED
    elsewhere = Face(first, "请愿", "petition.example")
    assert await look(server, "/page", elsewhere) is Outcome.CHANGED, "it leads elsewhere now"


async def probed(database: Database, number: int) -> Any:
    async with database.read() as connection:
        query = select(resource_probes).where(resource_probes.c.resource_id == number)
        row = (await connection.execute(query)).one()
        entry = await resource(connection, number, (GROUP,))
    assert entry is not None
    return entry, row


async def again(database: Database, prober: Prober) -> None:
    """Let the time pass until the next look."""
    async with database.write() as connection:
        await connection.execute(update(resource_probes).values(due_ms=0))
    async with asyncio.timeout(60):
        await prober.idle()


@pytest.fixture
async def prober(server: WebServer, database: Database) -> AsyncIterator[Prober]:
    working = Prober(database, limits(server))
    yield working
    await working.close()


async def test_a_dead_link_is_hidden_and_waits_for_people(
    server: WebServer, prober: Prober, database: Database, listing: Enter
) -> None:
    number = await listing(server.url("/page"), GROUP)
    server.answers["/page"] = reply(page())
    await prober.start()
    await again(database, prober)
    entry, row = await probed(database, number)
    assert (entry.state, entry.outcome) == (State.LISTED, Outcome.GOOD)
    assert row.fingerprint
    server.answers["/page"] = reply(status=404)
    await again(database, prober)
    entry, _ = await probed(database, number)
    assert entry.state is State.LISTED, "once is no proof"
    await again(database, prober)
    entry, _ = await probed(database, number)
    assert (entry.state, entry.why) == (State.HIDDEN, Why.DEAD)


async def test_a_link_into_the_inside_is_hidden_at_once(
    server: WebServer, prober: Prober, database: Database, listing: Enter
) -> None:
    number = await listing(server.url("/page"), GROUP)
    server.answers["/page"] = reply(status=302, location=PRIVATE)
    await prober.start()
    await again(database, prober)
    entry, _ = await probed(database, number)
    assert (entry.state, entry.outcome) == (State.HIDDEN, Outcome.FORBIDDEN)


async def test_while_our_own_line_is_down_nothing_dies(
    server: WebServer, database: Database, listing: Enter
) -> None:
    slow = await listing(server.url("/never"), GROUP)
    server.answers["/never"] = never
    prober = Prober(database, limits(server, total_timeout=0.3, dead_after=1))
    await prober.start()
    await again(database, prober)
    entry, row = await probed(database, slow)
    assert (entry.state, row.failures) == (State.LISTED, 0), "nobody at all has answered"
    await listing(server.url("/page"), GROUP)
    server.answers["/page"] = reply(page())
    for _ in range(20):  # the machine may be slow to answer itself
        await again(database, prober)
        entry, _ = await probed(database, slow)
        if entry.state is State.HIDDEN:
            break
    assert entry.outcome is Outcome.SLOW, "another page answers, so it is not our line"
    await prober.close()


async def test_one_host_is_asked_rarely(
    server: WebServer, database: Database, listing: Enter
) -> None:
    for number in range(4):
        await listing(server.url(f"/{number}"), GROUP)
        server.answers[f"/{number}"] = reply(page())
    prober = Prober(database, limits(server, host_pause=3600.0))
    await prober.start()
    async with asyncio.timeout(60):
        await prober.idle()
    await prober.close()
    assert sum(asked.startswith("HEAD") for asked in server.asked.elements()) == 1


async def test_stopping_waits_for_no_server(
    server: WebServer, database: Database, listing: Enter
) -> None:
    server.answers["/robots.txt"] = never
    await listing(server.url("/page"), GROUP)
    prober = Prober(database, limits(server, total_timeout=100.0))
    await prober.start()
    async with asyncio.timeout(60):
        await until(lambda: bool(server.asked), "the server was asked")
        await prober.close()
