"""What goes by itself: recalled, old, left behind, interrupted."""

import asyncio
import json
import re
import shutil
import stat
import sys
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from liudeng.archive import find_quoted
from liudeng.archive.tables import messages
from liudeng.db import now_ms
from liudeng.desk import CaseKind, Signal
from liudeng.desk.tables import cases
from liudeng.exporting import source
from liudeng.exporting.place import Place
from liudeng.manifest import MANIFEST, verify
from liudeng.outbox.tables import outbox
from liudeng.privacy import texts
from liudeng.privacy.daily import Chores, Daily
from liudeng.privacy.leaving import Fate
from liudeng.privacy.permissions import open_to_others
from liudeng.privacy.recalls import due_for_wiping, wipe_recalled
from liudeng.privacy.retention import DAY_MS, RetentionKind
from liudeng.privacy.sweeping import Sweeper
from liudeng.privacy.tables import departures
from tests.fakes.clock import zone_at
from tests.fakes.payloads import GROUP, MEMBER, NOW_S, OTHER_GROUP, OWNER, group_recall, said
from tests.fakes.waiting import closes, until
from tests.privacy.conftest import Inn, inn

WORDS = "说了又收回的话"
RULES = {"*": {"messages": 30, "cases": 10, "audit": 5}, str(OTHER_GROUP): {"messages": 0}}


@pytest.fixture(scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Inn]:
    folder = tmp_path_factory.mktemp("house") / "data"
    # A zone in which it is just past midnight: nothing goes by itself between two lines of a test.
    told = {"recall_wipe_hours": 1, "retention": RULES, "timezone": zone_at(0)}
    async with inn(folder, **told) as opened:
        yield opened


async def signal(house: Inn, message_id: int, subject: int) -> None:
    message = await find_quoted(house.house.database, GROUP, str(message_id))
    assert message is not None
    about = Signal(
        group_id=GROUP,
        subject_id=str(subject),
        subject_name="某人",
        kind=CaseKind.DISTRESS,
        level=3,
        message_row=message.id,
        time_ms=message.time_ms,
        received_ms=message.received_ms,
        reasons=("说了让人担心的话",),
    )
    async with house.house.database.write() as connection:
        await house.house.desk.receive(connection, about, message)


async def close_cases(house: Inn, closed_ms: int) -> None:
    async with house.house.database.write() as connection:
        await connection.execute(update(cases).values(state="closed", closed_ms=closed_ms))


async def test_the_file_is_rewritten_in_the_quiet_hour_or_when_that_was_missed(
    house: Inn, monkeypatch: pytest.MonkeyPatch
) -> None:
    rewritten: list[int] = []
    privacy, zone = house.house.privacy, ZoneInfo("Asia/Shanghai")
    day = datetime(2026, 11, 2, tzinfo=zone)
    now = day

    async def rewrite(_sweeper: Sweeper, *, at_any_size: bool = False) -> bool:
        rewritten.append(now.hour)
        return True

    monkeypatch.setattr(Sweeper, "leave_no_trace", rewrite)
    chores = Chores(privacy.erasure, privacy.retention, privacy.leaving, privacy.wall_only)
    parts = (house.house.database, privacy.register, privacy.sweeper, chores)
    daily = Daily(*parts, DAY_MS, zone, lambda: int(now.timestamp() * 1000))
    old = int((day - timedelta(days=90)).timestamp())

    async def tidied(hours: int, *, erases: bool = True) -> list[int]:
        nonlocal now
        now = day + timedelta(hours=hours)
        if erases:
            house.hear("很久以前的话", MEMBER, old + hours)
            await house.settle()
        assert bool(await daily.tidy()) is erases
        return rewritten

    assert await tidied(4) == [4]
    assert await tidied(15) == [4], "a restart in the afternoon"
    assert await tidied(28, erases=False) == [4, 4], "what was erased then waited for the night"
    assert await tidied(52, erases=False) == [4, 4], "nothing was erased"
    assert await tidied(28 + 27) == [4, 4, 7], "the night was missed"


