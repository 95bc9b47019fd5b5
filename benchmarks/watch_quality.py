"""How well the watcher does, beside the rules alone and the keyword list of a usual bot.

    python benchmarks/watch_quality.py --data DIR

DIR holds labelled `dev*.jsonl` (`text`, `level` 0-3, `kind`) and, for the false-alarm rate,
`public/lccc_base_valid.tsv` (`dialog, turn, text`: ordinary chat, see docs). The model was fitted
and calibrated on its even dialogs; rates are reported on the odd ones. What is missing is skipped,
SnowNLP too unless it is installed. Without --data those shipped with the tests are measured.
"""

import csv
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from liudeng.watch import Watcher, load_lexicon
from liudeng.watch.assessment import LEXICON_DIRECTORY, default_watcher
from liudeng.watch.evaluation import RATES, Row, Share, labelled_rows, share

SHIPPED = Path(__file__).parents[1] / "tests" / "data"
CHAT = Path("public") / "lccc_base_valid.tsv"
KEYWORDS = (
    "自杀", "想死", "不想活", "去死", "死了算了", "轻生", "跳楼", "割腕", "自残", "遗书",
    "结束生命", "活不下去", "活着没意思", "安眠药", "上吊", "自尽", "寻死", "了结", "抑郁",
    "再见了",
)  # fmt: skip
"""What a group bot usually looks for."""
NEGATIVE = 0.2
_BATCH = 200

Judge = Callable[[Sequence[str]], list[tuple[int, int]]]
"""Texts to (level of the writer, level of somebody else)."""


def _watched(watcher: Watcher) -> Judge:
    def judge(texts: Sequence[str]) -> list[tuple[int, int]]:
        found = [
            one
            for start in range(0, len(texts), _BATCH)
            for one in watcher.assess_many(texts[start : start + _BATCH])
        ]
        return [(0, one.level) if one.about == "other" else (one.level, 0) for one in found]

    return judge


def _keywords(texts: Sequence[str]) -> list[tuple[int, int]]:
    return [(3 * any(word in text for word in KEYWORDS), 0) for text in texts]


def _sentiment(texts: Sequence[str]) -> list[tuple[int, int]]:
    """Whatever SnowNLP finds more than four fifths negative."""
    snow = import_module("snownlp").SnowNLP
    scores = [snow(text).sentiments if text.strip() else 1.0 for text in texts]
    return [(3 * (score < NEGATIVE), 0) for score in scores]


JUDGES: dict[str, Judge] = {
    "keyword list": _keywords,
    **({"SnowNLP < 0.2": _sentiment} if find_spec("snownlp") else {}),
    "rules alone": _watched(Watcher(load_lexicon(LEXICON_DIRECTORY))),
    "rules and model": _watched(default_watcher()),
}


def _labelled(path: Path) -> list[Row]:
    try:
        return labelled_rows(path)
    except ValueError:  # other data of the tests, without levels
        return []


def _show(title: str, rows: Sequence[Row], console: Console) -> None:
    table = Table(title=title)
    for name in ("", "level 3", "explicit", "implicit", "level 0 raised", "friends at 3"):
        table.add_column(name)
    for name, judge in JUDGES.items():
        pairs = list(zip(rows, judge([row.text for row in rows]), strict=True))
        severe = [(row, own == 3) for row, (own, _) in pairs if row.level == 3]
        table.add_row(
            name,
            _cell(share(hit for _, hit in severe)),
            _cell(share(hit for row, hit in severe if row.explicit)),
            _cell(share(hit for row, hit in severe if not row.explicit)),
            _cell(share(own == 3 for row, (own, _) in pairs if row.level == 0)),
            _cell(share(other == 3 for row, (_, other) in pairs if row.other_level == 3)),
        )
    console.print(table)


def _cell(found: Share) -> str:
    if not found.of:
        return "–"
    return f"{found.value:.3f} ({found.low:.2f}–{found.high:.2f}; {found.hits}/{found.of})"


def _halves(path: Path) -> tuple[list[str], list[str]]:
    """Ordinary chat of even and of odd dialogs."""
    halves: tuple[list[str], list[str]] = ([], [])
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            halves[int(row["dialog"]) % 2].append(row["text"])
    return halves


def _danger(texts: Sequence[str]) -> list[float]:
    watcher = default_watcher()
    found = [
        one
        for start in range(0, len(texts), _BATCH)
        for one in watcher.assess_many(texts[start : start + _BATCH])
    ]
    return [0.0 if one.about == "other" else one.danger for one in found]


def _curve(rows: Sequence[Row], chat: Sequence[str], console: Console) -> None:
    """What is found and raised where that many ordinary lines of the odd dialogs alert."""
    table = Table(title="the curve: thresholds by alarms per 1,000 ordinary lines")
    for name in ("per 1,000", "level 3", "explicit", "implicit", "level 0 raised"):
        table.add_column(name)
    own, ranked = _danger([row.text for row in rows]), sorted(_danger(chat), reverse=True)
    pairs = list(zip(rows, own, strict=True))
    for rate in RATES:
        limit = ranked[int(rate * len(ranked) / 1000)]
        severe = [(row, danger > limit) for row, danger in pairs if row.level == 3]
        table.add_row(
            str(rate),
            _cell(share(hit for _, hit in severe)),
            _cell(share(hit for row, hit in severe if row.explicit)),
            _cell(share(hit for row, hit in severe if not row.explicit)),
            _cell(share(danger > limit for row, danger in pairs if row.level == 0)),
        )
    console.print(table)


def _chat(texts: Sequence[str], console: Console) -> None:
    for name, judge in JUDGES.items():
        start = time.perf_counter()
        found = judge(texts)
        micros = (time.perf_counter() - start) / len(texts) * 1e6
        own = share(level == 3 for level, _ in found)
        worry = share(level == 3 for _, level in found)
        marked = sum(max(levels) >= 2 for levels in found) / len(texts) * 1000
        console.print(
            f"{name}: {len(texts)} ordinary lines; per 1,000: level 3 {own.value * 1000:.2f} "
            f"({own.low * 1000:.2f}–{own.high * 1000:.2f}), worry {worry.value * 1000:.2f}, "
            f"level 2 and more {marked:.1f}; {micros:.0f} µs a message"
        )


def main(
    data: Annotated[Path | None, typer.Option(help="directory with labelled *.jsonl")] = None,
) -> None:
    """Print the quality of the shipped watcher."""
    console = Console(width=150)
    odd = _halves(data / CHAT)[1] if data is not None and (data / CHAT).exists() else []
    for path in sorted((data or SHIPPED).glob("dev*.jsonl" if data else "*.jsonl")):
        if rows := _labelled(path):
            _show(path.name, rows, console)
            if odd:
                _curve(rows, odd, console)
    if odd:
        _chat(odd, console)


if __name__ == "__main__":
    typer.run(main)
