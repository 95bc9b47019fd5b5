"""A recalled message's pictures are shown nowhere any longer, thumbnails included."""

from collections.abc import AsyncIterator, Callable

import pytest

from liudeng.archive import parse_recall
from liudeng.archive.message import Message
from liudeng.media import RecalledPictures
from tests.fakes.payloads import NOW_MS, group_recall
from tests.fakes.waiting import until
from tests.media.conftest import Room, image
from tests.media.pictures import png
from tests.media.server import FileServer


@pytest.fixture
async def hidden(room: Room) -> AsyncIterator[list[str]]:
    """The pictures that were hidden so far, while the room of forgetting is open."""
    forgetting = RecalledPictures(room.database, room.store)
    gone: list[str] = []
    forgetting.on_hidden(gone.append)
    room.writer.on_recall(forgetting.recalled)
    await forgetting.start()
    yield gone
    await forgetting.close()


async def recall(room: Room, message: Message) -> None:
    payload = group_recall(message_id=int(message.message_id))
    await room.put(parse_recall(payload, NOW_MS + 1000))


def no_thumbnail(room: Room, sha256: str) -> Callable[[], bool]:
    return lambda: room.store.thumbnail(sha256) is None


async def post(room: Room, url: str) -> tuple[Message, str]:
    message = await room.receive(image(url))
    sha256 = (await room.settled())[-1].sha256
    assert sha256 is not None
    assert room.store.thumbnail(sha256) is not None
    return message, sha256


async def test_the_thumbnail_goes_with_the_message(
    room: Room, server: FileServer, hidden: list[str]
) -> None:
    message, sha256 = await post(room, server.serve("/a", png()))
    _, other = await post(room, server.serve("/b", png(seed=2)))
    await recall(room, message)
    await until(no_thumbnail(room, sha256), "the thumbnail is gone")
    await until(lambda: hidden == [sha256], "others are told")
    assert room.store.thumbnail(other) is not None


async def test_a_picture_that_somebody_else_posted_stays(
    room: Room, server: FileServer, hidden: list[str]
) -> None:
    url = server.serve("/a", png())
    first, sha256 = await post(room, url)
    again, same = await post(room, url)
    assert same == sha256
    lonely, alone = await post(room, server.serve("/b", png(seed=2)))
    await recall(room, first)
    await recall(room, lonely)
    await until(no_thumbnail(room, alone), "what was recalled later is gone")
    assert room.store.thumbnail(sha256) is not None
    await recall(room, again)
    await until(no_thumbnail(room, sha256), "the last copy is recalled")


async def test_what_was_recalled_while_nobody_watched_is_hidden_at_the_start(
    room: Room, server: FileServer
) -> None:
    message, sha256 = await post(room, server.serve("/a", png()))
    await recall(room, message)
    forgetting = RecalledPictures(room.database, room.store)
    await forgetting.start()
    await until(no_thumbnail(room, sha256), "the thumbnail is gone")
    await forgetting.close()


async def test_a_picture_that_was_hidden_and_is_posted_again_is_shown_again(
    room: Room, server: FileServer, hidden: list[str]
) -> None:
    url = server.serve("/a", png())
    message, sha256 = await post(room, url)
    await recall(room, message)
    await until(no_thumbnail(room, sha256), "the thumbnail is gone")
    await post(room, url)
