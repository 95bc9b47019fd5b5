"""Fits the weights of the FAQ matcher: `python -m training.faq`.

Learnt from: the phrasings of the seed, each asked while it is left out of the catalogue; questions
that no entry answers and talk that is no question (`training/data/faq_*.txt`); what a group says
that has nothing of a question (`train_community.jsonl`). The variants of `faq.jsonl` are left for
the benchmark: they are in the catalogue, as they are in the bot, but no weight is fitted to them.
"""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

import numpy as np

from liudeng.faq.matching import Askable, Concepts, Matcher, SentenceVectors
from liudeng.faq.matching.catalogue import EVIDENCE
from liudeng.faq.matching.matcher import Features
from liudeng.faq.matching.speech import SPEECH, asks
from liudeng.faq.matching.vectors import MEANING, ship
from liudeng.faq.matching.weights import Judgement, Weights
from liudeng.faq.seed import SeedEntry, seed_entries
from liudeng.settings import DATA_ROOT

_HERE = Path(__file__).parent / "data"
_OUT = Path(__file__).parents[1] / "liudeng" / "faq" / "matching" / "weights.json"
_FOLDS = 8
_THRESHOLDS = (
    {"answer_from": 0.42, "suggest_from": 0.02, "unasked_from": 0.93, "unasked_lead": 3.0},
    {"answer_from": 0.64, "suggest_from": 0.02, "unasked_from": 0.96, "unasked_lead": 3.0},
)
"""Set by hand on what `benchmarks.faq_quality` shows: at most three negatives in a hundred are
answered, and hardly anything wrong unasked. Without sentence vectors, and with them."""


def main() -> None:
    """Work out the seed's vectors, then fit both judgements and write them."""
    _ship_vectors()
    concepts = Concepts.load(DATA_ROOT / "faq" / "synonyms.toml")
    wide = len(EVIDENCE), len(EVIDENCE) + len(MEANING)
    flat = [
        Judgement(rank=(1.0,) * n, decide=(0.0,) * (3 + 3 * n + len(SPEECH)), bias=0.0, **when)
        for n, when in zip(wide, _THRESHOLDS, strict=True)
    ]
    weights = Weights(words=flat[0], meaning=flat[1])
    words = fit(concepts, None, weights)
    weights = weights.model_copy(update={"words": words})
    meaning = fit(concepts, SentenceVectors(), weights)
    weights = weights.model_copy(update={"meaning": meaning})
    _OUT.write_text(weights.model_dump_json(indent=1) + "\n", encoding="utf-8")


def _ship_vectors() -> None:
    matcher = Matcher(_askables(seed_entries()), Concepts.load(DATA_ROOT / "faq" / "synonyms.toml"))
    texts = matcher.texts
    ship(texts, SentenceVectors(shipped=None).encode(texts))


def fit(concepts: Concepts, vectors: SentenceVectors | None, weights: Weights) -> Judgement:
    """Fit the ranking first, then the decision on what it ranks."""
    asked = _asked(concepts, vectors, weights)
    kind = "words" if vectors is None else "meaning"
    rank = _fit_ranking([(found, right) for found, right in asked])
    judgement = getattr(weights, kind).model_copy(update={"rank": tuple(map(float, rank))})
    weights = weights.model_copy(update={kind: judgement})
    rows, labels, counts = [], [], []
    for found, right in asked:
        again = _ranked_again(found, judgement)
        rows.append(again.decision)
        labels.append(float(again.order[0] == right))
        counts.append(1.0)
    matcher = Matcher(_askables(seed_entries()), concepts, vectors, weights)
    for text, count in _elsewhere():
        found = matcher.features(text)
        if found is not None:
            rows.append(found.decision)
            labels.append(0.0)
            counts.append(count)
    decide, bias = _fit_decision(np.array(rows), np.array(labels), np.array(counts))
    return judgement.model_copy(update={"decide": tuple(map(float, decide)), "bias": float(bias)})


