"""`liudeng watch replay`, `report` and `lexicon` as an operator types them."""

import json
import shutil
from pathlib import Path

import pytest

from liudeng.settings import DATA_ROOT, get_settings
from liudeng.watch.assessment import default_watcher
from tests.cli.test_command_line import data_dir, run

__all__ = ["data_dir"]

GROUP = 714400213
EVENING = [
    {"id": 1, "user": 1001, "name": "阿棠", "time": "2026-02-13 23:59:58", "text": "还有人醒着吗"},
    {"id": 2, "user": 1002, "name": "小满", "time": "2026-02-14 00:00:01", "text": "我不想活了"},
    {"id": 3, "user": 1001, "name": "阿棠", "time": "2026-02-14 00:00:05", "text": "在的，别急"},
]


@pytest.fixture(autouse=True)
def _one_watcher(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loading it takes a second each time."""
    monkeypatch.setattr("liudeng.cli.watch._watcher", default_watcher)


@pytest.fixture
def archive(tmp_path: Path) -> None:
    export = tmp_path / "export.jsonl"
    export.write_text("".join(json.dumps(entry) + "\n" for entry in EVENING), "utf-8")
    assert run("import", export, "--group", GROUP).exit_code == 0


@pytest.mark.usefixtures("archive")
def test_from_the_archive_to_a_marked_sample(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    told = run("watch", "replay", "--group", GROUP, "--out", page, "--json")
    assert told.exit_code == 0
    found = json.loads(told.stdout)
    assert (found["messages"], found["alerts"], found["sampled"]) == (3, 1, 1)
    written = page.read_text("utf-8")
    assert "我不想活了" in written
    assert "小满" not in written

    identity = written.split('data-id="')[1].split('"')[0]
    mark = {"id": identity, "verdict": "true", "rules": ["wish_to_die"], "score": 0.99}
    marks = tmp_path / "marks.json"
    marks.write_text(
        json.dumps(
            {
                "kind": "liudeng-replay-marks",
                "version": 1,
                "group": GROUP,
                "alerts": 1,
                "marks": [mark],
            }
        )
    )
    report = json.loads(run("watch", "report", "--marks", marks, "--json").stdout)
    assert (report["judged"], report["precision"]["hits"], report["marked"]) == (1, 1, 1)
    assert "100%" in run("watch", "report", "--marks", marks, "--group", GROUP).stdout


@pytest.mark.usefixtures("archive")
def test_what_cannot_be_replayed_is_said_in_one_sentence(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    for arguments in (
        ("--group", 1, "--out", page),
        ("--group", GROUP, "--since", "neulich"),
        ("--group", GROUP, "--since", "99999999999d"),
        ("--group", GROUP, "--since", "2030-01-01", "--out", page),
        ("--group", GROUP, "--out", tmp_path / "no" / "such" / "page.html"),
    ):
        refused = run("watch", "replay", *arguments)
        assert refused.exit_code == 1, arguments
        assert refused.stderr.strip().endswith("。"), refused.stderr
    assert not page.exists()


def test_before_there_is_an_archive_the_operator_is_told() -> None:
    assert "还没有存档" in run("watch", "report").stderr


def test_an_edited_lexicon_is_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("lexicon", "mood"):
        shutil.copytree(DATA_ROOT / name, tmp_path / name)
        monkeypatch.setenv(f"{name.upper()}_DIR", str(tmp_path / name))
    get_settings.cache_clear()
    checked = json.loads(run("watch", "lexicon", "--json").stdout)
    assert checked["entries"] == sum(checked["classes"].values())

    path = tmp_path / "mood" / "anger.toml"
    path.write_text(path.read_text("utf-8").replace('"生气"', '"气"'), "utf-8")
    refused = run("watch", "lexicon")
    assert refused.exit_code == 1
    assert "anger.toml 第" in refused.stderr


@pytest.mark.usefixtures("archive")
def test_a_wide_entry_shows_in_a_groups_own_talk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = tmp_path / "talk.jsonl"
    lines = [{**EVENING[0], "id": n, "text": f"今晚吃什么 {n}"} for n in range(10, 30)]
    talk.write_text("".join(json.dumps(entry) + "\n" for entry in lines), "utf-8")
    run("import", talk, "--group", GROUP)
    shutil.copytree(DATA_ROOT / "lexicon", tmp_path / "lexicon")
    path = tmp_path / "lexicon" / "wish_to_die.toml"
    path.write_text(path.read_text("utf-8").replace("entries = [", 'entries = ["今晚吃",', 1))
    monkeypatch.setenv("LEXICON_DIR", str(tmp_path / "lexicon"))
    get_settings.cache_clear()
    [wide] = json.loads(run("watch", "lexicon", "--group", GROUP, "--json").stdout)["wide"]
    assert (wide["entry"], wide["messages"]) == ("今晚吃", 20)


def test_opinions_must_not_travel_in_the_open(monkeypatch: pytest.MonkeyPatch) -> None:
    for url, fits in (
        ("http://example.com/v1", False),
        ("ftp://127.0.0.1", False),
        ("https://example.com/v1", True),
        ("http://127.0.0.1:11434/v1", True),
        ("http://192.168.1.5/v1", True),
        ("http://ollama:11434/v1", True),
    ):
        monkeypatch.setenv("OPINION_URL", url)
        get_settings.cache_clear()
        found = run("watch", "report")
        assert ("OPINION_URL" in found.stderr) is not fits, url
