"""Merged forwards are opened, kept with their container, and have an end."""

from typing import Any

import pytest

from liudeng.media import ForwardedMessage, State, forwarded_in, images_of
from liudeng.media.budget import Hourly
from liudeng.outbox import Refused
from liudeng.search import LogSearch, parse_query
from tests.fakes.archive import kept
from tests.fakes.payloads import GROUP, segment, text
from tests.fakes.waiting import until
from tests.media.conftest import Room, image
from tests.media.pictures import png
from tests.media.server import FileServer


def node(message: Any, name: str = "千鹤", **fields: Any) -> dict[str, Any]:
    """Return a message inside a forward, as NapCat shows it."""
    return {
        "user_id": 30001,
        "time": 1_731_415_740,
        "sender": {"user_id": 30001, "nickname": name, "card": ""},
        "message": [text(message)] if isinstance(message, str) else message,
        "group_id": 284840486,
        **fields,
    }


def inside(*nodes: dict[str, Any], number: str = "7") -> dict[str, Any]:
    """Return a forward segment that brings its content along."""
    return segment("forward", id=number, content=list(nodes))


async def opened(room: Room, *segments: dict[str, Any]) -> list[ForwardedMessage]:
    await room.receive(*segments)
    await room.settled()
    container = (await kept(room.database))[-1].id
    async with room.database.read() as connection:
        found = await forwarded_in(connection, container)
    assert all(entry.container_row == container for entry in found)
    return found


async def test_a_forward_is_asked_for_and_kept(room: Room) -> None:
    room.gateway.next("get_forward_msg", {"messages": [node("晚安"), node("好梦", "小满")]})
    found = await opened(room, segment("forward", id="7483086758390235084"))
    assert [(entry.name, entry.text, entry.depth) for entry in found] == [
        ("千鹤", "晚安", 1),
        ("小满", "好梦", 1),
    ]
    assert found[0].time_ms == 1_731_415_740_000
    assert room.gateway.calls[0].parameters["id"] == "7483086758390235084"


@pytest.mark.parametrize(
    "answer",
    [
        {"message": [segment("node", user_id="1", nickname="千鹤", content=[text("晚安")])]},
        [segment("node", uin="1", name="千鹤", content="晚安")],
        {"content": [node([text("晚安")])]},
    ],
)
async def test_every_shape_of_answer_is_read(room: Room, answer: Any) -> None:
    room.gateway.next("get_forward_msg", answer)
    [entry] = await opened(room, segment("forward", id="7"))
    assert (entry.name, entry.text) == ("千鹤", "晚安")


async def test_pictures_inside_are_fetched_for_the_container(
    room: Room, server: FileServer
) -> None:
    carried = image(server.serve("/a", png()))
    room.gateway.next("get_forward_msg", {"messages": [node("看"), node([carried])]})
    [_, shown] = await opened(room, segment("forward", id="7"))
    [message] = await kept(room.database)
    async with room.database.read() as connection:
        [attachment] = (await images_of(connection, [message.id]))[message.id]
    assert (attachment.state, attachment.forwarded_id) == (State.STORED, shown.id)


async def test_nested_content_is_read_in_order(room: Room) -> None:
    deep = inside(node("里面"), number="8")
    found = await opened(room, inside(node("前"), node([deep]), node("后")))
    assert [(entry.depth, entry.text) for entry in found] == [
        (1, "前"),
        (1, ""),
        (2, "里面"),
        (1, "后"),
    ]
    assert found[1].segments == (segment("forward", id="8"),)
    assert room.gateway.calls == []


async def test_a_nested_forward_that_is_refused_leaves_the_rest(room: Room) -> None:
    outer = [node([segment("forward", id="8")]), node("后")]
    room.gateway.next("get_forward_msg", {"messages": outer}, Refused(1200, "no such id"))
    assert len(await opened(room, segment("forward", id="7"))) == 2


