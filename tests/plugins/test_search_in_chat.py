"""What goes on from a search: quoting an answer, mentions, charts, the way to a message."""

from typing import Any

import pytest

from liudeng.pictures import PictureUnavailable
from tests.fakes.payloads import (
    GROUP,
    MEMBER,
    NOW_S,
    OWNER,
    SELF_ID,
    group_message,
    private_message,
    segment,
    text,
)
from tests.plugins.conftest import QQ
from tests.plugins.test_commands_in_chat import ask


def hours_apart(word: str, count: int = 3) -> list[dict[str, Any]]:
    """Return messages with a word, each an hour before the one before it."""
    return [group_message(f"{word}，{n}", time=NOW_S - 3_600 * n) for n in range(count)]


def quoting(answer: str, user_id: int, typed: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a message that quotes one of the bot's, and what `get_msg` says of that one."""
    quoted = {
        "time": NOW_S,
        "message_type": "group",
        "message_id": 70_000,
        "real_id": 70_000,
        "sender": {"user_id": user_id, "nickname": "留灯"},
        "message": [text(answer)],
    }
    asked = group_message([segment("reply", id="70000"), text(typed)], user_id=OWNER)
    return asked, {"status": "ok", "retcode": 0, "data": quoted}


async def test_an_answer_is_gone_on_from_by_whoever_quotes_it(qq: QQ, word: str) -> None:
    await qq.tell(*hours_apart(word))
    first = await ask(qq, group_message(f"搜 {word}"))
    asked, known = quoting(first.text, SELF_ID, "下一页")
    qq.implementation.answers["get_msg"].append(known)
    assert "第 3–3 条" in (await ask(qq, asked)).text


async def test_what_somebody_else_said_is_no_answer_of_the_bot(qq: QQ, word: str) -> None:
    await qq.tell(*hours_apart(word))
    first = await ask(qq, group_message(f"搜 {word}"))
    asked, known = quoting(first.text, MEMBER, "下一页")
    qq.implementation.answers["get_msg"].append(known)
    assert "没有可以往下翻" in (await ask(qq, asked)).text


async def test_a_mention_chooses_whose_messages(qq: QQ, word: str) -> None:
    await qq.tell(group_message(word), group_message(word, user_id=OWNER, time=NOW_S - 9_999))
    mention = segment("at", qq=str(OWNER))
    for typed in (
        [text("搜 发送者:"), mention, text(f" {word}")],
        [text(f"搜 {word} "), mention],
    ):
        assert "共 1 条" in (await ask(qq, group_message(typed))).text


async def test_a_search_is_counted_and_narrowed(qq: QQ, word: str) -> None:
    picture = segment("image", file="a.png", url="https://pictures.invalid/a.png")
    await qq.tell(*hours_apart(word), group_message([text(word), picture], time=NOW_S - 99_999))
    await ask(qq, group_message(f"搜 {word}"))
    assert "满月　▇" in (await ask(qq, group_message("按人"))).text
    assert "2026-09　▇" in (await ask(qq, group_message("按月"))).text
    assert "共 1 条" in (await ask(qq, group_message("只看图"))).text


async def test_the_context_of_a_message_quotes_it_where_it_was_said(qq: QQ, word: str) -> None:
    said = group_message(word)
    await qq.tell(said)
    number = (await ask(qq, group_message(f"搜 {word}"))).text.split("#")[1].split()[0]
    here = await ask(qq, group_message(f"上下文 {number}"))
    assert here.parameters["group_id"] == GROUP
    assert here.parameters["message"][0]["data"]["id"] == str(said["message_id"])
    private = await ask(qq, private_message(f"上下文 {number}"))
    assert [part["type"] for part in private.parameters["message"]] == ["text"]


async def test_an_export_goes_to_the_private_chat(qq: QQ, word: str) -> None:
    await qq.tell(*hours_apart(word))
    answer = await ask(qq, group_message(f"导出搜索 {word} 格式:json"))
    assert "已经私聊发给你" in answer.text
    uploads = [c for c in qq.implementation.calls if c.action == "upload_private_file"]
    assert [call.parameters["user_id"] for call in uploads] == [MEMBER]
    assert set(uploads[0].parameters) == {"user_id", "file", "name"}


async def many_said(qq: QQ, word: str) -> None:
    """Let three people say a word."""
    crowd = [group_message(word, user_id=70_000 + n, time=NOW_S - 9_000 * n) for n in range(3)]
    for message in crowd:
        message["sender"] = {"user_id": message["user_id"], "nickname": str(message["user_id"])}
    await qq.tell(*crowd)


async def test_a_chart_is_drawn_below_its_title(qq: QQ, word: str) -> None:
    await many_said(qq, word)
    await ask(qq, group_message(f"搜 {word}"))
    chart = await ask(qq, group_message("按人"))
    kinds = [part["type"] for part in chart.parameters["message"]]
    assert kinds == ["reply", "text", "image"]
    assert chart.text == f"「{word}」按人（3 条）：\n"


async def test_where_nothing_can_be_drawn_a_chart_is_words(
    qq: QQ, word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def cannot(*_: object) -> bytes:
        raise PictureUnavailable("no process")

    monkeypatch.setattr(qq.house.studio, "draw", cannot)
    await many_said(qq, word)
    await ask(qq, group_message(f"搜 {word}"))
    chart = await ask(qq, group_message("按人"))
    assert chart.text.count("▇") == 36
    assert chart.text.startswith(f"「{word}」按人（3 条）：\n")


async def test_pictures_can_be_turned_off(
    qq: QQ, word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    quiet = qq.house.settings.model_copy(update={"search_cards": False})
    monkeypatch.setattr(qq.house, "settings", quiet)
    await many_said(qq, word)
    await ask(qq, group_message(f"搜 {word}"))
    assert "▇" in (await ask(qq, group_message("按人"))).text
