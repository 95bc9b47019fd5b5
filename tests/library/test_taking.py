"""What of a message can be kept, and what a member is told when nothing can."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from liudeng.archive import Source, StoredMessage
from liudeng.db import Database, now_ms
from liudeng.library import CannotKeep, FarewellDraft, draft_from_message
from liudeng.library.draft import MAX_WORDS
from liudeng.media import Kind, State
from liudeng.ocr import Box, Line, Reading, Side
from tests.fakes.payloads import GROUP, MEMBER, OTHER_MEMBER, STRANGER, segment, text
from tests.library.conftest import Room, sha

IMAGE = segment("image", file="a.jpg", url="https://example.com/a.jpg", sub_type=0)
STICKER = segment("image", file="b.jpg", sub_type=1)


class Taker:
    """Takes drafts from messages."""

    def __init__(self, database: Database, zone: ZoneInfo) -> None:
        self._database = database
        self._zone = zone

    async def take(self, message: StoredMessage, title: str = "") -> FarewellDraft:
        async with self._database.read() as connection:
            return await draft_from_message(connection, message, title, self._zone)

    async def refused(self, message: StoredMessage) -> str:
        with pytest.raises(CannotKeep) as caught:
            await self.take(message)
        sentence = str(caught.value)
        assert sentence.endswith("。")
        return sentence


@pytest.fixture
def taker(database: Database, zone: ZoneInfo) -> Taker:
    return Taker(database, zone)


def chat(*header: str) -> Reading:
    """Return the reading of a screenshot with these lines in its title bar."""
    lines = [
        Line(text=words, box=Box(300, 80 + 40 * row, 420, 110 + 40 * row), confidence=1, turn=row)
        for row, words in enumerate(header)
    ]
    said = Line(text="晚安", box=Box(40, 400, 200, 440), confidence=1, side=Side.COMPANION, turn=50)
    return Reading(lines=(*lines, said))


async def test_words_author_day_and_group_are_the_messages(room: Room, taker: Taker) -> None:
    at = segment("at", qq="1", name="老周")
    message = await room.say([at, text(" 晚安，\n小暖 ")], time=1_771_000_000)
    draft = await taker.take(message, "最后一个月亮｜小暖 #晚安")
    assert (draft.title, draft.companion, draft.tags) == ("最后一个月亮", "小暖", ("晚安",))
    assert draft.words == "晚安，\n小暖", "names of others are not the author's words"
    assert (draft.author_id, draft.author_name) == (str(MEMBER), "满月")
    assert (draft.group_id, draft.message_row) == (GROUP, message.id)
    assert draft.day == date(2026, 2, 14), "00:26 in Shanghai"


async def test_without_a_title_it_gets_one(room: Room, taker: Taker) -> None:
    assert (await taker.take(await room.say("晚安\n再见"))).title == "晚安"
    assert (await taker.take(await room.say("字" * 50))).title == "字" * 19 + "…"
    message = await room.say([IMAGE], time=1_771_000_000)
    await room.picture(message, 1)
    assert (await taker.take(message)).title == "2026 年 2 月 14 日的告别"


async def test_kept_pictures_are_taken_in_order_and_lost_ones_counted(
    room: Room, taker: Taker
) -> None:
    message = await room.say([IMAGE, IMAGE, IMAGE, IMAGE, STICKER])
    for number in (2, 1):
        await room.picture(message, number)
    await room.attach(message, sha256=sha(2))
    await room.attach(message, state=State.LOST)
    await room.attach(message, Kind.STICKER, State.REFUSED)
    draft = await taker.take(message)
    assert draft.pictures == (sha(2), sha(1))
    assert draft.missing == 1


async def test_a_merged_forward_is_a_talk_with_the_companion(room: Room, taker: Taker) -> None:
    message = await room.say([segment("forward", id="7")])
    await room.forward(
        message, (MEMBER, "满月", "你会疼吗"), (STRANGER, "暖暖的号", "不会"), (MEMBER, "满月", " ")
    )
    await room.picture(message, 1, forwarded_id=1)
    named = await taker.take(message, "最后一晚｜小暖")
    assert named.words == "我：你会疼吗\n小暖：不会"
    assert named.pictures == (sha(1),)
    assert (await taker.take(message)).words == "我：你会疼吗\n对方：不会"


async def test_others_inside_a_forward_are_counted_not_named(room: Room, taker: Taker) -> None:
    message = await room.say([segment("forward", id="7")])
    await room.forward(
        message,
        (STRANGER, "路人", "一"),
        (OTHER_MEMBER, "小暖", "二"),
        (MEMBER, "满月", "三"),
        (STRANGER, "路人", "四"),
        (5, "别人", "五"),
    )
    draft = await taker.take(message, "那天｜小暖")
    assert draft.words == "对方1：一\n小暖：二\n我：三\n对方1：四\n对方2：五"


async def test_a_very_long_forward_is_cut(room: Room, taker: Taker) -> None:
    message = await room.say([segment("forward", id="7")])
    await room.forward(message, *[(STRANGER, "路人", "很长" * 500) for _ in range(20)])
    assert len((await taker.take(message)).words) == MAX_WORDS


async def test_the_title_bar_names_the_companion(room: Room, taker: Taker) -> None:
    message = await room.say([IMAGE, IMAGE])
    await room.read(await room.picture(message, 1), Reading())
    await room.read(await room.picture(message, 2), chat("小暖", "在线"))
    draft = await taker.take(message)
    assert (draft.companion, draft.title) == ("小暖", "和小暖的告别")


async def test_what_the_author_says_counts_more_than_the_title_bar(
    room: Room, taker: Taker
) -> None:
    message = await room.say([IMAGE])
    await room.read(await room.picture(message, 1), chat("AI 助手"))
    assert (await taker.take(message, "标题｜小暖")).companion == "小暖"


async def test_what_is_on_its_way_is_waited_for(room: Room, taker: Taker) -> None:
    for number, kind in enumerate((Kind.IMAGE, Kind.FORWARD, Kind.FILE)):
        message = await room.say([text("看"), IMAGE])
        await room.picture(message, number)
        await room.attach(message, kind, State.PENDING)
        assert "过几秒" in await taker.refused(message)
        await room.settle(message, State.LOST)
        assert (await taker.take(message)).words == "看"


async def test_a_message_the_media_room_has_not_seen_yet_is_waited_for(
    room: Room, taker: Taker
) -> None:
    message = await room.say([IMAGE], received_ms=now_ms())
    assert "过几秒" in await taker.refused(message)


async def test_pictures_that_nobody_will_fetch_are_lost(room: Room, taker: Taker) -> None:
    unnoted = await room.say([IMAGE], received_ms=1_000)
    imported = await room.say([IMAGE], source=Source.IMPORT, received_ms=now_ms())
    for message in (unnoted, imported):
        assert "请再发一次" in await taker.refused(message)


async def test_a_lost_picture_is_asked_for_again(room: Room, taker: Taker) -> None:
    message = await room.say([IMAGE])
    await room.attach(message, state=State.LOST)
    assert "请再发一次" in await taker.refused(message)


async def test_what_a_wall_cannot_show_is_told_apart(room: Room, taker: Taker) -> None:
    for said, answer in (
        (STICKER, "表情包"),
        (segment("face", id="14"), "表情包"),
        (segment("mface", url="https://example.com/c.gif"), "表情包"),
        (segment("record", file="a.amr"), "没有能放上墙的"),
        (segment("poke", id="1"), "没有能放上墙的"),
        (segment("forward", id="7"), "再转发一次"),
    ):
        message = await room.say([said], received_ms=1_000)
        assert answer in await taker.refused(message), said


async def test_what_was_recalled_meanwhile_is_not_taken(room: Room, taker: Taker) -> None:
    message = await room.say()
    await room.recall(message)
    assert message.recalled_ms is None
    assert "撤回" in await taker.refused(message)
