"""Files as they come: encodings, damage, and what is no export at all."""

import gzip
import json
import os
from pathlib import Path

import pytest

from liudeng.db import Database
from liudeng.importing import ImportProblem, Progress, import_file, records
from tests.fakes.archive import kept, texts
from tests.fakes.payloads import GROUP, NOW_MS, NOW_S
from tests.importing.conftest import Load
from tests.importing.samples import (
    CHATLAB_HEADER,
    chatlab_document,
    chatlab_lines,
    chatlab_message,
    lines,
    own,
    qq_document,
    qq_message,
)


async def test_a_broken_line_is_refused_by_its_number_and_the_rest_goes_on(
    load: Load, database: Database
) -> None:
    content = lines(
        own("一"),
        '{"user": 1, "time": 1790000000, "te',
        "",
        own("二"),
        "[1, 2]",
        own(3),
        own(user=True),
        own(time="昨天"),
        own(time=None),
        '{"user": 1, "time": NaN, "text": "x"}',
        own("三"),
    )
    report = await load(content)
    assert await texts(database) == ["一", "二", "三"]
    assert (report.read, report.inserted, report.refused) == (10, 3, 7)
    assert [str(refusal) for refusal in report.examples] == [
        "第 2 行：不是完整的 JSON",
        "第 5 行：不是一个 JSON 对象",
        "第 6 行：text 没有写，或不是文字",
        "第 7 行：没有发送者",
        "第 8 行：时间的写法看不懂",
    ]


async def test_a_refusal_never_quotes_the_message(load: Load) -> None:
    report = await load(
        lines(own(), '{"text": "秘密', own("秘密", time="秘密"), own("秘密", id="秘" * 200))
    )
    assert report.refused == 3
    assert "秘" not in " ".join(map(str, report.examples))


async def test_a_line_that_is_not_utf8_is_refused_alone(load: Load, database: Database) -> None:
    good = [lines(own(f"第{number}句")).encode() for number in range(20)]
    report = await load(b"".join([*good, lines(own("坏的")).encode("gbk"), *good[:1]]))
    assert report.refused == 1
    assert str(report.examples[0]) == "第 21 行：不是 UTF-8 编码"
    assert report.read == 22


async def test_a_line_without_end_is_refused_alone(
    load: Load, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "MAX_LINE", 1_000)
    report = await load(lines(own("一"), own("长" * 5_000), own("二"), own("长" * 5_000)))
    assert await texts(database) == ["一", "二"]
    assert [refusal.number for refusal in report.examples] == [2, 4]


@pytest.mark.parametrize(
    "line", ["[" * 100_000, '{"a":' * 100_000, '{"time": ' + "9" * 5_000 + "}"]
)
async def test_a_hostile_line_is_refused(line: str, load: Load, database: Database) -> None:
    report = await load(lines(own("一"), line, own("二")))
    assert await texts(database) == ["一", "二"]
    assert report.refused == 1


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "content", [lines(own("晚安👋")), chatlab_document(chatlab_message("晚安👋"))]
)
async def test_marked_encodings_are_read(
    encoding: str, content: str, load: Load, database: Database
) -> None:
    mark = "\ufeff" if encoding[-2:] in ("le", "be") else ""
    await load((mark + content).encode(encoding))
    assert await texts(database) == ["晚安👋"]


async def test_long_files_in_other_encodings_are_read_whole(load: Load, database: Database) -> None:
    content = lines(*(own(f"第{number}句😀", id=number) for number in range(5_000)))
    report = await load(content.encode("utf-16"))
    assert (report.inserted, report.refused) == (5_000, 0)
    assert (await texts(database))[-1] == "第4999句😀"


@pytest.mark.parametrize("indent", [None, 2])
async def test_a_document_may_be_compact(
    indent: int | None, load: Load, database: Database
) -> None:
    document = json.loads(
        qq_document(*(qq_message(f"第{n}句", id=str(n), seq=str(n)) for n in range(1, 400)))
    )
    report = await load(json.dumps(document, indent=indent, ensure_ascii=False))
    assert report.inserted == 399


async def test_a_document_that_breaks_off_is_imported_up_to_there(
    load: Load, database: Database
) -> None:
    content = chatlab_document(
        *(chatlab_message(f"第{n}句", platformMessageId=f"m{n}") for n in range(9))
    )
    report = await load(content[: content.index("第7句")])
    assert len(await texts(database)) == 7
    assert not report.complete
    assert (report.refused, report.examples[-1].number) == (1, 8)


async def test_a_damaged_byte_in_a_document_costs_one_character(
    load: Load, database: Database
) -> None:
    content = chatlab_document(
        chatlab_message("早"), chatlab_message("坏×了"), chatlab_message("晚")
    )
    report = await load(content.encode().replace("×".encode(), b"\xff"))
    assert await texts(database) == ["早", "坏\ufffd了", "晚"]
    assert report.complete


