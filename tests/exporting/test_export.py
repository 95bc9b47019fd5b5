"""A group's export: whole, readable by others, importable, resumable, and true about recalls."""

import asyncio
import json
import shutil
from pathlib import Path

import pytest

from liudeng.archive import Message
from liudeng.archive.erasing import erase_messages
from liudeng.db import Database, migrate
from liudeng.exporting import ExportProblem, export
from liudeng.exporting.model import Pseudonym
from liudeng.importing import import_file
from liudeng.manifest import MANIFEST, verify
from tests.exporting.conftest import Room, made_up, many
from tests.fakes.archive import kept
from tests.fakes.payloads import GROUP, MEMBER, NOW_S, OTHER_MEMBER, said, segment, text

TELEPHONE = "13912345678"


def everything() -> list[Message]:
    """A message of each kind."""
    return [
        said("今晚的月亮很好\n第二行"),
        said([segment("at", qq=str(OTHER_MEMBER), name="阿梨"), text(" 在吗")]),
        said([segment("reply", id="77"), text("在")], user_id=OTHER_MEMBER),
        said([segment("face", id="66"), text("<b>&amp;</b> \"引号\" 'x'")]),
        said([segment("image", file="a.png", url="http://x/a.png"), text("看")]),
        said([segment("file", file="b.pdf", name="名单.pdf")]),
        said([segment("json", data='{"prompt":"卡片"}')]),
        said([segment("mface", summary="[贴贴]")]),
        said(
            [
                segment(
                    "forward",
                    id="r1",
                    content=[
                        {
                            "user_id": "5",
                            "sender": {"nickname": "远方"},
                            "time": NOW_S,
                            "message": [text("转来的话")],
                        }
                    ],
                )
            ]
        ),
    ]


async def test_everything_is_there_and_imports_again_as_it_was(room: Room, tmp_path: Path) -> None:
    await room.say(*everything())
    before = await kept(room.database)
    report = await room.export()
    assert report.messages == len(before)
    again = Database(tmp_path / "again.sqlite3")
    await asyncio.to_thread(migrate, again.path)
    imported = await import_file(again, room.out / "messages.qce.json", GROUP, lambda _: None)
    assert (imported.inserted, imported.refused, imported.complete) == (len(before), 0, True)
    same = ("message_id", "platform_seq", "time_ms", "user_id", "name", "card", "text", "reply_to")
    after = {message.message_id: message for message in await kept(again)}
    for message in before:
        for field in same:
            assert getattr(after[message.message_id], field) == getattr(message, field), field
    await again.close()


async def test_chatlab_reads_it_by_its_own_rules(room: Room) -> None:
    """docs/cn/chatlab-format.md of hellodigua/ChatLab: which keys must be there, of which type."""
    await room.say(*everything())
    await room.export()
    content = (room.out / "messages.chatlab.jsonl").read_text("utf-8")
    head, *rest = (json.loads(line) for line in content.splitlines())
    assert head["_type"] == "header"
    assert head["chatlab"]["version"] == "0.0.2"
    assert isinstance(head["chatlab"]["exportedAt"], int)
    assert (head["meta"]["platform"], head["meta"]["type"]) == ("qq", "group")
    assert head["meta"]["name"]
    kinds = [record["_type"] for record in rest]
    assert kinds == sorted(kinds), "members stand before messages"
    for record in rest:
        if record["_type"] == "member":
            assert isinstance(record["platformId"], str)
            assert record["accountName"]
            continue
        assert isinstance(record["sender"], str)
        assert record["accountName"]
        assert isinstance(record["timestamp"], int)
        assert record["timestamp"] < 1e11, "in seconds"
        assert isinstance(record["type"], int)
        assert record["content"] is None or isinstance(record["content"], str)
    times = [record["timestamp"] for record in rest if record["_type"] == "message"]
    assert times == sorted(times)


