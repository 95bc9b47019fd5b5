"""Replay: what today's watcher would have said, without saying it; and the page to mark it on."""

import json
import stat
from collections.abc import Sequence
from pathlib import Path

import pytest
from playwright.async_api import Browser, ViewportSize, expect
from sqlalchemy import func, select

from liudeng.archive import Source
from liudeng.arming.tables import watch_firings
from liudeng.db import Database
from liudeng.desk.tables import cases
from liudeng.outbox.tables import outbox
from liudeng.review import Question, Replayed, read_marks, replay
from liudeng.review.page import items_of, write_page
from liudeng.watch import Assessment, Watcher, load_lexicon
from liudeng.watch.assessment import LEXICON_DIRECTORY
from tests.album.conftest import chromium
from tests.desk.conftest import SHANGHAI, Room
from tests.fakes.archive import recall_of, store
from tests.fakes.payloads import GROUP, NOW_S, OTHER_GROUP, said

__all__ = ["chromium"]

DAY_S = 24 * 3600
UNSEEN = "99999"
PHONE: ViewportSize = {"width": 390, "height": 844}


class Literal(Watcher):
    """Finds danger in the word 危险 and in nothing else."""

    def __init__(self) -> None:
        super().__init__(load_lexicon(LEXICON_DIRECTORY))

    def assess_many(self, texts: Sequence[str]) -> list[Assessment]:
        danger = Assessment(level=3, pain=0.1, danger=0.8, about="self")
        nothing = Assessment(level=0, pain=0.0, danger=0.0, about="none")
        return [danger if "危险" in text else nothing for text in texts]


@pytest.fixture(scope="module")
def watcher() -> Watcher:
    return Literal()


async def replayed(
    database: Database, watcher: Watcher, sample: int = 50, since_ms: int = 0
) -> Replayed:
    return await replay(database, watcher, Question(GROUP, since_ms, sample), SHANGHAI)


async def test_who_does_not_want_to_be_looked_at_is_left_out(
    room: Room, watcher: Watcher, tmp_path: Path
) -> None:
    await room.say(said("我也在", user_id=int(UNSEEN)), said("危险"))
    await room.say(said("危险", user_id=int(UNSEEN)))
    question = Question(GROUP, fully=lambda _group, user: user != UNSEEN)
    assert (await replay(room.database, watcher, question, SHANGHAI)).alerts == 1
    await write(room, watcher, tmp_path / "page.html")
    assert "我也在" not in (tmp_path / "page.html").read_text("utf-8")


async def test_what_was_imported_is_replayed_too_and_nothing_is_written(
    room: Room, watcher: Watcher
) -> None:
    await room.say(
        said("危险", source=Source.IMPORT),
        said("危险", source=Source.HISTORY, time=NOW_S - 2 * DAY_S),
        said("晚安"),
        said("危险", group_id=OTHER_GROUP),
    )

    found = await replayed(room.database, watcher)

    assert (found.messages, found.signals, found.alerts) == (3, 2, 2)
    async with room.database.read() as connection:
        for table in (cases, outbox, watch_firings):
            assert (await connection.scalar(select(func.count()).select_from(table))) == 0


async def test_a_members_signals_of_one_day_are_one_alert(room: Room, watcher: Watcher) -> None:
    await room.say(
        said("危险", time=NOW_S),
        said("很危险", time=NOW_S + 3600),
        said("危险", time=NOW_S, user_id=77777),
        said("危险", time=NOW_S + DAY_S),
    )
    found = await replayed(room.database, watcher)
    assert (found.signals, found.alerts) == (4, 3)


async def test_recalled_and_older_messages_are_left_out(room: Room, watcher: Watcher) -> None:
    taken_back = said("危险", time=NOW_S - 2 * DAY_S)
    await room.say(said("危险", time=NOW_S), said("危险", time=NOW_S + DAY_S), taken_back)
    await store(room.writer, recall_of(taken_back))
    assert (await replayed(room.database, watcher)).alerts == 2
    since = (NOW_S + DAY_S) * 1000
    assert (await replayed(room.database, watcher, since_ms=since)).alerts == 1


async def test_the_sample_is_bounded_and_the_same_each_time(room: Room, watcher: Watcher) -> None:
    await room.say(*(said("危险", user_id=10_000 + number) for number in range(60)))
    first = await replayed(room.database, watcher, sample=7)
    again = await replayed(room.database, watcher, sample=7)
    assert first.alerts == 60
    assert len(first.sample) == 7
    assert [one.message.id for one in first.sample] == [one.message.id for one in again.sample]


async def write(room: Room, watcher: Watcher, path: Path) -> Replayed:
    found = await replayed(room.database, watcher)
    items = await items_of(room.database, found, SHANGHAI, lambda _group, user: user != UNSEEN)
    write_page(path, found, items, "四月的灯 </title><script>alert(1)</script>", SHANGHAI)
    return found


async def test_the_page_names_nobody_and_runs_nobodys_script(
    room: Room, watcher: Watcher, tmp_path: Path
) -> None:
    await room.say(
        said("满月你还好吗", user_id=77777),
        said("危险 </script><img src=x onerror=alert(1)> 13812345678"),
    )
    path = tmp_path / "page.html"

    await write(room, watcher, path)

    page = path.read_text("utf-8")
    assert "<img src=x" not in page
    assert "<script>alert" not in page
    assert "13812345678" not in page
    assert "满月" not in page
    assert "77777" not in page
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.browser
async def test_marks_are_kept_counted_and_exported(
    room: Room, watcher: Watcher, tmp_path: Path, chromium: Browser
) -> None:
    await room.say(*(said(f"危险 {number}", user_id=10_000 + number) for number in range(4)))
    path = tmp_path / "page.html"
    found = await write(room, watcher, path)
    context = await chromium.new_context(viewport=PHONE, accept_downloads=True)
    page = await context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    await page.goto(path.as_uri())
    over = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert await page.evaluate(over) <= 0
    buttons = {"属实": 2, "误报": 1, "说不准": 1}
    number = 0
    for name, times in buttons.items():
        for _ in range(times):
            await page.locator(".item").nth(number).get_by_role("button", name=name).click()
            number += 1

    await expect(page.locator("#tally")).to_contain_text("准头 67 %（95 % 区间 21 %–94 %）")
    await page.reload()
    await expect(page.locator("#tally")).to_contain_text("标了 4/4")
    async with page.expect_download() as download:
        await page.locator("#export").click()
    exported = tmp_path / "marks.json"
    await (await download.value).save_as(exported)
    await context.close()

    marks = read_marks(exported)
    assert marks.group == GROUP
    assert [mark.verdict for mark in marks.marks] == ["true", "true", "false", "unsure"]
    assert [int(mark.id) for mark in marks.marks] == [one.message.id for one in found.sample]
    assert json.loads(exported.read_text("utf-8"))["alerts"] == 4
    assert complaints == []
