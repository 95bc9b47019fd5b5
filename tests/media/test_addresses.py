"""No request reaches a machine that is not public, however it is asked for."""

import logging
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any

import httpcore
import pytest

from liudeng.archive import LogWriter
from liudeng.archive.readers import ReaderRun
from liudeng.db import Database
from liudeng.media import (
    GuardedBackend,
    MediaFetcher,
    MediaLimits,
    MediaReader,
    MediaStore,
    Reason,
    State,
)
from liudeng.media.addresses import ForbiddenAddress, is_public
from tests.fakes.gateway import FakeGateway
from tests.media.conftest import LIMITS, Room
from tests.media.pictures import png
from tests.media.server import FileServer, reply

PUBLIC = "93.184.215.14"
PRIVATE = (
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255",
    "192.168.1.1", "169.254.169.254", "100.64.0.1", "198.18.0.1", "192.0.2.1", "224.0.0.1",
    "240.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1",
    "fd12:3456::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1",
    "64:ff9b::7f00:1", "2002:7f00:1::", "2002:c0a8:101::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1", "nonsense",
)  # fmt: skip

THIS_MACHINE = (
    "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001",
    "0", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:7f00:0001]",
    "localhost", "LOCALHOST", "127.0.0.1.", "１２７.0.0.1",
)  # fmt: skip
NAMES = {
    "public.example": [PUBLIC],
    "inside.example": ["10.0.0.5"],
    "both.example": [PUBLIC, "127.0.0.1"],
    "six.example": ["::1"],
    "mapped.example": ["::ffff:169.254.169.254"],
    "nobody.example": [],
}


@pytest.mark.parametrize(
    "address",
    PRIVATE,
)
def test_what_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", [PUBLIC, "8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_what_is_public(address: str) -> None:
    assert is_public(address)


class Network(httpcore.AsyncNetworkBackend):
    """Leads every connection to the test's server and remembers where it was to go."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._real = httpcore.AnyIOBackend()
        self.connected: list[str] = []

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the interface's
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        self.connected.append(host)
        return await self._real.connect_tcp("127.0.0.1", self._port, timeout)  # type: ignore[attr-defined]


class Names:
    """A name server that can answer differently every time."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.changing: dict[str, list[list[str]]] = {}

    async def resolve(self, host: str, port: int) -> list[str]:
        self.asked.append(host)
        if host in self.changing:
            answers = self.changing[host]
            return answers.pop(0) if len(answers) > 1 else answers[0]
        if host not in NAMES:
            raise OSError("no such host")
        return NAMES[host]


@pytest.fixture
def names() -> Names:
    return Names()


@pytest.fixture
def network(server: FileServer) -> Network:
    return Network(server.port)


@pytest.fixture
def limits() -> MediaLimits:
    return LIMITS


@pytest.fixture
async def guarded(
    database: Database, writer: LogWriter, tmp_path: Path, names: Names, network: Network
) -> AsyncIterator[Room]:
    """The media room with a name server and a network of the test's own."""
    gateway, keep = FakeGateway(), MediaStore(tmp_path / "media")
    backend = GuardedBackend(resolver=names.resolve, network=network)
    fetcher = MediaFetcher(database, gateway, keep, LIMITS, backend)
    reader = ReaderRun(database, MediaReader(LIMITS), fetcher.wake)
    await fetcher.start()
    await reader.start()
    yield Room(database, writer, keep, gateway, LIMITS, fetcher, reader, [])
    await reader.close()
    await fetcher.close()


async def test_a_public_host_is_asked_at_the_checked_address_under_its_name(
    guarded: Room, server: FileServer, network: Network
) -> None:
    server.serve("/a", png())
    attachment = await guarded.fetch("http://public.example/a")
    assert attachment.state is State.STORED
    assert network.connected == [PUBLIC]
    assert server.hosts == ["public.example"]


