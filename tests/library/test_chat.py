"""The farewell wall as members use it: 存档, 改题, 可见, 撤下, 告别墙, 看, 随机一封."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from liudeng.archive import StoredMessage
from liudeng.db import Database
from liudeng.library import (
    Asker,
    Farewell,
    FarewellDesk,
    Standing,
    Visibility,
)
from liudeng.library.entries import entry_where
from liudeng.library.tables import farewells
from liudeng.media import State
from liudeng.ocr import Box, Line, Reading, Side
from liudeng.outbox import Kind, Target
from tests.fakes.payloads import MEMBER, OTHER_GROUP, SELF_ID, segment
from tests.library.conftest import AUTHOR, FRIEND, MODERATOR, OUTSIDER, Room

AUTHOR_IN_PRIVATE = replace(AUTHOR, place_group=None)
FRIEND_IN_PRIVATE = replace(FRIEND, place_group=None)
MODERATOR_IN_PRIVATE = replace(MODERATOR, place_group=None)
NOTHING = Asker("9", frozenset(), None)


async def kept(desk: FarewellDesk, room: Room, label: str = "最后一个月亮｜小暖") -> Farewell:
    """The author keeps something they said."""
    answer = await desk.keep(AUTHOR, await room.say("晚安，小暖"), label)
    assert answer.entry is not None
    return answer.entry


async def entry(room: Room, number: int) -> Farewell:
    async with room.database.read() as connection:
        found = await entry_where(connection, farewells.c.id == number)
    assert found is not None
    return found


async def test_an_author_keeps_what_they_said(desk: FarewellDesk, room: Room) -> None:
    message = await room.say("晚安，小暖")
    answer = await desk.keep(AUTHOR, message, "最后一个月亮｜小暖 #月亮")
    placed = answer.entry
    assert placed is not None
    assert (placed.title, placed.companion, placed.words) == ("最后一个月亮", "小暖", "晚安，小暖")
    assert (placed.message_row, placed.visibility) == (message.id, Visibility.GROUP)
    lines = answer.text.splitlines()
    assert lines[0] == f"存好了，{placed.id} 号，群里的人能看到。"
    for how in ("可见", "改题", "撤下"):
        assert any(line.startswith(f"{how} {placed.id}") for line in lines)
    assert answer.listing == ("《最后一个月亮》\n小暖 · 满月 · 2026-09-21\n晚安，小暖\n#月亮")


async def test_kept_again_it_takes_what_is_new_and_loses_nothing(
    desk: FarewellDesk, room: Room
) -> None:
    message = await room.say("晚安，小暖")
    first = (await desk.keep(AUTHOR, message, "最后一个月亮｜小暖 #月亮")).entry
    assert first is not None
    again = await desk.keep(AUTHOR, message, "新的题目")
    assert again.text.startswith(f"更新好了，{first.id} 号")
    bare = await desk.keep(AUTHOR, message, "")
    assert bare.entry is not None
    assert (bare.entry.id, bare.entry.title) == (first.id, "新的题目")
    assert (bare.entry.companion, bare.entry.tags) == ("小暖", ("月亮",))
    await desk.withdraw(AUTHOR, str(first.id))
    back = await desk.keep(AUTHOR, message, "")
    assert back.text.startswith(f"存好了，{first.id} 号")
    assert back.entry is not None
    assert back.entry.title == "新的题目"


async def test_a_private_entry_kept_again_in_the_group_shows_nothing(
    desk: FarewellDesk, room: Room
) -> None:
    message = await room.say("晚安，小暖")
    await desk.keep(AUTHOR, message, "最后一个月亮")
    await desk.visibility(AUTHOR, "1 私密")
    answer = await desk.keep(AUTHOR, message, "")
    assert (answer.entry, answer.listing) == (None, "")
    assert "最后一个月亮" not in answer.text
    assert "私聊" in answer.text
    retitled = await desk.retitle(AUTHOR, "1 新题")
    assert (retitled.entry, retitled.listing) == (None, "")


async def test_lost_pictures_are_told(desk: FarewellDesk, room: Room) -> None:
    message = await room.say([segment("image", url="https://example.com/1.jpg")])
    await room.picture(message, 1)
    await room.attach(message, state=State.LOST)
    answer = await desk.keep(AUTHOR, message, "标题")
    assert "有 1 张图没能留下" in answer.text
    assert "[1 张图]" in answer.listing


async def test_a_name_read_in_a_picture_is_told(desk: FarewellDesk, room: Room) -> None:
    message = await room.say([segment("image", url="https://example.com/1.jpg")])
    title = Line(text="小暖", box=Box(300, 80, 420, 110), confidence=1, turn=0)
    said = Line(text="晚安", box=Box(40, 400, 200, 440), confidence=1, side=Side.COMPANION, turn=1)
    await room.read(await room.picture(message, 1), Reading(lines=(title, said)))
    answer = await desk.keep(AUTHOR, message, "标题")
    assert "「小暖」是从图上认的" in answer.text
    assert "从图上认的" not in (await desk.keep(AUTHOR, message, "标题｜小暖")).text
    assert "从图上认的" not in (await desk.keep(AUTHOR, message, "新题")).text


async def test_unclear_decisions_are_answered_with_an_example(desk: FarewellDesk) -> None:
    assert "例如：同意存档 12" in (await desk.accept(AUTHOR, "好")).text
    assert "例如：不存 12" in (await desk.decline(AUTHOR, "")).text
    assert "例如：撤下 12" in (await desk.withdraw(AUTHOR, "它")).text


async def test_nothing_to_keep_is_one_sentence(desk: FarewellDesk, room: Room) -> None:
    recalled = await room.recalled(await room.say())
    for asker in (AUTHOR, MODERATOR):
        answer = await desk.keep(asker, recalled, "标题")
        assert answer.text == "这条消息已经撤回了，我就不存它了。"
    assert "存档 和小暖的最后一晚" in (await desk.keep(AUTHOR, None, "标题")).text
    own = await room.say("我是留灯", user_id=SELF_ID)
    assert "我自己说的" in (await desk.keep(MODERATOR, own, "")).text


async def test_only_the_author_may_place(desk: FarewellDesk, room: Room) -> None:
    message = await room.say()
    answer = await desk.keep(FRIEND, message, "标题")
    assert "只有说这句话的人" in answer.text
    elsewhere = await room.say(group_id=OTHER_GROUP)
    assert "请回复那条" in (await desk.keep(AUTHOR, elsewhere, "标题")).text
    assert (await desk.wall(AUTHOR, "")).wall is None
    assert await room.letters() == []


async def propose(desk: FarewellDesk, room: Room) -> StoredMessage:
    message = await room.say("晚安，小暖")
    await desk.keep(MODERATOR, message, "最后一个月亮")
    return message


async def test_a_moderator_asks_the_author_in_private(desk: FarewellDesk, room: Room) -> None:
    message = await room.say("晚安，小暖")
    answer = await desk.keep(MODERATOR, message, "最后一个月亮")
    assert "由作者自己决定" in answer.text
    assert answer.entry is None
    [letter] = await room.letters()
    assert (letter.kind, letter.target, letter.target_id) == (Kind.NOTICE, Target.PRIVATE, MEMBER)
    for told in ("守灯人", "老周", "《最后一个月亮》", "晚安，小暖", "同意存档 1", "不存 1"):
        assert told in letter.text
    assert (await desk.wall(MODERATOR, "")).wall is None


async def test_the_author_accepts(desk: FarewellDesk, room: Room) -> None:
    await propose(desk, room)
    assert "没有等你点头的 1 号" in (await desk.accept(FRIEND, "1")).text
    accepted = await desk.accept(AUTHOR_IN_PRIVATE, "1")
    assert accepted.entry is not None
    assert accepted.entry.state is Standing.KEPT
    assert "谢谢你" in accepted.text
    assert "已经在墙上了" in (await desk.accept(AUTHOR, "1")).text
    assert (await desk.look(FRIEND, "1")).entry is not None


async def test_the_author_declines_and_is_not_asked_again(desk: FarewellDesk, room: Room) -> None:
    message = await propose(desk, room)
    assert "不会再问你" in (await desk.decline(AUTHOR_IN_PRIVATE, "1")).text
    again = await desk.keep(MODERATOR, message, "最后一个月亮")
    assert again.entry is None
    assert len(await room.letters()) == 1
    assert "没有等你点头的" in (await desk.accept(AUTHOR_IN_PRIVATE, "1")).text


async def test_taking_down_a_proposal_is_declining_it(desk: FarewellDesk, room: Room) -> None:
    await propose(desk, room)
    assert "不会再问你" in (await desk.withdraw(AUTHOR_IN_PRIVATE, "1")).text


async def test_a_moderator_cannot_tell_a_private_entry_from_none(
    desk: FarewellDesk, room: Room
) -> None:
    """Kept in private, declined, and not asked yet are one answer."""
    private = await room.say("一")
    await desk.keep(AUTHOR, private, "标题")
    await desk.visibility(AUTHOR, "1 私密")
    answers = {
        (await desk.keep(MODERATOR, message, "标题")).text
        for message in (private, await propose(desk, room), await room.say("三"))
    }
    assert len(answers) == 1
    assert [letter.key for letter in await room.letters()] == ["proposal:2", "proposal:3"]


async def test_what_is_on_the_wall_is_not_proposed(desk: FarewellDesk, room: Room) -> None:
    message = await room.say()
    await desk.keep(AUTHOR, message, "标题")
    assert "已经在墙上了" in (await desk.keep(MODERATOR, message, "标题")).text
    assert await room.letters() == []


async def test_an_imported_author_cannot_be_asked(desk: FarewellDesk, room: Room) -> None:
    message = (await room.say()).model_copy(update={"user_id": "u_abc"})
    assert "找不到作者" in (await desk.keep(MODERATOR, message, "标题")).text


async def test_renaming(desk: FarewellDesk, room: Room) -> None:
    placed = await kept(desk, room)
    answer = await desk.retitle(AUTHOR, f"{placed.id} 新题｜阿尔 #晚安")
    assert answer.entry is not None
    assert (answer.entry.title, answer.entry.companion) == ("新题", "阿尔")
    assert answer.entry.tags == ("晚安",)
    companion_alone = await desk.retitle(AUTHOR, f"#{placed.id} ｜小暖")
    assert companion_alone.entry is not None
    assert (companion_alone.entry.title, companion_alone.entry.companion) == ("新题", "小暖")
    assert companion_alone.entry.tags == ("晚安",)


async def test_unclear_renaming_is_answered_with_an_example(desk: FarewellDesk) -> None:
    for typed in ("", "新题", "12", "12 ", "１２", "12月的月亮"):
        assert "例如：改题 12" in (await desk.retitle(AUTHOR, typed)).text, typed


async def test_who_may_see_it(desk: FarewellDesk, room: Room) -> None:
    await kept(desk, room)
    for typed, visibility in (
        ("1 私密", Visibility.PRIVATE),
        ("1 本群", Visibility.GROUP),
        ("1 公开", Visibility.PUBLIC),
        ("1 群内", Visibility.GROUP),
        ("１公开", Visibility.PUBLIC),
        ("1号 私密", Visibility.PRIVATE),
        ("公开 #1", Visibility.PUBLIC),
    ):
        answer = await desk.visibility(AUTHOR, typed)
        assert (await entry(room, 1)).visibility is visibility, typed
        told = "会先遮住" in answer.text and "原图" in answer.text
        assert told is (visibility is Visibility.PUBLIC)


async def test_unclear_visibility_is_answered_with_an_example(
    desk: FarewellDesk, room: Room
) -> None:
    await kept(desk, room)
    for typed in ("", "1", "公开", "1 大家", "一号 公开"):
        assert "例如：可见 12 本群" in (await desk.visibility(AUTHOR, typed)).text, typed
    assert (await entry(room, 1)).visibility is Visibility.GROUP


async def test_others_change_nothing_and_learn_nothing(desk: FarewellDesk, room: Room) -> None:
    await kept(desk, room)
    for answer in (
        await desk.retitle(FRIEND, "1 抢来的"),
        await desk.visibility(FRIEND, "1 公开"),
        await desk.withdraw(FRIEND, "1"),
        await desk.retitle(MODERATOR, "1 抢来的"),
    ):
        assert answer.text == "1 号是满月的，只有 TA 自己能改。"
    await desk.visibility(AUTHOR, "1 私密")
    asker = MODERATOR_IN_PRIVATE
    answers = {
        answer.text.replace("9", "1")
        for number in (1, 9)
        for answer in (
            await desk.retitle(asker, f"{number} 抢来的"),
            await desk.visibility(asker, f"{number} 公开"),
            await desk.withdraw(asker, f"{number}"),
            await desk.look(asker, f"{number}"),
        )
    }
    assert len(answers) == 1, "hidden or not there at all: one answer"
    assert (await entry(room, 1)).state is Standing.KEPT


async def test_its_author_takes_it_down(desk: FarewellDesk, room: Room) -> None:
    await kept(desk, room)
    answer = await desk.withdraw(AUTHOR_IN_PRIVATE, "1")
    assert answer.text.startswith("1 号撤下了")
    assert await room.letters() == []
    assert (await desk.look(AUTHOR, "1")).entry is None


async def test_a_moderator_takes_it_down_and_the_author_is_told(
    desk: FarewellDesk, room: Room
) -> None:
    await kept(desk, room)
    elsewhere = replace(MODERATOR_IN_PRIVATE, moderated=frozenset({OTHER_GROUP}))
    assert "只有 TA 自己能改" in (await desk.withdraw(elsewhere, "1")).text
    answer = await desk.withdraw(MODERATOR_IN_PRIVATE, "1")
    assert "私下告诉作者" in answer.text
    [letter] = await room.letters()
    assert (letter.target, letter.target_id) == (Target.PRIVATE, MEMBER)
    assert "老周" in letter.text
    assert (await desk.look(AUTHOR_IN_PRIVATE, "1")).entry is None


async def test_the_wall_in_pages_and_by_companion(desk: FarewellDesk, room: Room) -> None:
    for number in range(13):
        await room.place(companion="小暖" if number else "阿 尔", title=f"第{number}封")
    first = await desk.wall(AUTHOR, "")
    assert first.wall is not None
    assert [one.id for one in first.wall.entries] == list(range(13, 1, -1))
    assert "共 13 封，第 1/2 页" in first.text
    assert "「告别墙 2」" in first.text
    assert first.listing.splitlines()[0] == "13 《第12封》小暖 · 2026-02-13"
    second = await desk.wall(AUTHOR, " ２ ")
    assert second.wall is not None
    assert [one.id for one in second.wall.entries] == [1]
    assert "下一页" not in second.text
    for typed in ("小暖", "小暖 1", "1 小暖"):
        mine = await desk.wall(AUTHOR, typed)
        assert mine.wall is not None
        assert (mine.wall.total, mine.wall.companion) == (12, "小暖")
    spaced = await desk.wall(AUTHOR, "阿 尔")
    assert spaced.wall is not None
    assert spaced.wall.total == 1
    assert (await desk.wall(AUTHOR, "小暖 7")).text == "只有 1 页，最后一页：告别墙 小暖 1"
    assert "还没有「小明」" in (await desk.wall(AUTHOR, "小明")).text


async def test_groups_are_named_where_the_wall_has_several(desk: FarewellDesk, room: Room) -> None:
    await room.place()
    await room.place(group_id=OTHER_GROUP)
    assert "（守灯人）" in (await desk.wall(FRIEND_IN_PRIVATE, "")).listing
    assert "守灯人" not in (await desk.wall(FRIEND, "")).listing


async def test_an_empty_wall_says_how_to_begin(desk: FarewellDesk) -> None:
    for answer in (await desk.wall(NOTHING, ""), await desk.random(NOTHING)):
        assert "存档" in answer.text
        assert (answer.wall, answer.entry) == (None, None)


async def test_looking_at_one(desk: FarewellDesk, room: Room) -> None:
    await kept(desk, room)
    others = await desk.look(FRIEND, "#1")
    assert others.entry is not None
    assert "来自满月" in others.text
    assert "撤下 1" in (await desk.look(AUTHOR, "1")).text
    assert (await desk.random(FRIEND)).entry == others.entry
    assert "没有你能看的 1 号" in (await desk.look(OUTSIDER, "1")).text
    for typed in ("", "小暖", "1.5", "9" * 30):
        assert "例如：看 12" in (await desk.look(AUTHOR_IN_PRIVATE, typed)).text


async def test_a_private_entry_is_shown_to_its_author_in_private_alone(
    desk: FarewellDesk, room: Room
) -> None:
    await kept(desk, room)
    await desk.visibility(AUTHOR, "1 私密")
    assert (await desk.look(AUTHOR_IN_PRIVATE, "1")).entry is not None
    for viewer in (AUTHOR, FRIEND, FRIEND_IN_PRIVATE, MODERATOR_IN_PRIVATE):
        assert (await desk.look(viewer, "1")).entry is None
        assert (await desk.random(viewer)).entry is None


async def test_what_is_recalled_is_gone_at_once(
    desk: FarewellDesk, room: Room, database: Database
) -> None:
    message = await room.say()
    await desk.keep(AUTHOR, message, "标题")
    await room.recall(message)
    assert (await desk.wall(AUTHOR_IN_PRIVATE, "")).wall is None
    assert (await desk.random(AUTHOR_IN_PRIVATE)).entry is None
    for answer in (
        await desk.look(AUTHOR_IN_PRIVATE, "1"),
        await desk.visibility(AUTHOR_IN_PRIVATE, "1 公开"),
        await desk.retitle(AUTHOR_IN_PRIVATE, "1 新题"),
        await desk.withdraw(AUTHOR_IN_PRIVATE, "1"),
    ):
        assert "没有你能看的 1 号" in answer.text


async def test_covered_copies_do_not_outlive_their_being_public(
    database: Database, zone: ZoneInfo, room: Room
) -> None:
    hidden: list[str] = []
    desk = FarewellDesk(database, zone, str, on_hidden=hidden.append)
    message = await room.say([segment("image", file="a.jpg", url="", sub_type=0)])
    sha256 = await room.picture(message, 7)
    placed = (await desk.keep(AUTHOR, message, "一张图")).entry
    assert placed is not None
    await desk.visibility(AUTHOR, f"{placed.id} 公开")
    assert hidden == []
    await desk.visibility(AUTHOR, f"{placed.id} 本群")
    assert hidden == [sha256]
    await desk.withdraw(AUTHOR, str(placed.id))
    assert hidden == [sha256] * 2


async def test_the_same_picture_twice_is_pointed_out(desk: FarewellDesk, room: Room) -> None:
    first = await room.say([segment("image", file="a.jpg", url="", sub_type=0)])
    sha256 = await room.picture(first, 7)
    kept_first = (await desk.keep(AUTHOR, first, "一张图")).entry
    assert kept_first is not None
    again = await room.say([segment("image", file="a.jpg", url="", sub_type=0)])
    await room.attach(again, sha256=sha256)
    answer = await desk.keep(AUTHOR, again, "又一遍")
    assert f"墙上的 {kept_first.id} 号像是同一张图" in answer.text
