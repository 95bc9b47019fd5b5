"""What a dry run tells all the same, beside what an armed group is told.

    python benchmarks/dry_run.py --data DIR

DIR holds `dev_distress.jsonl` (`text`, `level`, `explicit`) and `public/lccc_base_valid.tsv`
(ordinary chat), of which the odd dialogs are used, as in `watch_quality.py`. Run it again after
each training: the score from which a dry run tells (`liudeng.arming.PLAIN`) is a promise about
these.
"""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from liudeng.arming import PLAIN
from liudeng.watch import Assessment
from liudeng.watch.assessment import default_watcher
from liudeng.watch.evaluation import labelled_rows

CHAT = Path("public") / "lccc_base_valid.tsv"
_BATCH = 200
_ARMED = 0.5


def main(data: Annotated[Path, typer.Option(help="Labelled sentences and ordinary chat.")]) -> None:
    """Print the shares that alert at both scores."""
    rows = labelled_rows(data / "dev_distress.jsonl")
    with (data / CHAT).open(encoding="utf-8", newline="") as file:
        lines = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        chat = _assessed([line["text"] for line in lines if int(line["dialog"]) % 2])
    found = _assessed([row.text for row in rows])
    groups = {
        "explicit, level 3": [row.level == 3 and row.explicit for row in rows],
        "implicit, level 3": [row.level == 3 and not row.explicit for row in rows],
        "level 0": [row.level == 0 for row in rows],
    }
    table = Table("score", "alarms per 1,000 ordinary lines", *groups)
    for bar in (_ARMED, PLAIN):
        shares = [
            _share([one for one, wanted in zip(found, some, strict=True) if wanted], bar)
            for some in groups.values()
        ]
        ordinary = 1000 * _share(chat, bar)
        table.add_row(str(bar), f"{ordinary:.2f}", *(f"{share:.3f}" for share in shares))
    Console().print(table)


def _assessed(texts: Sequence[str]) -> list[Assessment]:
    watcher = default_watcher()
    return [
        one
        for start in range(0, len(texts), _BATCH)
        for one in watcher.assess_many(texts[start : start + _BATCH])
    ]


def _share(found: Sequence[Assessment], bar: float) -> float:
    return sum(one.level == 3 and one.danger >= bar for one in found) / max(1, len(found))


if __name__ == "__main__":
    typer.run(main)