async def test_the_hashes_are_checked_by_sha256sum_and_by_us(room: Room) -> None:
    await room.say(*everything())
    sha256 = await room.attach()
    await room.export()
    assert (room.out / "media" / sha256[:2] / sha256[2:4] / f"{sha256}.png").is_file()
    assert verify(room.out).ok
    if shutil.which("sha256sum"):
        command = ("sha256sum", "--check", "--quiet", MANIFEST)
        checked = await asyncio.create_subprocess_exec(*command, cwd=room.out)
        assert await checked.wait() == 0
    page = next((room.out / "html").glob("20*.html"))
    page.write_text(page.read_text("utf-8").replace("月亮", "太阳"), "utf-8")
    (room.out / "added.txt").touch()
    (room.out / "export.json").unlink()
    verdict = verify(room.out)
    assert (verdict.changed, verdict.missing, verdict.unknown) == (
        (f"html/{page.name}",),
        ("export.json",),
        ("added.txt",),
    )


async def test_pages_show_what_was_said_and_nothing_runs_in_them(room: Room) -> None:
    await room.say(said("<script>alert(1)</script>"), said([text("看"), segment("image")]))
    sha256 = await room.attach(position=1)
    await room.export()
    [page] = (room.out / "html").glob("20*.html")
    content = page.read_text("utf-8")
    assert "<script" not in content
    assert "&lt;script&gt;" in content
    assert f"../media/{sha256[:2]}/{sha256[2:4]}/{sha256}.png" in content
    assert page.name in (room.out / "html" / "index.html").read_text("utf-8")


async def test_a_busy_day_is_cut_into_pages_that_lead_to_each_other(room: Room) -> None:
    await room.say(*many(2_100))
    await room.export()
    first, second, third = sorted((room.out / "html").glob("20*.html"))
    assert f'href="{second.name}"' in first.read_text("utf-8")
    assert f'href="{first.name}"' in second.read_text("utf-8")
    assert third.read_text("utf-8").count("<article") == 100


async def test_what_was_recalled_is_not_exported(room: Room) -> None:
    gone = said("收回的话")
    await room.say(said("留下的话"), gone)
    await room.recall(gone)
    report = await room.export()
    assert report.messages == 1
    assert "收回的话".encode() not in room.bytes_written()


@pytest.mark.parametrize("pseudonym", [None, made_up])
async def test_what_is_recalled_while_it_is_written_is_taken_out_again(
    room: Room, monkeypatch: pytest.MonkeyPatch, pseudonym: Pseudonym | None
) -> None:
    gone = said([text("收回的话"), segment("image")])
    await room.say(said("第一句"), gone)
    sha256 = await room.attach(position=1)
    await room.say(said("第三句"))
    monkeypatch.setattr("liudeng.exporting.export.now_ms", lambda: 0)
    finish = export._Run.finish

    async def recalled_first(run: export._Run) -> int:
        await room.recall(gone)
        return await finish(run)

    monkeypatch.setattr(export._Run, "finish", recalled_first)
    report = await room.export(pseudonym)
    assert (report.messages, report.taken_back) == (2, 1)
    written = room.bytes_written()
    holding = [
        path.name for path in room.out.rglob("*.*") if "收回的话".encode() in path.read_bytes()
    ]
    assert holding == []
    assert sha256.encode() not in written
    document = json.loads((room.out / "messages.qce.json").read_text("utf-8"))
    assert len(document["messages"]) == 2
    assert verify(room.out).ok


class Broken(Exception):
    """The process dies."""


@pytest.mark.parametrize("dies_at", [1_000, 2_000, 3_000])
async def test_an_interrupted_export_goes_on_where_it_stood(
    room: Room, monkeypatch: pytest.MonkeyPatch, dies_at: int, tmp_path: Path
) -> None:
    monkeypatch.setattr("liudeng.exporting.export._SETTLE_EVERY", 2)
    monkeypatch.setattr("liudeng.exporting.export.now_ms", lambda: 1_790_000_000_000)
    await room.say(*many(3_500))
    await room.export()
    whole = room.bytes_written()
    room.out = tmp_path / "again"

    def dies(done: int, _total: int) -> None:
        if done == dies_at:
            raise Broken

    with pytest.raises(Broken):
        await room.export(on_progress=dies)
    assert not (room.out / MANIFEST).exists()
    report = await room.export()
    assert (report.resumed, report.messages) == (True, 3_500)
    assert room.bytes_written() == whole


