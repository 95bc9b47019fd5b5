"""Fields: who said it, where, when, what it carries, whom it answers."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from liudeng.archive import LogWriter, Message
from liudeng.archive.seen_text import add_seen_text
from liudeng.db import Database
from liudeng.search import Calendar, LogSearch, Viewpoint, parse_query
from liudeng.search.log_index import refresh_index
from tests.fakes.archive import index_is_sound, kept, recall_of, store
from tests.fakes.payloads import GROUP, NOW_S, OTHER_GROUP, said, segment, text
from tests.search.spoken import Spoken, manner

DAY_S = 86_400
TODAY = date(2026, 9, 21)  # when NOW_S is
XIAOMAN, ATANG, HEZI = 2_236_067_977, 3_162_277_660, 3_316_624_790
NAMES = {GROUP: "守灯人", OTHER_GROUP: "别的群"}
IMAGE = segment("image", file="a.png", url="https://pictures/a.png", sub_type=0)


@pytest.fixture
def evening() -> list[Message]:
    atang = {"user_id": ATANG, "sender": {"nickname": "阿棠", "card": "阿棠｜值夜"}}
    hezi = {"user_id": HEZI, "sender": {"nickname": "小禾", "card": ""}}
    return [
        said("晚安，一", time=NOW_S - 40 * DAY_S, message_id=1),
        said("晚安，二", time=NOW_S - DAY_S, message_id=2, **atang),
        said([text("晚安，三"), IMAGE], time=NOW_S - 60, message_id=3, **hezi),
        said([IMAGE], time=NOW_S - 50, message_id=4),
        said([segment("image", file="b.gif", sub_type=1)], time=NOW_S - 49, message_id=5),
        said([segment("file", file="信.txt")], time=NOW_S - 48, message_id=6),
        said("热线 https://example.org/help", time=NOW_S - 47, message_id=7),
        said([segment("forward", id="9")], time=NOW_S - 46, message_id=8),
        said([segment("record", file="x.amr")], time=NOW_S - 45, message_id=9),
        said([segment("video", file="x.mp4")], time=NOW_S - 44, message_id=10),
        said([segment("reply", id="2"), text("好，晚安")], time=NOW_S - 43, message_id=11, **hezi),
        said("晚安，别处", time=NOW_S - 42, message_id=12, group_id=OTHER_GROUP),
    ]


@pytest.fixture
async def archived(evening: list[Message], writer: LogWriter) -> None:
    await store(writer, *evening)


async def numbers(
    database: Database, typed: str, *groups: int, asker: int | None = None
) -> list[str]:
    """Return the ids of the messages that are found, in the order of the hits."""
    calendar = Calendar(ZoneInfo("Asia/Shanghai"), TODAY)
    viewpoint = Viewpoint(str(asker) if asker else None, lambda group: NAMES[group])
    page = await LogSearch(database).search(
        parse_query(typed, calendar), groups or (GROUP,), 100, viewpoint=viewpoint
    )
    assert page.total == len(page.hits)
    return [hit.message_id for hit in page.hits]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("from:阿棠", "2"),
        ("发送者：阿棠", "2"),
        ("发送者:@阿棠｜值夜", "2"),
        ("发送者:小禾 晚安", "11 3"),
        ("from:值夜", "2"),
        (f"from:{HEZI}", "11 3"),
        ("from:我 晚安", "1"),
        ("晚安 -from:me", "11 3 2"),
        ("from:没这个人", ""),
        ("(from:阿棠 OR from:小禾) 晚安", "11 3 2"),
        ("有:图", "4 3"),
        ("has:image 晚安", "3"),
        ("有:表情", "5"),
        ("有:文件", "6"),
        ("has:link", "7"),
        ("有:转发", "8"),
        ("有:语音", "9"),
        ("有:视频", "10"),
        ("-有:图 晚安", "11 2 1"),
        ("有:文件 OR 一", "6 1"),
        ("日期:今天 晚安", "11 3"),
        ("日期:昨天", "2"),
        ("on:09-20", "2"),
        ("之前:9月", "1"),
        ("before:昨天 晚安", "1"),
        ("之后:昨天 晚安", "11 3 2"),
        ("after:8月 before:今天", "2 1"),
        ("晚安 -日期:今天", "2 1"),
        ("日期:昨天 OR 有:文件", "6 2"),
        ("-(日期:今天 OR from:阿棠)", "1"),
        ("回复:阿棠", "11"),
        ("回复:我", ""),
        ("回复:阿棠 OR 一", "11 1"),
        ("晚安 -回复:阿棠", "3 2 1"),
        ("晚安 排序:旧", "1 2 3 11"),
        ("群:守灯 有:文件", "6"),
        ("群:别的 晚安", ""),
        ("in:没这个群 晚安", ""),
    ],
)
@pytest.mark.usefixtures("archived")
async def test_a_field_finds(typed: str, expected: str, database: Database) -> None:
    assert " ".join(await numbers(database, typed, asker=XIAOMAN)) == expected


@pytest.mark.usefixtures("archived")
async def test_who_is_meant_by_me_is_who_asks(database: Database) -> None:
    assert await numbers(database, "回复:我", asker=ATANG) == ["11"]
    assert await numbers(database, "from:我", asker=ATANG) == ["2"]
    assert await numbers(database, "from:我") == [], "nobody asks on the command line"


@pytest.mark.usefixtures("archived")
async def test_a_group_is_chosen_among_those_one_may_see(database: Database) -> None:
    assert await numbers(database, "群:别的 晚安", GROUP, OTHER_GROUP) == ["12"]
    assert await numbers(database, f"in:{OTHER_GROUP} 晚安", GROUP, OTHER_GROUP) == ["12"]
    assert await numbers(database, f"in:{OTHER_GROUP} 晚安", GROUP) == []
    assert await numbers(database, f"-in:{GROUP} 晚安", GROUP) == []


@pytest.mark.usefixtures("archived")
async def test_an_index_that_was_rebuilt_finds_the_same(database: Database) -> None:
    queries = ("有:图", "from:阿棠", "has:link", "回复:阿棠", "-有:图 晚安")
    before = [await numbers(database, typed) for typed in queries]
    await refresh_index(database, force=True)
    assert [await numbers(database, typed) for typed in queries] == before


@pytest.mark.usefixtures("archived")
async def test_what_is_recalled_takes_its_facts_along(
    database: Database, writer: LogWriter, evening: list[Message]
) -> None:
    await store(writer, *(recall_of(message) for message in evening[:-1]))
    for typed in ("有:图", "from:阿棠", "has:link", "晚安", "之后:去年"):
        assert await numbers(database, typed) == []
    assert await index_is_sound(database)


async def test_no_name_is_syntax(database: Database, writer: LogWriter) -> None:
    names = ['a"b', "x' OR 1=1 --", "facts:*", "%", "_", "NEAR(", "小 满", "🌙", ":p0"]
    await store(
        writer,
        *(
            said("晚安", user_id=5_000 + at, message_id=at, sender={"nickname": name})
            for at, name in enumerate(names)
        ),
    )
    for at, name in enumerate(names):
        if '"' not in name:
            assert await numbers(database, f'from:"{name}"') == [str(at)]


async def test_a_picture_is_found_by_what_stands_in_it(
    database: Database, writer: LogWriter, zone: ZoneInfo
) -> None:
    await store(writer, said([IMAGE], message_id=1), said("晚安", message_id=2))
    [picture, _] = await kept(database)
    async with database.write() as connection:
        await add_seen_text(connection, picture.id, "别怕\n晚安，小满")
    assert await numbers(database, "有:图 晚安") == ["1"]
    chat = Spoken(database, manner(zone))
    answer = await chat.find((XIAOMAN, GROUP), "有:图 晚安", [GROUP])
    assert answer.splitlines()[2] == "　〔图中〕别怕 【晚安】，小满"


@pytest.mark.usefixtures("archived")
async def test_what_was_not_understood_is_text_and_is_said_so(
    database: Database, zone: ZoneInfo
) -> None:
    chat = Spoken(database, manner(zone, 9))
    answer = await chat.find((XIAOMAN, GROUP), "日期:胡说 晚安 有:图", [GROUP])
    assert "我是这样理解的：含「日期:胡说」、含「晚安」、有图片" in answer
    for understood in ("有:图", "晚安 有:图", "晚安（笑）"):
        assert "理解" not in await chat.find((XIAOMAN, GROUP), understood, [GROUP])
    assert "没有叫「小鬼」的人" in await chat.find((XIAOMAN, GROUP), "from:小鬼", [GROUP])


@pytest.mark.usefixtures("archived")
async def test_a_message_without_a_word_is_shown_as_what_it_is(
    database: Database, zone: ZoneInfo
) -> None:
    chat = Spoken(database, manner(zone, 9))
    answer = await chat.find((XIAOMAN, GROUP), "from:我 日期:2026-09-21", [GROUP])
    shown = [line for line in answer.splitlines() if not line.startswith("#")]
    assert shown[1:4] == ["　[视频]", "　满月：[语音]", "　满月：[合并转发]"]
