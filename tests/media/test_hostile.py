"""Hostile files: each leaves one line in the log and nothing on the disk."""

import asyncio
import logging
from pathlib import Path

import pytest

from liudeng.media import MediaFetcher, MediaLimits, Reason, State
from tests.fakes.payloads import segment
from tests.fakes.waiting import until
from tests.media.conftest import LIMITS, Room, image
from tests.media.pictures import animated_gif, bomb_png, chat, encoded, png
from tests.media.server import FileServer, reply

HOSTILE = {
    "no image": (b"MZ\x90\x00 this program cannot be run in DOS mode", Reason.NOT_AN_IMAGE),
    "a page": (b"<html><script>alert(1)</script></html>", Reason.NOT_AN_IMAGE),
    "an svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", Reason.NOT_AN_IMAGE),
    "nothing": (b"", Reason.EMPTY),
    "a bomb": (bomb_png(), Reason.TOO_MANY_PIXELS),
    "a wide bomb": (bomb_png(7_000), Reason.TOO_MANY_PIXELS),
    "a bomb below the limit": (bomb_png(5_000), Reason.TRUNCATED),
    "truncated png": (png()[:-2_000], Reason.TRUNCATED),
    "truncated jpeg": (encoded(chat(), "JPEG")[:-4_000], Reason.TRUNCATED),
    "only a head": (png()[:33], Reason.NOT_AN_IMAGE),
    "a head and noise": (b"\xff\xd8\xff\xe0" + bytes(range(256)) * 8, Reason.NOT_AN_IMAGE),
    "a long animation": (animated_gif(30), Reason.TOO_MANY_FRAMES),
}


@pytest.fixture
def limits(server: FileServer) -> MediaLimits:
    return LIMITS.model_copy(
        update={"trusted_hosts": frozenset({server.origin}), "frames": 20, "image_bytes": 500_000}
    )


def files_around(room: Room) -> list[Path]:
    """Everything beside the database, in the media folder and out of it."""
    root = room.store.root.parent.parent
    return [
        path
        for path in root.rglob("*")
        if path.is_file() and not path.name.startswith("liudeng.sqlite3")
    ]


def assert_one_quiet_line(records: list[logging.LogRecord], *secrets: str) -> None:
    [record] = [record for record in records if record.levelno >= logging.INFO]
    line = record.getMessage()
    assert not any(secret in line for secret in ("http", "127.0.0.1", "/", *secrets)), line


@pytest.mark.parametrize("kind", HOSTILE)
async def test_a_hostile_file_leaves_one_line(
    kind: str, room: Room, server: FileServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    content, reason = HOSTILE[kind]
    attachment = await room.fetch(server.serve("/secret-path", content))
    assert (attachment.state, attachment.reason) == (State.REFUSED, reason)
    assert_one_quiet_line(caplog.records, "secret-path", "F22633C1")
    assert files_around(room) == []


async def test_more_bytes_than_allowed_are_refused_by_their_announcement(
    room: Room, server: FileServer, caplog: pytest.LogCaptureFixture
) -> None:
    attachment = await room.fetch(server.serve("/a", png(), length=10**12))
    assert attachment.reason is Reason.TOO_LARGE
    assert_one_quiet_line(caplog.records)
    assert files_around(room) == []


async def test_more_bytes_than_allowed_are_refused_as_they_come(
    room: Room, server: FileServer, caplog: pytest.LogCaptureFixture
) -> None:
    head = b"HTTP/1.1 200 -\r\nConnection: close\r\n\r\n"  # the length is what comes
    server.answers["/a"] = head + png() + b"\0" * 2_000_000
    attachment = await room.fetch(server.url("/a"))
    assert attachment.reason is Reason.TOO_LARGE
    assert_one_quiet_line(caplog.records)
    assert files_around(room) == []


async def test_what_declares_itself_too_large_is_not_even_asked_for(
    room: Room, server: FileServer
) -> None:
    await room.receive(
        segment("video", file="v.mp4", url=server.url("/v"), file_size=str(2**40)),
        image(server.url("/i"), file_size="600000"),
    )
    found = await room.settled()
    assert {entry.reason for entry in found} == {Reason.TOO_LARGE}
    assert not server.asked


async def test_a_body_that_ends_early_is_asked_for_again(room: Room, server: FileServer) -> None:
    whole = png()
    server.answers["/a"] = reply(whole[:-100], length=len(whole))
    await room.receive(image(server.url("/a")))
    await until(lambda: server.asked["/a"] >= 1)
    server.serve("/a", whole)
    assert (await room.settled())[0].state is State.STORED


async def test_a_server_that_never_answers_is_left(
    room: Room, server: FileServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.held = asyncio.Event()
    hasty = room.limits.model_copy(update={"total_timeout": 0.05})
    await room.fetcher.close()
    await room.receive(image(server.serve("/a", png())))
    fetcher = MediaFetcher(room.database, room.gateway, room.store, hasty)
    await fetcher.start()
    [attachment] = await room.settled()
    await fetcher.close()
    server.held.set()
    assert (attachment.state, attachment.reason) == (State.LOST, Reason.TIMEOUT)
    assert_one_quiet_line(caplog.records)
    assert files_around(room) == []


async def test_endless_redirects_are_left(
    room: Room, server: FileServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.answers["/a"] = reply(b"", status=302, location="/a")
    attachment = await room.fetch(server.url("/a"))
    assert attachment.reason is Reason.REDIRECTS
    assert server.asked["/a"] == 4
    assert_one_quiet_line(caplog.records)


async def test_a_hostile_file_is_kept_as_bytes_when_it_was_sent_as_a_file(
    room: Room, server: FileServer
) -> None:
    bomb = bomb_png()
    room.gateway.next("get_group_file_url", {"url": server.serve("/f", bomb)})
    await room.receive(segment("file", file="../../x.png", file_id="/../../etc/passwd"))
    [attachment] = await room.settled()
    assert attachment.state is State.STORED
    assert [path.read_bytes() for path in files_around(room)] == [bomb]
    assert all(path.is_relative_to(room.store.root) for path in files_around(room))


async def test_a_path_from_outside_finds_nothing(room: Room) -> None:
    for name in ("../../../etc/passwd", "a" * 63, "A" * 64, "a" * 64 + "/.."):
        with pytest.raises(ValueError, match="SHA-256"):
            room.store.path(name)
        with pytest.raises(ValueError, match="SHA-256"):
            room.store.thumbnail(name)


async def test_what_a_name_claims_costs_nothing(room: Room, server: FileServer) -> None:
    await room.receive(
        segment("image", file=["a"], url={"a": 1}, sub_type=None, file_size="-1"),
        segment("image"),
        segment("image", file="x" * 10_000, url="http://" + "x" * 10_000),
        segment("file", file_id=None, file_size="NaN"),
        segment("forward", id={"a": 1}),
    )
    found = await room.settled()
    assert {entry.state for entry in found} <= {State.LOST, State.STORED}
    assert files_around(room) == []