@pytest.mark.parametrize(
    "host", ["inside.example", "both.example", "six.example", "mapped.example", "nobody.example"]
)
async def test_a_host_with_a_private_address_is_refused(
    host: str, guarded: Room, network: Network, caplog: pytest.LogCaptureFixture
) -> None:
    attachment = await guarded.fetch(f"http://{host}/a")
    assert (attachment.state, attachment.reason) == (State.REFUSED, Reason.FORBIDDEN_ADDRESS)
    assert network.connected == []
    [record] = [record for record in caplog.records if record.levelno >= logging.INFO]
    assert host not in record.getMessage()
    assert guarded.files == []


async def test_a_redirect_inside_is_refused(
    guarded: Room, server: FileServer, network: Network, caplog: pytest.LogCaptureFixture
) -> None:
    server.answers["/a"] = reply(b"", status=302, location="http://inside.example/admin")
    attachment = await guarded.fetch("http://public.example/a")
    assert attachment.reason is Reason.FORBIDDEN_ADDRESS
    assert network.connected == [PUBLIC]
    assert len(caplog.records) == 1


async def test_a_redirect_to_another_scheme_is_refused(guarded: Room, server: FileServer) -> None:
    server.answers["/a"] = reply(b"", status=302, location="file:///etc/passwd")
    attachment = await guarded.fetch("http://public.example/a")
    assert attachment.reason is Reason.BAD_URL
    assert guarded.files == []


async def test_a_name_that_changes_its_mind_gains_nothing(
    guarded: Room, server: FileServer, names: Names, network: Network
) -> None:
    names.changing["rebind.example"] = [[PUBLIC], ["127.0.0.1"]]
    server.serve("/a", png())
    assert (await guarded.fetch("http://rebind.example/a")).state is State.STORED
    assert names.asked == ["rebind.example"], "resolved once: what was checked is what is used"
    attachment = await guarded.fetch("http://rebind.example/b")
    assert attachment.reason is Reason.FORBIDDEN_ADDRESS
    assert network.connected == [PUBLIC]


async def test_a_fresh_url_is_checked_like_the_first(
    guarded: Room, server: FileServer, network: Network
) -> None:
    guarded.gateway.next("get_image", {"url": "http://inside.example/a"})
    attachment = await guarded.fetch("http://public.example/expired")
    assert attachment.reason is Reason.FORBIDDEN_ADDRESS
    assert network.connected == [PUBLIC]


@pytest.mark.parametrize(
    "host",
    THIS_MACHINE,
)
async def test_this_machine_is_refused_however_it_is_written(
    host: str, server: FileServer, room: Room, network: Network
) -> None:
    """With the system's own resolver, which understands more spellings than one would think."""
    server.serve("/a", png())
    attachment = await room.fetch(f"http://{host}:{server.port}/a")
    assert attachment.state is not State.STORED
    assert attachment.reason in (Reason.FORBIDDEN_ADDRESS, Reason.BAD_URL, Reason.UNREACHABLE)
    assert not server.asked


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://public.example/a",
        "gopher://public.example/",
        "data:image/png;base64,AAAA",
        "http://",
        "http:///a",
        "http://user:word@public.example/a",
        "//public.example/a",
        "/etc/passwd",
        "111",
        "http://[::1",
        "http://public.example:99999/a",
        "base64://AAAA",
    ],
)
async def test_only_plain_web_addresses_are_fetched(
    url: str, guarded: Room, network: Network, caplog: pytest.LogCaptureFixture
) -> None:
    attachment = await guarded.fetch(url)
    assert (attachment.state, attachment.reason) == (State.REFUSED, Reason.BAD_URL)
    assert network.connected == []
    assert len(caplog.records) == 1


async def test_a_trusted_host_is_trusted_at_its_port_alone(
    server: FileServer, network: Network
) -> None:
    backend = GuardedBackend({server.origin}, network=network)
    stream = await backend.connect_tcp("127.0.0.1", server.port)
    await stream.aclose()
    with pytest.raises(ForbiddenAddress):
        await backend.connect_tcp("127.0.0.1", server.port + 1)
