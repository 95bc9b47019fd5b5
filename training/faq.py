"""Fits the weights of the FAQ matcher: `python -m training.faq`.

Learnt from: the phrasings of the seed, each asked while it is left out of the catalogue; the
questions that no entry answers and the talk in `data/faq`, each while it is left out of what is
known to be ordinary; what a group says that has nothing of a question (`train_community.jsonl`).
The variants of `faq.jsonl` are left for the benchmark: they are in the catalogue, as they are in
the bot, but no weight is fitted to them.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from random import Random

import numpy as np
import typer

from liudeng.faq.matching import Askable, Lore, Matcher, SentenceVectors
from liudeng.faq.matching.catalogue import EVIDENCE
from liudeng.faq.matching.features import Features
from liudeng.faq.matching.speech import asks
from liudeng.faq.matching.vectors import MEANING, ship
from liudeng.faq.matching.weights import Judgement, Weights
from liudeng.faq.seed import seed_entries
from liudeng.settings import DATA_ROOT
from training.faq_fit import fit_decision, fit_ranking

_COMMUNITY = Path(__file__).parent / "data" / "watch" / "train_community.jsonl"
_OUT = Path(__file__).parents[1] / "liudeng" / "faq" / "matching" / "weights.json"
_FOLDS = 8
_ASKED, _ORDINARY, _CHAT = 1.0, 2.0, 0.4
"""How much a message that nobody answers counts beside a phrasing."""
_PARTS, _KEPT, _AGAIN = 4, 3, 0.7
"""One entry in so many is given this many phrasings, in turn; what it counts that all are asked
again while they are."""
_COUNTS = (_ASKED, _ORDINARY, _CHAT)
_HELD_OUT = 4
_FALSE_ALARMS = (0.01, 0.02, 0.03, 0.05, 0.1, 0.15)
_UNASKED, _LEADS = (0.8, 0.9, 0.94, 0.97), (2.0, 3.0, 4.0, 5.0)
_THRESHOLDS = (
    {"answer_from": 0.5, "suggest_from": 0.1, "unasked_from": 0.96, "unasked_lead": 8.0},
    {"answer_from": 0.5, "suggest_from": 0.1, "unasked_from": 0.96, "unasked_lead": 8.0},
)
"""Set by hand on what this prints and `benchmarks.faq_quality` shows. Without sentence vectors,
and with them."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A message, and the entry that answers it."""

    text: str
    right: int | None
    count: float
    fold: int


@dataclass(frozen=True, slots=True)
class Judged:
    """A sample and the evidence for it."""

    sample: Sample
    found: Features


def main() -> None:
    """Work out the seed's vectors, then fit both judgements and write them."""
    lore = Lore.load(DATA_ROOT / "faq")
    wide = len(EVIDENCE), len(EVIDENCE) + len(MEANING)
    words, meaning = (
        Judgement.model_validate({"rank": (1.0,) * n, **when})
        for n, when in zip(wide, _THRESHOLDS, strict=True)
    )
    weights = Weights(words=words, meaning=meaning)
    texts = Matcher(_askables(), lore, weights=weights).texts
    ship(texts, SentenceVectors(shipped=None).encode(texts))
    weights = weights.model_copy(update={"words": fit(lore, None, weights)})
    weights = weights.model_copy(update={"meaning": fit(lore, SentenceVectors(), weights)})
    _OUT.write_text(weights.model_dump_json() + "\n", encoding="utf-8")


def fit(lore: Lore, vectors: SentenceVectors | None, weights: Weights) -> Judgement:
    """Fit the ranking first, then the decision on what it ranks."""
    judged = list(_judged(lore, vectors, weights))
    judgement = weights.words if vectors is None else weights.meaning
    asked = [(each.found, each.sample.right) for each in judged if each.sample.right is not None]
    rank = tuple(round(float(each), 4) for each in fit_ranking(asked))
    judgement = judgement.model_copy(update={"rank": rank})
    judged = [Judged(each.sample, each.found.ranked_by(judgement)) for each in judged]
    rows = np.stack([each.found.decision for each in judged])
    labels = np.array([_is_right(each) for each in judged], float)
    counts = np.array([each.sample.count for each in judged])
    _tell(judged, _held_out(judged, rows, labels, counts))
    return judgement.model_copy(update={"decide": fit_decision(rows, labels, counts)})


