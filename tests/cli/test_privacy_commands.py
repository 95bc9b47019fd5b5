"""What an operator does for members, on the machine itself."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from liudeng.cli import app
from liudeng.settings import Settings, get_settings

GROUP = 714400213
WHO = 900111222
OLD = [
    {"id": 1, "user": WHO, "name": "阿棠", "time": "2020-02-13 23:59:58", "text": "要删掉的话"},
    {"id": 2, "user": 1002, "name": "小满", "time": "2026-02-14 00:00:01", "text": "留下的话"},
]


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    get_settings.cache_clear()
    yield tmp_path / "data"
    get_settings.cache_clear()


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "export.jsonl"
    path.write_text("".join(json.dumps(entry) + "\n" for entry in OLD), "utf-8")
    return path


def run(*arguments: object, typed: str | None = None) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], input=typed)


def test_somebody_is_shown_handed_out_and_erased_for_good(
    export: Path, data_dir: Path, tmp_path: Path
) -> None:
    run("import", export, "--group", GROUP)
    assert "1 条消息" in run("privacy", "show", "--user", WHO).stdout
    out = tmp_path / "out"
    assert run("privacy", "hand-out", "--user", WHO, out).exit_code == 0
    assert "要删掉的话" in (out / "messages-1.html").read_text("utf-8")
    assert run("privacy", "hand-out", "--user", WHO, out).exit_code == 1
    refused = run("privacy", "erase", "--user", WHO, typed="n\n")
    assert refused.exit_code == 1
    assert "要删掉的话".encode() in (data_dir / "liudeng.sqlite3").read_bytes()
    assert "删干净了" in run("privacy", "erase", "--user", WHO, typed="y\n").stdout
    again = json.loads(run("import", export, "--group", GROUP, "--json").stdout)
    assert (again["inserted"], again["left_out"]) == (0, 1)
    files = [path for path in data_dir.rglob("*") if path.is_file()]
    assert not any("要删掉的话".encode() in path.read_bytes() for path in files)
    assert "没有存着" in run("privacy", "show", "--user", WHO).stdout


def test_what_is_old_is_previewed_before_it_goes(
    export: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("import", export, "--group", GROUP)
    assert "没有设置" in run("retention", "--preview").stdout
    monkeypatch.setenv("RETENTION", '{"*":{"messages":2000}}')
    get_settings.cache_clear()
    preview = run("retention", "--preview").stdout
    assert "超过 2000 天：1 条" in preview
    assert "什么也没有删" in preview
    assert "删了 1 条" in run("retention").stdout
    assert "没有到期的" in run("retention").stdout


def test_a_lost_key_stops_everything_before_somebody_comes_back(
    export: Path, data_dir: Path
) -> None:
    run("import", export, "--group", GROUP)
    run("privacy", "erase", "--user", WHO, "--yes")
    (data_dir / "privacy.key").unlink()
    refused = run("import", export, "--group", GROUP)
    assert refused.exit_code == 1
    assert "隐私密钥" in refused.stderr
    assert run("privacy", "show", "--user", WHO).exit_code == 1


def test_keys_are_rotated_and_permissions_looked_at(export: Path, data_dir: Path) -> None:
    run("import", export, "--group", GROUP)
    assert "重新封存了 0 段" in run("privacy", "rotate-key").stdout
    assert run("privacy", "check").exit_code == 0
    data_dir.chmod(0o755)
    told = run("privacy", "check")
    assert told.exit_code == 1
    assert "chmod 700" in told.stderr
    assert "没有退出了" in run("privacy", "departures").stdout
    assert run("privacy", "departures", "--group", GROUP, "--keep").exit_code == 1
