"""ChatLab's exchange format, as a document and as lines."""

from collections.abc import Callable
from typing import Any

import pytest

from liudeng.db import Database
from tests.fakes.archive import found, kept, texts
from tests.fakes.payloads import MEMBER, NOW_MS, OTHER_MEMBER
from tests.importing.conftest import Load
from tests.importing.samples import chatlab_document, chatlab_lines, chatlab_message

Write = Callable[..., str]
both = pytest.mark.parametrize("write", [chatlab_document, chatlab_lines])


@both
async def test_a_group_is_imported(write: Write, load: Load, database: Database) -> None:
    report = await load(
        write(
            chatlab_message("到家了吗", platformMessageId="m1"),
            chatlab_message("到了", 25, platformMessageId="m2", replyToMessageId="m1"),
        )
    )
    question, answer = await kept(database)
    assert (report.inserted, report.refused, report.read) == (2, 0, 2)
    assert (question.message_id, question.user_id) == ("m1", str(MEMBER))
    assert (question.name, question.card, question.time_ms) == ("小满", "满月", NOW_MS)
    assert (answer.text, answer.reply_to) == ("到了", "m1")
    assert await found(database, "到家") == ["到家了吗"]


@both
async def test_names_that_a_message_lacks_come_from_the_members(
    write: Write, load: Load, database: Database
) -> None:
    bare = chatlab_message(sender=str(OTHER_MEMBER))
    del bare["accountName"], bare["groupNickname"]
    await load(write(bare))
    (message,) = await kept(database)
    assert message.display_name == "南风"


@pytest.mark.parametrize(
    ("kind", "content", "segments", "text"),
    [
        (1, "[图片]", ["image"], ""),
        (1, None, ["image"], ""),
        (1, "海边的日落", ["image", "text"], "海边的日落"),
        (2, "[语音]", ["record"], ""),
        (3, None, ["video"], ""),
        (4, "[文件: 名单.pdf]", ["file"], "名单.pdf"),
        (4, "名单.pdf", ["file"], "名单.pdf"),
        (5, "[摸摸]", ["mface"], ""),
        (7, "一篇文章 https://example.org", ["text"], "一篇文章 https://example.org"),
        (99, "别的", ["text"], "别的"),
    ],
)
async def test_what_is_no_words_becomes_a_segment(
    kind: int, content: Any, segments: list[str], text: str, load: Load, database: Database
) -> None:
    await load(chatlab_document(chatlab_message(content, kind)))
    (message,) = await kept(database)
    assert [segment["type"] for segment in message.segments] == segments
    assert message.text == text


async def test_notices_and_recalled_messages_are_left_out(load: Load, database: Database) -> None:
    report = await load(
        chatlab_document(
            chatlab_message("南风加入了群聊", 80),
            chatlab_message("小满撤回了一条消息", 81),
            chatlab_message("[已撤回] 别告诉他们"),
            chatlab_message("留下的"),
        )
    )
    assert (report.read, report.left_out, report.inserted) == (4, 3, 1)
    assert await texts(database) == ["留下的"]


async def test_records_that_are_no_messages_are_refused_by_their_place(
    load: Load, database: Database
) -> None:
    nobody = chatlab_message()
    del nobody["sender"]
    report = await load(
        chatlab_document("text", chatlab_message(None), chatlab_message(["x"]), nobody, 5)
    )
    assert (report.read, report.refused, report.inserted) == (5, 5, 0)
    assert [str(refusal) for refusal in report.examples] == [
        "第 1 条：不是一个 JSON 对象",
        "第 2 条：content 是空的",
        "第 3 条：content 不是文字",
        "第 4 条：没有发送者",
        "第 5 条：不是一个 JSON 对象",
    ]
