"""导出搜索: a file for the one who asked, and nothing left of it here."""

import base64
import json
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from liudeng.archive import LogWriter
from liudeng.archive.seen_text import add_seen_text
from liudeng.db import Database
from liudeng.outbox import NotConnected, OutcomeUnknown, Refused
from liudeng.search import LogSearch
from liudeng.search.export import ExportFolder, Limits, SearchExport
from tests.fakes.archive import kept, recall_of, store
from tests.fakes.gateway import FakeGateway
from tests.fakes.payloads import GROUP, MEMBER, NOW_S, OTHER_GROUP, said
from tests.search.spoken import manner

PLACE = (MEMBER, GROUP)
SOME = Limits(messages=500, text_bytes=100_000)
PART_BYTES = 20_000
HOSTILE = "晚安 <script>alert(1)</script> *粗* [链](http://x) `x`\n# 标题"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "exports"


def files(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def left_behind(folder: Path) -> None:
    folder.mkdir()
    (folder / "left.md").write_text("晚安")


@pytest.fixture
def gateway() -> FakeGateway:
    return FakeGateway()


@pytest.fixture
def exporting(
    database: Database, gateway: FakeGateway, folder: Path, zone: ZoneInfo
) -> SearchExport:
    return SearchExport(
        database, LogSearch(database), gateway, manner(zone), ExportFolder(folder, PART_BYTES)
    )


@pytest.fixture
async def archived(writer: LogWriter) -> None:
    await store(
        writer,
        said("晚安，一", time=NOW_S),
        said(HOSTILE, time=NOW_S + 60, sender={"nickname": "<b>小满"}),
        said("晚安，三", time=NOW_S + 86_400),
        said("早安", time=NOW_S + 86_400),
        said("晚安，别处", time=NOW_S, group_id=OTHER_GROUP),
    )


@pytest.fixture
def sent(gateway: FakeGateway) -> Callable[[], str]:
    """Read the file that was sent."""

    def read() -> str:
        (call,) = [call for call in gateway.calls if call.action == "upload_private_file"]
        assert call.parameters["user_id"] == MEMBER
        assert "group_id" not in call.parameters
        assert "/" not in call.parameters["name"]
        return base64.b64decode(call.parameters["file"].removeprefix("base64://")).decode()

    return read


@pytest.mark.usefixtures("archived")
async def test_the_hits_come_as_markdown_in_the_order_of_the_talk(
    exporting: SearchExport, sent: Callable[[], str], folder: Path
) -> None:
    answer = await exporting.export(PLACE, "晚安", [GROUP], SOME)
    assert answer == "已经私聊发给你：「晚安」的 3 条，Markdown。"
    file = sent()
    assert file.startswith("# 「晚安」的搜索结果\n")
    assert [line for line in file.splitlines() if line.startswith("## ")] == [
        "## 2026-09-21",
        "## 2026-09-22",
    ]
    assert file.index("晚安，一") < file.index("晚安，三")
    assert r"\<script\>alert(1)" in file
    assert not [line for line in file.splitlines()[1:] if line.lstrip().startswith("# ")]
    assert files(folder) == []


@pytest.mark.usefixtures("archived")
async def test_as_json_every_message_is_an_object(
    exporting: SearchExport, sent: Callable[[], str], database: Database
) -> None:
    [first, *_] = await kept(database)
    async with database.write() as connection:
        await add_seen_text(connection, first.id, "图里的字")
    answer = await exporting.export(PLACE, "晚安 格式:json", [GROUP, OTHER_GROUP], SOME)
    assert "的 4 条，JSON" in answer
    messages = json.loads(sent())["messages"]
    assert [entry["text"] for entry in messages if entry["group"] == "守灯人"] == [
        "晚安，一",
        HOSTILE,
        "晚安，三",
    ]
    assert messages[0]["time"] == "2026-09-21T22:13:20+08:00"
    assert "图里的字" in {entry["seen_text"] for entry in messages}


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.seen.add(tag)


@pytest.mark.usefixtures("archived")
async def test_as_a_page_nothing_that_was_said_is_markup(
    exporting: SearchExport, sent: Callable[[], str]
) -> None:
    await exporting.export(PLACE, "晚安 格式:网页", [GROUP], SOME)
    page = _Tags()
    page.feed(sent())
    assert page.seen <= {"html", "meta", "title", "style", "h1", "h2", "i", "p", "time", "b"}
    assert "&lt;b&gt;小满" in sent()


@pytest.mark.usefixtures("archived")
async def test_beyond_the_limit_the_newest_are_taken(
    exporting: SearchExport, sent: Callable[[], str]
) -> None:
    assert "只有最新的这些" in await exporting.export(PLACE, "晚安", [GROUP], Limits(2, 10_000))
    assert "晚安，一" not in sent()
    assert "晚安，三" in sent()


async def test_what_was_recalled_is_in_no_file(
    exporting: SearchExport, sent: Callable[[], str], writer: LogWriter
) -> None:
    gone = said("晚安，收回的")
    await store(writer, said("晚安，留下的"), gone, recall_of(gone))
    await exporting.export(PLACE, "晚安", [GROUP], SOME)
    assert "留下的" in sent()
    assert "收回的" not in sent()


@pytest.mark.usefixtures("archived")
@pytest.mark.parametrize(
    ("trouble", "advice"),
    [
        (Refused(1200, "not a friend"), "请先加我为好友"),
        (NotConnected("no account"), "现在连不上"),
        (OutcomeUnknown("timeout"), "可能已经发到"),
    ],
)
async def test_a_file_that_cannot_be_sent_is_deleted_too(
    trouble: Exception, advice: str, exporting: SearchExport, gateway: FakeGateway, folder: Path
) -> None:
    gateway.next("upload_private_file", trouble)
    assert advice in await exporting.export(PLACE, "晚安", [GROUP], SOME)
    assert files(folder) == []


@pytest.mark.usefixtures("archived")
async def test_one_export_is_made_at_a_time_and_few_for_one_person(
    exporting: SearchExport, gateway: FakeGateway
) -> None:
    assert "例如：导出搜索 晚安" in await exporting.export(PLACE, "", [GROUP], SOME)
    assert "没有共同的群" in await exporting.export(PLACE, "晚安", [], SOME)
    assert "没有可以导出的" in await exporting.export(PLACE, "没有这个", [GROUP], SOME)
    answers = [await exporting.export(PLACE, "晚安", [GROUP], SOME) for _ in range(3)]
    assert [answer[:4] for answer in answers] == ["已经私聊", "已经私聊", "导出得太"]
    assert "已经私聊" in await exporting.export((7, GROUP), "晚安", [GROUP], SOME)


async def test_what_a_crash_left_behind_goes_at_the_start(
    exporting: SearchExport, folder: Path
) -> None:
    await exporting.clear()
    left_behind(folder)
    await exporting.clear()
    assert files(folder) == []


async def test_what_is_too_large_for_one_file_comes_in_several_and_whole(
    exporting: SearchExport, gateway: FakeGateway, folder: Path, writer: LogWriter
) -> None:
    await store(writer, *(said(f"晚安{n}，" + "长" * 300, time=NOW_S + n) for n in range(50)))
    answer = await exporting.export(PLACE, "晚安 格式:json", [GROUP], SOME)
    assert "的 50 条，JSON，分成 3 个文件。" in answer
    uploads = [call.parameters for call in gateway.calls]
    assert [upload["name"] for upload in uploads] == [
        f"留灯_晚安_格式_json_{n}.json" for n in (1, 2, 3)
    ]
    read = [base64.b64decode(upload["file"].removeprefix("base64://")) for upload in uploads]
    numbers = [entry["id"] for part in read for entry in json.loads(part)["messages"]]
    assert numbers == list(range(1, 51))
    assert files(folder) == []


async def test_beyond_the_words_allowed_the_newest_are_taken_and_that_is_said(
    exporting: SearchExport, sent: Callable[[], str], writer: LogWriter
) -> None:
    await store(writer, *(said(f"晚安{n}，" + "长" * 100, time=NOW_S + n) for n in range(8)))
    answer = await exporting.export(PLACE, "晚安", [GROUP], Limits(500, 1_700))
    assert "的 3 条，Markdown（到上限了，只有最新的这些）。" in answer
    assert "（到上限了，只有最新的这些）" in sent()
    assert "晚安7" in sent()
    assert "晚安4" not in sent()


async def test_files_that_went_are_told_of_when_the_next_does_not(
    exporting: SearchExport, gateway: FakeGateway, folder: Path, writer: LogWriter
) -> None:
    await store(writer, *(said(f"晚安{n}，" + "长" * 300, time=NOW_S + n) for n in range(50)))
    gateway.next("upload_private_file", {}, Refused(1200, "no"))
    answer = await exporting.export(PLACE, "晚安", [GROUP], SOME)
    assert answer.startswith("前 1 个文件发到了，后面的没有。")
    assert files(folder) == []
