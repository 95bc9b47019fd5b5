"""`liudeng watch`: lines in, JSON out; labelled files in, figures out."""

import json
from pathlib import Path

import pytest

from liudeng.watch import assess
from liudeng.watch.assessment import default_watcher
from liudeng.watch.command_line import (
    WatchProblem,
    assess_lines,
    print_evaluation,
    print_trajectories,
)
from liudeng.watch.evaluation import share

ROWS = [
    {"text": "我真的不想活了", "level": 3, "kind": "plain", "explicit": 1},
    {"text": "吃撑了", "level": 3, "kind": "plain", "explicit": 0},
    {"text": "笑死我了", "level": 0, "kind": "hyperbole", "explicit": 1},
    {"text": "我朋友说不想活了", "level": 0, "kind": "third_person", "other_level": 3},
]


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in ROWS), encoding="utf-8")
    return path


def test_lines_come_out_in_order_as_json() -> None:
    lines = ["今天吃什么\n", "我想死\n", "\n", "我朋友说不想活了"]

    found = [json.loads(line) for line in assess_lines(default_watcher(), lines)]

    assert [one["text"] for one in found] == [line.rstrip("\n") for line in lines]
    assert [(one["level"], one["about"]) for one in found] == [
        (0, "none"),
        (3, "self"),
        (0, "none"),
        (3, "other"),
    ]
    reason = found[1]["reasons"][0]
    assert {"rule", "span", "weight"} <= reason.keys()


def test_figures_are_stated_with_intervals(
    labelled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chat = tmp_path / "chat.tsv"
    chat.write_text("dialog\tturn\ttext\n0\t0\t中午吃面\n0\t1\t好\n", encoding="utf-8")

    print_evaluation(default_watcher(), labelled, [chat], as_json=True)

    found = json.loads(capsys.readouterr().out)
    assert found["shares"]["3 级找到"]["hits"] == 1
    assert found["shares"]["3 级找到"]["of"] == 2
    assert found["shares"]["0 级被判为本人 3 级"]["hits"] == 0
    assert found["shares"]["替人着急（对方 3 级）找到"]["hits"] == 1
    assert found["shares"]["平常话：本人 3 级"]["of"] == 2
    assert [point["per_1000"] for point in found["curve"]] == [0.1, 0.5, 1.0, 2.0, 5.0]


def test_the_table_is_readable(labelled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    print_evaluation(default_watcher(), labelled, [], as_json=False)

    assert "3 级找到（明说）" in capsys.readouterr().out


def test_an_interval_holds_its_share() -> None:
    found = share([True] * 8 + [False] * 2)

    assert found.low < found.value == 0.8 < found.high
    assert (round(found.low, 2), round(found.high, 2)) == (0.49, 0.94)
    assert share([]).of == 0


def test_stories_tell_when_they_alert(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "stories.jsonl"
    words = ["中午吃什么", "我不想活了，今晚就走"]
    said = [{"day": 0, "time": f"2{n}:00", "text": text} for n, text in enumerate(words)]
    path.write_text(json.dumps({"id": "S1", "messages": said}), encoding="utf-8")

    print_trajectories(default_watcher(), path, as_json=True)

    assert json.loads(capsys.readouterr().out) == {"id": "S1", "alert_at": 1}
    assert assess(words[0]).level == 0


def test_a_file_of_another_kind_is_refused_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "notes.jsonl"
    path.write_text('{"words": "x"}\n', encoding="utf-8")

    with pytest.raises(WatchProblem, match="第 1 行"):
        print_evaluation(default_watcher(), path, [], as_json=True)
    with pytest.raises(WatchProblem, match="读不了"):
        print_trajectories(default_watcher(), tmp_path / "none.jsonl", as_json=True)
