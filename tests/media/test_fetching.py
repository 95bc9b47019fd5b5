"""A picture in the group is kept within a moment, once, whatever its link does."""

import asyncio
import hashlib

import pytest
from PIL import Image

from liudeng.archive import Source, parse_recall
from liudeng.media import (
    Kind,
    MediaFetcher,
    MediaReader,
    MediaStore,
    Reason,
    State,
    images_of,
    is_shown,
    looks_of,
    near_copies,
    stored_image,
)
from liudeng.outbox import Refused
from tests.fakes.archive import kept
from tests.fakes.payloads import GROUP, NOW_MS, OTHER_GROUP, group_recall, said, segment, text
from tests.fakes.waiting import until
from tests.media.conftest import Room, image
from tests.media.pictures import chat, encoded, png
from tests.media.server import FileServer, reply

UNKNOWN_FILE = Refused(1200, "file not found")


async def test_a_picture_is_kept_under_its_hash(room: Room, server: FileServer) -> None:
    content = png()
    attachment = await room.fetch(server.serve("/a", content))
    digest = hashlib.sha256(content).hexdigest()
    assert (attachment.state, attachment.sha256) == (State.STORED, digest)
    path = room.store.path(digest)
    assert path is not None
    assert path == room.store.root / digest[:2] / digest[2:4] / f"{digest}.png"
    assert path.read_bytes() == content
    async with room.database.read() as connection:
        file = await stored_image(connection, digest)
    assert file is not None
    assert (file.mime, file.width, file.height, file.frames) == ("image/png", 360, 640, 1)
    assert room.stored == [digest]


async def test_a_thumbnail_is_made(room: Room, server: FileServer) -> None:
    attachment = await room.fetch(server.serve("/a", encoded(chat(1, (1080, 2160)))))
    thumbnail = room.store.thumbnail(attachment.sha256 or "")
    assert thumbnail is not None
    with Image.open(thumbnail) as opened:
        assert (opened.format, opened.size) == ("WEBP", (256, 512))


async def test_identical_bytes_are_one_file(room: Room, server: FileServer) -> None:
    url = server.serve("/a", png())
    other = server.serve("/b", png())
    await room.receive(image(url), text("和"), image(other))
    await room.receive(image(url))
    found = await room.settled()
    assert {entry.state for entry in found} == {State.STORED}
    assert len({entry.sha256 for entry in found}) == 1
    assert len(room.files) == 2  # the picture and its thumbnail


async def test_the_ending_of_a_name_is_not_believed(room: Room, server: FileServer) -> None:
    url = server.serve("/picture.jpg", encoded(chat(), "GIF"))
    attachment = await room.fetch(url, file="085047EFEE35.jpg")
    assert attachment.sha256 is not None
    assert room.store.path(attachment.sha256).suffix == ".gif"  # type: ignore[union-attr]


async def test_an_escaped_url_is_unescaped(room: Room, server: FileServer) -> None:
    url = server.serve("/a?appid=1407&amp;rkey=x", png())
    assert (await room.fetch(url)).state is State.STORED


async def test_redirects_are_followed(room: Room, server: FileServer) -> None:
    target = server.serve("/there", png())
    server.answers["/hop"] = reply(b"", status=302, location=target)
    server.answers["/start"] = reply(b"", status=301, location="/hop")
    assert (await room.fetch(server.url("/start"))).state is State.STORED


@pytest.mark.parametrize(
    "answer",
    [reply(b"", status=status) for status in (400, 403, 404, 410)]
    + [reply(b'{"retcode":-5503007,"retmsg":"download url has expired: invalid rkey"}')],
)
async def test_an_expired_url_is_replaced_by_name(
    room: Room, server: FileServer, answer: bytes
) -> None:
    server.answers["/old"] = answer
    room.gateway.next("get_image", {"url": server.serve("/fresh", png()), "file": "/etc/passwd"})
    attachment = await room.fetch(server.url("/old"), file="F2.jpg")
    assert attachment.state is State.STORED
    [call] = room.gateway.calls
    assert (call.action, call.parameters) == ("get_image", {"file": "F2.jpg"})


async def test_what_is_not_known_by_name_is_asked_for_by_message(
    room: Room, server: FileServer
) -> None:
    fresh = [text("看"), image(server.serve("/fresh", png()), file="F2.jpg")]
    room.gateway.next("get_image", UNKNOWN_FILE)
    room.gateway.next("get_msg", {"message": fresh})
    assert (await room.fetch(server.url("/old"), file="F2.jpg")).state is State.STORED
    assert [call.action for call in room.gateway.calls] == ["get_image", "get_msg"]


async def test_another_message_under_the_same_id_is_not_taken(
    room: Room, server: FileServer
) -> None:
    room.gateway.next("get_image", UNKNOWN_FILE)
    room.gateway.next("get_msg", {"message": [image(server.serve("/x", png()), file="OTHER.jpg")]})
    attachment = await room.fetch(server.url("/old"), file="F2.jpg")
    assert (attachment.state, attachment.reason) == (State.LOST, Reason.EXPIRED)
    assert not server.asked["/x"]


async def test_a_fresh_url_that_is_dead_already_is_asked_for_again(
    room: Room, server: FileServer
) -> None:
    dead, alive = server.url("/dead"), server.serve("/alive", png())
    room.gateway.next("get_image", {"url": dead}, {"url": alive})
    assert (await room.fetch(server.url("/old"))).state is State.STORED


async def test_a_failing_server_is_tried_again(room: Room, server: FileServer) -> None:
    server.answers["/a"] = reply(b"", status=503)
    await room.receive(image(server.url("/a")))
    await until(lambda: server.asked["/a"] >= 1)
    server.serve("/a", png())
    [attachment] = await room.settled()
    assert attachment.state is State.STORED