def _judged(lore: Lore, vectors: SentenceVectors | None, weights: Weights) -> Iterator[Judged]:
    """Look at every sample while it is known neither as a phrasing nor as ordinary.

    Then again at some while a part of the entries has only a few phrasings, as a new one has.
    """
    samples, entries = list(_samples(lore)), seed_entries()
    for fold in range(_FOLDS):
        held = [sample for sample in samples if sample.fold == fold]
        unknown = frozenset(sample.text for sample in held)
        yield from _looked_at(held, _matcher_without(unknown, lore, vectors, weights))
    for part in range(_PARTS):
        few = {n: entry for n, entry in enumerate(entries) if n % _PARTS == part}
        # All are asked, not the thin ones alone: else to be thin would be to be right.
        held = [
            replace(one, count=one.count * (0.5 if one.right in few else 1.0) * _AGAIN)
            for one in samples
            if one.fold == part or (one.right in few and one.fold == part + _PARTS)
        ]
        hidden = (
            text for one in few.values() for text in (*one.variants[1:], *one.phrasings[_KEPT:])
        )
        unknown = frozenset((*(one.text for one in held), *hidden))
        yield from _looked_at(held, _matcher_without(unknown, lore, vectors, weights))


def _matcher_without(
    unknown: frozenset[str], lore: Lore, vectors: SentenceVectors | None, weights: Weights
) -> Matcher:
    without = Lore(
        lore.concepts,
        tuple(text for text in lore.elsewhere if text not in unknown),
        tuple(text for text in lore.talk if text not in unknown),
    )
    return Matcher(_askables(unknown), without, vectors, weights)


def _looked_at(samples: Sequence[Sample], matcher: Matcher) -> Iterator[Judged]:
    for sample in samples:
        found = matcher.features(sample.text)
        if found is not None:
            yield Judged(sample, found)


def _samples(lore: Lore) -> Iterator[Sample]:
    chat = _COMMUNITY.read_text(encoding="utf-8").splitlines()
    said = [json.loads(line)["text"] for line in chat]
    ours = [(text, n) for n, entry in enumerate(seed_entries()) for text in entry.phrasings]
    for seed, (listed, count) in enumerate(
        (
            (ours, _ASKED),
            ([(text, None) for text in (*lore.elsewhere, *lore.talk)], _ORDINARY),
            ([(text, None) for text in said if not asks(text)], _CHAT),
        )
    ):
        Random(seed).shuffle(listed)
        for place, (text, right) in enumerate(listed):
            yield Sample(text, right, count, place % _FOLDS)


def _askables(without: frozenset[str] = frozenset()) -> list[Askable]:
    return [
        Askable(
            n,
            tuple(text for text in entry.asked if text not in without) or (entry.question,),
            entry.matched_answer,
        )
        for n, entry in enumerate(seed_entries())
    ]


def _is_right(judged: Judged) -> bool:
    return judged.sample.right is not None and judged.found.order[0] == judged.sample.right


def _held_out(
    judged: Sequence[Judged], rows: np.ndarray, labels: np.ndarray, counts: np.ndarray
) -> np.ndarray:
    """Return how sure a network is of each sample that was not fitted to it."""
    sure = np.zeros(len(judged))
    part = np.array([each.sample.fold % _HELD_OUT for each in judged])
    for one in range(_HELD_OUT):
        others = part != one
        network = fit_decision(rows[others], labels[others], counts[others])
        sure[~others] = [network.probability(row) for row in rows[~others]]
    return sure


def _tell(judged: Sequence[Judged], sure: np.ndarray) -> None:
    """Print what each threshold would do to samples that nothing was fitted to."""
    whole = np.array([each.sample.count in _COUNTS for each in judged])
    judged = [each for each, listed in zip(judged, whole, strict=True) if listed]
    sure = sure[whole]
    right = np.array([_is_right(each) for each in judged])
    asked = np.array([each.sample.count == _ASKED for each in judged])
    ordinary = np.array([each.sample.count == _ORDINARY for each in judged])
    typer.echo("ordinary answered | from | phrasings answered right | right when answered")
    for alarms in _FALSE_ALARMS:
        threshold = float(np.quantile(sure[ordinary], 1 - alarms))
        said = sure >= threshold
        answered = (said & right).sum() / asked.sum()
        precision = (said & right).sum() / max(1, (said & asked).sum())
        typer.echo(f"{alarms:.2f} | {threshold:.3f} | {answered:.3f} | {precision:.3f}")
    ahead = np.array([_lead(each.found) for each in judged])
    sounds = np.array([bool(each.found.around.sounds[0]) for each in judged])
    typer.echo("unasked from | lead | phrasings answered right | precision")
    for threshold, lead in product(_UNASKED, _LEADS):
        said = (sure >= threshold) & (ahead >= lead) & sounds
        answered, precision = (said & right).sum() / asked.sum(), (said & right).sum() / said.sum()
        typer.echo(f"{threshold:.2f} | {lead} | {answered:.3f} | {precision:.4f}")


def _lead(found: Features) -> float:
    return float(found.scores[0] - found.scores[1])


if __name__ == "__main__":
    main()
