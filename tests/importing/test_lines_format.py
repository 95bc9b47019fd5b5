"""Liudeng's own JSON Lines."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liudeng.archive import Source
from liudeng.db import Database
from liudeng.importing import import_file
from liudeng.search import LogSearch
from liudeng.search.query import Query, Word
from liudeng.text import phrase_tokens
from tests.fakes.archive import found, kept, texts
from tests.fakes.payloads import GROUP, MEMBER, NOW_MS, NOW_S
from tests.importing.conftest import Load
from tests.importing.samples import lines, own


async def test_a_record_becomes_a_message(load: Load, database: Database) -> None:
    report = await load(lines(own("今晚的月亮很好", id=42, mood="calm")))
    (message,) = await kept(database)
    assert (message.group_id, message.message_id, message.user_id) == (GROUP, "42", str(MEMBER))
    assert (message.name, message.text, message.time_ms) == ("小满", "今晚的月亮很好", NOW_MS)
    assert message.source is Source.IMPORT
    assert await found(database, "月亮") == ["今晚的月亮很好"]
    assert (report.read, report.inserted, report.refused) == (1, 1, 0)
    assert report.format_name == "留灯 JSON Lines"
    assert report.complete


@pytest.mark.parametrize(
    "time",
    [
        NOW_S,
        NOW_S * 1000,
        float(NOW_S),
        str(NOW_S),
        f"{NOW_S}.0",
        f"{NOW_S}000",
        datetime.fromtimestamp(NOW_S, UTC).isoformat(),
        datetime.fromtimestamp(NOW_S, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        datetime.fromtimestamp(NOW_S, ZoneInfo("America/Lima")).isoformat(),
        datetime.fromtimestamp(NOW_S, ZoneInfo("Asia/Shanghai")).strftime("%Y-%m-%dT%H:%M:%S"),
        datetime.fromtimestamp(NOW_S, ZoneInfo("Asia/Shanghai")).strftime("%Y-%m-%d %H:%M:%S"),
        datetime.fromtimestamp(NOW_S, ZoneInfo("Asia/Shanghai")).strftime("%Y/%m/%d %H:%M:%S"),
    ],
)
async def test_a_time_may_be_written_in_many_ways(
    time: Any, load: Load, database: Database
) -> None:
    await load(lines(own(time=time)))
    (message,) = await kept(database)
    assert message.time_ms == NOW_MS


async def test_a_time_without_a_zone_is_one_of_the_zone_that_is_given(
    database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(lines(own(time="2024-07-01 12:00:00")), "utf-8")
    await import_file(database, path, GROUP, lambda _: None, ZoneInfo("Asia/Tokyo"))
    (message,) = await kept(database)
    assert message.time_ms == datetime(2024, 7, 1, 3, tzinfo=UTC).timestamp() * 1000


async def test_name_and_id_may_be_missing_and_ids_may_be_text_or_numbers(
    load: Load, database: Database
) -> None:
    report = await load(
        lines(own("甲", name=None), own("乙", id="a-1", user="u_abc"), own("丙", id=7.0))
    )
    first, second, third = await kept(database)
    assert report.inserted == 3
    assert first.name == ""
    assert first.message_id.startswith("import-")
    assert (second.message_id, second.user_id) == ("a-1", "u_abc")
    assert third.message_id == "7"


async def test_messages_of_one_second_keep_the_order_of_the_file(
    load: Load, database: Database
) -> None:
    said = [f"第{number}句" for number in range(300)]
    await load(lines(*(own(text) for text in said)))
    assert await found(database, "句") == said[::-1]
    assert await texts(database) == said


async def test_the_same_word_twice_in_a_second_is_two_messages(
    load: Load, database: Database
) -> None:
    content = lines(own("哈"), own("哈"), own("哈", user=7))
    await load(content)
    again = await load(content)
    assert await texts(database) == ["哈", "哈", "哈"]
    assert (again.inserted, again.duplicates) == (0, 3)


async def test_odd_texts_are_kept_as_the_ear_keeps_them(load: Load, database: Database) -> None:
    long = "很长" * 80_000
    report = await load(
        lines(own("a\0b"), own(long), own("", id=9), own("👩‍👩‍👧 走", id=10))
        + '{"user": 1, "time": 1790000000, "text": "破\\ud83d字"}\n'
    )
    assert report.inserted == 5
    assert await texts(database) == ["ab", long[:100_000], "", "👩‍👩‍👧 走", "破字"]


@settings(max_examples=40)
@given(
    said=st.lists(
        st.tuples(
            st.integers(1, 2**40),
            st.integers(NOW_S - 100_000_000, NOW_S - 1),
            st.text(max_size=40),
        ),
        max_size=12,
    )
)
async def test_what_is_imported_is_found_by_every_part_of_it(
    said: list[tuple[int, int, str]], tmp_path_factory: pytest.TempPathFactory, migrated_file: Path
) -> None:
    folder = tmp_path_factory.mktemp("round-trip")
    shutil.copyfile(migrated_file, folder / "archive.sqlite3")
    path = folder / "a.jsonl"
    records = [own("开头"), *(own(text, user=user, time=time) for user, time, text in said)]
    path.write_text(lines(*records), "utf-8", newline="")
    database = Database(folder / "archive.sqlite3")
    try:
        report = await import_file(database, path, GROUP, lambda _: None)
        assert (report.inserted, report.refused) == (len(records), 0)
        for _, _, text in said:
            kept_text = text.replace("\0", "")
            part = kept_text[len(kept_text) // 3 :][:20]
            if phrase_tokens(part):
                assert kept_text in await _found_exactly(database, part)
    finally:
        await database.close()


async def _found_exactly(database: Database, part: str) -> list[str]:
    page = await LogSearch(database).search(Query((Word(part),)), (GROUP,), limit=100)
    return [hit.text for hit in page.hits]