async def erase(room: Room, words: str) -> None:
    [gone] = [message.id for message in await kept(room.database) if message.text == words]
    async with room.database.write() as connection:
        await erase_messages(connection, [gone])


async def test_what_was_erased_since_it_was_broken_off_is_not_in_it(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("liudeng.exporting.export._SETTLE_EVERY", 1)
    await room.say(*many(1_500))

    def dies(_done: int, _total: int) -> None:
        raise Broken

    with pytest.raises(Broken):
        await room.export(on_progress=dies)
    erased = "第 7 句晚安"
    assert erased.encode() in room.bytes_written()
    await erase(room, erased)
    report = await room.export()
    assert (report.resumed, report.messages) == (False, 1_499)
    assert erased.encode() not in room.bytes_written()
    assert verify(room.out).ok


async def test_what_is_erased_while_it_is_written_is_not_in_it(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    await room.say(said("第一句"), said("删掉的话"))
    finish, times = export._Run.finish, 0

    async def erased_first(run: export._Run) -> int:
        nonlocal times
        times += 1
        if times == 1:
            await erase(room, "删掉的话")
        return await finish(run)

    monkeypatch.setattr(export._Run, "finish", erased_first)
    report = await room.export()
    assert (report.messages, times) == (1, 2)
    assert "删掉的话".encode() not in room.bytes_written()
    assert verify(room.out).ok


async def test_a_folder_with_something_else_is_left_alone(room: Room) -> None:
    await room.say(said("一句"))
    room.out.mkdir()
    (room.out / "mine.txt").write_text("mine", "utf-8")
    with pytest.raises(ExportProblem, match="别的东西"):
        await room.export()
    (room.out / "mine.txt").unlink()
    await room.export()
    with pytest.raises(ExportProblem, match="写完的导出"):
        await room.export()


async def test_an_unknown_group_is_said(room: Room) -> None:
    with pytest.raises(ExportProblem, match="没有群"):
        await room.export()


async def test_nobody_can_be_told_from_a_pseudonymous_export(room: Room) -> None:
    await room.say(
        said(f"我是满月，电话 {TELEPHONE}，QQ {MEMBER}"),
        said([segment("at", qq=str(MEMBER), name="满月"), text("满 月在吗")], user_id=OTHER_MEMBER,
             sender={"user_id": OTHER_MEMBER, "nickname": "阿梨", "card": ""}),
        said([segment("image", file=f"{MEMBER}.png"), segment("json", data=f'"{MEMBER}"')]),
    )  # fmt: skip
    await room.export(made_up)
    written = room.bytes_written()
    for secret in (str(MEMBER), str(OTHER_MEMBER), str(GROUP), "满月", "阿梨", "小满", TELEPHONE):
        assert secret.encode() not in written, secret
    lines = (room.out / "messages.chatlab.jsonl").read_text("utf-8").splitlines()
    spoken = [json.loads(line) for line in lines if '"message"' in line]
    assert len({record["sender"] for record in spoken}) == 2
    assert spoken[0]["sender"] == spoken[2]["sender"]
    assert all(record["timestamp"] % 3_600 == 0 for record in spoken)


async def test_two_people_are_never_called_the_same(room: Room) -> None:
    """Of some hundred members two would share four digits: one would have said what another did."""
    await room.say(said("一句"), said("又一句", user_id=OTHER_MEMBER))
    await room.export(lambda person: f"abcd{made_up(person)}")
    lines = (room.out / "messages.chatlab.jsonl").read_text("utf-8").splitlines()
    spoken = [json.loads(line) for line in lines if '"message"' in line]
    assert len({record["accountName"] for record in spoken}) == 2


async def test_the_same_person_has_the_same_pseudonym_in_the_next_export(
    room: Room, tmp_path: Path
) -> None:
    await room.say(said("一句"))
    senders = []
    for name in ("one", "two"):
        room.out = tmp_path / name
        await room.export(made_up)
        last = (room.out / "messages.chatlab.jsonl").read_text("utf-8").splitlines()[-1]
        senders.append(json.loads(last)["sender"])
    assert senders[0] == senders[1]