async def test_depth_has_an_end(room: Room, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    layered = inside(node("底"))
    for _ in range(8):
        layered = inside(node([layered]))
    room.gateway.next("get_forward_msg", {"messages": layered["data"]["content"]})
    found = await opened(room, segment("forward", id="7"))
    assert [entry.depth for entry in found] == [1, 2, 3]
    assert len(caplog.records) == 1


async def test_what_the_archive_found_too_deep_is_asked_for_by_message(room: Room) -> None:
    layered = inside(node("底"))
    for _ in range(8):
        layered = inside(node([layered]))
    room.gateway.next("get_forward_msg", {"messages": [node("晚安")]})
    message = await room.receive(layered)
    await room.settled()
    assert room.gateway.calls[0].parameters["id"] == message.message_id


async def test_a_forward_that_holds_itself_is_opened_once(room: Room) -> None:
    itself = {"messages": [node([segment("forward", id="7")])]}
    room.gateway.next("get_forward_msg", itself, itself, itself)
    assert len(await opened(room, segment("forward", id="7"))) == 1
    assert len(room.gateway.calls) == 1


async def test_what_comes_back_empty_is_asked_for_so_often_only(room: Room) -> None:
    within = [segment("forward", id=str(number)) for number in range(100, 400)]
    room.gateway.next("get_forward_msg", {"messages": [node(within), node("后")]})
    found = await opened(room, segment("forward", id="7"))
    assert [entry.text for entry in found][-1] == "后"
    assert len(room.gateway.calls) == room.limits.forward_asks


async def test_beyond_an_hours_worth_a_forward_waits(room: Room) -> None:
    room.fetcher._forwards = Hourly(2)
    for number in range(3):
        room.gateway.next("get_forward_msg", {"messages": [node("晚安")]})
        await room.receive(segment("forward", id=str(number)))

    async def two_are_kept() -> bool:
        states = [one.state for one in await room.attachments()]
        return states.count(State.STORED) == 2 and len(states) == 3

    await until(two_are_kept, "two are kept")
    [waits] = [one for one in await room.attachments() if one.state is State.PENDING]
    assert waits.attempts == 0, "it is no fault of its own"
    assert len(room.gateway.calls) == 2


def test_an_hours_worth_comes_back_by_and_by() -> None:
    now = 0.0
    hourly = Hourly(60, lambda: now)
    assert [hourly.take() for _ in range(61)] == [True] * 60 + [False]
    now = 61.0
    assert (hourly.take(), hourly.take()) == (True, False)


async def test_length_has_an_end(room: Room, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    many = {"messages": [node(f"第{number}句") for number in range(2_000)]}
    room.gateway.next("get_forward_msg", many)
    found = await opened(room, segment("forward", id="7"))
    assert len(found) == room.limits.forward_nodes
    assert len(caplog.records) == 1


async def test_malformed_nodes_are_passed_over(room: Room) -> None:
    junk: list[Any] = [None, 3, "x", [], {}, {"message": 7}, segment("node", content=None)]
    room.gateway.next("get_forward_msg", {"messages": [*junk, node("好的")]})
    assert [entry.text for entry in await opened(room, segment("forward", id="7"))] == ["好的"]


async def test_a_forward_nobody_has_is_lost(room: Room, caplog: pytest.LogCaptureFixture) -> None:
    room.gateway.next("get_forward_msg", Refused(1200, "消息不存在或已过期"))
    assert await opened(room, segment("forward", id="7")) == []
    assert (await room.attachments())[0].state is State.LOST
    assert len(caplog.records) == 1


async def test_a_forward_waits_for_the_account(room: Room) -> None:
    room.gateway.connected = False
    await room.receive(segment("forward", id="7"))
    room.gateway.next("get_forward_msg", {"messages": [node("晚安")]})
    room.gateway.connected = True
    await until(lambda: bool(room.gateway.calls), "the forward was asked for")
    assert (await room.settled())[0].state is State.STORED


async def test_search_finds_the_forward_by_the_words_inside(room: Room) -> None:
    await opened(room, inside(node("灯塔里还有一把热着的椅子"), node("好梦", "小满")))
    search = LogSearch(room.database)
    for words in ("热着的椅子", "好梦"):
        page = await search.search(parse_query(words), {GROUP}, 5)
        assert page.total == 1
        assert page.hits[0].id == (await kept(room.database))[-1].id
