"""Every message is in the log once, whatever repeats, and none is taken for another."""

import random
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liudeng.archive import LogWriter, Message, Source
from liudeng.archive.store import store_batch
from liudeng.db import Database
from tests.fakes.archive import found, kept, store, texts
from tests.fakes.payloads import GROUP, NOW_MS, NOW_S, OTHER_GROUP, said


async def test_an_event_that_repeats_is_no_second_message(
    writer: LogWriter, database: Database
) -> None:
    message = said("晚安")
    await store(writer, message, message)
    await store(writer, message)
    assert await texts(database) == ["晚安"]
    assert await found(database, "晚安") == ["晚安"]
    assert (writer.status.stored, writer.status.duplicates) == (1, 2)


async def test_people_say_the_same_thing_twice_in_a_second(
    writer: LogWriter, database: Database
) -> None:
    await store(writer, said("哈"), said("哈"))
    assert await texts(database) == ["哈", "哈"]


@pytest.mark.parametrize(
    "other",
    [
        {"real_seq": "12"},
        {"time": NOW_S + 1},
        {"group_id": OTHER_GROUP},
        {"self_id": 1},
    ],
)
async def test_a_collision_of_ids_loses_no_message(
    other: dict[str, Any], writer: LogWriter, database: Database
) -> None:
    fields: dict[str, Any] = {"message_id": 7, "real_seq": "11", "time": NOW_S}
    await store(writer, said("第一句", **fields), said("第二句", **{**fields, **other}))
    assert await texts(database) == ["第一句", "第二句"]


@pytest.mark.parametrize("numbers", [("12", None), (None, "12"), ("12", "12"), (None, None)])
async def test_an_event_and_its_history_are_one_message_even_if_one_lacks_the_number(
    numbers: tuple[str | None, str | None], writer: LogWriter, database: Database
) -> None:
    for number in numbers:
        await store(writer, said(message_id=7, real_seq=number, message_seq=None))
    assert len(await kept(database)) == 1


@pytest.mark.parametrize("together", [True, False])
async def test_an_event_without_a_time_that_repeats_is_no_second_message(
    together: bool, writer: LogWriter, database: Database
) -> None:
    """Each time it is given the time of receipt, which is another."""
    fields: dict[str, Any] = {"message_id": 7, "real_seq": "11", "time": None}
    repeated = [said(received_ms=NOW_MS + after, **fields) for after in (0, 5_000)]
    told = said(**{**fields, "time": NOW_S - 60, "real_seq": "12"})
    untold = said(**{**fields, "real_seq": "12"})
    entries = [*repeated, told, untold]
    for batch in [entries] if together else [[entry] for entry in entries]:
        await store(writer, *batch)
    assert [message.time_ms for message in await kept(database)] == [NOW_MS, NOW_MS - 60_000]


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("told_first", [True, False])
async def test_an_event_without_a_time_and_its_history_are_one_message(
    together: bool, told_first: bool, writer: LogWriter, database: Database
) -> None:
    fields: dict[str, Any] = {"message_id": 7, "real_seq": "11"}
    entries = [
        said(time=None, received_ms=NOW_MS + 1_234, **fields),
        said(time=NOW_S - 60, received_ms=NOW_MS + 9_876, **fields),
    ]
    entries = entries[::-1] if told_first else entries
    for batch in [entries] if together else [[entry] for entry in entries]:
        await store(writer, *batch)
    assert len(await kept(database)) == 1


async def test_the_id_may_come_as_number_or_as_text(writer: LogWriter, database: Database) -> None:
    await store(writer, said(message_id=-17, real_seq="12"), said(message_id="-17", real_seq="12"))
    assert len(await kept(database)) == 1


async def test_within_a_second_the_group_s_own_order_holds(
    writer: LogWriter, database: Database
) -> None:
    spoken = [said(f"第{number}句", real_seq=str(900 + number)) for number in range(30)]
    random.Random(7).shuffle(spoken)
    await store(writer, *spoken)
    assert await found(database, "句") == [f"第{number}句" for number in range(29, -1, -1)]


async def test_two_groups_may_share_a_number_in_one_second(
    writer: LogWriter, database: Database
) -> None:
    one = [said(f"甲{n}", real_seq=str(50 + n), group_id=GROUP) for n in range(5)]
    other = [said(f"乙{n}", real_seq=str(50 + n), group_id=OTHER_GROUP) for n in range(5)]
    await store(writer, *one)
    await store(writer, *other)
    stored = await kept(database)
    assert len({message.id for message in stored}) == len({m.seq for m in stored}) == 10


async def test_an_import_knows_each_of_two_groups_messages_again(
    writer: LogWriter, database: Database
) -> None:
    """Both have the same number and moment, so in the log one has the id that both wished for."""
    groups = (GROUP, OTHER_GROUP)
    heard = [said("晚安", real_seq="50", group_id=group_id) for group_id in groups]
    exported = [
        said("晚安", real_seq="50", group_id=group_id, message_id=70 + at, source=Source.IMPORT)
        for at, group_id in enumerate(groups)
    ]
    await store(writer, *heard)
    await store(writer, *exported)
    assert len(await kept(database)) == 2


async def test_what_comes_late_stands_where_it_was_said(
    writer: LogWriter, database: Database
) -> None:
    await store(writer, said("后来的话", time=NOW_S))
    await store(writer, said("先前的话", time=NOW_S - 3600))
    assert await texts(database) == ["后来的话", "先前的话"]
    assert await found(database, "的话") == ["后来的话", "先前的话"]


async def test_everything_about_a_message_comes_back(writer: LogWriter, database: Database) -> None:
    sender = {"nickname": "小满", "card": "满月", "role": "admin"}
    message = said(
        [
            {"type": "reply", "data": {"id": "5"}},
            {"type": "image", "data": {"url": "https://x/?a=1", "n": [1, {"b": None}]}},
            {"type": "text", "data": {"text": "看"}},
        ],
        sender=sender,
    )
    await store(writer, message)
    (row,) = await kept(database)
    shared = set(Message.model_fields) & set(type(row).model_fields)
    assert {field: getattr(row, field) for field in shared} == {
        field: getattr(message, field) for field in shared
    }


async def test_a_long_text_and_emoji_survive_the_round_trip(
    writer: LogWriter, database: Database
) -> None:
    long = "👨‍👩‍👧\u200b晚安" * 12_000 + "最后"
    await store(writer, said(long))
    assert await texts(database) == [long[:100_000]]


_new_groups = count(1)
deliveries = st.lists(
    st.tuples(st.sampled_from("甲乙丙"), st.integers(1, 4), st.integers(0, 2)), max_size=25
)


@settings(max_examples=40)
@given(deliveries, st.integers(1, 6))
async def test_any_order_and_repetition_gives_the_same_log(
    database: Database, delivered: list[tuple[str, int, int]], batch: int
) -> None:
    """(text, message id, second): the same triple is the same message."""
    group_id = next(_new_groups)
    incoming = [
        said(
            text, message_id=number, time=NOW_S + second, real_seq=str(ord(text)), group_id=group_id
        )
        for text, number, second in delivered
    ]
    for start in range(0, len(incoming), batch):
        async with database.write() as connection:
            await store_batch(connection, incoming[start : start + batch])
    stored = [message for message in await kept(database) if message.group_id == group_id]
    assert sorted((m.text, int(m.message_id), m.time_ms // 1000 - NOW_S) for m in stored) == sorted(
        set(delivered)
    )
