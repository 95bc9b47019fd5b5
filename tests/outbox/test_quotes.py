"""Somebody who was erased is taken out of letters that others still need."""

import pytest
from sqlalchemy import select

from liudeng.db import Database
from liudeng.outbox import Kind, Letter, Target, post, text_segment
from liudeng.outbox.enclosures import drawn_segment, has_enclosure
from liudeng.outbox.letter import posted_letter
from liudeng.outbox.personal import take_out_quotes
from liudeng.outbox.tables import outbox

GONE = "10086001"


async def left_of(database: Database, name: str, *segments: dict[str, object]) -> Letter:
    """Post an alert, take somebody of this name out of it, return it as it is sent."""
    letter = Letter(
        key="alert:1:1", kind=Kind.ALERT, target=Target.PRIVATE, target_id=1, segments=segments
    )
    async with database.write() as connection:
        await post(connection, letter)
        await take_out_quotes(connection, GONE, {name})
        return posted_letter((await connection.execute(select(outbox))).one())


async def test_their_lines_and_their_number_go(database: Database) -> None:
    words = f"02-13 23:41 听雨：先睡了\n02-13 23:42 小满：别走\n@听雨 的号是 {GONE}"
    letter = await left_of(database, "听雨", text_segment(words))
    assert "先睡了" not in letter.text
    assert GONE not in letter.text
    assert "小满：别走" in letter.text


@pytest.mark.parametrize("name", ["text", "image", "drawn:card"])
async def test_nobody_s_name_breaks_an_alert_about_another(database: Database, name: str) -> None:
    card = drawn_segment({"title": "案件 1"}, instead="小满：别走")
    letter = await left_of(database, name, card, text_segment("小满：我今晚就走"))
    assert has_enclosure(letter.segments)
    assert letter.text == "小满：我今晚就走"
