"""The operator's command line, from an export file to a hit and a healthy report."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from liudeng.cli import app
from liudeng.settings import Settings, get_settings

GROUP = 714400213
EVENING = [
    {"id": 1, "user": 1001, "name": "阿棠", "time": "2026-02-13 23:59:58", "text": "还有人醒着吗"},
    {"id": 2, "user": 1002, "name": "小满", "time": "2026-02-14 00:00:01", "text": "晚安 四月的灯"},
    {"id": 3, "user": 1001, "name": "阿棠", "time": "2026-02-14 00:00:05", "text": "晚安，都晚安"},
]


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("PORT", "1")  # nobody answers there
    monkeypatch.chdir(tmp_path)
    get_settings.cache_clear()
    yield tmp_path / "data"
    get_settings.cache_clear()


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "export.jsonl"
    path.write_text("".join(json.dumps(entry) + "\n" for entry in EVENING), "utf-8")
    return path


def run(*arguments: object, typed: str | None = None) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], input=typed)


def test_an_export_is_imported_once_and_found(export: Path) -> None:
    first = run("import", export, "--group", GROUP)
    assert first.exit_code == 0
    assert "新存 3" in first.stdout
    again = json.loads(run("import", export, "--group", GROUP, "--json").stdout)
    assert (again["inserted"], again["duplicates"]) == (0, 3)
    found = json.loads(run("search", "晚安", "--group", GROUP, "--json").stdout)
    assert found["query"] == "晚安"
    assert found["total"] == 2
    assert [hit["message_id"] for hit in found["hits"]] == [3, 2]
    assert found["hits"][0] == {
        "id": 3,
        "message_id": 3,
        "user": 1001,
        "name": "阿棠",
        "time": "2026-02-14T00:00:05+08:00",
        "text": "晚安，都晚安",
    }


def test_queries_come_a_line_each_and_an_odd_one_stops_nothing(export: Path) -> None:
    run("import", export, "--group", GROUP)
    answered = run("search", "-", "--group", GROUP, "--limit", 1, typed="晚安\n\n醒着\n")
    lines = [json.loads(line) for line in answered.stdout.splitlines()]
    assert [(line["total"], len(line["hits"])) for line in lines] == [(2, 1), (0, 0), (1, 1)]
    assert "想搜什么" in lines[1]["error"]


def test_hits_are_shown_to_people_with_the_word_marked(export: Path) -> None:
    run("import", export, "--group", GROUP)
    shown = run("search", "四月", "--group", GROUP)
    assert "共 1 条" in shown.stdout
    assert "【四月】" in shown.stdout
    assert run("search", "四月", "--group", 5).stdout.startswith("共 0 条")


def test_a_group_is_exported_checked_and_imported_elsewhere(
    export: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("import", export, "--group", GROUP)
    written = json.loads(run("export", "--group", GROUP, tmp_path / "out", "--json").stdout)
    assert (written["messages"], written["taken_back"]) == (3, 0)
    assert json.loads(run("verify", tmp_path / "out", "--json").stdout)["ok"]
    again = run("export", "--group", GROUP, tmp_path / "out")
    assert (again.exit_code, "写完的导出" in again.stderr) == (1, True)
    assert run("export", "--group", GROUP, tmp_path / "masked", "--pseudonymous").exit_code == 0
    assert "阿棠" not in (tmp_path / "masked" / "messages.qce.json").read_text("utf-8")
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "elsewhere"))
    get_settings.cache_clear()
    for file in ("messages.qce.json", "messages.chatlab.jsonl"):
        report = json.loads(run("import", tmp_path / "out" / file, "--group", 7, "--json").stdout)
        assert (report["read"], report["refused"]) == (3, 0)
    (tmp_path / "out" / "html" / "index.html").write_text("changed", "utf-8")
    checked = run("verify", tmp_path / "out")
    assert (checked.exit_code, "被改过：html/index.html" in checked.stdout) == (1, True)


def test_a_backup_is_taken_and_put_back(export: Path, data_dir: Path, tmp_path: Path) -> None:
    assert "BACKUP_DIR" in run("backup").stderr
    run("import", export, "--group", GROUP)
    assert "核对过了" in run("backup", tmp_path / "backups").stdout
    refused = run("restore", tmp_path / "backups")
    assert (refused.exit_code, "--replace" in refused.stderr) == (1, True)
    (data_dir / "liudeng.sqlite3").unlink()
    restored = run("restore", tmp_path / "backups")
    assert (restored.exit_code, "恢复好了" in restored.stdout) == (0, True)
    found = json.loads(run("search", "晚安", "--group", GROUP, "--json").stdout)
    assert found["total"] == 2


def test_the_index_can_be_rebuilt(export: Path) -> None:
    run("import", export, "--group", GROUP)
    assert "3 条消息" in run("reindex").stdout
    assert json.loads(run("search", "晚", "--group", GROUP, "--json").stdout)["total"] == 2


def test_the_doctor_finds_a_fresh_installation_usable() -> None:
    seen = run("doctor", "--json")
    assert seen.exit_code == 0
    checks = {check["name"]: check["verdict"] for check in json.loads(seen.stdout)["checks"]}
    assert checks["database"] == "notice"
    assert checks["connection"] == "notice"


def test_the_doctor_reads_the_archive(export: Path) -> None:
    run("import", export, "--group", GROUP)
    report = json.loads(run("doctor", "--json").stdout)
    checks = {check["name"]: check for check in report["checks"]}
    assert report["ok"]
    assert "3 条消息" in checks["database"]["finding"]
    assert {checks[name]["verdict"] for name in ("index", "readers", "outbox", "alerts")} == {
        "good"
    }
    page = run("doctor").stdout
    assert "搜索索引" in page
    assert "建议看一下" in page


def test_the_doctor_tells_a_ruined_database(export: Path, data_dir: Path) -> None:
    run("import", export, "--group", GROUP)
    database = data_dir / "liudeng.sqlite3"
    for leftover in data_dir.glob("liudeng.sqlite3-*"):
        leftover.unlink()
    database.write_bytes(b"no database at all" * 1_000)
    seen = run("doctor")
    assert seen.exit_code == 1
    assert "先处理标 ✗ 的几项" in seen.stdout
    assert run("search", "晚安", "--group", GROUP).exit_code == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("search", "晚安", "--group", GROUP), "还没有存档"),
        (("reindex",), "还没有存档"),
        (("import", "nowhere.json", "--group", GROUP), "nowhere.json"),
        (("demo", "--scenario", "nowhere.jsonl", "--exit-when-done"), "找不到剧本"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(
    arguments: tuple[object, ...], sentence: str
) -> None:
    said = run(*arguments)
    assert said.exit_code == 1
    assert sentence in said.output
    assert "Traceback" not in said.output


def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARCHIVE_GROUPS", "123,456")
    get_settings.cache_clear()
    said = run("doctor")
    assert said.exit_code == 1
    assert "ARCHIVE_GROUPS" in said.output