def _asked(
    concepts: Concepts, vectors: SentenceVectors | None, weights: Weights
) -> list[tuple[Features, int]]:
    """Ask every phrasing of ours of a catalogue that does not have it."""
    entries = seed_entries()
    ours = [(n, text) for n, entry in enumerate(entries) for text in entry.phrasings]
    Random(7).shuffle(ours)
    found: list[tuple[Features, int]] = []
    for fold in range(_FOLDS):
        left_out = frozenset(text for _, text in ours[fold::_FOLDS])
        matcher = Matcher(_askables(entries, left_out), concepts, vectors, weights)
        for right, text in ours[fold::_FOLDS]:
            features = matcher.features(text)
            if features is not None:
                found.append((features, right))
    return found


def _askables(entries: Sequence[SeedEntry], without: frozenset[str] = frozenset()) -> list[Askable]:
    return [
        Askable(
            n,
            tuple(text for text in entry.asked if text not in without) or (entry.question,),
            entry.matched_answer,
        )
        for n, entry in enumerate(entries)
    ]


def _elsewhere() -> list[tuple[str, float]]:
    lines = [
        (text, weight)
        for name, weight in (("faq_elsewhere.txt", 3.0), ("faq_talk.txt", 3.0))
        for text in (_HERE / name).read_text(encoding="utf-8").splitlines()
    ]
    chat = (_HERE / "train_community.jsonl").read_text(encoding="utf-8").splitlines()
    said = [json.loads(line)["text"] for line in chat]
    return lines + [(text, 0.5) for text in said if not asks(text)]


def _fit_ranking(asked: Sequence[tuple[Features, int]]) -> np.ndarray:
    """Fit a conditional logit: the right entry against the others that were looked at."""
    usable = [(found, right) for found, right in asked if right in found.order]
    size = max(len(found.order) for found, _ in usable)
    usable = [(found, right) for found, right in usable if len(found.order) == size]
    rows = np.stack([found.rows for found, _ in usable]).astype(float)
    right = np.array([list(found.order).index(right) for found, right in usable])
    deviation = rows.reshape(-1, rows.shape[-1]).std(0) + 1e-9
    scaled = rows / deviation

    def gradient(weights: np.ndarray) -> np.ndarray:
        scores = scaled @ weights
        chance = np.exp(scores - scores.max(1, keepdims=True))
        chance /= chance.sum(1, keepdims=True)
        expected = np.einsum("nef,ne->f", scaled, chance)
        return (expected - scaled[np.arange(len(right)), right].sum(0)) / len(right)

    return _descend(gradient, rows.shape[-1], decay=2e-3) / deviation


def _fit_decision(
    rows: np.ndarray, labels: np.ndarray, counts: np.ndarray
) -> tuple[np.ndarray, float]:
    mean, deviation = rows.mean(0), rows.std(0) + 1e-9
    scaled = np.hstack([(rows - mean) / deviation, np.ones((len(rows), 1))])

    def gradient(weights: np.ndarray) -> np.ndarray:
        chance = 1 / (1 + np.exp(-(scaled @ weights)))
        return scaled.T @ ((chance - labels) * counts) / counts.sum()

    weights = _descend(gradient, scaled.shape[1], decay=2e-3)
    decide = weights[:-1] / deviation
    return decide, weights[-1] - float(decide @ mean)


def _descend(
    gradient: Callable[[np.ndarray], np.ndarray], size: int, decay: float, steps: int = 1500
) -> np.ndarray:
    """Descend with Adam."""
    weights, first, second = np.zeros(size), np.zeros(size), np.zeros(size)
    for step in range(1, steps + 1):
        slope = gradient(weights) + decay * weights
        first = 0.9 * first + 0.1 * slope
        second = 0.99 * second + 0.01 * slope**2
        scale = np.sqrt(second / (1 - 0.99**step)) + 1e-8
        weights -= 0.03 * first / (1 - 0.9**step) / scale
    return weights


def _ranked_again(found: Features, judgement: Judgement) -> Features:
    scores = found.rows @ np.array(judgement.rank)
    again = np.argsort(-scores, kind="stable")
    return Features(
        judgement, found.order[again], scores[again], found.rows[again], found.usual, found.sounds
    )


if __name__ == "__main__":
    main()
