"""Pictures in letters: sent as bytes, in words where they cannot be, and gone afterwards."""

import base64
import os
from pathlib import Path

import pytest

from liudeng.db import Database
from liudeng.outbox import Enclosures, Kind, Pace, Refused, Sender, Target
from tests.fakes.gateway import FakeGateway
from tests.fakes.payloads import GROUP
from tests.fakes.waiting import until
from tests.outbox.conftest import Outbox, Routes, letter

PICTURE = b"\x89PNG\r\n\x1a\n-not-really"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "enclosures"


@pytest.fixture
def enclosures(folder: Path) -> Enclosures:
    return Enclosures(folder)


@pytest.fixture
async def post(database: Database, gateway: FakeGateway, routes: Routes, enclosures: Enclosures):
    """Posts an answer that is a picture; returns the outbox that is being emptied."""
    pace = Pace(0, 1)
    sender = Sender(database, gateway, pace, routes.route, routes.fall_back, enclosures=enclosures)
    await sender.start()

    async def post_picture(key: str, instead: str = "墙上有三条") -> Outbox:
        box = Outbox(database, sender)
        segment = await enclosures.picture_or_words(PICTURE, instead)
        answer = letter(key, kind=Kind.REPLY, target=Target.GROUP)
        await box.post(answer.model_copy(update={"segments": (segment,)}))
        return box

    yield post_picture
    await sender.close()


def kept(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


def is_mine_alone(path: Path) -> bool:
    return path.stat().st_mode & 0o077 == 0


async def no_file_is_left(folder: Path) -> None:
    await until(lambda: not kept(folder), "the picture is deleted")


async def test_a_picture_goes_out_as_bytes_and_is_gone_then(
    post, gateway: FakeGateway, folder: Path
) -> None:
    box = await post("wall")
    await box.until("wall", "done")
    (sent,) = gateway.sent()
    data = sent.parameters["message"][0]["data"]
    assert base64.b64decode(data["file"].removeprefix("base64://")) == PICTURE
    assert "instead" not in data
    assert sent.parameters["group_id"] == GROUP
    await no_file_is_left(folder)


async def test_a_refused_picture_is_said_in_words(post, gateway: FakeGateway, folder: Path) -> None:
    gateway.next("send_group_msg", Refused(1200, "rich media transfer failed"))
    box = await post("wall")
    await box.until("wall:words", "done")
    assert gateway.delivered(GROUP) == ["墙上有三条"]
    await no_file_is_left(folder)


async def test_words_that_are_refused_as_well_end_there(post, gateway: FakeGateway) -> None:
    gateway.next("send_group_msg", Refused(1200, "no"), Refused(1200, "no"))
    box = await post("wall")
    await box.until("wall:words", "refused")
    assert len(await box.rows()) == 2


async def test_a_picture_that_was_lost_is_said_in_words(
    post, gateway: FakeGateway, folder: Path
) -> None:
    gateway.connected = False
    box = await post("wall")
    for path in kept(folder):
        path.unlink()
    gateway.connected = True
    box.sender.wake()
    await box.until("wall", "done")
    assert gateway.delivered(GROUP) == ["墙上有三条"]


async def test_nobody_else_on_the_machine_can_read_it(enclosures: Enclosures, folder: Path) -> None:
    await enclosures.picture_or_words(PICTURE, "")
    (path,) = kept(folder)
    assert is_mine_alone(folder)
    assert is_mine_alone(path)


async def test_a_disk_that_refuses_leaves_the_words(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    segment = await Enclosures(blocked).picture_or_words(PICTURE, "墙上有三条")
    assert segment == {"type": "text", "data": {"text": "墙上有三条"}}


async def test_what_a_crash_left_behind_is_deleted_after_a_day(
    enclosures: Enclosures, folder: Path
) -> None:
    await enclosures.picture_or_words(PICTURE, "")
    (old,) = kept(folder)
    os.utime(old, (0, 0))
    await enclosures.picture_or_words(PICTURE, "")
    await enclosures.discard_leftovers()
    assert len(kept(folder)) == 1
    assert old not in kept(folder)


async def test_no_file_outside_the_folder_can_be_asked_for(
    enclosures: Enclosures, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.png"
    secret.write_bytes(b"secret")
    segment = {"type": "image", "data": {"file": "enclosure:../secret.png", "instead": ""}}
    assert await enclosures.unfold([segment]) == [segment]
    await enclosures.discard([segment])
    assert secret.exists()
