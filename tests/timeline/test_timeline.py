"""Facts with sources, milestones of a group, and the picture of both."""

import io
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from liudeng.db import Database
from liudeng.pictures import Studio, Theme, TimelineCard, TimelineEvent, render_timeline
from liudeng.settings import DATA_ROOT
from liudeng.timeline.facts import TimelineProblem, load_facts
from liudeng.timeline.room import TimelineDesk
from tests.fakes.payloads import GROUP, NOW_MS, OTHER_GROUP

FACTS = DATA_ROOT / "timeline"


@pytest.fixture
async def desk(database: Database, zone: ZoneInfo) -> AsyncIterator[TimelineDesk]:
    studio = Studio()
    await studio.start()
    yield TimelineDesk(database, studio, zone, FACTS, lambda: NOW_MS)
    await studio.close()


def test_every_fact_has_a_source_and_they_are_in_order() -> None:
    facts = load_facts(FACTS)
    assert [fact.day for fact in facts] == sorted(fact.day for fact in facts)
    assert all(fact.source for fact in facts)
    assert date(2026, 2, 13) in [fact.day for fact in facts]


@pytest.mark.parametrize("content", ["[[events", '[[events]]\nday = 2026-02-13\ntitle = "x"'])
def test_a_fact_without_a_source_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "own.toml").write_text(content, "utf-8")
    with pytest.raises(TimelineProblem, match=r"own\.toml"):
        load_facts(tmp_path)


async def test_milestones_stand_among_the_facts_of_their_group(desk: TimelineDesk) -> None:
    told = await desk.add(GROUP, "1", "新增 2026年2月14日 第一次一起看日出")
    assert "2026-02-14" in told
    shown = (await desk.show([GROUP])).text
    assert shown.index("2026-02-13") < shown.index("看日出") < shown.index("2026-02-16")
    assert "看日出" not in (await desk.show([OTHER_GROUP])).text
    number = told.rpartition("删除 ")[2].rstrip("」。")
    assert "没有" in await desk.remove(OTHER_GROUP, f"删除 {number}")
    assert await desk.remove(GROUP, f"删除 {number}") == "删掉了。"
    assert "看日出" not in (await desk.show([GROUP])).text


@pytest.mark.parametrize("typed", ["新增", "新增 昨天 看日出", "新增 2026-02-30 没有这一天"])
async def test_a_slip_is_told(desk: TimelineDesk, typed: str) -> None:
    answer = await desk.add(GROUP, "1", typed)
    assert "这样写" in answer or "没有" in answer


async def test_it_is_drawn(desk: TimelineDesk) -> None:
    picture = await desk.draw(await desk.show([GROUP]))
    assert picture is not None
    assert Image.open(io.BytesIO(picture)).width == 1080


def test_a_long_timeline_says_what_is_left_out() -> None:
    events = tuple(
        TimelineEvent(day=date(2020, 1, 1), title="又一天" * 20, source="日记") for _ in range(200)
    )
    drawn = Image.open(
        io.BytesIO(render_timeline(TimelineCard(title="长", events=events), Theme.LIGHT))
    )
    assert drawn.height <= 4000
