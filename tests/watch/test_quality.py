"""A floor under the quality of the shipped watcher, on another pen's sentences.

The floor stands a little below what was measured: a change of the lexicon or the model that loses
people or raises hard negatives (jokes, games, lyrics, advice …) shows here. The figures themselves
stand in `docs/watcher.md`; `benchmarks/watch_quality.py` prints them.
"""

import json
from pathlib import Path

import pytest

from liudeng.watch import assess

ROWS = Path(__file__).parents[1] / "data" / "dev_distress.jsonl"


@pytest.fixture(scope="module")
def levels() -> list[tuple[int, int]]:
    """(true level of the writer, level given to the writer) for each sentence."""
    pairs = []
    for line in ROWS.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        found = assess(row["text"])
        pairs.append((row["level"], 0 if found.about == "other" else found.level))
    return pairs


def _share(levels: list[tuple[int, int]], true: int, at_least: int) -> float:
    given = [level for level_true, level in levels if level_true == true]
    return sum(level >= at_least for level in given) / len(given)


def test_people_in_danger_are_found(levels: list[tuple[int, int]]) -> None:
    assert _share(levels, true=3, at_least=3) >= 0.55
    assert _share(levels, true=3, at_least=2) >= 0.66


def test_hard_negatives_stay_down(levels: list[tuple[int, int]]) -> None:
    assert _share(levels, true=0, at_least=3) <= 0.045


def test_grief_without_risk_raises_no_alert(levels: list[tuple[int, int]]) -> None:
    assert _share(levels, true=1, at_least=3) <= 0.02
