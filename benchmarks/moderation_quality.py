"""What moderation calls messages whose writer nobody has read, and whom it wrongs.

    python -m benchmarks.moderation_quality [FILE.jsonl …] [--data DIR]

Files hold `text`, `label` and perhaps `evasion`; without one the blind set of the tests is judged,
which nothing is learnt from. DIR holds `public/lccc_base_valid.tsv`: ordinary chat.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from liudeng.moderation.assessment import Assessment, Assessor
from liudeng.moderation.model import VERDICTS, Label, load_model
from liudeng.watch.evaluation import Share, share
from training.moderation.corpus import ordinary

BLIND = Path(__file__).parents[1] / "tests" / "data" / "moderation_blind.jsonl"
PUNISHES_FROM = {Label.SCAM: 0.5}
"""From which score on the ready rules take a message away or punish; of all others from 0.8."""
_OTHERWISE = 0.8
_PART = 3
_BATCH = 200


@dataclass(frozen=True, slots=True)
class Row:
    """A message, what it is, and what it was called."""

    label: Label
    evasion: bool
    found: Assessment


def main(
    files: Annotated[list[Path] | None, typer.Argument(help="labelled *.jsonl")] = None,
    data: Annotated[Path | None, typer.Option(help="directory with public/*.tsv")] = None,
) -> None:
    """Print a table for each file."""
    console, assessor = Console(), Assessor(load_model())
    for path in files or [BLIND]:
        console.print(_table(path.name, _judged(assessor, path)))
    if data is not None:
        console.print(_chat(assess_all(assessor, ordinary(data, _PART))))


def assess_all(assessor: Assessor, texts: Sequence[str]) -> list[Assessment]:
    """Assess messages in batches, in order."""
    return [
        one
        for start in range(0, len(texts), _BATCH)
        for one in assessor.assess_many(texts[start : start + _BATCH])
    ]


def _judged(assessor: Assessor, path: Path) -> list[Row]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    found = assess_all(assessor, [row["text"] for row in rows])
    return [
        Row(Label(row["label"]), bool(row.get("evasion")), one)
        for row, one in zip(rows, found, strict=True)
    ]


def _table(title: str, rows: Sequence[Row]) -> Table:
    table = Table("label", "messages", "recall", "in disguise", "precision", title=title)
    for label in VERDICTS:
        mine = [row for row in rows if row.label is label]
        said = [row for row in rows if row.found.label is label]
        table.add_row(
            label.value,
            str(len(mine)),
            _cell(share(row.found.label is label for row in mine)),
            _cell(share(row.found.label is label for row in mine if row.evasion)),
            _cell(share(row.label is label for row in said)),
        )
    calm = [row for row in rows if row.label is Label.OK]
    named = share(row.found.label is not Label.OK for row in calm)
    punished = share(_is_punished(row.found) for row in calm)
    table.add_row("ok", str(len(calm)), f"named {_cell(named)}", f"punished {_cell(punished)}", "")
    return table


def _is_punished(found: Assessment) -> bool:
    least = PUNISHES_FROM.get(found.label, _OTHERWISE)
    return found.label is not Label.OK and found.scores[found.label] >= least


def _cell(part: Share) -> str:
    return f"{part.value:.3f} ({part.low:.2f}–{part.high:.2f})" if part.of else "–"


def _chat(found: Sequence[Assessment]) -> Table:
    table = Table("label", "per 1,000", title=f"ordinary chat, {len(found)} lines")
    for label in VERDICTS:
        raised = sum(one.label is label for one in found)
        table.add_row(label.value, f"{1000 * raised / len(found):.2f}")
    return table


if __name__ == "__main__":
    typer.run(main)
