"""What the transformer is taught: every text with what each output should say of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from liudeng.moderation.model import VERDICTS, see
from liudeng.text.transformer import MOST_CHARS
from liudeng.watch.assessment import LEXICON_DIRECTORY
from liudeng.watch.evidence import gather
from liudeng.watch.lexicon import Lexicon, load_lexicon
from training.corpus import (
    CHAT_WEIGHT,
    EVENING_WEIGHT,
    FORUM,
    FRAMED,
    FRAMED_WEIGHT,
    NEAR_WEIGHT,
    ORDINARY,
    SETTING_FOLD,
    Example,
    examples,
    forum,
    ordinary,
    written_ordinary,
)
from training.moderation import corpus as moderation
from training.moderation.calibration import STRANGERS
from training.moderation.corpus import MASKABLE, pen_of
from training.moderation.masks import masked
from training.transformer.torn import glued, torn

HARD_WEIGHT = 2.0
"""Jokes, games, lyrics, advice: what only sounds like danger."""
DANGER_WEIGHT = 1.5
VERDICT_WEIGHT = 1.5
GRIEF_WEIGHT = 6.0
"""Who grieves for a companion speaks of somebody else, too: no worry."""
OK_WEIGHT = 2.5
MASKED_WEIGHT = 0.5
CALM_WEIGHT = 0.5
GLUED_SHARE = 2
"""One marked sentence in so many is glued in a turn."""
GLUED_WEIGHT = 0.5
_ALSO_OK = frozenset({*moderation.CALM, "evening"})
"""Sources that moderation, too, knows to be nobody's business."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A folded text; a weight of 0 means that an output is taught nothing by it."""

    text: str
    watch: tuple[bool, bool, bool] = (False, False, False)
    """Danger, pain, worry."""
    watch_weights: tuple[float, float, float] = (0.0, 0.0, 0.0)
    kind: int = 0
    """0 for `ok`, else the number of the verdict from 1 on."""
    kind_weight: float = 0.0
    is_rare: bool = False
    """Read in every second epoch only: there is much of its like."""


def lessons(data: Path) -> list[Lesson]:
    """All that is learnt from, in a fixed order; `data` holds `public/*.tsv`."""
    return [*labelled(), *_chat(load_lexicon(LEXICON_DIRECTORY), data)]


def labelled() -> list[Lesson]:
    """The sentences that somebody marked, of the watch and of moderation."""
    lexicon = load_lexicon(LEXICON_DIRECTORY)
    found = [_watched(lexicon, row) for row in examples()]
    written = [*moderation.marked(), *moderation.own()]
    found += _judged(row for row in written if pen_of(row.source) not in STRANGERS)
    return found


def torn_chat(data: Path, seed: int) -> list[Lesson]:
    """Ordinary lines without any sign, torn apart (see `training.transformer.torn`)."""
    weights = (CHAT_WEIGHT, CHAT_WEIGHT, CHAT_WEIGHT)
    return [
        Lesson(line, watch_weights=weights, kind_weight=CALM_WEIGHT)
        for line in torn(_plain_chat(data), seed)
    ]


def glued_lessons(data: Path, seed: int) -> list[Lesson]:
    """Some of the marked sentences beside an ordinary line each: they mean what they mean there."""
    taught = labelled()[seed % GLUED_SHARE :: GLUED_SHARE]
    texts = glued([one.text for one in taught], _plain_chat(data), seed)
    return [
        replace(
            one,
            text=text[:MOST_CHARS],
            watch_weights=tuple(weight * GLUED_WEIGHT for weight in one.watch_weights),
            kind_weight=one.kind_weight * GLUED_WEIGHT,
        )
        for one, text in zip(taught, texts, strict=True)
    ]


def _plain_chat(data: Path) -> list[str]:
    lexicon = load_lexicon(LEXICON_DIRECTORY)
    chat = ordinary(data / ORDINARY)
    read = [
        text for text, fold in zip(chat.trained, chat.folds, strict=True) if fold != SETTING_FOLD
    ]
    found = [gather(lexicon, text) for text in (*read, *written_ordinary())]
    return [one.folded.text[:MOST_CHARS] for one in found if not one.signs]


def folded(lexicon: Lexicon, text: str) -> str:
    """A text as the watcher reads it."""
    return gather(lexicon, text).folded.text[:MOST_CHARS]


def _watched(lexicon: Lexicon, row: Example) -> Lesson:
    weight = HARD_WEIGHT if row.is_hard else DANGER_WEIGHT if row.level == 3 else 1.0
    weight = {"evening": EVENING_WEIGHT, FRAMED: FRAMED_WEIGHT}.get(row.source, weight)
    return Lesson(
        folded(lexicon, row.text),
        (row.level == 3, row.level >= 2, row.other == 3),
        (
            NEAR_WEIGHT if row.level == 2 else weight,
            weight,
            GRIEF_WEIGHT if row.kind == "companion_grief" else weight,
        ),
        kind_weight=1.0 if row.source in _ALSO_OK else 0.0,
    )


def _chat(lexicon: Lexicon, data: Path) -> Iterator[Lesson]:
    weights = (CHAT_WEIGHT, CHAT_WEIGHT, CHAT_WEIGHT)
    chat = ordinary(data / ORDINARY)
    for text, fold in zip(chat.trained, chat.folds, strict=True):
        if fold != SETTING_FOLD:
            yield Lesson(folded(lexicon, text), watch_weights=weights, kind_weight=CALM_WEIGHT)
    for text in forum(data / FORUM):
        yield Lesson(folded(lexicon, text), watch_weights=weights, is_rare=True)
    for text in written_ordinary():
        text = folded(lexicon, text)
        yield Lesson(text, watch_weights=weights, kind_weight=CALM_WEIGHT, is_rare=True)


def _judged(rows: Iterator[moderation.Example] | Sequence[moderation.Example]) -> Iterator[Lesson]:
    for row in rows:
        kind = VERDICTS.index(row.label) + 1 if row.label in VERDICTS else 0
        yield _of_kind(row.text, kind, VERDICT_WEIGHT if kind else OK_WEIGHT)
        if row.label in MASKABLE and not row.evasion:
            yield _of_kind(masked(row.text, 0), kind, MASKED_WEIGHT)


def _of_kind(text: str, kind: int, weight: float) -> Lesson:
    plain = see(text).message.plain.text[:MOST_CHARS]
    return Lesson(plain, kind=kind, kind_weight=weight)
