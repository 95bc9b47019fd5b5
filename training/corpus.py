"""The sentences the model learns from, and how they are kept apart from those that judge it."""

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from training.frames import sentences

DATA = Path(__file__).with_name("data") / "watch"
PLAIN = Path(__file__).parents[1] / "tests" / "data"
"""`plain_danger.jsonl` and `plain_jokes.jsonl`: the tests hold them as a floor, no measure."""
SCENARIO = Path(__file__).parents[1] / "data" / "scenarios" / "farewell_night.jsonl"
ORDINARY = Path("public") / "lccc_base_valid.tsv"
"""LCCC-base, validation part (thu-coai/CDial-GPT, MIT): `dialog, turn, text`. Not shipped."""
FORUM = Path("public") / "cold_train.tsv"
"""COLDataset, training part (thu-coai, Apache-2.0): `split, topic, label, text`. Not shipped."""
FORUM_ROWS = 6_000
FRAMED = "frames"
"""Source of the sentences drawn from `frames.toml`."""
WRITTEN = Path(__file__).with_name("data") / "ordinary"
"""Ordinary chat written for this project, a line each, full of the words that farewells use."""
CHAT_FOLDS = 2
SETTING_FOLD = 1
"""The fold of ordinary chat that thresholds are set on: the transformer has not read it."""
CHAT_WEIGHT = 2.0
"""Ordinary lines: nearly all that a watcher ever reads."""
EVENING_WEIGHT = 8.0
"""A whole group's evening of mourning: the talk that real groups will have most of."""
FRAMED_WEIGHT = 0.6
"""Many tellings of one thing must not drown what was said once."""
NEAR_WEIGHT = 0.5
"""Marked distress taken for danger is no grave mistake."""
_CALM_SOURCES = frozenset({"train_community", "train_distress_genuine"})
"""Their sentences at level 0 are ordinary talk; all others' only sound like danger."""
_HEADER = "# "


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence with the state of its writer and of whom it worries about, 0..3 each."""

    text: str
    level: int
    other: int
    kind: str
    source: str
    explicit: bool = False

    @property
    def is_hard(self) -> bool:
        """A joke, a game, a lyric, advice: it sounds like danger and is none."""
        return self.level == self.other == 0 and self.source not in _CALM_SOURCES


@dataclass(frozen=True, slots=True)
class Ordinary:
    """Ordinary chat: one half to learn from and to set thresholds with, one to report on."""

    trained: tuple[str, ...]
    folds: tuple[int, ...]
    """For each line its fold; see `SETTING_FOLD`."""
    report: tuple[str, ...]


def examples(directory: Path = DATA) -> list[Example]:
    """Every labelled sentence, in a fixed order."""
    found: list[Example] = []
    for path in sorted(directory.glob("*.jsonl")):
        found.extend(labelled(path))
    for path in sorted(directory.glob("*.txt")):
        found.extend(_headed(path))
    found.extend(
        Example(told.text, told.level, told.other, told.kind, FRAMED)
        for told in sentences(directory / "frames.toml")
    )
    for name in ("plain_danger", "plain_jokes"):
        found.extend(labelled(PLAIN / f"{name}.jsonl"))
    found.extend(_evening(SCENARIO))
    return found


def labelled(path: Path) -> Iterator[Example]:
    """Read JSON Lines with `text`, `level`, `kind` and perhaps `other_level`, `explicit`."""
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield Example(
            row["text"],
            row["level"],
            row.get("other_level") or 0,
            row["kind"],
            path.stem,
            bool(row.get("explicit")),
        )


def _headed(path: Path) -> Iterator[Example]:
    """Read sentences, one a line, under headers such as `# level=3 kind=plain`."""
    head: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith(_HEADER):
            head = dict(pair.split("=") for pair in line.removeprefix(_HEADER).split())
        elif line.strip():
            level, other = int(head["level"]), int(head.get("other", 0))
            explicit = head.get("explicit") == "1"
            yield Example(line.strip(), level, other, head["kind"], path.stem, explicit)


def _evening(path: Path) -> Iterator[Example]:
    """The demo's evening, without its two calls for help: a group much like the real ones."""
    for line in path.read_text(encoding="utf-8").splitlines():
        event = {} if line.startswith("//") or not line.strip() else json.loads(line)
        if "text" in event and event.get("expect") not in ("danger", "worry"):
            yield Example(event["text"], 0, 0, "evening", "evening")


def forum(path: Path) -> list[str]:
    """Inoffensive lines of quarrels, some of them about death, crime and news."""
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    calm = [row[3] for row in rows if row[2] == "0"]
    return sorted(calm, key=lambda text: zlib.crc32(text.encode()))[:FORUM_ROWS]


def written_ordinary(directory: Path = WRITTEN) -> list[str]:
    """Ordinary lines that pens have written, in a fixed order."""
    return [
        line
        for path in sorted(directory.glob("*.txt"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line
    ]


def ordinary(path: Path) -> Ordinary:
    """Split ordinary chat by dialog, so that no part has heard half of another's talk."""
    even: list[tuple[str, int]] = []
    odd: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        dialog, _turn, text = line.split("\t")
        number = int(dialog)
        if number % 2:
            odd.append(text)
        else:
            even.append((text, number // 2 % CHAT_FOLDS))
    return Ordinary(tuple(text for text, _ in even), tuple(fold for _, fold in even), tuple(odd))
