"""The sentences the model of moderation learns from."""

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from liudeng.moderation.model.labels import Label
from training.corpus import DATA as DISTRESS
from training.corpus import ORDINARY, SCENARIO

DATA = Path(__file__).with_name("data")
MARKED = DATA / "moderation.jsonl"
CALM = ("train_community", "train_distress_genuine", "train_distress_hard")
COLD_TRAIN = Path("public") / "cold_train.tsv"
COLD_TEST = Path("public") / "cold_test.tsv"
"""COLDataset (thu-coai, Apache-2.0). Not shipped."""
MASKABLE = frozenset({Label.SCAM, Label.AD, Label.ABUSE, Label.INCITE})
"""What people disguise."""
ORDINARY_SHARE = 8
"""One in so many dialogs of ordinary chat is learnt from."""
_HEADER = "# "
_KEPT, _HALVES = 1, 2
"""The half of the marked messages that judges: the sixth pen has read the other."""
_PENS = {
    "marked": "marked",
    "marked_read": "sixth",
    "pen_fourth": "fourth",
    "pen_fifth": "fifth",
    "pen_sixth": "sixth",
    "pen_seventh": "seventh",
    "pen_eighth": "eighth",
    "pen_ninth": "ninth",
    "pen_tenth": "tenth",
    "pen_eleventh": "eleventh",
    "pen_twelfth": "twelfth",
    "pen_thirteenth": "thirteenth",
}
_AFTER_READING = "pen_fifth_more"


@dataclass(frozen=True, slots=True)
class Example:
    """A message and what it is."""

    text: str
    label: Label
    source: str
    evasion: bool = False


def marked() -> list[Example]:
    """The messages with labels by another pen: those that judge, and those that were read."""
    rows = map(json.loads, MARKED.read_text(encoding="utf-8").splitlines())
    return [
        Example(row["text"], Label(row["label"]), _half(row["text"]), bool(row["evasion"]))
        for row in rows
    ]


def own() -> list[Example]:
    """Sentences written for this model."""
    return [example for path in sorted(DATA.glob("*.txt")) for example in _headed(path)]


def calm(data: Path) -> list[Example]:
    """What a group says that nobody should act upon: grief, despair, quarrels, everyday talk."""
    found: list[Example] = []
    for name in CALM:
        lines = (DISTRESS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        found += [Example(json.loads(line)["text"], Label.OK, name) for line in lines]
    found += [Example(text, Label.OK, "evening") for text in _evening()]
    found += [Example(text, Label.OK, "ordinary") for text in ordinary(data, 0)]
    return found


def ordinary(data: Path, part: int) -> list[str]:
    """One part in `ORDINARY_SHARE` of LCCC-base, split by dialog."""
    lines = (data / ORDINARY).read_text(encoding="utf-8").splitlines()[1:]
    rows = (line.split("\t") for line in lines)
    return [text for dialog, _turn, text in rows if int(dialog) % ORDINARY_SHARE == part]


def cold(path: Path) -> list[tuple[str, bool]]:
    """Texts of COLD and whether they are offensive."""
    lines = path.read_text(encoding="utf-8").splitlines()[1:]
    rows = (line.split("\t") for line in lines)
    return [(row[-1], row[2] == "1") for row in rows]


class Pen(StrEnum):
    """Whose sentences these are; a model is judged by those of a pen it has not read."""

    FIRST = "first"
    MARKED = "marked"
    FOURTH = "fourth"
    FIFTH = "fifth"
    SIXTH = "sixth"
    """Wrote beside one half of the marked messages; that half counts as its own."""
    SEVENTH = "seventh"
    EIGHTH = "eighth"
    NINTH = "ninth"
    TENTH = "tenth"
    ELEVENTH = "eleventh"
    """Wrote innocent look-alikes, and a few guilty twins of theirs."""
    TWELFTH = "twelfth"
    THIRTEENTH = "thirteenth"
    """Hid what is bad in longer, harmless messages."""
    AFTERTHOUGHT = "afterthought"
    """The fifth's last sentences, written after reading what was missed of the fourth's."""
    NOBODY = "nobody"
    """Calm talk, and COLD."""


def pen_of(source: str) -> Pen:
    """Tell who wrote what a source holds."""
    if source in _PENS:
        return Pen(_PENS[source])
    if source == _AFTER_READING:
        return Pen.AFTERTHOUGHT
    of_labels = source.split("_")[0] in set(Label)
    return Pen.FIRST if of_labels else Pen.NOBODY


def _half(text: str) -> str:
    return "marked" if part_of(text, _HALVES) == _KEPT else "marked_read"


def part_of(text: str, parts: int) -> int:
    """A lasting choice of one of `parts` for a text."""
    return zlib.crc32(text.encode()) % parts


def _headed(path: Path) -> Iterator[Example]:
    """Read sentences, one a line, under headers such as `# label=scam evasion=1`."""
    head: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith(_HEADER):
            head = dict(pair.split("=") for pair in line.removeprefix(_HEADER).split())
        elif line.strip():
            text = line.strip().replace("\\n", "\n")
            yield Example(text, Label(head["label"]), path.stem, "evasion" in head)


def _evening() -> Iterator[str]:
    for line in SCENARIO.read_text(encoding="utf-8").splitlines():
        event = {} if line.startswith("//") or not line.strip() else json.loads(line)
        if "text" in event:
            yield event["text"]
