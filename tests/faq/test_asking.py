"""What members are answered, and what becomes of what nobody can answer."""

from dataclasses import replace

from sqlalchemy import select

from liudeng.faq.gaps import note_gap, open_gaps
from liudeng.faq.tables import faq_uses, faq_votes
from liudeng.library import Viewer
from tests.fakes.payloads import GROUP, MEMBER
from tests.faq.conftest import HERE, MODERATOR, NOW, THERE, Room, number_in


async def test_a_question_is_answered_with_its_number_and_date(room: Room) -> None:
    answer = await room.ask(HERE, "心理热线电话是多少")
    assert answer is not None
    assert "12356" in answer
    assert "18 小时" in answer
    assert "2026-11-22 核实" in answer


async def test_hotlines_are_never_said_to_be_open_all_day(room: Room) -> None:
    for entry in await room.book.entries([GROUP], room.desk.today()):
        for sentence in entry.body.answer.replace("；", "。").split("。"):
            assert not ("12356" in sentence and "24 小时" in sentence)


async def test_what_nobody_can_answer_joins_the_queue_once(room: Room) -> None:
    for asked in ("群聚会在哪个城市办", "聚会在哪个城市办呀", "请问群聚会在哪个城市办？"):
        await room.ask(HERE, asked)
    async with room.database.read() as connection:
        [gap] = await open_gaps(connection, GROUP, 10)
    assert (gap.question, gap.times) == ("群聚会在哪个城市办", 3)
    assert await room.editing.gaps(MODERATOR) == (
        f"等着回答的：\n待答 {gap.id}　群聚会在哪个城市办（3 次）\n"
        "回答：补答 编号 答案　不用回答：不答 编号"
    )


async def test_different_questions_wait_apart(room: Room) -> None:
    async with room.database.write() as connection:
        first = await note_gap(connection, GROUP, "怎么改群昵称", NOW)
        second = await note_gap(connection, GROUP, "怎么退出群聊", NOW)
        assert first.id != second.id


async def test_a_gap_is_filled_and_then_answered(room: Room) -> None:
    await room.ask(HERE, "水母灯聚会的地址在哪里")
    waiting = await room.editing.gaps(MODERATOR)
    number = number_in(waiting, "待答 ")
    preview = await room.editing.fill_gap(MODERATOR, f"{number} 周六下午两点，江边三号码头。")
    entry = number_in(preview, "发布 ")
    assert "三号码头" not in (await room.ask(HERE, "水母灯聚会的地址在哪里") or "")
    await room.editing.publish(MODERATOR, str(entry))
    assert "三号码头" in (await room.ask(HERE, "水母灯聚会的地址在哪里") or "")
    assert "待答" in await room.editing.fill_gap(MODERATOR, f"{number} 又一次")


async def test_somebody_who_only_says_hello_to_the_bot_gets_no_lecture(room: Room) -> None:
    assert await room.ask(HERE, "晚安", mentioned=True) is None
    assert await room.ask(HERE, "怎么导出聊天记录", mentioned=True)


async def test_votes_count_once_for_each_person(room: Room) -> None:
    assert "先发" in await room.desk.rate(HERE, None, useful=True)
    await room.ask(HERE, "怎么导出聊天记录")
    await room.desk.rate(HERE, None, useful=True)
    await room.desk.rate(HERE, None, useful=False)
    async with room.database.read() as connection:
        rows = (await connection.execute(select(faq_votes.c.user_id, faq_votes.c.useful))).all()
        used = (await connection.execute(select(faq_uses.c.asked))).scalar()
    assert [tuple(row) for row in rows] == [(str(MEMBER), False)]
    assert used == 1


async def test_an_entry_is_shown_where_it_belongs(room: Room) -> None:
    preview = await room.editing.add(MODERATOR, "水母灯在哪买｜江边那家店。｜#日常")
    number = number_in(preview, "发布 ")
    await room.editing.publish(MODERATOR, str(number))
    assert "江边那家店" in await room.open(HERE, number)
    assert "江边那家店" not in await room.open(THERE, number)
    assert "江边那家店" not in (await room.ask(THERE, "水母灯在哪买") or "")
    alone = replace(HERE, place_group=None)
    assert "江边那家店" in (await room.ask(alone, "水母灯在哪买") or "")


async def test_what_has_expired_answers_nobody(room: Room) -> None:
    preview = await room.editing.add(MODERATOR, "水母灯在哪买｜江边那家店。")
    number = number_in(preview, "发布 ")
    await room.editing.edit(MODERATOR, f"{number} 到期：2026-12-02")
    await room.editing.publish(MODERATOR, str(number))
    assert "江边" in (await room.ask(HERE, "水母灯在哪买") or "")
    room.clock.ms += 24 * 3600_000
    assert "江边" not in (await room.ask(HERE, "水母灯在哪买") or "")


async def test_what_was_not_looked_at_for_long_says_so(room: Room) -> None:
    room.clock.ms += 200 * 24 * 3600_000
    assert "很久没人核实" in (await room.ask(HERE, "怎么导出聊天记录") or "")


async def test_the_list_names_topics(room: Room) -> None:
    listing = await room.desk.listing(HERE)
    assert len(listing.entries) == 60
    assert "— 导出 —" in listing.text


async def test_a_stranger_has_the_shared_entries_alone(room: Room) -> None:
    nobody = Viewer("1", frozenset(), None)
    assert await room.ask(nobody, "怎么导出聊天记录")
