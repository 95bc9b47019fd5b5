"""Nothing of somebody who was erased, or who refused, is anywhere in the data directory."""

import json
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from liudeng.archive import Source, find_quoted
from liudeng.archive.store import store_batch
from liudeng.archive.tables import messages
from liudeng.desk import CaseKind, Signal
from liudeng.importing.importer import import_file
from liudeng.library import FarewellDraft, Visibility, place, set_visibility
from liudeng.library.tables import anniversaries
from liudeng.media.queries import images_of
from liudeng.ocr import Box, Line, Reading, ReadingState, Side
from liudeng.ocr.readings import keep_reading
from liudeng.ocr.tables import seen_pictures
from liudeng.outbox import Kind, Letter, Target, text_segment
from tests.fakes.payloads import (
    GROUP,
    MEMBER,
    NOW_S,
    OTHER_GROUP,
    OWNER,
    group_message,
    group_recall,
    segment,
    text,
)
from tests.privacy.conftest import Inn, inn

GONE = 3_316_624_790
NAME = "月下独酌人"
CARD = "灯下听雨客"
NUMBER_IN_THE_INDEX = str(GONE).encode().hex()
MARKS = ("霜降那夜的暗号", "picture-mark-7c1f", "图里认出的暗语", "墙上留的暗句", "转发里的暗话")
SIGNS = (str(GONE), NUMBER_IN_THE_INDEX, NAME, CARD, *MARKS)
STAYS = "别人说的话要留着"


async def busy(house: Inn) -> None:
    """Fill the archive with everything that can hold a trace of somebody."""
    for number in range(300):
        house.hear(f"第 {number} 句平常话", MEMBER + number % 7, NOW_S + number)
    said = house.hear(f"{MARKS[0]}，只有我知道", GONE, NOW_S + 400, name=NAME)
    house.hear("在别的群也说过", GONE, NOW_S + 401, name=CARD, group_id=OTHER_GROUP)
    posted = house.hear([house.picture(9, MARKS[1]), text("看图")], GONE, NOW_S + 402, name=NAME)
    house.hear([house.picture(10, "stays")], MEMBER, NOW_S + 403)
    house.hear([house.picture(10, "stays")], GONE, NOW_S + 404, name=NAME)
    house.hear(
        [
            segment("reply", id=str(said["message_id"]), qq=str(GONE), text=MARKS[0]),
            segment("at", qq=str(GONE), name=NAME),
            text(f"{STAYS}，@{CARD} 的号是 {GONE}"),
        ],
        MEMBER,
        NOW_S + 405,
    )
    house.hear([_forward()], MEMBER, NOW_S + 406)
    withdrawn = house.hear("发错了", MEMBER, NOW_S + 407)
    house.house.ear.hear(group_recall(withdrawn["message_id"], operator_id=GONE))
    house.hear("撤回的" + MARKS[0], GONE, NOW_S + 408, name=NAME, message_id=4242)
    house.house.ear.hear(group_recall(4242, user_id=GONE, operator_id=GONE, time=NOW_S + 420))
    await house.settle()
    await _put_on_the_wall(house, str(posted["message_id"]))
    await _alert(house)


def _forward() -> dict[str, object]:
    def node(who: int, name: str, words: str) -> dict[str, object]:
        sender = {"user_id": who, "nickname": name}
        return {"sender": sender, "time": NOW_S, "message": [text(words)], "user_id": who}

    nodes = [node(GONE, NAME, MARKS[4]), node(OWNER, "阿棠", "转发里别人的话")]
    return segment("forward", id="f1", content=nodes)


async def _put_on_the_wall(house: Inn, message_id: str) -> None:
    message = await find_quoted(house.house.database, GROUP, message_id)
    assert message is not None
    async with house.house.database.write() as connection:
        [picture] = (await images_of(connection, [message.id]))[message.id]
        assert picture.sha256
        box = Box(left=40, top=300, right=300, bottom=330)
        reading = Reading(lines=(Line(text=MARKS[2], box=box, side=Side.ME, confidence=0.9),))
        await keep_reading(connection, picture.sha256, reading, ReadingState.READ)
        given = {"message_row": message.id, "sha256": picture.sha256}
        await connection.execute(insert(seen_pictures).values(**given))
        entry = await place(
            connection,
            FarewellDraft(
                group_id=GROUP,
                author_id=str(GONE),
                author_name=NAME,
                title=MARKS[3],
                companion="小暖",
                day=date(2026, 2, 13),
                message_row=message.id,
                pictures=(picture.sha256,),
            ),
            1,
        )
        await set_visibility(connection, entry.id, Visibility.PUBLIC, 1)
        dates = {"month": 6, "day": 6, "reminded_year": 0, "created_ms": 0}
        await connection.execute(
            insert(anniversaries).values(owner_id=str(GONE), title=MARKS[3], **dates)
        )
    await house.house.library.index.caught_up()
    names = await house.house.library.showing.covered_in_group(GROUP)
    await house.house.library.covered.get(picture.sha256, reading, names)