async def test_in_the_end_it_is_lost(
    room: Room, server: FileServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.answers["/a"] = reply(b"", status=503)
    attachment = await room.fetch(server.url("/a"))
    assert (attachment.state, attachment.reason) == (State.LOST, Reason.SERVER)
    assert server.asked["/a"] == room.limits.attempts
    assert len(caplog.records) == 1


async def test_while_nobody_can_be_asked_nothing_is_lost(room: Room, server: FileServer) -> None:
    room.gateway.connected = False
    await room.receive(image(server.url("/old")))
    await until(lambda: server.asked["/old"] > room.limits.attempts + 2)
    room.gateway.next("get_image", {"url": server.serve("/fresh", png())})
    room.gateway.connected = True
    assert (await room.settled())[0].state is State.STORED


async def test_stickers_are_told_apart_and_not_fetched(room: Room, server: FileServer) -> None:
    url = server.serve("/a", png())
    await room.receive(
        image(url, sub_type=1),
        segment("image", file="A.jpg", subType=7, url=url),
        image(url, summary="[动画表情]"),
        image(url, emoji_package_id=244959),
        segment("mface", summary="[摸头]", url=url),
    )
    found = await room.settled()
    assert [entry.kind for entry in found] == [Kind.STICKER] * 5
    assert {(entry.state, entry.reason) for entry in found} == {(State.REFUSED, Reason.STICKER)}
    assert not server.asked


async def test_a_file_is_kept_as_bytes(room: Room, server: FileServer) -> None:
    room.gateway.next("get_group_file_url", {"url": server.serve("/f", b"%PDF-1.7 farewell")})
    await room.receive(segment("file", file="告别.pdf", file_id="/be2a", file_size="17"))
    [attachment] = await room.settled()
    assert attachment.state is State.STORED
    assert [path.suffix for path in room.files] == [".pdf"]
    assert room.gateway.calls[0].parameters == {"group_id": GROUP, "file_id": "/be2a"}


async def test_a_screenshot_sent_as_a_file_is_a_picture(room: Room, server: FileServer) -> None:
    room.gateway.next("get_group_file_url", {"url": server.serve("/f", png())})
    await room.receive(segment("file", file="截图.dat", file_id="/be2a"))
    await room.settled()
    [row] = [message.id for message in await kept(room.database)]
    async with room.database.read() as connection:
        [attachment] = (await images_of(connection, [row]))[row]
        assert await stored_image(connection, attachment.sha256 or "")


async def test_a_recalled_picture_is_shown_no_more(room: Room, server: FileServer) -> None:
    message = await room.receive(image(server.serve("/a", png())))
    [attachment] = await room.settled()
    digest = attachment.sha256 or ""
    [row] = [entry.id for entry in await kept(room.database)]

    async def shown(*groups: int) -> bool:
        async with room.database.read() as connection:
            return await is_shown(connection, digest, groups or None)

    assert await shown()
    assert await shown(GROUP)
    assert not await shown(OTHER_GROUP)
    await room.put(parse_recall(group_recall(message.message_id), NOW_MS))
    assert not await shown()
    async with room.database.read() as connection:
        assert await images_of(connection, [row]) == {}
    await room.receive(image(server.url("/a")))
    await room.settled()
    assert await shown(), "somebody else posted the same picture and did not take it back"


async def test_what_was_recalled_before_it_was_fetched_is_not_fetched(
    room: Room, server: FileServer
) -> None:
    await room.fetcher.close()
    message = await room.receive(image(server.serve("/a", png())))
    await room.put(parse_recall(group_recall(message.message_id), NOW_MS))
    await room.fetcher.start()
    [attachment] = await room.settled()
    assert (attachment.state, attachment.reason) == (State.REFUSED, Reason.RECALLED)
    assert not server.asked


async def test_a_restart_goes_on_where_it_stopped(room: Room, server: FileServer) -> None:
    server.serve("/a", png())
    server.held = held = asyncio.Event()
    await room.receive(image(server.url("/a")))
    await until(lambda: server.asked["/a"] == 1)
    await room.fetcher.close()
    leftover = room.store.root / "incoming" / "half.part"
    leftover.write_bytes(b"half")
    held.set()
    second = MediaFetcher(room.database, room.gateway, MediaStore(room.store.root), room.limits)
    await second.start()
    try:
        assert (await room.settled())[0].state is State.STORED
    finally:
        await second.close()
    assert not leftover.exists()
    assert len(room.files) == 2


async def test_reading_the_log_again_notes_nothing_twice(room: Room, server: FileServer) -> None:
    await room.receive(image(server.serve("/a", png())))
    before = await room.settled()
    effects = await MediaReader(room.limits).read(await kept(room.database))
    assert effects is not None
    async with room.database.write() as connection:
        await effects.apply(connection)
    assert await room.attachments() == before


async def test_imported_messages_are_left_alone(room: Room, server: FileServer) -> None:
    await room.put(said([image(server.url("/a"))], source=Source.IMPORT))
    assert await room.attachments() == []


async def test_a_copy_that_was_compressed_anew_is_known_again(
    room: Room, server: FileServer
) -> None:
    picture = chat(seed=5)
    smaller = picture.resize((picture.width * 3 // 4, picture.height * 3 // 4))
    served = {
        "/a": encoded(picture),
        "/b": encoded(smaller, "JPEG", quality=60),
        "/c": encoded(chat(seed=6)),
    }
    kept_as = [
        (await room.fetch(server.serve(path, content))).sha256 or ""
        for path, content in served.items()
    ]
    async with room.database.read() as connection:
        looks = await looks_of(connection, kept_as)
    assert set(near_copies(kept_as[0], looks, kept_as)) == set(kept_as[:2])
