"""Figures with intervals: what is found in labelled sentences, what is raised in ordinary chat."""

import csv
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from math import sqrt
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from liudeng.watch.assessment import Assessment, Watcher

RATES = (0.1, 0.5, 1.0, 2.0, 5.0)
"""False alarms per 1,000 ordinary messages at which recall is stated."""
_BATCH = 200
_SURE = 1.96
"""Standard deviations of a 95 % interval."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Row(_Frozen):
    """A labelled sentence."""

    text: str
    level: int
    kind: str = ""
    explicit: bool = False
    other_level: int = 0


class Share(_Frozen):
    """Hits among `of`, with Wilson's 95 % interval."""

    hits: int
    of: int
    value: float = 0.0
    low: float = 0.0
    high: float = 1.0


class Point(_Frozen):
    """Recall of level 3 at a threshold set on ordinary chat."""

    per_1000: float
    all: Share
    explicit: Share
    implicit: Share
    hard_raised: Share


class Evaluation(_Frozen):
    """All that `liudeng watch evaluate` states."""

    levels: dict[str, tuple[int, int, int, int, int]]
    """By label: how many were given 0, 1, 2, 3, and how many opened a worry alert."""
    shares: dict[str, Share]
    kinds: dict[str, tuple[Share, Share]]
    """By kind: level 3 found; level 0 raised as the writer's own danger."""
    curve: tuple[Point, ...] = ()
    """Thresholds are set on the very chat that was given: a bound, no promise."""


def labelled_rows(path: Path) -> list[Row]:
    """Read labelled JSON Lines. Raises OSError or ValueError naming the line."""
    rows: list[Row] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            fields = {key: value for key, value in json.loads(line).items() if value is not None}
            rows.append(Row.model_validate(fields))
        except ValueError:
            raise ValueError(f"{path.name} 第 {number} 行不是带 text 和 level 的 JSON") from None
    return rows


def plain_lines(path: Path) -> list[str]:
    """Read ordinary chat: the `text` of JSON Lines or of a TSV with a header, or bare lines."""
    with path.open(encoding="utf-8", newline="") as file:
        if path.suffix == ".tsv":
            reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            return [row["text"] or "" for row in reader]
        lines = [line.strip() for line in file if line.strip()]
    return [json.loads(line)["text"] for line in lines] if path.suffix == ".jsonl" else lines


def share(hits: Iterable[bool]) -> Share:
    """Count hits and give Wilson's interval."""
    values = list(hits)
    hit, of = sum(values), len(values)
    if not of:
        return Share(hits=0, of=0)
    part, spread = hit / of, _SURE**2 / of
    middle = (part + spread / 2) / (1 + spread)
    half = _SURE * sqrt(part * (1 - part) / of + spread / (4 * of)) / (1 + spread)
    return Share(hits=hit, of=of, value=part, low=max(0.0, middle - half), high=middle + half)


def evaluate(watcher: Watcher, rows: Sequence[Row], ordinary: Sequence[str]) -> Evaluation:
    """Judge labelled rows and ordinary chat."""
    found = _assessed(watcher, [row.text for row in rows])
    chat = _assessed(watcher, ordinary)
    pairs = list(zip(rows, found, strict=True))
    return Evaluation(
        levels=_levels(pairs),
        shares=_shares(pairs, chat),
        kinds=_kinds(pairs),
        curve=_curve(pairs, chat) if chat else (),
    )


_Pair = tuple[Row, Assessment]


def _assessed(watcher: Watcher, texts: Sequence[str]) -> list[Assessment]:
    return [
        one
        for start in range(0, len(texts), _BATCH)
        for one in watcher.assess_many(texts[start : start + _BATCH])
    ]


def _own(found: Assessment) -> int:
    return 0 if found.about == "other" else found.level


def _worries(found: Assessment) -> bool:
    return found.about == "other" and found.level == 3


def _levels(pairs: Sequence[_Pair]) -> dict[str, tuple[int, int, int, int, int]]:
    table: dict[str, list[int]] = defaultdict(lambda: [0] * 5)
    for row, found in pairs:
        table[str(row.level)][4 if _worries(found) else _own(found)] += 1
    return {
        label: (counts[0], counts[1], counts[2], counts[3], counts[4])
        for label, counts in sorted(table.items())
    }


def _shares(pairs: Sequence[_Pair], chat: Sequence[Assessment]) -> dict[str, Share]:
    def where(test: Callable[[Row], bool], hit: Callable[[Assessment], bool]) -> Share:
        return share(hit(found) for row, found in pairs if test(row))

    def is_three(found: Assessment) -> bool:
        return _own(found) == 3

    shares = {
        "3 级找到": where(lambda row: row.level == 3, is_three),
        "3 级找到（明说）": where(lambda row: row.level == 3 and row.explicit, is_three),
        "3 级找到（暗示）": where(lambda row: row.level == 3 and not row.explicit, is_three),
        "2 级以上判为 2 级以上": where(lambda row: row.level >= 2, lambda one: _own(one) >= 2),
        "0 级被判为本人 3 级": where(lambda row: row.level == 0, is_three),
        "1 级被判为本人 3 级": where(lambda row: row.level == 1, is_three),
        "替人着急（对方 3 级）找到": where(lambda row: row.other_level == 3, _worries),
    }
    if chat:
        shares["平常话：本人 3 级"] = share(_own(one) == 3 for one in chat)
        shares["平常话：替人着急"] = share(_worries(one) for one in chat)
        shares["平常话：2 级以上"] = share(one.level >= 2 for one in chat)
    return shares


def _kinds(pairs: Sequence[_Pair]) -> dict[str, tuple[Share, Share]]:
    by_kind: dict[str, list[_Pair]] = defaultdict(list)
    for row, found in pairs:
        by_kind[row.kind].append((row, found))
    return {
        kind: (
            share(_own(found) == 3 for row, found in some if row.level == 3),
            share(_own(found) == 3 for row, found in some if row.level == 0),
        )
        for kind, some in sorted(by_kind.items())
    }


def _curve(pairs: Sequence[_Pair], chat: Sequence[Assessment]) -> tuple[Point, ...]:
    ranked = sorted((_danger(one) for one in chat), reverse=True)
    return tuple(_point(pairs, rate, ranked[int(rate * len(ranked) / 1000)]) for rate in RATES)


def _point(pairs: Sequence[_Pair], rate: float, limit: float) -> Point:
    def above(test: Callable[[Row], bool]) -> Share:
        return share(_danger(found) > limit for row, found in pairs if test(row))

    return Point(
        per_1000=rate,
        all=above(lambda row: row.level == 3),
        explicit=above(lambda row: row.level == 3 and row.explicit),
        implicit=above(lambda row: row.level == 3 and not row.explicit),
        hard_raised=above(lambda row: row.level == 0),
    )


def _danger(found: Assessment) -> float:
    return 0.0 if found.about == "other" else found.danger