async def test_what_was_recalled_is_wiped_unless_an_open_case_rests_on_it(house: Inn) -> None:
    database = house.house.database
    wiped = house.hear([house.picture(1, "recalled-picture")], MEMBER, NOW_S)
    held = house.hear(WORDS, MEMBER, NOW_S + 1)
    await house.settle()
    await signal(house, held["message_id"], MEMBER)
    for one in (wiped, held):
        house.house.ear.hear(group_recall(one["message_id"], time=NOW_S + 10))
    await house.settle()
    assert await wipe_recalled(database, (NOW_S + 10) * 1000) == 0
    assert await wipe_recalled(database, (NOW_S + 11) * 1000) == 1
    await house.house.privacy.sweeper.drop_files()
    assert house.traces("recalled-picture") == {}
    assert WORDS in await house.texts(MEMBER)
    await close_cases(house, now_ms())
    async with database.read() as connection:
        assert len(await due_for_wiping(connection, (NOW_S + 11) * 1000)) == 1
    assert await wipe_recalled(database, (NOW_S + 11) * 1000) == 1
    house.house.ear.hear(held)  # a history brings it again
    assert WORDS not in await house.texts()


async def test_old_messages_and_cases_go_by_their_group_and_kind(house: Inn) -> None:
    privacy, database = house.house.privacy, house.house.database
    now = now_ms()
    old, young = now // 1000 - 40 * 86_400, now // 1000 - 20 * 86_400
    for group_id in (GROUP, OTHER_GROUP):
        house.hear("很久以前", MEMBER, old, group_id=group_id)
        house.hear("不久以前", MEMBER, young, group_id=group_id)
    await house.settle()
    await close_cases(house, now - 11 * DAY_MS)
    due = {(one.group_id, one.kind): len(one.rows) for one in await privacy.retention.due(now)}
    assert set(due) >= {(GROUP, RetentionKind.MESSAGES), (GROUP, RetentionKind.CASES)}
    assert (OTHER_GROUP, RetentionKind.MESSAGES) not in due
    before = await house.texts()
    assert await privacy.retention.enforce(now) == sum(due.values())
    gone = set(before) - set(await house.texts())
    assert "不久以前" not in gone
    async with database.read() as connection:
        assert (await connection.execute(select(cases))).first() is None
        left = select(messages.c.group_id).where(messages.c.text == "很久以前")
        assert list(await connection.scalars(left)) == [OTHER_GROUP]


