"""A floor under the quality of the shipped watcher, on another pen's sentences.

The floor stands a little below what was measured: a change of the lexicon or the model that loses
people or raises hard negatives (jokes, games, lyrics, advice …) shows here. The figures themselves
stand in `docs/watcher.md`; `benchmarks/watch_quality.py` prints them.
"""

import json
from pathlib import Path

import pytest

from liudeng.watch.assessment import default_watcher

ROWS = Path(__file__).parents[1] / "data" / "dev_distress.jsonl"


@pytest.fixture(scope="module")
def levels() -> list[tuple[int, int]]:
    """(true level of the writer, level given to the writer) for each sentence."""
    rows = [json.loads(line) for line in ROWS.read_text(encoding="utf-8").splitlines()]
    found = default_watcher().assess_many([row["text"] for row in rows])
    return [
        (row["level"], 0 if one.about == "other" else one.level)
        for row, one in zip(rows, found, strict=True)
    ]


def _share(levels: list[tuple[int, int]], true: int, at_least: int) -> float:
    given = [level for level_true, level in levels if level_true == true]
    return sum(level >= at_least for level in given) / len(given)


def test_people_in_danger_are_found(levels: list[tuple[int, int]]) -> None:
    assert _share(levels, true=3, at_least=3) >= 0.72
    assert _share(levels, true=3, at_least=2) >= 0.82


def test_hard_negatives_stay_down(levels: list[tuple[int, int]]) -> None:
    assert _share(levels, true=0, at_least=3) <= 0.04


def test_grief_without_risk_raises_no_alert(levels: list[tuple[int, int]]) -> None:
    assert _share(levels, true=1, at_least=3) <= 0.02
