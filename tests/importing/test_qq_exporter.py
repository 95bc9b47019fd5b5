"""The JSON of qq-chat-exporter, versions 4 and 5, and the lines of its chunks."""

from typing import Any

import pytest

from liudeng.archive import LogWriter, Source
from liudeng.db import Database
from tests.fakes.archive import found, kept, store, texts
from tests.fakes.payloads import MEMBER, NOW_MS, NOW_S, said
from tests.importing.conftest import Load
from tests.importing.samples import UID, element, flattened, lines, qq_document, qq_message


async def test_a_document_is_imported(load: Load, database: Database) -> None:
    report = await load(qq_document(qq_message("今晚的月亮很好")))
    (message,) = await kept(database)
    assert (report.inserted, report.format_name) == (1, "qq-chat-exporter")
    assert (message.message_id, message.user_id) == ("7600672345327336312", str(MEMBER))
    assert (message.name, message.card, message.time_ms) == ("小满", "满月", NOW_MS)
    assert await found(database, "月亮") == ["今晚的月亮很好"]


async def test_a_chunk_is_imported(load: Load, database: Database) -> None:
    report = await load(lines(qq_message("一", id="1", seq="1"), qq_message("二", id="2", seq="2")))
    assert report.format_name == "qq-chat-exporter"
    assert await texts(database) == ["一", "二"]


async def test_version_4_is_imported(load: Load, database: Database) -> None:
    message = {
        "messageId": "7299",
        "timestamp": "2022-10-29T06:42:53.000Z",
        "sender": {"uid": UID, "name": "满月"},
        "messageType": 2,
        "isSystemMessage": False,
        "isRecalled": False,
        "content": {"text": "旧版本", "resources": []},
        "rawMessage": {"senderUin": str(MEMBER), "sendNickName": "小满", "sendMemberName": "满月"},
    }
    await load(qq_document(message, {**message, "isRecalled": True}))
    (kept_one,) = await kept(database)
    assert (kept_one.message_id, kept_one.user_id, kept_one.text) == ("7299", str(MEMBER), "旧版本")
    assert (kept_one.name, kept_one.card) == ("小满", "满月")
    assert kept_one.time_ms == 1_667_025_773_000


async def test_messages_of_one_second_are_ordered_by_the_groups_own_number(
    load: Load, database: Database
) -> None:
    numbered = [qq_message(f"第{seq}句", id=str(1_000 - seq), seq=str(seq)) for seq in (12, 10, 11)]
    await load(qq_document(*numbered))
    assert await found(database, "句") == ["第12句", "第11句", "第10句"]


async def test_what_was_recalled_and_what_nobody_said_is_left_out(
    load: Load, database: Database
) -> None:
    report = await load(
        qq_document(qq_message("别看", recalled=True), qq_message("入群", system=True))
    )
    assert (report.read, report.left_out) == (2, 2)
    assert await texts(database) == []


async def test_elements_in_their_order_become_segments(load: Load, database: Database) -> None:
    message = qq_message(
        "[回复消息]@南风 看 [图片:a.jpg][文件:名单.pdf]",
        element("reply", messageId="0", referencedMessageId="76001", content="什么"),
        element("at", uid="u_x", uin="331707298", name="南风"),
        element("text", text=" 看 "),
        element("image", filename="a.jpg", size=10, url="https://example.org/a"),
        element("file", filename="名单.pdf", size=9000),
        element("face", id="178", name="/微笑"),
        element("audio", filename="v.silk", duration=5),
        element("calendar", summary="开会"),
    )
    await load(qq_document(message))
    (stored,) = await kept(database)
    assert [segment["type"] for segment in stored.segments] == [
        *("reply", "at", "text", "image", "file", "face", "record", "calendar")
    ]
    assert stored.reply_to == "76001"
    assert stored.text == "@南风  看 名单.pdf"
    assert stored.segments[3]["data"]["url"] == "https://example.org/a"


@pytest.mark.parametrize(
    ("content", "kinds", "text"),
    [
        (
            flattened("看[图片: a.jpg]好看吗", element("image", filename="a.jpg")),
            ["text", "image", "text"],
            "看好看吗",
        ),
        (
            flattened("[图片: a.jpg]", element("image", filename="a.jpg")),
            ["image"],
            "",
        ),
        (
            flattened(
                "@南风 早[[微笑]]", element("at", name="南风"), element("face", name="[微笑]")
            ),
            ["at", "text", "face"],
            "@南风  早",
        ),
        (
            flattened(
                "[回复 南风: 几点]\n八点",
                element("reply", messageId="9", senderName="南风", content="几点"),
            ),
            ["reply", "text"],
            "八点",
        ),
        (
            flattened("[回复 某人: 几点]\n八点", element("reply", messageId="9", content="")),
            ["reply", "text"],
            "八点",
        ),
        (flattened("[语音 7秒]", element("audio", filename="v.silk")), ["record"], ""),
        (flattened("[文件: 表.xlsx]", element("file", filename="表.xlsx")), ["file"], "表.xlsx"),
        (
            flattened("[CQ:image,file=a.jpg]好看&#91;吗", element("image", filename="a.jpg")),
            ["image", "text"],
            "好看[吗",
        ),
    ],
)
async def test_flattened_elements_go_back_to_where_they_were(
    content: tuple[Any, ...], kinds: list[str], text: str, load: Load, database: Database
) -> None:
    await load(qq_document(qq_message(*content)))
    (stored,) = await kept(database)
    assert [segment["type"] for segment in stored.segments] == kinds
    assert stored.text == text


