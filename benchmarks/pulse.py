"""How well the pulse hears moods, and when a flood is told.

    python benchmarks/pulse.py --data DIR

DIR holds labelled `train_*.jsonl` (`text`, `level`, `emotion`); the words were chosen while looking
at every other line of them, so only the lines in between are measured. With
`public/lccc_base_valid.tsv` in it, what is heard in ordinary chat is told too. Without --data only
the sentences shipped with the tests are measured, which the same pen wrote: a floor, no measure.
"""

import csv
import json
import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from liudeng.pulse import Mood, MoodLexicon, load_moods
from liudeng.pulse.flood import FLOODING, Tide, Windows
from liudeng.pulse.hours import Said
from liudeng.pulse.mood import MOODS, TITLES

SHIPPED = Path(__file__).parents[1] / "tests" / "data" / "moods.jsonl"
CHAT = Path("public") / "lccc_base_valid.tsv"
_LABELS = {
    "sad": Mood.SADNESS,
    "angry": Mood.ANGER,
    "fear": Mood.FEAR,
    "hope": Mood.HOPE,
    "love": Mood.LOVE,
    "numb": Mood.NUMBNESS,
}
_PEOPLE, _LINES = 60, 3
"""Of a simulated half hour: who speaks, and how often."""
_EVENINGS = 200

Labelled = Sequence[tuple[str, Mood]]


def main(data: Annotated[Path | None, typer.Option(help="Labelled sentences.")] = None) -> None:
    """Print agreement with labels, and the flood's behaviour."""
    lexicon, console = load_moods(), Console()
    shipped = [(row["text"], _named(row["moods"])) for row in _rows(SHIPPED)]
    _agreement(console, lexicon, shipped, "tests/data/moods.jsonl (same pen)")
    if data is None:
        return
    rows = [row for path in sorted(data.glob("train_*.jsonl")) for row in _rows(path)[1::2]]
    unseen = [(row["text"], _LABELS.get(row["emotion"], Mood.NONE)) for row in rows]
    _agreement(console, lexicon, unseen, "train_*.jsonl, lines not looked at")
    _despair(console, lexicon, rows)
    if (data / CHAT).exists():
        _ordinary(console, lexicon, data / CHAT)
    _floods(console, lexicon, rows)


def _agreement(console: Console, lexicon: MoodLexicon, rows: Labelled, title: str) -> None:
    heard = [lexicon.hear(text).moods for text, _ in rows]
    table = Table("mood", "labelled", "heard of them", "right when heard", title=title)
    for mood in MOODS:
        wanted = [bool(label & mood) for _, label in rows]
        found = [bool(one & mood) for one in heard]
        if not any(wanted):
            continue
        both = sum(a and b for a, b in zip(wanted, found, strict=True))
        table.add_row(
            TITLES[mood],
            str(sum(wanted)),
            f"{both / sum(wanted):.2f}",
            f"{both / max(1, sum(found)):.2f}",
        )
    console.print(table)


def _despair(console: Console, lexicon: MoodLexicon, rows: Sequence[dict[str, Any]]) -> None:
    """Despair has no label of its own: it should be heard in marked distress, and not elsewhere."""
    for title, levels in (("level 2 and 3", (2, 3)), ("level 0", (0,))):
        some = [row for row in rows if row["level"] in levels]
        heard = sum(bool(lexicon.hear(row["text"]).moods & Mood.DESPAIR) for row in some)
        console.print(f"despair heard in {title}: {heard / len(some):.3f} of {len(some)}")


def _ordinary(console: Console, lexicon: MoodLexicon, path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        chat = [row["text"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]
    started = time.perf_counter()
    heard = [lexicon.hear(text).moods for text in chat]
    spent = time.perf_counter() - started
    told = "，".join(
        f"{TITLES[mood]} {sum(bool(one & mood) for one in heard) / len(chat):.2%}" for mood in MOODS
    )
    console.print(f"{len(chat)} ordinary lines: {told}; {spent / len(chat) * 1e6:.0f} µs each")


def _floods(console: Console, lexicon: MoodLexicon, rows: Sequence[dict[str, Any]]) -> None:
    """Share of simulated half hours in which a flood is told, by what people speak of."""
    group = [row for row in rows if row.get("id", "").startswith("TC")]
    angry = [row["text"] for row in group if row["emotion"] == "angry"]
    others = [row["text"] for row in group if row["emotion"] != "angry"]
    sad = [row["text"] for row in group if row["emotion"] == "sad"]
    table = Table("half hour of 60 people, 3 lines each", "flood told", title="floods")
    for share in (0.0, 0.1, 0.2, 0.4, 0.6, 0.8):
        table.add_row(f"{share:.0%} of lines angry", _told(lexicon, angry, others, share))
    table.add_row("all lines sad", _told(lexicon, sad, sad, 1.0))
    console.print(table)


def _told(lexicon: MoodLexicon, some: list[str], rest: list[str], share: float) -> str:
    chance = random.Random(1)
    told = 0
    for _ in range(_EVENINGS):
        windows = Windows()
        said = [
            Said(
                number + 1,
                1,
                str(number % _PEOPLE),
                1_000_000 + number,
                lexicon.hear(chance.choice(some if chance.random() < share else rest)).moods,
            )
            for number in range(_PEOPLE * _LINES)
        ]
        windows.add(said)
        readings = windows.read(1, said[-1].time_ms, said[-1].time_ms)
        assert len(readings) == len(FLOODING)
        told += any(reading.tide(0.0) is Tide.HIGH for reading in readings)
    return f"{told / _EVENINGS:.1%}"


def _named(names: Sequence[str]) -> Mood:
    found = Mood.NONE
    for name in names:
        found |= Mood[name.upper()]
    return found


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


if __name__ == "__main__":
    typer.run(main)
