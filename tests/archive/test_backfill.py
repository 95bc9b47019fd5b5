"""Backfill: what was said while nobody listened, as far as history leads."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from liudeng.archive import (
    Backfill,
    BackfillLimits,
    Ear,
    LogWriter,
    PageRequest,
    Source,
    count_gaps,
    last_seq,
    open_known_gaps,
)
from liudeng.archive.backfill import OVERLAP
from liudeng.archive.tables import gaps, groups
from liudeng.commands import CommandTable
from liudeng.db import Database
from tests.fakes.archive import kept, texts
from tests.fakes.payloads import GROUP, NOW_S, OTHER_GROUP, SELF_ID, group_message

PAGE = 10


class History:
    """A chat as the implementation remembers it, paged like NapCat does."""

    def __init__(self) -> None:
        self.chats: dict[int, list[dict[str, Any]]] = {}
        self.fails_at: int | None = None
        self.asked: list[PageRequest] = []

    def say(self, words: str, second: int, **fields: Any) -> dict[str, Any]:
        """Say something; the event is returned, for who is listening."""
        payload = group_message(words, time=NOW_S + second, **fields)
        self.chats.setdefault(payload["group_id"], []).append(payload)
        return payload

    async def page(self, request: PageRequest) -> list[dict[str, Any]]:
        """Return a page: the newest, or what leads up to the oldest message so far."""
        self.asked.append(request)
        if self.fails_at == len(self.asked):
            raise ConnectionError("gone in the middle")
        chat = self.chats.get(request.group_id, [])
        end = len(chat)
        if request.oldest is not None:
            seq = request.parameters()["message_seq"]
            end = [entry["message_seq"] for entry in chat].index(seq) + 1
        return chat[max(0, end - request.count) : end]


@pytest.fixture
def history() -> History:
    return History()


@pytest.fixture
def ear(writer: LogWriter) -> Ear:
    return Ear(writer, CommandTable(), lambda _: True)


@pytest.fixture
def backfill(database: Database, ear: Ear, history: History) -> Callable[..., Backfill]:
    def build(**limits: int) -> Backfill:
        sized = BackfillLimits(**{"page_size": PAGE, "most_pages": 20, "first_pages": 2, **limits})
        return Backfill(database, ear, history.page, sized)

    return build


Build = Callable[..., Backfill]


async def mark(database: Database) -> int:
    async with database.read() as connection:
        return await last_seq(connection)


async def gap_rows(database: Database) -> list[tuple[int, str, int]]:
    async with database.read() as connection:
        rows = await connection.execute(
            select(gaps.c.mark_seq, gaps.c.state, gaps.c.recovered).order_by(gaps.c.id)
        )
        return [tuple(row) for row in rows]


async def listen(ear: Ear, *payloads: dict[str, Any]) -> None:
    for payload in payloads:
        ear.hear(payload)
    await ear.writer.drain()


@pytest.fixture
async def settled(ear: Ear, history: History, backfill: Build, database: Database) -> None:
    """A group that the bot has met and whose talk it has followed."""
    ear.connected_at_ms = (NOW_S - 1_000) * 1000
    await backfill().run({GROUP: "守灯人"}, 0)
    await listen(ear, *(history.say(f"听到{number}", number) for number in range(OVERLAP + 5)))


async def test_history_of_a_new_group_is_taken_over_as_history(
    ear: Ear, history: History, backfill: Build, database: Database
) -> None:
    for number in range(50):
        history.say(f"往事{number}", number)
    ear.connected_at_ms = (NOW_S + 45) * 1000
    assert await backfill().run({GROUP: "守灯人"}, 0) == 2 * PAGE - 1
    stored = await kept(database)
    assert [m.text for m in stored if m.source is Source.BACKFILL] == [
        f"往事{number}" for number in range(45, 50)
    ], "what is said while the bot settles in is no history"
    assert {m.text for m in stored if m.source is Source.HISTORY} == {
        f"往事{number}" for number in range(31, 45)
    }
    assert await gap_rows(database) == [(0, "closed", 2 * PAGE - 1)]


async def test_history_stays_history_when_the_first_attempt_breaks_off(
    ear: Ear, history: History, backfill: Build, database: Database
) -> None:
    """What was said before the bot came is over: nobody is alerted about it later."""
    for number in range(50):
        history.say(f"往事{number}", number)
    ear.connected_at_ms = (NOW_S + 60) * 1000
    history.fails_at = 1
    await backfill().run({GROUP: "守灯人"}, 0)
    history.fails_at = None
    history.say("断线时说的", 100)
    ear.connected_at_ms = (NOW_S + 200) * 1000
    await backfill().run({GROUP: "守灯人"}, 0)
    sources = {m.text: m.source for m in await kept(database)}
    assert sources.pop("断线时说的") is Source.BACKFILL
    assert len(sources) == 2 * PAGE - 2
    assert set(sources.values()) == {Source.HISTORY}
    assert [row[1] for row in await gap_rows(database)] == ["closed"]


async def test_no_history_is_taken_over_if_none_is_wanted(
    ear: Ear, history: History, backfill: Build, database: Database
) -> None:
    history.say("往事", 0)
    history.say("刚刚", 90)
    ear.connected_at_ms = (NOW_S + 60) * 1000
    await backfill(first_pages=0).run({GROUP: ""}, 0)
    assert await texts(database) == ["刚刚"]
    for number in range(2 * PAGE):
        history.say(f"错过{number}", 100 + number)
    assert await backfill(first_pages=0).run({GROUP: ""}, 1) == 2 * PAGE
    assert "往事" not in await texts(database)


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("missed", [1, PAGE - 1, PAGE, 3 * PAGE + 4])
async def test_a_gap_is_closed_and_nothing_is_stored_twice(
    missed: int, ear: Ear, history: History, backfill: Build, database: Database
) -> None:
    before = await mark(database)
    for number in range(missed):
        history.say(f"错过{number}", 100 + number)
    await listen(ear, *(history.say(f"回来{number}", 900 + number) for number in range(3)))
    assert await backfill().run({GROUP: "守灯人"}, before) == missed
    stored = await kept(database)
    assert Counter(m.text for m in stored) == Counter(
        entry["message"][0]["data"]["text"] for entry in history.chats[GROUP]
    )
    assert {m.source for m in stored if m.text.startswith("错过")} == {Source.BACKFILL}
    assert await gap_rows(database) == [(0, "closed", 0), (before, "closed", missed)]


@pytest.mark.usefixtures("settled")
async def test_what_came_in_since_the_connection_does_not_count_as_overlap(
    ear: Ear, history: History, backfill: Build, database: Database
) -> None:
    before = await mark(database)
    history.say("错过", 100)
    await listen(ear, *(history.say("回来", 900 + number) for number in range(OVERLAP * 2)))
    assert await backfill().run({GROUP: "守灯人"}, before) == 1
    assert "错过" in await texts(database)


@pytest.mark.usefixtures("settled")
async def test_a_gap_that_could_not_be_walked_stays_open_and_keeps_its_mark(
    ear: Ear,
    history: History,
    backfill: Build,
    database: Database,
    caplog: pytest.LogCaptureFixture,
) -> None:
    before = await mark(database)
    for number in range(6 * PAGE):
        history.say(f"错过{number}", 100 + number)
    history.fails_at = len(history.asked) + 4
    await backfill().run({GROUP: "守灯人"}, before)
    await ear.writer.drain()
    assert (await gap_rows(database))[-1] == (before, "open", 0)
    assert "下次连接再试" in caplog.text
    history.fails_at = None
    later = await mark(database)
    assert later - before > OVERLAP, "with the later mark the hole would seem closed"
    await backfill().run({GROUP: "守灯人"}, later)
    assert (await gap_rows(database))[1:] == [(before, "closed", 6 * PAGE - (later - before))]
    assert {f"错过{number}" for number in range(6 * PAGE)} <= set(await texts(database))


@pytest.mark.usefixtures("settled")
async def test_a_silence_that_was_noted_when_it_began_is_measured_from_there(
    ear: Ear, history: History, backfill: Build, database: Database
) -> None:
    before = await mark(database)
    async with database.write() as connection:
        await open_known_gaps(connection, before)
        await open_known_gaps(connection, before + 1)
    history.say("错过", 100)
    await listen(ear, *(history.say("回来", 900 + number) for number in range(OVERLAP * 2)))
    assert await backfill().run({GROUP: "守灯人"}, await mark(database)) == 1
    assert (await gap_rows(database))[1:] == [(before, "closed", 1)]


async def test_of_groups_nobody_has_met_no_silence_is_noted(database: Database) -> None:
    async with database.write() as connection:
        await open_known_gaps(connection, 0)
    assert await gap_rows(database) == []


@pytest.mark.usefixtures("settled")
async def test_a_history_that_does_not_lead_back_is_recorded_as_a_gap(
    history: History, backfill: Build, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    before = await mark(database)
    history.chats[GROUP] = []  # the implementation forgot
    history.say("断线之后", 900)
    await backfill().run({GROUP: "守灯人"}, before)
    assert "断线之后" in await texts(database)
    assert (await gap_rows(database))[-1] == (before, "unclosed", 1)
    assert "缺口" in caplog.text
    async with database.read() as connection:
        assert await count_gaps(connection) == {"closed": 1, "unclosed": 1}


async def test_a_history_with_its_numbers_as_text_is_walked_as_far(
    ear: Ear, history: History, backfill: Build, database: Database
) -> None:
    ear.connected_at_ms = (NOW_S - 1_000) * 1000
    await backfill().run({GROUP: "守灯人"}, 0)
    await listen(ear, *(history.say(f"听到{number}", number) for number in range(OVERLAP + 5)))
    before = await mark(database)
    for number in range(4 * PAGE):
        history.say(f"错过{number}", 1_000 + number)
    for entry in history.chats[GROUP]:
        entry["time"] = str(entry["time"])
    assert await backfill().run({GROUP: "守灯人"}, before) == 4 * PAGE


@pytest.mark.usefixtures("settled")
async def test_it_goes_back_only_so_far(
    history: History, backfill: Build, database: Database
) -> None:
    before = await mark(database)
    for number in range(9 * PAGE):
        history.say(f"错过{number}", 100 + number)
    asked = len(history.asked)
    await backfill(most_pages=3).run({GROUP: "守灯人"}, before)
    assert len(history.asked) == asked + 3
    assert (await gap_rows(database))[-1][1] == "unclosed"


async def test_an_implementation_that_repeats_its_page_is_asked_twice_at_most(
    ear: Ear, database: Database, history: History
) -> None:
    history.say("只有这一句", 0)
    asked = 0

    async def same_page(_request: PageRequest) -> list[dict[str, Any]]:
        nonlocal asked
        asked += 1
        return history.chats[GROUP]

    await Backfill(database, ear, same_page, BackfillLimits()).run({GROUP: ""}, 0)
    assert asked == 2
    assert await texts(database) == ["只有这一句"]


@pytest.mark.usefixtures("settled")
async def test_a_quiet_group_has_no_gap(
    history: History, backfill: Build, database: Database
) -> None:
    assert await backfill().run({GROUP: "守灯人"}, await mark(database)) == 0
    assert (await gap_rows(database))[-1][1:] == ("closed", 0)


async def test_what_is_no_message_in_a_page_stops_nobody(
    ear: Ear, database: Database, history: History
) -> None:
    good = [history.say("好的", 1), history.say("也好", 2, group_id=284840486)]
    del good[1]["group_id"]
    odd: list[Any] = [
        None,
        "消息",
        {},
        {"time": 10**400, "message": []},
        group_message("没有号码", message_id=None),
        group_message("坏时间", time=10**400),
        group_message("深", real_seq=[[[]]], time=float("nan")),
        group_message("自己说的", user_id=SELF_ID),
    ]
    pages = [[*odd, *good], []]

    async def page(_request: PageRequest) -> list[dict[str, Any]]:
        return pages.pop(0)

    await Backfill(database, ear, page, BackfillLimits()).run({GROUP: ""}, 0)
    stored = await kept(database)
    assert {m.text for m in stored} == {"好的", "也好", "坏时间", "深"}
    assert {m.group_id for m in stored} == {GROUP}
    assert (await gap_rows(database))[0][1] == "closed"


async def test_one_group_s_trouble_is_not_another_s(
    history: History, backfill: Build, database: Database
) -> None:
    history.say("这边", 0)
    history.say("那边", 0, group_id=OTHER_GROUP)
    history.fails_at = 1
    await backfill().run({GROUP: "", OTHER_GROUP: ""}, 0)
    assert await texts(database) == ["那边"]
    assert [row[1] for row in await gap_rows(database)] == ["open", "closed"]


async def test_a_group_that_was_renamed_keeps_its_day(backfill: Build, database: Database) -> None:
    async def known() -> list[tuple[str, int]]:
        async with database.read() as connection:
            query = select(groups.c.name, groups.c.first_seen_ms)
            return [tuple(row) for row in await connection.execute(query)]

    await backfill().run({GROUP: "旧名"}, 0)
    ((_, first_seen),) = await known()
    await backfill().run({GROUP: "新名"}, 0)
    assert await known() == [("新名", first_seen)]


@pytest.mark.parametrize(
    ("oldest", "parameters"),
    [
        (None, {}),
        (
            {"message_id": 7, "message_seq": 7, "real_seq": "900"},
            {"message_seq": 7, "message_id": 7},
        ),
        ({"message_id": 7, "message_seq": 900}, {"message_seq": 900, "message_id": 7}),
        ({"message_id": 7}, {"message_seq": 7, "message_id": 7}),
    ],
    ids=["newest", "napcat", "llonebot and go-cqhttp", "lagrange"],
)
def test_a_page_is_asked_for_in_each_implementation_s_terms(
    oldest: dict[str, Any] | None, parameters: dict[str, Any]
) -> None:
    assert PageRequest(GROUP, 20, oldest).parameters() == {
        "group_id": GROUP,
        "count": 20,
        "reverse_order": True,
        **parameters,
    }