async def test_the_archive_of_a_group_that_was_left_waits_for_the_operator(house: Inn) -> None:
    privacy, database = house.house.privacy, house.house.database
    house.hear("留在身后的话", MEMBER, now_ms() // 1000, group_id=OTHER_GROUP)
    await house.settle()
    await privacy.leaving.left(OTHER_GROUP, "别的群")
    await privacy.leaving.left(OTHER_GROUP, "别的群")
    async with database.read() as connection:
        asked = select(outbox.c.target_id).where(outbox.c.key.startswith("privacy:left"))
        assert list(await connection.scalars(asked)) == [OWNER]
    assert await privacy.leaving.erase_due() == 0
    answer, erases = await privacy.desk.decide(f"{OTHER_GROUP} 保留")
    assert ("留着" in answer, erases) == (True, False)
    [kept] = await privacy.leaving.all()
    assert (kept.fate, kept.erase_ms) == (Fate.KEEP, None)
    assert (await privacy.desk.decide("123 删除"))[0] == texts.NO_DEPARTURE
    assert (await privacy.desk.decide("删除"))[0] == texts.LEAVING_HOW
    _, erases = await privacy.desk.decide(f"{OTHER_GROUP} 删除")
    assert erases
    assert await privacy.leaving.erase_due() == 1
    assert house.traces("留在身后的话") == {}
    assert await privacy.leaving.all() == []


async def test_an_undecided_archive_goes_after_thirty_days(house: Inn) -> None:
    leaving = house.house.privacy.leaving
    house.hear("没人管的话", MEMBER, now_ms() // 1000, group_id=OTHER_GROUP)
    await house.settle()
    await leaving.left(OTHER_GROUP, "别的群")
    [departure] = await leaving.all()
    assert departure.erase_ms == departure.left_ms + 30 * DAY_MS
    await leaving.came_back(OTHER_GROUP)
    assert await leaving.all() == []


async def test_a_removal_that_nobody_heard_of_is_noticed_at_the_second_look(
    house: Inn, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("_LOOK_EVERY_S", 0.01), ("_DOUBT_EVERY_S", 0.0)):
        monkeypatch.setattr(f"liudeng.settling.{name}", value)
    leaving, lists = house.house.privacy.leaving, list[int]()
    here = [{"group_id": GROUP, "group_name": "守灯人"}]
    both = [*here, {"group_id": OTHER_GROUP, "group_name": "别的群"}]
    given: list[list[dict[str, Any]]] = [both]

    def group_list(_parameters: dict[str, Any]) -> list[dict[str, Any]]:
        lists.append(len(given[-1]))
        house.gateway.next("get_group_list", group_list)
        return given[-1]

    async def looked(times: int) -> None:
        await until(lambda: len(lists) >= times, "the list is looked at", 20)

    house.hear("别的群里的话", MEMBER, now_ms() // 1000, group_id=OTHER_GROUP)
    await house.settle()
    house.gateway.next("get_group_list", group_list)
    house.house.connected()
    await until(lambda: house.house.settled, "the bot has met both groups", 20)
    given.append(here)
    house.house.connected()
    await looked(len(lists) + 4)
    assert await leaving.all() == [], "the lists lie too close together"
    given.append([])
    await until(lambda: lists[-1] == 0, "the look at the list before is over", 20)
    monkeypatch.setattr("liudeng.privacy.absences._APART_S", 0.0)
    await looked(len(lists) + 3)
    assert await leaving.all() == [], "an empty list tells nothing"
    given.append(here)

    async def is_asked() -> bool:
        return [one.group_id for one in await leaving.all()] == [OTHER_GROUP]

    await until(is_asked, "the operator is asked", 20)
    await house.house.disconnected()
    await leaving.came_back(OTHER_GROUP)
    house.house.roster.set_groups({GROUP: "守灯人", OTHER_GROUP: "别的群"})


async def test_no_archive_goes_by_silence_where_the_bot_is_again(house: Inn) -> None:
    """It came back while nobody was there to hear of it."""
    leaving, roster = house.house.privacy.leaving, house.house.roster
    house.hear("还在说的话", MEMBER, now_ms() // 1000, group_id=OTHER_GROUP)
    await house.settle()
    await leaving.left(OTHER_GROUP, "别的群")
    async with house.house.database.write() as connection:
        await connection.execute(update(departures).values(erase_ms=1))
    assert await leaving.due() == [], "nobody knows yet where the bot is"
    roster.set_groups({GROUP: "守灯人", OTHER_GROUP: "别的群"})
    assert await leaving.due() == []
    roster.set_groups({GROUP: "守灯人"})
    assert [one.group_id for one in await leaving.due()] == [OTHER_GROUP]
    await leaving.came_back(OTHER_GROUP)


async def told(house: Inn, about: str) -> list[str]:
    """Return what the operator was told of an export."""
    async with house.house.database.read() as connection:
        query = select(outbox.c.body).where(outbox.c.key.startswith(f"privacy:export:{about}"))
        return list(await connection.scalars(query))


async def is_told(house: Inn, about: str, times: int = 1) -> None:
    async def so_often() -> bool:
        return len(await told(house, about)) >= times

    await until(so_often, f"the operator is told: {about}")


async def test_the_export_of_a_left_group_is_made_and_outlives_a_restart(
    house: Inn, monkeypatch: pytest.MonkeyPatch
) -> None:
    privacy, moment = house.house.privacy, now_ms() // 1000
    for number in range(5):
        house.hear(f"要带走的第 {number} 句", MEMBER, moment + number, group_id=OTHER_GROUP)
    await house.settle()
    await privacy.leaving.left(OTHER_GROUP, "别的群")
    monkeypatch.setattr("liudeng.privacy.leaving_export._PAGE", 2)
    monkeypatch.setattr("liudeng.exporting.export._SETTLE_EVERY", 1)
    stuck, read_from = asyncio.Event(), list[int]()
    page_after = source.page_after

    async def stuck_at_the_second(connection: Any, wish: Any, row: int, up_to: int) -> Any:
        read_from.append(row)
        if len(read_from) == 2:
            stuck.set()
            await asyncio.Event().wait()
        return await page_after(connection, wish, row, up_to)

    monkeypatch.setattr(source, "page_after", stuck_at_the_second)
    answer, erases = await privacy.desk.decide(f"{OTHER_GROUP} 导出")
    assert ("这就导出" in answer, erases) == (True, False)
    await asyncio.wait_for(stuck.wait(), 10)
    await closes(privacy.leaving_exports)
    [departure] = await privacy.leaving.all()
    assert departure.erase_ms is None, "nothing goes before it was exported"
    folder = privacy.leaving_exports.folder_of(departure)
    assert not verify_if_whole(folder)
    await house.house.search.start()  # it deletes what a crash left of other exports
    await privacy.leaving_exports.start()
    await is_told(house, "done")
    assert read_from[2] > 0, "it went on where it stood"
    [words] = await told(house, "done")
    assert json.dumps(str(folder), ensure_ascii=False)[1:-1] in words
    assert re.search(r"\d KB", words)
    assert "liudeng verify" in words
    assert f"退群存档 {OTHER_GROUP} 删除" in words
    assert verify_if_whole(folder)
    written = (folder / "messages.chatlab.jsonl").read_text("utf-8")
    assert all(f"要带走的第 {number} 句" in written for number in range(5))
    if sys.platform != "win32":
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    [departure] = await privacy.leaving.all()
    assert departure.erase_ms == (departure.exported_ms or 0) + 30 * DAY_MS
    await privacy.leaving.came_back(OTHER_GROUP)
    await asyncio.to_thread(shutil.rmtree, folder)


async def test_an_export_that_fails_is_said_and_the_archive_stays(
    house: Inn, monkeypatch: pytest.MonkeyPatch
) -> None:
    privacy = house.house.privacy
    await privacy.leaving.left(OTHER_GROUP, "别的群")

    def full(_place: Place, _standing: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Place, "keep", full)
        await privacy.desk.decide(f"{OTHER_GROUP} 导出")
        await is_told(house, "failed")
    [words] = await told(house, "failed")
    assert "磁盘空间" in words
    assert await privacy.leaving.due() == []
    [departure] = await privacy.leaving.all()
    done = len(await told(house, "done"))
    await privacy.desk.decide(f"{OTHER_GROUP} 导出")
    await is_told(house, "done", done + 1)
    folder = privacy.leaving_exports.folder_of(departure)
    assert verify_if_whole(folder)
    await privacy.leaving.came_back(OTHER_GROUP)
    await asyncio.to_thread(shutil.rmtree, folder)


def verify_if_whole(folder: Path) -> bool:
    return (folder / MANIFEST).exists() and verify(folder).ok


async def test_an_erasure_that_was_interrupted_goes_on(
    house: Inn, monkeypatch: pytest.MonkeyPatch
) -> None:
    privacy, who = house.house.privacy, 811_222_333
    house.hear("半路上的话", who, now_ms() // 1000, name="半路的人")
    await house.settle()
    with monkeypatch.context() as patch:

        async def dies(_self: Sweeper, _rows: object) -> None:
            raise RuntimeError

        patch.setattr(Sweeper, "erase", dies)
        with pytest.raises(RuntimeError):
            await privacy.erasure.erase(str(who), now_ms())
    assert house.traces("半路的人") != {}
    assert await privacy.register.under_way() == [str(who)]
    assert await privacy.erasure.go_on() == 1
    assert house.traces("半路的人", str(who)) == {}
    assert await privacy.register.under_way() == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such bits")
def test_what_others_can_read_is_told(house: Inn, tmp_path: Path) -> None:
    assert open_to_others(house.data_dir) == []
    for name in ("privacy.key", "liudeng.sqlite3"):
        assert stat.S_IMODE((house.data_dir / name).stat().st_mode) == 0o600
    tmp_path.chmod(0o755)
    key = tmp_path / "case.key"
    key.touch(mode=0o644)
    assert open_to_others(tmp_path) == [tmp_path, key]


async def test_an_older_copy_of_the_database_brings_nobody_back(tmp_path: Path) -> None:
    data_dir, old = tmp_path / "data", tmp_path / "old.sqlite3"
    erased, refuser, moment = 822_333_444, 833_444_555, now_ms() // 1000
    async with inn(data_dir) as house:
        house.hear("备份以前说的", erased, moment, name="早就走了的人")
        await house.settle()
        await house.house.database.compact()
        await asyncio.to_thread(shutil.copyfile, data_dir / "liudeng.sqlite3", old)
        await house.house.privacy.erasure.erase(str(erased), moment * 1000)
        await house.house.privacy.desk.refuse(house.member(refuser, moment))
    await asyncio.to_thread(shutil.copyfile, old, data_dir / "liudeng.sqlite3")
    async with inn(data_dir) as house:
        assert house.house.privacy.gate.admit(said(user_id=refuser)) is None
        await until(lambda: house.traces("早就走了的人") == {}, "they are erased again", 30)
        assert await house.texts() == []
        register = house.house.privacy.register

        async def done() -> bool:
            return not await register.nameless()

        await until(done, "it is noted")