async def test_a_forwarded_conversation_keeps_what_is_in_it(load: Load, database: Database) -> None:
    inner = {
        "id": "5",
        "timestamp": NOW_MS,
        "sender": {"uid": UID, "name": "南风"},
        "content": {"text": "里面的话", "elements": [element("text", text="里面的话")]},
    }
    await load(
        qq_document(
            qq_message(
                "[转发消息: 1条]", element("forward", resId="r", title="记录", messages=[inner])
            )
        )
    )
    (stored,) = await kept(database)
    (forward,) = stored.segments
    (node,) = forward["data"]["content"]
    assert (node["sender"]["nickname"], node["time"], node["user_id"]) == ("南风", NOW_S, UID)
    assert node["message"] == [{"type": "text", "data": {"text": "里面的话"}}]


async def test_what_the_bot_heard_itself_is_not_imported_once_more(
    load: Load, writer: LogWriter, database: Database
) -> None:
    await store(writer, said("一起听见的", real_seq="790"))
    report = await load(
        qq_document(qq_message("一起听见的", seq="790"), qq_message("之前的", id="8", seq="789"))
    )
    assert (report.inserted, report.duplicates) == (1, 1)
    assert await texts(database) == ["一起听见的", "之前的"]


async def test_a_history_that_was_imported_is_not_backfilled_once_more(
    load: Load, writer: LogWriter, database: Database
) -> None:
    await load(qq_document(qq_message("早就导入的", seq="790")))
    await store(
        writer,
        said("早就导入的", real_seq="790").model_copy(update={"source": Source.HISTORY}),
        said("新的", real_seq="791").model_copy(update={"source": Source.HISTORY}),
    )
    assert await texts(database) == ["早就导入的", "新的"]


async def test_malformed_elements_do_no_harm(load: Load, database: Database) -> None:
    message = qq_message(
        "x",
        None,
        {"type": 5},
        element("text", text=None),
        element("reply"),
        element("forward", messages=[None, {"content": {"elements": 3}}]),
        element("image", filename=5, url="file:///etc/passwd"),
        {"type": "face", "data": "x"},
    )
    broken = {**qq_message(id="2"), "content": "text"}
    report = await load(qq_document(message, broken, {"sender": None}))
    (stored,) = await kept(database)
    assert [segment["type"] for segment in stored.segments] == ["text", "forward", "image", "face"]
    assert "url" not in stored.segments[2]["data"]
    assert [str(refusal) for refusal in report.examples] == [
        "第 2 条：没有 content",
        "第 3 条：没有 sender",
    ]


@pytest.mark.parametrize(
    ("part", "segment", "text"),
    [
        (
            element("at", uid="all", name="全体成员"),
            {"type": "at", "data": {"qq": "all"}},
            "@全体成员 ",
        ),
        (
            element("market_face", name="[害羞]"),
            {"type": "mface", "data": {"summary": "[害羞]"}},
            "",
        ),
        (
            element("video", filename="v.mp4", size=20),
            {"type": "video", "data": {"file": "v.mp4", "file_size": "20"}},
            "",
        ),
        (
            element("json", content='{"prompt": "一张卡片"}'),
            {"type": "json", "data": {"data": '{"prompt": "一张卡片"}'}},
            "一张卡片",
        ),
        (
            element("markdown", content="**标题**"),
            {"type": "markdown", "data": {"content": "**标题**"}},
            "**标题**",
        ),
    ],
)
async def test_other_elements(
    part: Any, segment: Any, text: str, load: Load, database: Database
) -> None:
    await load(qq_document(qq_message("[占位]", part)))
    (stored,) = await kept(database)
    assert stored.segments == (segment,)
    assert stored.text == text


async def test_marks_that_are_not_there_and_marks_that_stand_twice(
    load: Load, database: Database
) -> None:
    content = flattened(
        "[视频: v.mp4][文件: 表.xlsx]走[[再见]][[再见]]",
        element("video", filename="v.mp4"),
        element("file", filename="表.xlsx"),
        element("image", filename="lost.jpg"),
        element("at", name="没写出来的人"),
        element("face", name="[再见]"),
        element("face", name="[再见]"),
        element("reply", referencedMessageId="5"),
        element("system", text="x"),
    )
    await load(qq_document(qq_message(*content)))
    (stored,) = await kept(database)
    kinds = [segment["type"] for segment in stored.segments]
    assert kinds == ["reply", "video", "file", "text", "face", "face", "image"]
    assert stored.text == "表.xlsx走"


@pytest.mark.parametrize("number", ["1e999999999", "1e99999999999999999999", "-1.5", "9" * 5_000])
async def test_numbers_beyond_all_bounds_do_no_harm(
    number: str, load: Load, database: Database
) -> None:
    content = qq_document(
        *(qq_message(f"第{n}句", id=str(n), seq=str(n)) for n in (1, 2)),
        qq_message("怪", element("image", size=7_777)),
    )
    await load(content.replace('"790"', number).replace("7777", number))
    assert (await texts(database))[:2] == ["第1句", "第2句"]