async def _alert(house: Inn) -> None:
    """Somebody else is in danger; what the erased one said stands around it."""
    house.hear(f"{MARKS[0]}也在这里", GONE, NOW_S + 430, name=NAME)
    worrying = house.hear("我撑不下去了", MEMBER, NOW_S + 431)
    await house.settle()
    database, desk = house.house.database, house.house.desk
    message = await find_quoted(database, GROUP, str(worrying["message_id"]))
    assert message is not None
    async with database.write() as connection:
        for subject, name in ((str(MEMBER), "小满"), (str(GONE), NAME)):
            signal = Signal(
                group_id=GROUP,
                subject_id=subject,
                subject_name=name,
                kind=CaseKind.DISTRESS,
                level=3,
                message_row=message.id,
                time_ms=message.time_ms,
                received_ms=message.received_ms,
                reasons=("说撑不下去",),
            )
            await desk.receive(connection, signal, message)
        case = await desk._office.casebook.open_case(connection, signal)
        assert case is not None
        await desk._office.casebook.close(connection, case, OWNER, f"{NAME} 已经平安")
    await house.house.sender.say(
        Letter(
            key="letter",
            kind=Kind.NOTICE,
            target=Target.PRIVATE,
            target_id=GONE,
            segments=(text_segment(MARKS[0]),),
        )
    )


@pytest.fixture(scope="module")
async def erased(tmp_path_factory: pytest.TempPathFactory):
    """A busy house, the traces before, and the house after somebody was erased."""
    async with inn(tmp_path_factory.mktemp("house") / "data", send_interval=0) as house:
        await busy(house)
        before = house.traces(*SIGNS)
        receipt = await house.house.privacy.erasure.erase(str(GONE), (NOW_S + 500) * 1000)
        assert receipt.complete
        yield house, before


async def test_the_search_for_traces_can_find_them(erased: tuple[Inn, dict]) -> None:
    _, before = erased
    assert set(before) == set(SIGNS)
    assert any(name.startswith("media/") for name in before[MARKS[1]])


async def test_not_a_byte_is_left(erased: tuple[Inn, dict]) -> None:
    house, _ = erased
    assert house.traces(*SIGNS) == {}


async def test_what_others_said_stays(erased: tuple[Inn, dict]) -> None:
    house, _ = erased
    kept = await house.texts(MEMBER)
    assert any(STAYS in words and "某位成员" in words for words in kept)
    async with house.house.database.read() as connection:
        seen = list(await connection.scalars(select(messages.c.seen_text)))
        shared = await images_of(connection, list(await connection.scalars(select(messages.c.id))))
    assert "转发里别人的话" in seen
    [picture] = [one for images in shared.values() for one in images]
    assert house.house.media_store.path(picture.sha256 or "") is not None


async def test_the_index_knows_what_is_left(erased: tuple[Inn, dict]) -> None:
    house, _ = erased
    found = await house.house.search.chat.find((OWNER, GROUP), STAYS, [GROUP])
    assert STAYS in str(found)
    for mark in MARKS:
        nothing = await house.house.search.chat.find((OWNER, GROUP), mark, [GROUP])
        assert "没有找到" in str(nothing)


async def test_nothing_comes_back_by_backfill_or_import(
    erased: tuple[Inn, dict], tmp_path: Path
) -> None:
    house, _ = erased
    old = group_message(f"{MARKS[0]}又来了", user_id=GONE, time=NOW_S + 410)
    old["sender"] = {"user_id": GONE, "nickname": NAME, "card": "", "role": "member"}
    house.house.ear.hear(old)
    await house.house.writer.put(house.house.ear.understand(old, Source.BACKFILL))
    await house.settle()
    lines = [
        {"user": str(GONE), "name": NAME, "time": "2025-12-31 23:59:00", "text": MARKS[0]},
        {"user": str(MEMBER), "name": "小满", "time": "2025-12-31 23:59:01", "text": STAYS},
    ]
    file = tmp_path / "old.jsonl"
    file.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), "utf-8")
    admission = house.house.privacy.gate
    report = await import_file(
        house.house.database, file, GROUP, lambda _: None, admission=admission
    )
    assert (report.inserted, report.left_out) == (1, 1)
    assert house.traces(*SIGNS) == {}


async def test_numbers_of_erased_messages_are_not_given_out_again(
    erased: tuple[Inn, dict],
) -> None:
    house, _ = erased
    newest = house.house.writer.status.committed_seq
    house.hear("后来的话", MEMBER, NOW_S + 600)
    await house.settle()
    assert house.house.writer.status.committed_seq > newest
    assert "后来的话" in await house.texts(MEMBER)


async def test_a_flood_of_who_refuses_reaches_no_disk(erased: tuple[Inn, dict]) -> None:
    house, _ = erased
    refuser, name, mark = 2_999_888_777, "不想被记的人", "洪水里的暗号"
    await house.house.privacy.desk.refuse(house.member(refuser, NOW_S + 1000))
    for number in range(1_500):
        house.hear(f"{mark}{number}", refuser, NOW_S + 1001 + number // 50, name=name)
        house.hear(f"别人的 {number}", MEMBER, NOW_S + 1001 + number // 50)
    house.hear([house.picture(77, mark)], refuser, NOW_S + 1100, name=name)
    mention = [segment("at", qq=str(refuser), name=name), text(" 在吗")]
    house.hear(mention, MEMBER, NOW_S + 1100)
    house.house.ear.hear(group_recall(99, user_id=refuser, operator_id=refuser))
    await house.settle()
    assert len(await house.texts(MEMBER)) > 1_500
    assert house.traces(str(refuser), str(refuser).encode().hex(), name, mark) == {}
    async with house.house.database.write() as connection:  # the disk would show it
        message = house.house.ear.understand(group_message(mark), Source.LIVE)
        await store_batch(connection, [message])
    assert house.traces(mark) != {}
