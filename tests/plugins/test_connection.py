"""The connection: malformed frames, notices, what is learned, what is asked."""

from typing import Any

import pytest
from async_asgi_testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.archive import found
from tests.fakes.implementation import MEMBERS
from tests.fakes.payloads import (
    ADMIN,
    GROUP,
    MEMBER,
    OWNER,
    SELF_ID,
    STAFF_GROUP,
    STRANGER,
    group_message,
    group_notice,
    group_recall,
    private_message,
)
from tests.fakes.waiting import until
from tests.plugins.conftest import QQ

NEW_GROUP = 639_000_111

FRAMES = {
    "no JSON": "这不是 JSON",
    "half of it": '{"post_type": "message", "mess',
    "empty": "",
    "a list": "[1, 2]",
    "a number": "42",
    "null": "null",
    "nothing in it": "{}",
    "nested deeply": "[" * 200_000,
    "a number without end": '{"time": ' + "9" * 5_000 + "}",
    "an answer nobody waits for": '{"status": "ok", "retcode": 0, "echo": "99999"}',
    "an echo nobody can count": '{"status": "ok", "echo": "' + "9" * 5_000 + '"}',
    "an echo in other digits": '{"status": "ok", "echo": "²"}',
    "an odd type": '{"post_type": ["message"]}',
    "a message of nothing": '{"post_type": "message"}',
    "a time that is none": '{"post_type": "meta_event", "time": NaN, "self_id": 1}',
    "an endless time": '{"post_type": "notice", "time": -Infinity, "self_id": 1}',
    "ids in words": '{"post_type": "message", "message_type": "private", "user_id": "甲"}',
    "a lone surrogate": '{"post_type": "message", "message_type": "group", "message": "\\ud800"}',
}


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES.keys())
async def test_a_malformed_frame_does_not_end_the_connection(frame: str, qq: QQ) -> None:
    await qq.implementation.session.send_text(frame)
    assert len(await qq.tell(group_message("帮助"))) == 1


async def test_nor_does_a_frame_of_bytes(qq: QQ) -> None:
    await qq.implementation.session.send_bytes(b"\xff\xfe\x00")
    assert len(await qq.tell(group_message("帮助"))) == 1


async def test_an_answer_that_comes_twice_is_taken_once(qq: QQ) -> None:
    implementation = qq.implementation
    twice = {"status": "ok", "retcode": 0, "data": {"message_id": 5}}
    implementation.answers["send_group_msg"].append(twice)
    await qq.tell(group_message("帮助"))
    await implementation.tell(*({**twice, "echo": str(echo)} for echo in range(60)))
    assert len(await qq.tell(group_message("帮助"))) == 1


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)
event_types = st.fixed_dictionaries(
    {"post_type": st.sampled_from(["message", "notice", "request", "meta_event", "message_sent"])},
    optional={
        field: anything | st.sampled_from(["group", "private", "group_recall", "text"])
        for field in ("message_type", "notice_type", "sub_type", "message", "time", "self_id")
    },
)


@pytest.mark.usefixtures("client")
@given(anything | event_types)
async def test_any_json_is_an_event_or_nothing(payload: Any) -> None:
    from plugins.recorder import ListeningAdapter

    ListeningAdapter.json_to_event(payload)


async def test_a_second_connection_of_the_account_is_turned_away(
    client: TestClient, qq: QQ
) -> None:
    second = client.websocket_connect("/onebot/v11/ws", headers={"x-self-id": str(SELF_ID)})
    with pytest.raises(AssertionError):
        await second.connect()
    assert len(await qq.tell(group_message("帮助"))) == 1


async def test_a_recall_reaches_the_archive(qq: QQ, word: str) -> None:
    payload = group_message(word)
    await qq.tell(payload)
    assert await found(qq.house.database, word) == [word]
    await qq.tell(group_recall(payload["message_id"], time=payload["time"]))
    assert await found(qq.house.database, word) == []
    (answer,) = await qq.tell(group_message(f"搜 {word}"))
    assert "没有找到" in answer.text


async def test_the_bot_s_own_words_are_not_archived(qq: QQ, word: str) -> None:
    await qq.tell(group_message(word, post_type="message_sent", user_id=SELF_ID))
    assert await found(qq.house.database, word) == []