@pytest.mark.parametrize(
    "content",
    [
        lines(*(own(f"第{n}句") for n in range(50))),
        chatlab_lines(*(chatlab_message(f"第{n}句") for n in range(50))),
        qq_document(*(qq_message(f"第{n}句", id=str(n), seq=str(n)) for n in range(1, 51))),
        qq_document(*(qq_message("同一句", id="", seq="") for _ in range(50))),
    ],
)
async def test_the_same_file_again_inserts_nothing(
    content: str, load: Load, database: Database
) -> None:
    assert (await load(content)).inserted == 50
    again = await load(content)
    assert (again.inserted, again.duplicates, again.read) == (0, 50, 50)
    assert len(await texts(database)) == 50


async def test_an_import_that_was_stopped_is_finished_by_the_next(
    database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(lines(*(own(f"第{n}句") for n in range(4_500))), "utf-8")

    class Stopped(Exception):
        pass

    def stop(progress: Progress) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        await import_file(database, path, GROUP, stop)
    report = await import_file(database, path, GROUP, lambda _: None)
    assert (report.inserted, report.duplicates) == (2_500, 2_000)


async def test_an_impossible_time_is_that_of_the_message_before(
    load: Load, database: Database
) -> None:
    content = lines(own("一"), own("二", time=NOW_S * 2), own("三", time=0), own("四", time=-1e300))
    report = await load(content)
    assert {message.time_ms for message in await kept(database)} == {NOW_MS}
    assert report.mended_times == 3
    assert (await load(content)).inserted == 0


async def test_an_impossible_time_at_the_start_is_that_of_the_file(
    database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(lines(own(time="2999-01-01 00:00:00")), "utf-8")
    os.utime(path, (NOW_S, NOW_S))
    for expected in (1, 0):
        report = await import_file(database, path, GROUP, lambda _: None)
        assert report.inserted == expected
    (message,) = await kept(database)
    assert message.time_ms == NOW_MS


async def test_progress_ends_with_the_whole_file(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(lines(*(own(f"第{n}句") for n in range(4_100))), "utf-8")
    seen: list[Progress] = []
    await import_file(database, path, GROUP, seen.append)
    assert [progress.messages for progress in seen] == [2_000, 4_000, 4_100]
    assert seen[-1].bytes_read == seen[-1].bytes_total == path.stat().st_size
    assert sorted(progress.bytes_read for progress in seen) == [p.bytes_read for p in seen]


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        (b"", "文件是空的"),
        (b"\xef\xbb\xbf \n", "文件是空的"),
        (lines(*(own("晚安") for _ in range(9))).encode("gbk"), "UTF-8"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "不是文本文件"),
        (gzip.compress(b"{}", mtime=0), "压缩包"),
        ("2024-01-01 12:00:00 小满\n晚安\n", "认不出"),
        ('{"name": "liudeng", "version": 1}', "认不出"),
        ('{"messages": [{"a": 1}]}', "认不出"),
        ("[]", "认不出"),
        ('{"broken": ', "认不出"),
        (qq_document(qq_message(), chat_type="private"), "私聊"),
        (chatlab_document(meta={"name": "x", "platform": "qq", "type": "private"}), "私聊"),
        (lines({"_type": "header", **CHATLAB_HEADER, "meta": {"type": "private"}}), "私聊"),
        (
            '{"metadata": {"name": "QQChatExporter V5"}, "chatInfo": {"type": "group"},'
            ' "chunked": {"format": "jsonl", "chunks": []}}',
            "chunks",
        ),
    ],
)
async def test_what_is_no_export_is_explained(
    content: str | bytes, advice: str, load: Load, database: Database
) -> None:
    with pytest.raises(ImportProblem, match=advice) as problem:
        await load(content)
    assert "请" in str(problem.value)
    assert await texts(database) == []


@pytest.mark.parametrize(
    ("name", "advice"), [("missing.jsonl", "找不到"), (".", "文件夹"), ("pipe", "不是普通文件")]
)
async def test_what_is_no_file_is_explained(
    name: str, advice: str, database: Database, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ImportProblem, match=advice):
        await import_file(database, tmp_path / name, GROUP, lambda _: None)


async def test_a_database_that_refuses_is_explained(load: Load, database: Database) -> None:
    async with database.write() as connection:
        await connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON messages BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
    with pytest.raises(ImportProblem, match="不会重复"):
        await load(lines(own("进不去的")))
    assert await texts(database) == []


async def test_the_first_line_of_a_file_may_be_broken(load: Load, database: Database) -> None:
    report = await load(lines('{"user": 1, "tex', own("一"), '{"', own("二")))
    assert await texts(database) == ["一", "二"]
    assert [refusal.number for refusal in report.examples] == [1, 3]


async def test_more_members_than_a_batch_holds_do_not_end_the_file(
    load: Load, database: Database
) -> None:
    members = [{"_type": "member", "platformId": str(n), "accountName": "x"} for n in range(4_001)]
    header = {"_type": "header", **CHATLAB_HEADER}
    await load(lines(header, *members, {"_type": "message", **chatlab_message("在后面")}))
    assert await texts(database) == ["在后面"]
