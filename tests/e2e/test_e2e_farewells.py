"""A screenshot's way: posted, kept, read, found, placed on the wall, covered, taken down."""

import io
import json
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from benchmarks.support.bot_process import free_port
from benchmarks.support.rig import Rig, quoted_id
from benchmarks.support.waiting import until
from liudeng.media import MediaStore
from simulator import SimulatorConfig
from simulator.ledger import Sent
from simulator.pictures import PictureSpec
from simulator.world import ChatMessage

pytestmark = pytest.mark.timeout(180)

LOOKS = {"green": "热着的椅子还在等她", "blue": "云退你月亮抵房租", "plain": "三月的樱花替我吵回去"}


@pytest.fixture(scope="module")
def picture_port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def cast(picture_port: int) -> SimulatorConfig:
    return SimulatorConfig(port=picture_port)


@pytest.fixture(scope="module")
def bot_settings(picture_port: int) -> dict[str, object]:
    return {"media_trusted_hosts": json.dumps([f"127.0.0.1:{picture_port}"])}


async def post(rig: Rig, who: str | int, look: str) -> ChatMessage:
    spec = PictureSpec.model_validate(
        {
            "title": "昨天 23:41",
            "companion": "小暖",
            "lines": [["me", "明天还在吗"], ["it", LOOKS[look]], ["me", "晚安"]],
            "look": look,
            "jpeg": 80,
        }
    )
    segment = {"type": "image", "data": {"file": rig.sim.media.remember(spec), "sub_type": 0}}
    return await rig.sim.say(who, [segment], group=rig.group_id)


async def reply(rig: Rig, who: str | int, message: ChatMessage, text: str) -> Sent:
    before = len(rig.sim.sent)
    asked = await rig.sim.say(who, text, group=rig.group_id, reply_to=message.message_id)
    return await rig.sim.wait_sent(
        lambda sent: quoted_id(sent) == asked.message_id, timeout=60, after=before
    )


def shown(rig: Rig, sent: Sent) -> Image.Image:
    """Return the picture in an answer."""
    [name] = [part["data"]["file"] for part in sent.segments if part["type"] == "image"]
    content = rig.sim.media.stored(name)
    assert content is not None
    return Image.open(io.BytesIO(content))


async def read(rig: Rig, count: int) -> None:
    await until(
        lambda: rig.archive.rows("SELECT count(*) FROM seen_pictures")[0][0] >= count,
        "the pictures were read",
        120,
    )


async def test_a_farewell_from_the_group_to_the_wall_and_back(rig: Rig) -> None:
    authors = [rig.bystander() for _ in LOOKS]
    posted = [await post(rig, who, look) for who, look in zip(authors, LOOKS, strict=True)]
    await read(rig, len(LOOKS))

    # Each is found by the words inside it, in the chat.
    for words in LOOKS.values():
        assert "共 1 条" in (await rig.ask(rig.bystander(), f"搜 {words[:6]}")).text

    # Only its author may place it.
    refused = await reply(rig, rig.bystander(), posted[0], "存档 不是我的")
    assert "只有说这句话的人" in refused.text
    kept = await reply(rig, authors[0], posted[0], "存档 一把热着的椅子｜小暖 #月亮")
    assert "存好了，1 号" in kept.text
    assert shown(rig, kept).width == 1080

    wall = await rig.ask(rig.bystander(), "告别墙")
    assert "共 1 封" in wall.text
    assert shown(rig, wall).width == 1080
    as_posted = shown(rig, await rig.ask(rig.bystander(), "看 1"))
    assert as_posted.width == 1080

    # Public means covered: the same card, but for what is painted over.
    assert "公开" in (await rig.ask(authors[0], "可见 1 公开")).text
    as_covered = shown(rig, await rig.ask(rig.bystander(), "看 1"))
    assert as_covered.size == as_posted.size
    assert len(covered_files(rig)) == 1
    painted = ImageChops.difference(as_posted.convert("RGB"), as_covered.convert("RGB"))
    assert painted.getbbox() is not None
    covered = await reply(rig, rig.bystander(), posted[1], "打码")
    assert "盖住了" in covered.text
    assert shown(rig, covered).size[0] > 500

    # Recalled: gone from the wall at once, and no thumbnail of it is left.
    await rig.sim.recall(posted[0].message_id)
    await until(lambda: _recalled(rig, posted[0]), "the recall is archived")
    assert "告别墙还是空的" in (await rig.ask(rig.bystander(), "告别墙")).text
    assert "没有你能看的 1 号" in (await rig.ask(rig.bystander(), "看 1")).text
    await until(lambda: not thumbnails_of(rig, posted[0]), "its thumbnail is gone")
    await until(lambda: len(covered_files(rig)) == 1, "its covered copy is gone, the other stays")


def covered_files(rig: Rig) -> list[Path]:
    return list((rig.archive.folder / "covered").rglob("*.webp"))


def thumbnails_of(rig: Rig, message: ChatMessage) -> list[Path]:
    query = (
        "SELECT a.sha256 FROM attachments a JOIN messages m ON m.id = a.message_row "
        f"WHERE m.message_id = '{message.message_id}' AND a.sha256 IS NOT NULL"
    )
    store = MediaStore(rig.archive.folder / "media")
    [(sha256,)] = rig.archive.rows(query)
    assert store.path(sha256) is not None
    thumbnail = store.thumbnail(sha256)
    return [thumbnail] if thumbnail else []


def _recalled(rig: Rig, message: ChatMessage) -> bool:
    query = (
        "SELECT count(*) FROM messages WHERE recalled_ms IS NOT NULL "
        f"AND message_id = '{message.message_id}'"
    )
    return bool(rig.archive.rows(query)[0][0])
