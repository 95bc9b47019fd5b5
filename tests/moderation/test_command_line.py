"""`liudeng moderation assess` and `replay`, from end to end."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from liudeng.archive import LogWriter
from liudeng.cli import app
from liudeng.db import Database
from liudeng.settings import get_settings
from tests.fakes.archive import recall_of, store
from tests.fakes.payloads import GROUP, NOW_MS, said

SWINDLE = "内部渠道付费恢复4o，先付定金200，加微信详谈"
WARNING = "大家小心，刚才说付费恢复4o先付定金的是骗子，别加他微信"
LABELS = {"ok", "scam", "ad", "abuse", "incite", "flood", "outsider"}
DAY_MS = 86_400_000


@pytest.fixture
def archive(database_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("DATA_DIR", str(database_path.parent))
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


def run(*words: str, typed: str | bytes | None = None) -> Result:
    return CliRunner().invoke(app, ["moderation", *words], input=typed)


def assessed(*lines: str) -> list[dict[str, object]]:
    told = run("assess", typed="".join(f"{line}\n" for line in lines))
    assert told.exit_code == 0
    # As an outside script would: a line of output is a line, whatever was typed.
    return [json.loads(line) for line in told.stdout.splitlines()]


def test_every_line_is_answered_in_its_place() -> None:
    lines = ["晚安", SWINDLE, "", "哭" * 60, WARNING, *["早"] * 400, SWINDLE]
    found = assessed(*lines)
    assert [row["text"] for row in found] == lines
    labels = [row["label"] for row in found]
    assert labels[:5] == ["ok", "scam", "ok", "flood", "ok"]
    assert labels[-1] == "scam"


def test_a_label_is_one_of_seven_and_its_reasons_point_into_the_line() -> None:
    [row] = assessed(SWINDLE)
    assert row["label"] in LABELS
    scores, reasons = row["scores"], row["reasons"]
    assert isinstance(scores, dict)
    assert isinstance(reasons, list)
    assert set(scores) >= LABELS - {"ok"}
    assert all(0 <= score <= 1 for score in scores.values())
    assert max(LABELS - {"ok"}, key=lambda label: scores[label]) == "scam"
    assert reasons
    for reason in reasons:
        start, end = reason["span"]
        assert 0 <= start < end <= len(SWINDLE)
        assert reason["words"] in ("", SWINDLE[start:end])


def test_hostile_lines_are_lines_like_others() -> None:
    hostile = [
        " ",
        "\x00\x07\x1b[31m",
        "\u200b\u202e\u2066\ufeff",
        '{"label": "ok"}',
        "加" * 20_000,
        "👨‍👩‍👧‍👦" * 200,
        "\ue000\ufffd\U0010ffff",
        "e\u0301" * 3_000,
        "\u2028晚安\x85晚安\x0b晚安",
        "亻言" * 50,
    ]
    found = assessed(*hostile, "晚安")
    assert [row["text"] for row in found] == [*hostile, "晚安"]
    assert all(row["label"] in LABELS for row in found)
    assert found[-1]["label"] == "ok"


def test_bytes_that_are_no_text_are_read_all_the_same() -> None:
    told = run("assess", typed=b"\xff\xfe\n" + SWINDLE.encode() + b"\r\n\xe4\xbd")
    assert told.exit_code == 0
    labels = [json.loads(line)["label"] for line in told.stdout.splitlines()]
    assert labels == ["ok", "scam", "ok"]


def test_nothing_in_nothing_out() -> None:
    assert assessed() == []


async def _fill(path: Path) -> None:
    database = Database(path)
    writer = LogWriter(database, 100)
    writer.start(0)
    lines = ["大家好", SWINDLE, WARNING, "晚安"]
    entries = [
        said(text, message_id=str(n), time=(NOW_MS + n * DAY_MS) // 1000)
        for n, text in enumerate(lines)
    ]
    gone = said(SWINDLE, message_id="80", time=NOW_MS // 1000)
    elsewhere = said(SWINDLE, message_id="81", group_id=GROUP + 1, time=NOW_MS // 1000)
    await store(writer, *entries, gone, elsewhere, recall_of(gone))
    await writer.close()
    await database.close()


@pytest.fixture
def said_over_days(archive: None, database_path: Path) -> None:
    """Four messages of the group on four days, one that was recalled, one of another group."""
    asyncio.run(_fill(database_path))


@pytest.mark.usefixtures("said_over_days")
def test_a_replay_shows_what_would_have_been_acted_upon() -> None:
    told = run("replay", "--group", str(GROUP), "--rule", "防诈骗")
    assert told.exit_code == 0
    assert "看了 4 条，会动 1 条" in told.stderr
    [row] = [json.loads(line) for line in told.stdout.splitlines()]
    assert row["text"] == SWINDLE
    assert row["right"] is None
    assert "scam-model" in row["rules"]
    one_rule = run("replay", "--group", str(GROUP), "--rule", "scam-phrases")
    assert [json.loads(line)["rules"] for line in one_rule.stdout.splitlines()] == [
        ["scam-phrases"]
    ]


@pytest.mark.usefixtures("said_over_days")
def test_a_replay_begins_where_it_is_told() -> None:
    later = run("replay", "--group", str(GROUP), "--rule", "防诈骗", "--since", "2999-01-01")
    assert "看了 0 条，会动 0 条" in later.stderr
    assert later.stdout == ""


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--rule", "没有的"), "没有叫「没有的」的规则"),
        (("--rule", "防诈骗", "--since", "上周"), "2026-02-13"),
    ],
)
@pytest.mark.usefixtures("archive")
def test_what_cannot_be_replayed_is_said(options: tuple[str, ...], says: str) -> None:
    told = run("replay", "--group", str(GROUP), *options)
    assert told.exit_code == 1
    assert says in told.stderr


@pytest.mark.parametrize(
    ("written", "says", "code"),
    [
        ('{"right": true}\n\n{"right": false}\n{"right": null}\n', "标了 2 条，对 1 条", 0),
        ('{"right": null}\n', "还没有标", 1),
        ("不是 JSON\n", "读不了", 1),
        ("[1]\n", "读不了", 1),
    ],
)
def test_marks_tell_the_precision(tmp_path: Path, written: str, says: str, code: int) -> None:
    marks = tmp_path / "sample.jsonl"
    marks.write_text(written, "utf-8")
    told = run("replay", "--group", "1", "--rule", "防诈骗", "--marks", str(marks))
    assert told.exit_code == code
    assert says in told.output
