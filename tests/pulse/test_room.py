"""氛围: what may be shown, of how many people, and in words where nothing can be drawn."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pytest
from PIL import Image

from liudeng.db import Database
from liudeng.pictures import Studio, Theme, render_pulse
from liudeng.pulse import Mood, Pulse
from liudeng.pulse.chart import Span, shown
from liudeng.pulse.hours import HOUR_MS
from liudeng.pulse.ledger import Count, begin_flood, keep_hour
from liudeng.roster import Roster
from tests.desk.conftest import SHANGHAI
from tests.fakes.payloads import GROUP, OTHER_GROUP

NOON = int(datetime(2026, 2, 14, 12, tzinfo=SHANGHAI).timestamp() * 1000)


@pytest.fixture
def roster() -> Roster:
    known = Roster({})
    known.set_groups({GROUP: "四月的灯", OTHER_GROUP: "别的群"})
    return known


@pytest.fixture
def pulse(database: Database, roster: Roster) -> Pulse:
    return Pulse(database, roster, Studio(), SHANGHAI, clock=lambda: NOON + 1000)


async def count(database: Database, hour_ms: int, speakers: int, voices: Mapping[str, int]) -> None:
    rows = [("all", speakers * 3, speakers)]
    rows += [(mood, heard, heard) for mood, heard in voices.items()]
    async with database.write() as connection:
        await keep_hour(connection, (GROUP, hour_ms), rows)


def of_hours(*hours: tuple[int, int, int]) -> list[Count]:
    """Counts of (hour, speakers, angry speakers)."""
    found = []
    for hour, speakers, angry in hours:
        found.append(Count(hour * HOUR_MS, "all", speakers, speakers))
        found.append(Count(hour * HOUR_MS, "anger", angry, angry))
    return found


def test_nothing_is_shown_of_few_people() -> None:
    seen = shown(of_hours((0, 4, 4), (1, 5, 2), (2, 5, 3), (3, 40, 1)), Span(0, 5, 1))
    assert seen.values[Mood.ANGER] == (None, 0, 3, 0, None)


def test_a_columns_height_is_its_busiest_hour() -> None:
    seen = shown(of_hours((0, 20, 7), (1, 20, 9), (2, 3, 3), (6, 30, 4)), Span(0, 2, 6))
    assert seen.values[Mood.ANGER] == (9, 4)


async def test_a_day_is_told_in_words_and_drawn(pulse: Pulse, database: Database) -> None:
    await count(database, NOON - 2 * HOUR_MS, 30, {"sadness": 12, "anger": 4})
    await count(database, NOON, 30, {"anger": 9, "love": 2})

    answer = await pulse.show([GROUP], "")

    assert "悲伤：最多 12 人 · 10 点" in answer.text
    assert "愤怒：最多 9 人 · 12 点" in answer.text
    assert "爱和温暖：没有听到" in answer.text, "two people are too few"
    assert answer.card is not None
    assert len(answer.card.rows[0].values) == 24
    assert answer.card.rows[0].values[-3:] == (12, None, 0)


@pytest.mark.parametrize("typed", ["7天", "四月的灯 7天", f"{GROUP} 7d", "四月 一周"])
async def test_a_week_has_columns_of_six_hours(
    pulse: Pulse, database: Database, typed: str
) -> None:
    await count(database, NOON - 50 * HOUR_MS, 30, {"hope": 6})
    answer = await pulse.show([GROUP, OTHER_GROUP] if typed != "7天" else [GROUP], typed)
    assert answer.card is not None
    assert len(answer.card.rows[0].values) == 28
    assert "希望：最多 6 人 · 02-12 06 点" in answer.text


async def test_a_flood_stands_below_the_chart(pulse: Pulse, database: Database) -> None:
    await count(database, NOON, 30, {"anger": 9})
    async with database.write() as connection:
        await begin_flood(connection, GROUP, Mood.ANGER, NOON - 60_000)
    answer = await pulse.show([GROUP], "")
    assert "愤怒涌了上来，还没退" in answer.text


async def test_a_silent_group_shows_when_it_last_spoke(pulse: Pulse, database: Database) -> None:
    await count(database, NOON - 40 * 24 * HOUR_MS, 30, {"sadness": 12})
    assert "最多 12 人" in (await pulse.show([GROUP], "")).text


async def test_who_must_be_asked_first(pulse: Pulse) -> None:
    assert "没有在管的群" in (await pulse.show([], "")).text
    assert "哪个群" in (await pulse.show([GROUP, OTHER_GROUP], "")).text
    assert "还没有可以看的" in (await pulse.show([GROUP], "")).text


@pytest.mark.parametrize("theme", list(Theme))
async def test_the_chart_is_a_picture(
    pulse: Pulse, database: Database, theme: Theme, tmp_path: Path
) -> None:
    await count(database, NOON, 30, {"anger": 9, "sadness": 12})
    card = (await pulse.show([GROUP], "")).card
    assert card is not None
    path = tmp_path / "pulse.png"
    path.write_bytes(render_pulse(card, theme))
    with Image.open(path) as image:
        assert image.width == 1080
        colours = {colour for _, colour in image.convert("RGB").getcolors(1 << 24) or ()}
    assert (0xD0, 0x60, 0x4F) in colours, "anger's columns are there"
