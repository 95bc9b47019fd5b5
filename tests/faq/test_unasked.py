"""Answering though nobody asked the bot: seldom, and never somebody in distress."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from sqlalchemy import select

from liudeng.archive import Source, StoredMessage
from liudeng.faq.counting import set_speaks_unasked
from liudeng.faq.unasked import UnaskedReader
from liudeng.outbox.tables import outbox
from tests.fakes.payloads import GROUP, MEMBER, SELF_ID, text
from tests.faq.conftest import HERE, NOW, Room

PLAIN = "导出的下载链接过期了怎么办？"


def message(words: str = PLAIN, number: int = 1, **fields: object) -> StoredMessage:
    values = {
        "id": number,
        "seq": number,
        "self_id": SELF_ID,
        "group_id": GROUP,
        "message_id": str(number),
        "time_ms": NOW,
        "received_ms": NOW,
        "user_id": str(MEMBER),
        "name": "",
        "card": "",
        "role": "member",
        "text": words,
        "segments": (text(words),),
        "reply_to": None,
        "source": Source.LIVE,
        "recalled_ms": None,
        **fields,
    }
    return StoredMessage.model_validate(values)


async def said(
    room: Room, zone: ZoneInfo, *messages: StoredMessage, distressed: bool = False
) -> Sequence[str]:
    """Let the reader read; return what it said so far."""
    reader = UnaskedReader(
        room.book, zone, default=True, hushed=lambda _text: distressed, clock=room.clock
    )
    reader.on_said = lambda one, entry: room.desk.spoke(one.group_id, one.user_id, entry.id)
    effects = await reader.read(messages)
    async with room.database.write() as connection:
        if effects is not None:
            await effects.apply(connection)
        return list(await connection.scalars(select(outbox.c.body)))


async def test_a_plain_question_is_answered_by_quoting_it(room: Room, zone: ZoneInfo) -> None:
    [body] = await said(room, zone, message(number=77))
    assert '"type": "reply", "data": {"id": "77"}' in body
    assert "重新申请" in body
    assert "不用答" in body


async def test_the_same_entry_keeps_silent_for_hours(room: Room, zone: ZoneInfo) -> None:
    await said(room, zone, message())
    assert len(await said(room, zone, message(number=2))) == 1
    room.clock.ms += 7 * 3600_000
    later = message(number=3, time_ms=room.clock.ms)
    assert len(await said(room, zone, later)) == 2


async def test_it_is_hushed(room: Room, zone: ZoneInfo) -> None:
    await said(room, zone, message())
    assert "一个月内" in await room.desk.hush(HERE, None)
    room.clock.ms += 24 * 3600_000
    assert len(await said(room, zone, message(number=2, time_ms=room.clock.ms))) == 1


async def test_a_group_may_want_none_of_it(room: Room, zone: ZoneInfo) -> None:
    async with room.database.write() as connection:
        await set_speaks_unasked(connection, GROUP, False)
    assert await said(room, zone, message()) == []


async def test_nobody_in_distress_is_lectured(room: Room, zone: ZoneInfo) -> None:
    assert await said(room, zone, message(), distressed=True) == []


async def test_what_is_no_question_to_the_group_is_left_alone(room: Room, zone: ZoneInfo) -> None:
    quiet = (
        message("链接又过期了，我真服了"),
        message(reply_to="5"),
        message(user_id=str(SELF_ID)),
        message(recalled_ms=NOW),
        message(time_ms=NOW - 600_000),
        message(segments=(text(PLAIN), {"type": "image", "data": {}})),
    )
    assert await said(room, zone, *quiet) == []
