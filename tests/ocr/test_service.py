"""From a kept picture to a message that is found by the words in it."""

import pytest

from liudeng.archive import LogWriter
from liudeng.db import Database
from liudeng.media import Kind
from liudeng.ocr import (
    EngineUnavailable,
    OcrLimits,
    OcrService,
    ReadingProcess,
    StoredPictures,
    reading_of,
)
from tests.fakes.archive import found, kept, recall_of, store
from tests.fakes.payloads import said
from tests.fakes.waiting import until
from tests.ocr.conftest import FAKE, Room


async def test_a_message_is_found_by_the_words_in_its_picture(room: Room) -> None:
    row = await room.post("我会疼吗\n不会", words="存一张")
    assert await room.service.work_off() == 1
    assert await room.seen(row) == "我会疼吗\n不会"
    assert await found(room.database, "会疼") == ["存一张"]
    assert await found(room.database, "存一张") == ["存一张"]


async def test_the_lines_are_kept_with_the_picture(room: Room) -> None:
    await room.post("晚安")
    sha256 = room.keep("晚安")
    async with room.database.read() as connection:
        assert await reading_of(connection, sha256) is None
    await room.service.work_off()
    async with room.database.read() as connection:
        reading = await reading_of(connection, sha256)
    assert reading is not None
    assert [line.text for line in reading.lines] == ["晚安"]


async def test_a_picture_posted_again_joins_the_new_message_without_being_read_again(
    room: Room,
) -> None:
    await room.post("晚安", words="第一次")
    await room.service.work_off()
    await room.process.close()
    await room.post("晚安", words="第二次")
    assert await room.service.work_off() == 1
    assert room.process.process_id is None
    assert sorted(await found(room.database, "晚安")) == ["第一次", "第二次"]


async def test_a_message_with_two_pictures_is_found_by_both(room: Room) -> None:
    row = await room.say("两张")
    for position, words in enumerate(("月亮", "面馆")):
        await room.attach(row, room.keep(words), position)
    await room.service.work_off()
    assert await found(room.database, "月亮") == await found(room.database, "面馆") == ["两张"]


async def test_the_same_picture_twice_in_a_message_is_one(room: Room) -> None:
    row = await room.say("两张")
    for position in (0, 1):
        await room.attach(row, room.keep("月亮"), position)
    await room.service.work_off()
    assert await room.seen(row) == "月亮"


async def test_stickers_are_not_read(room: Room) -> None:
    await room.attach(await room.say("抱抱"), room.keep("抱抱"), kind=Kind.STICKER)
    assert await room.service.work_off() == 0


async def test_what_was_just_posted_is_read_first(room: Room) -> None:
    for words in ("早", "中", "晚"):
        await room.post(words)
    order: list[str] = []
    room.service.on_read(order.append)
    await room.service.work_off()
    assert order == [room.keep(words) for words in ("晚", "中", "早")]


async def test_a_picture_that_ends_the_process_twice_is_given_up_and_the_rest_is_read(
    room: Room,
) -> None:
    poison = await room.post("die")
    row = await room.post("晚安")
    await room.service.work_off()
    assert await room.states() == ["failed", "read"]
    assert (await room.seen(poison), await room.seen(row)) == ("", "晚安")
    assert await room.service.work_off() == 0, "it is not tried again"


async def test_one_death_is_no_verdict(room: Room) -> None:
    row = await room.post("die once")
    await room.service.work_off()
    assert await room.seen(row) == "die once"


async def test_a_picture_that_cannot_be_decoded_is_given_up_at_once(room: Room) -> None:
    await room.post("refuse")
    await room.service.work_off()
    assert await room.states() == ["failed"]


async def test_a_file_that_is_gone_is_noted(room: Room) -> None:
    await room.post("晚安")
    path = room.store.path(room.keep("晚安"))
    assert path is not None
    path.unlink()
    await room.service.work_off()
    assert await room.states() == ["gone"]


async def test_without_an_engine_nothing_is_given_up(room: Room) -> None:
    row = await room.post("晚安")
    process = ReadingProcess(OcrLimits(), (*FAKE, "no start"))
    service = OcrService(room.database, StoredPictures(room.store), process=process)
    with pytest.raises(EngineUnavailable):
        await service.work_off()
    assert await room.states() == []
    await room.service.work_off()
    assert await room.seen(row) == "晚安"


async def test_started_it_reads_what_comes(room: Room) -> None:
    await room.service.start()
    await room.post("晚安", words="新的")
    room.service.wake()

    async def is_found() -> bool:
        return await found(room.database, "晚安") == ["新的"]

    await until(is_found, "the picture was read")


async def test_a_recall_takes_the_pictures_words_out_of_search(
    room: Room, writer: LogWriter, database: Database
) -> None:
    message = said("收回去")
    await store(writer, message)
    [stored] = await kept(database)
    await room.attach(stored.id, room.keep("月亮"))
    await room.service.work_off()
    assert await found(database, "月亮") == ["收回去"]
    await store(writer, recall_of(message))
    assert await found(database, "月亮") == await found(database, "收回") == []
    assert await room.service.work_off() == 0