async def test_who_joins_and_leaves_and_moderates_is_kept_current(qq: QQ) -> None:
    roster = qq.house.roster
    await qq.tell(group_notice("group_increase", "approve", user_id=STRANGER))
    assert roster.groups_of(STRANGER) == [GROUP]
    await qq.tell(group_notice("group_admin", "set", user_id=STRANGER))
    assert roster.moderators(GROUP) == {OWNER, ADMIN, STRANGER}
    await qq.tell(group_notice("group_admin", "unset", user_id=STRANGER))
    assert roster.moderators(GROUP) == {OWNER, ADMIN}
    await qq.tell(group_notice("group_decrease", "leave", user_id=STRANGER))
    assert roster.groups_of(STRANGER) == []


async def test_a_new_friend_can_be_written_to(qq: QQ) -> None:
    notice = {"post_type": "notice", "notice_type": "friend_add", "time": 1, "self_id": SELF_ID}
    await qq.tell({**notice, "user_id": STRANGER}, {**notice, "user_id": SELF_ID})
    assert qq.house.roster.is_friend(STRANGER)
    assert not qq.house.roster.is_friend(SELF_ID)


async def test_a_group_that_the_bot_joins_is_learned_at_once(qq: QQ) -> None:
    qq.implementation.groups[NEW_GROUP] = "新来的群"
    qq.implementation.members[NEW_GROUP] = {OWNER: "owner", SELF_ID: "member"}
    await qq.tell(group_notice("group_increase", "invite", group_id=NEW_GROUP, user_id=SELF_ID))
    await until(lambda: qq.house.roster.group_name(NEW_GROUP) == "新来的群")
    await until(lambda: qq.house.settled)
    assert ADMIN in qq.house.roster.moderators(GROUP)


async def test_what_it_asks_when_it_connects(qq: QQ) -> None:
    asked = [(call.action, call.parameters.get("group_id")) for call in qq.implementation.calls]
    assert asked[:2] == [("get_friend_list", None), ("get_group_list", None)]
    groups = [group_id for group_id in MEMBERS if qq.house.settings.archives(group_id)]
    groups.insert(0, STAFF_GROUP)  # first: no alert goes there before it is known who reads along
    assert asked[2 : 2 + len(groups)] == [("get_group_member_list", g) for g in groups]
    assert {action for action, _ in asked[2 + len(groups) :]} == {"get_group_msg_history"}


async def test_an_ordinary_message_costs_no_matcher(
    qq: QQ, word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nonebot.adapters.onebot.v11 import Bot

    handled: list[Any] = []
    handle_event = Bot.handle_event

    async def counted(bot: Bot, event: Any) -> None:
        handled.append(event)
        await handle_event(bot, event)

    monkeypatch.setattr(Bot, "handle_event", counted)
    await qq.tell(*(group_message(f"{word}{number}") for number in range(20)))
    assert handled == []
    await qq.tell(group_message("帮助"))
    assert len(handled) == 1


async def test_health_tells_counts_and_nothing_that_was_said(
    client: TestClient, qq: QQ, word: str
) -> None:
    await qq.tell(group_message(word), group_message(message_id=None), private_message("帮助"))
    response = await client.get("/health")
    health = response.json()
    assert response.status_code == 200
    assert (health["ok"], health["connected"], health["settled"]) == (True, True, True)
    assert health["trouble"] == ""
    assert health["stored"] >= 1
    assert health["refused"] >= 1
    assert health["readers"]["watch"] == 0
    assert health["durable_ms"]["p50"] > 0
    for private in (word, str(MEMBER), str(SELF_ID), str(GROUP)):
        assert private not in response.text


async def test_health_tells_of_a_reader_that_is_held_up(
    client: TestClient, qq: QQ, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(qq.house.readers[0], "trouble", "磁盘满了：请清出空间。")
    health = (await client.get("/health")).json()
    assert (health["ok"], health["trouble"]) == (False, "磁盘满了：请清出空间。")


async def test_health_without_a_connection(client: TestClient) -> None:
    health = (await client.get("/health")).json()
    assert (health["ok"], health["connected"]) == (False, False)
