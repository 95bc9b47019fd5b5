"""Who left a group, or never was in it, finds nothing of it: in the chat and in private."""

import pytest

from tests.fakes.payloads import (
    GROUP,
    OTHER_GROUP,
    STRANGER,
    group_message,
    group_notice,
    private_message,
)
from tests.plugins.conftest import QQ
from tests.plugins.test_commands_in_chat import ask, new_member
from tests.plugins.test_search_in_chat import hours_apart


async def test_who_left_or_never_was_there_finds_nothing_in_private(qq: QQ, word: str) -> None:
    leaver = new_member()
    await qq.tell(group_message(word), group_notice("group_increase", "approve", user_id=leaver))
    assert "共 1 条" in (await ask(qq, private_message(f"搜 {word}", user_id=leaver))).text
    await qq.tell(group_notice("group_decrease", "leave", user_id=leaver))
    for nobody in (leaver, STRANGER):
        for typed in (f"搜 {word}", f"搜 群:{GROUP} {word}", f"导出搜索 {word}"):
            answer = await ask(qq, private_message(typed, user_id=nobody))
            assert "没有共同的群" in answer.text, typed


async def test_in_another_group_they_find_nothing_either(qq: QQ, word: str) -> None:
    await qq.tell(group_message(word))
    for typed in (word, f"群:{GROUP} {word}", f"{word} OR 群:{GROUP}"):
        asked = group_message(f"搜 {typed}", user_id=STRANGER, group_id=OTHER_GROUP)
        assert (await ask(qq, asked)).text.startswith("没有找到"), typed


@pytest.mark.parametrize("sub_type", ["leave", "kick"])
async def test_who_left_goes_on_from_no_search_of_before(sub_type: str, qq: QQ, word: str) -> None:
    leaver = new_member()
    await qq.tell(*hours_apart(word), group_notice("group_increase", "approve", user_id=leaver))
    first = await ask(qq, private_message(f"搜 {word}", user_id=leaver))
    number = first.text.split("#")[1].split()[0]
    await qq.tell(group_notice("group_decrease", sub_type, user_id=leaver))
    for typed in ("下一页", "只看图", "按人", "按月", f"上下文 {number}"):
        answer = await ask(qq, private_message(typed, user_id=leaver))
        assert word not in answer.text, typed
        assert "▇" not in answer.text, typed
