"""What moderators do with entries."""

import pytest

from liudeng.faq.seed import load_seed
from liudeng.faq.store import entry_by_id, history
from tests.faq.conftest import HERE, MODERATOR, NOW, OF_THE_OTHER, THERE, Room, number_in


async def published(room: Room, typed: str) -> int:
    """Write an entry and publish it; return its number."""
    number = number_in(await room.editing.add(MODERATOR, typed), "发布 ")
    await room.editing.publish(MODERATOR, str(number))
    return number


async def test_an_entry_is_looked_at_before_it_counts(room: Room) -> None:
    preview = await room.editing.add(MODERATOR, "水母灯怎么充电｜用原来的线。｜#日常\n灯没电咋办")
    assert "还没有发布" in preview
    number = number_in(preview, "发布 ")
    assert "没有" in await room.open(HERE, number)
    assert "发布了" in await room.editing.publish(MODERATOR, str(number))
    shown = await room.open(HERE, number)
    assert "用原来的线" in shown
    assert "灯没电咋办" in shown
    assert "#日常" in shown


async def test_a_change_waits_and_can_be_dropped(room: Room) -> None:
    number = await published(room, "水母灯怎么充电｜用原来的线。")
    await room.editing.edit(MODERATOR, f"{number} 用新的线。")
    assert "用原来的线" in await room.open(HERE, number)
    assert "丢掉" in await room.editing.undo(MODERATOR, str(number))
    assert "没有等着" in await room.editing.publish(MODERATOR, str(number))


async def test_a_published_change_can_be_undone_and_is_in_the_history(room: Room) -> None:
    number = await published(room, "水母灯怎么充电｜用原来的线。")
    await room.editing.edit(MODERATOR, f"{number} 用新的线。")
    await room.editing.publish(MODERATOR, str(number))
    assert "用新的线" in await room.open(HERE, number)
    assert "用原来的线" in await room.editing.undo(MODERATOR, str(number))
    assert "用原来的线" in await room.open(HERE, number)
    told = await room.editing.history(MODERATOR, str(number))
    assert "撤销　阿棠" in told
    async with room.database.read() as connection:
        assert len(await history(connection, number)) == 4


async def test_a_group_changes_its_own_copy_of_what_is_shared(room: Room) -> None:
    [shared] = [one.id for one in await room.book.entries([], room.desk.today()) if one.id == 1]
    preview = await room.editing.edit(MODERATOR, f"{shared} 我们群有自己的教程。")
    copy = number_in(preview, "发布 ")
    assert copy != shared
    await room.editing.publish(MODERATOR, str(copy))
    asked = "怎么导出我和 4o 的全部聊天记录？"
    assert "自己的教程" in (await room.ask(HERE, asked) or "")
    assert "自己的教程" not in (await room.ask(THERE, asked) or "")
    assert number_in(await room.editing.edit(MODERATOR, f"{shared} 又改。"), "发布 ") == copy


async def test_switched_off_for_one_group_it_answers_the_other(room: Room) -> None:
    asked = "怎么导出我和 4o 的全部聊天记录？"
    answer = await room.editing.switch_off(MODERATOR, "1")
    assert "停用了" in answer
    assert "数据控制" not in (await room.ask(HERE, asked) or "")
    assert "数据控制" in (await room.ask(THERE, asked) or "")
    await room.editing.undo(MODERATOR, str(number_in(answer, "改回 ")))
    assert "数据控制" in (await room.ask(HERE, asked) or "")


async def test_merging_leads_the_questions_of_one_to_the_other(room: Room) -> None:
    gone = await published(room, "水母灯的电线在哪｜抽屉里。")
    kept = await published(room, "灯怎么充电｜线在抽屉，插上就行。")
    assert "合并了" in await room.editing.merge(MODERATOR, f"{gone} 到 {kept}")
    assert "插上就行" in (await room.ask(HERE, "水母灯的电线在哪") or "")
    assert "没有" in await room.open(HERE, gone)
    await room.editing.undo(MODERATOR, str(gone))
    assert "抽屉里" in (await room.ask(HERE, "水母灯的电线在哪") or "")
    async with room.database.read() as connection:
        entry = await entry_by_id(connection, kept)
    assert entry is not None
    assert "水母灯的电线在哪" not in entry.body.asked


async def test_verifying_dates_an_answer(room: Room) -> None:
    number = await published(room, "水母灯怎么充电｜用原来的线。")
    room.clock.ms += 7 * 24 * 3600_000
    assert "2026-12-08 核实过" in await room.editing.verify(MODERATOR, f"{number} 问了店家")
    shown = await room.open(HERE, number)
    assert "来源：问了店家" in shown


async def test_the_seed_overwrites_nothing(room: Room) -> None:
    await room.editing.switch_off(MODERATOR, "1")
    async with room.database.write() as connection:
        assert await load_seed(connection, NOW) == 0
    assert "没有" in await room.open(HERE, 1)


@pytest.mark.parametrize("typed", ["", "只有问题", "｜只有答案", "问" * 201 + "｜答"])
async def test_what_is_no_entry_is_explained(room: Room, typed: str) -> None:
    assert "这样写" in await room.editing.add(MODERATOR, typed)


@pytest.mark.parametrize(
    ("command", "typed"),
    [
        ("edit", ""),
        ("edit", "12"),
        ("edit", "999 答案"),
        ("edit", "2 到期：后天"),
        ("edit", "2 问题：" + "问" * 201),
        ("publish", "一"),
        ("publish", "1"),
        ("merge", "1 到 1"),
        ("merge", "1"),
        ("merge", "1 到 999"),
        ("switch_off", ""),
        ("verify", "999"),
        ("undo", "999"),
        ("history", ""),
        ("fill_gap", "1"),
        ("fill_gap", "1 答案"),
        ("drop_gap", "7"),
        ("switch_unasked", "也许"),
    ],
)
async def test_a_slip_is_told_and_changes_nothing(room: Room, command: str, typed: str) -> None:
    answer = await getattr(room.editing, command)(MODERATOR, typed)
    assert any(word in answer for word in ("这样写", "没有", "编号", "开", "发「待答」")), answer


async def test_nobody_changes_what_is_another_groups(room: Room) -> None:
    number = await published(room, "水母灯怎么充电｜用原来的线。")
    for change in (
        room.editing.edit(OF_THE_OTHER, f"{number} 别的。"),
        room.editing.publish(OF_THE_OTHER, str(number)),
        room.editing.switch_off(OF_THE_OTHER, str(number)),
        room.editing.verify(OF_THE_OTHER, str(number)),
        room.editing.undo(OF_THE_OTHER, str(number)),
        room.editing.history(OF_THE_OTHER, str(number)),
        room.editing.merge(OF_THE_OTHER, f"{number} 到 1"),
    ):
        assert f"没有 {number} 号" in await change
    assert "用原来的线" in await room.open(HERE, number)
