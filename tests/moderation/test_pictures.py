"""Pictures: judged once they were read, by rules that ask for them, and never twice."""

import asyncio
from itertools import count
from typing import Any

import pytest
from sqlalchemy import insert

from liudeng.archive.tables import messages
from liudeng.db import now_ms
from liudeng.media.tables import attachments, media
from liudeng.moderation.action import Kind, State
from liudeng.ocr import Reading, ReadingState
from liudeng.ocr.reading import Box, Line
from liudeng.ocr.readings import keep_reading
from tests.fakes.archive import store
from tests.fakes.payloads import ADMIN, GROUP, MEMBER, OWNER, said, segment
from tests.moderation.conftest import NEIGHBOUR, Scene, just_now

LOOK = "0123456789abcdef" * 4
NEARLY = "0123456789abcdee" * 4
OTHER = "fedcba9876543210" * 4
_numbers = count(8_000)
_digests = count(1)


class Gallery:
    """Posts pictures as they stand in the archive once they were kept and read."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene

    async def post(
        self, look: str = OTHER, words: str = "", codes: tuple[str, ...] = (), **fields: Any
    ) -> str:
        """A member posts a picture, and it is read; its `message_id`."""
        typed = fields.pop("typed", "")
        message_id = str(next(_numbers))
        content = [segment("text", text=typed), segment("image", file="a.png")]
        message = said(content, message_id=message_id, user_id=fields.pop("user_id", MEMBER))
        await store(self.scene.writer, just_now(message))
        await self.scene.room.reader_run.caught_up()
        sha256 = f"{next(_digests):064x}"
        async with self.scene.database.write() as connection:
            row = (
                await connection.execute(messages.select().order_by(messages.c.seq.desc()))
            ).first()
            assert row is not None
            await connection.execute(insert(media).values(_file(sha256, look)))
            await connection.execute(insert(attachments).values(_attached(row.id, sha256)))
            line = Line(text=words, box=Box(0, 0, 9, 9), confidence=1, turn=0)
            reading = Reading(lines=(line,) if words else (), codes=codes)
            await keep_reading(connection, sha256, reading, ReadingState.READ)
        self.scene.room.pictures.picture_ready(sha256)
        await self.scene.room.pictures.looked()
        self.sha256 = sha256
        await self.scene.settled()
        return message_id


def _file(sha256: str, look: str) -> dict[str, Any]:
    size = {"size": 9, "mime": "image/png", "width": 9, "height": 9, "frames": 1}
    return {"sha256": sha256, "phash": look, "stored_ms": now_ms(), **size}


def _attached(row: int, sha256: str) -> dict[str, Any]:
    blank = {"url": "", "file": "a.png", "declared_size": 9, "sub_type": 0, "reason": ""}
    place = {"message_row": row, "forwarded_id": 0, "position": 0, "kind": "image"}
    done = {"state": "stored", "sha256": sha256, "attempts": 1, "due_ms": 0}
    return blank | place | done


@pytest.fixture
def gallery(scene: Scene) -> Gallery:
    return Gallery(scene)


async def own_rule(scene: Scene, typed: str) -> None:
    name = typed.partition("：")[0]
    assert "存好了" in await scene.room.writing.add(GROUP, typed, OWNER)
    await scene.arm(name)


async def kinds(scene: Scene) -> list[Kind]:
    return [one.kind for one in await scene.actions()]


async def test_a_code_of_a_newcomer_is_taken_back_with_what_it_says(
    scene: Scene, gallery: Gallery
) -> None:
    await own_rule(scene, "新人码：二维码，进群 7天 → 撤回")
    await gallery.post(codes=("https://pay.example.com/x",))
    assert await kinds(scene) == []  # an old member
    await scene.room.arrived(GROUP, MEMBER)
    await gallery.post()
    assert await kinds(scene) == []  # no code
    message_id = await gallery.post(codes=("https://pay.example.com/x",))
    (action,) = await scene.actions()
    assert (action.kind, action.state, action.message_id) == (Kind.RECALL, State.DONE, message_id)
    assert "图里的二维码 pay.example.com" in action.reason


async def test_where_a_code_leads_is_looked_at_like_a_link(scene: Scene, gallery: Gallery) -> None:
    await own_rule(scene, "坏地方：域名 bad.example，看图 → 撤回")
    await gallery.post(codes=("https://good.example/x",))
    assert await kinds(scene) == []
    await gallery.post(codes=("https://www.bad.example/x",))
    assert await kinds(scene) == [Kind.RECALL]


async def test_words_in_pictures_are_read_only_for_rules_that_say_so(
    scene: Scene, gallery: Gallery
) -> None:
    await scene.arm()
    await gallery.post(words="复活套餐今天打折")
    assert await kinds(scene) == []
    await own_rule(scene, "图里卖复活：词 复活套餐，看图 → 撤回")
    await gallery.post(words="复活套餐今天打折")
    assert await kinds(scene) == [Kind.RECALL]


async def test_nothing_is_done_twice_for_one_message(scene: Scene, gallery: Gallery) -> None:
    await own_rule(scene, "卖复活的：词 复活套餐，看图 → 提醒")
    await gallery.post(typed="复活套餐", words="复活套餐今天打折")
    assert await kinds(scene) == [Kind.WARN]
    scene.room.pictures.picture_ready(gallery.sha256)
    await scene.room.pictures.looked()
    assert await kinds(scene) == [Kind.WARN]


async def test_a_warning_may_show_what_it_warns_of(scene: Scene, gallery: Gallery) -> None:
    await own_rule(scene, "图里卖复活：词 复活套餐，看图 → 撤回")
    await gallery.post(typed="大家小心，这是骗子，别信", words="复活套餐今天打折")
    assert await kinds(scene) == []


async def test_two_who_name_pictures_at_once_lose_none(scene: Scene, gallery: Gallery) -> None:
    quoted = [await gallery.post(look) for look in (LOOK, OTHER)]
    add = scene.room.writing.add_quoted_picture
    await asyncio.gather(
        *(add(GROUP, "坏图", one, actor) for one, actor in zip(quoted, (OWNER, ADMIN), strict=True))
    )
    assert "2 张图" in await scene.room.writing.show(GROUP, "坏图")


async def test_a_picture_that_was_named_is_known_again(scene: Scene, gallery: Gallery) -> None:
    quoted = await gallery.post(LOOK)
    answer = await scene.room.writing.add_quoted_picture(GROUP, "坏图", quoted, OWNER)
    assert "像名单上的 1 张图 → 撤回 交给管理" in answer
    await gallery.post(NEARLY, user_id=NEIGHBOUR)
    assert [one.state for one in await scene.actions()] == [State.DRY]
    await scene.arm("坏图")
    await gallery.post(OTHER, user_id=NEIGHBOUR)
    await gallery.post(NEARLY, user_id=NEIGHBOUR)
    assert (await kinds(scene))[1:] == [Kind.RECALL]
    another = await gallery.post(OTHER)
    answer = await scene.room.writing.add_quoted_picture(GROUP, "坏图", another, OWNER)
    assert "2 张图" in answer
    assert "没有这条消息" in await scene.room.writing.add_quoted_picture(GROUP, "坏图", "1", OWNER)
    assert "要记哪张图" in await scene.room.writing.add_picture(GROUP, "坏图", OWNER)
    assert "试运行" in await scene.room.writing.add_picture(GROUP, "另一张 #1", OWNER)
