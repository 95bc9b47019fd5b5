"""How well the watcher's rules do: recall per level and kind, false alarms per 1,000 messages.

    python benchmarks/watch_quality.py --data DIR

DIR holds labelled `*.jsonl` (`text`, `level` 0-3, `kind`) and, for the false alarm rate,
`public/lccc_base_valid.tsv` (`dialog, turn, text`: ordinary chat, see docs). What is missing is
skipped. Without --data only the sentences shipped with the tests are measured.
"""

import json
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from liudeng.watch import Assessment, assess

SHIPPED = Path(__file__).parents[1] / "tests" / "data"
CHAT = Path("public") / "lccc_base_valid.tsv"
LEVELS = (0, 1, 2, 3)


@dataclass(frozen=True, slots=True)
class Judged:
    """A labelled sentence and the level the watcher gave to its writer and to somebody else."""

    level: int
    kind: str
    own: int
    other: int


def _judge(text: str, level: int, kind: str) -> Judged:
    found = assess(text)
    is_other = found.about == "other"
    return Judged(level, kind, 0 if is_other else found.level, found.level if is_other else 0)


def _read(path: Path) -> list[Judged]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    if not rows or not {"text", "level", "kind"} <= rows[0].keys():
        return []
    return [_judge(row["text"], row["level"], row["kind"]) for row in rows]


def _share(hits: Iterable[bool]) -> str:
    values = list(hits)
    return f"{sum(values) / len(values):.3f}" if values else "–"


def _levels(title: str, rows: list[Judged]) -> Table:
    table = Table(title=title)
    for name in ("level", "rows", "recall (≥ level)", "precision (≥ level)", "raised to 3"):
        table.add_column(name, justify="right")
    for level in LEVELS:
        here = [row for row in rows if row.level == level]
        given = [row for row in rows if row.own >= level]
        table.add_row(
            str(level),
            str(len(here)),
            _share(row.own >= level for row in here) if level else "–",
            _share(row.level >= level for row in given) if level else "–",
            _share(row.own == 3 for row in here),
        )
    return table


def _kinds(title: str, rows: list[Judged]) -> Table:
    table = Table(title=title)
    for name in ("kind", "level 3", "found", "level 0–1", "raised to 3", "worry alert"):
        table.add_column(name, justify="left" if name == "kind" else "right")
    by_kind: dict[str, list[Judged]] = defaultdict(list)
    for row in rows:
        by_kind[row.kind].append(row)
    for kind, members in sorted(by_kind.items()):
        severe = [row for row in members if row.level == 3]
        harmless = [row for row in members if row.level <= 1]
        table.add_row(
            kind,
            str(len(severe)),
            _share(row.own == 3 for row in severe),
            str(len(harmless)),
            _share(row.own == 3 for row in harmless),
            _share(row.other == 3 for row in members),
        )
    return table


def _chat(path: Path, console: Console) -> None:
    with path.open(encoding="utf-8") as file:
        texts = [line.rstrip("\n").split("\t")[2] for line in file][1:]
    start = time.perf_counter()
    found: list[Assessment] = [assess(text) for text in texts]
    micros = (time.perf_counter() - start) / len(texts) * 1e6
    own = sum(one.level == 3 and one.about == "self" for one in found)
    worry = sum(one.level == 3 and one.about == "other" for one in found)
    marked = sum(one.level == 2 for one in found)
    console.print(
        f"[bold]{path.name}[/bold]: {len(texts)} ordinary lines; per 1,000: "
        f"level 3 {own / len(texts) * 1000:.2f}, worry {worry / len(texts) * 1000:.2f}, "
        f"level 2 {marked / len(texts) * 1000:.1f}; {micros:.0f} µs a message"
    )


def main(
    data: Annotated[Path | None, typer.Option(help="directory with labelled *.jsonl")] = None,
) -> None:
    """Print the quality of the packaged lexicon."""
    console = Console()
    assess("")  # load the lexicon before anything is timed
    for path in sorted((data or SHIPPED).glob("*.jsonl")):
        rows = _read(path)
        if rows:
            console.print(_levels(path.name, rows))
            console.print(_kinds(path.name, rows))
    if data is not None and (data / CHAT).exists():
        _chat(data / CHAT, console)


if __name__ == "__main__":
    typer.run(main)
