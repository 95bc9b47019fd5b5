"""Three heads: the writer's danger, the writer's pain, worry about somebody else.

Each is linear in words and rules, beside a net that hears which of them go together, and the
transformer, which hears what the sentence as a whole means.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from liudeng.text.grams import BUCKETS, Grams, grams_of, lengths_of, places_of
from liudeng.text.net import Net
from liudeng.text.telling import Span, telling_spans
from liudeng.watch.evidence import Evidence
from liudeng.watch.model.concepts import named_features
from liudeng.watch.model.meaning import added
from liudeng.watch.parts import Heard

WEIGHTS = Path(__file__).with_name("weights.npz")
NET_SHARE = 0.5
"""What the net over words and rules counts beside the linear heads."""
NET_REACH = 6.0
"""Log-odds at which its opinion is cut off, either way."""
SPAN_CHARS = 12
"""The longest words shown as a reason."""


class Head(IntEnum):
    """What a head answers, in the order of the weights."""

    DANGER = 0
    PAIN = 1
    WORRY = 2


HEADS = tuple(Head)


class Scores(NamedTuple):
    """0..1 each; 0.5 is the calibrated threshold, not an even chance."""

    danger: float
    pain: float
    worry: float


@dataclass(frozen=True, slots=True)
class Weights:
    """What training found; see `docs/model-card.md`."""

    grams: NDArray[np.float32]
    """BUCKETS x heads."""
    known: NDArray[np.bool_]
    """Buckets met in training; others do not even count for the length of a message."""
    named: Mapping[str, tuple[float, ...]]
    """One weight a head for each rule feature and concept."""
    bias: NDArray[np.float32]
    thresholds: NDArray[np.float32]
    """The raw score at which each head speaks."""
    bonus: NDArray[np.float32]
    """Added where the rules alone would speak: only a clear no of the model silences them."""
    net: Net


@dataclass(frozen=True, slots=True)
class _Features:
    """What the model knows of some messages."""

    grams: Grams
    lengths: NDArray[np.float64]
    named: Sequence[Mapping[str, float]]


class Model:
    """Scores messages. Stateless, thread-safe, offline."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights

    def score(self, heard: Heard) -> list[Scores]:
        """Calibrated scores of messages; for danger the gravest piece of a long one counts too."""
        scores = self._above(heard.whole)
        if heard.pieces:
            pieces = self._above(heard.pieces)[:, Head.DANGER]
            scores[:, Head.DANGER] = heard.strongest(scores[:, Head.DANGER], pieces)
        scores += added(heard, scores)
        return [Scores(*row) for row in (1.0 / (1.0 + np.exp(-scores))).tolist()]

    def _features(self, evidence: Sequence[Evidence]) -> _Features:
        grams = grams_of([one.folded.text for one in evidence], self._weights.known)
        named = [named_features(one) for one in evidence]
        return _Features(grams, lengths_of(grams, len(evidence)), named)

    def _above(self, evidence: Sequence[Evidence]) -> NDArray[np.float64]:
        """How far above its threshold each head is, before meanings are heard."""
        weights, features = self._weights, self._features(evidence)
        verdicts = np.array([one.verdicts() for one in evidence])
        odds = weights.net.odds(features.grams, features.lengths, features.named)
        linear = self._linear(features) - weights.thresholds
        return linear + weights.bonus * verdicts + net_says(odds, evidence)

    def _linear(self, features: _Features) -> NDArray[np.float64]:
        """Scores before calibration, one row a message, one column a head."""
        weights, grams, count = self._weights, features.grams, len(features.named)
        scores = np.empty((count, len(HEADS)))
        for head in HEADS:
            each = grams.values * weights.grams[grams.buckets, head]
            scores[:, head] = np.bincount(grams.rows, each, count)
        scores /= features.lengths[:, None]
        scores += weights.bias
        return scores + np.array([self._named(named) for named in features.named])

    def _named(self, named: Mapping[str, float]) -> tuple[float, ...]:
        danger = pain = worry = 0.0
        for name, value in named.items():
            if (weights := self._weights.named.get(name)) is not None:
                danger += value * weights[Head.DANGER]
                pain += value * weights[Head.PAIN]
                worry += value * weights[Head.WORRY]
        return danger, pain, worry

    def spans(self, folded: str, head: Head, limit: int = 2) -> list[Span]:
        """The words of a folded message that spoke most for a head, best first."""
        places = places_of(folded)
        each = self._weights.grams[places.buckets, head].astype(float)
        each /= lengths_of(grams_of([folded], self._weights.known), 1)[0]
        share = np.zeros(len(folded))
        for size in np.unique(places.sizes):
            here = places.sizes == size
            for offset in range(size):
                np.add.at(share, places.starts[here] + offset, each[here] / size)
        return telling_spans(folded, share, SPAN_CHARS, limit)


def net_says(odds: NDArray[np.float64], evidence: Sequence[Evidence]) -> NDArray[np.float64]:
    """What the net adds to each head's score; its kinds are the heads, each message of one kind.

    Nothing where a rule knows that what sounds grave is denied, joked about or quoted.
    """
    said = odds.copy()
    said[:, Head.PAIN] = np.maximum(odds[:, Head.PAIN], odds[:, Head.DANGER])
    most = np.array([0.0 if one.is_denied else NET_REACH for one in evidence])
    return NET_SHARE * np.clip(said, -NET_REACH, most[:, None])


def load_model(path: Path = WEIGHTS) -> Model:
    """Read the weights shipped with the package.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is no file of weights for this version.
    """
    with np.load(path, allow_pickle=False) as stored:
        if "net_grams" not in stored or int(stored["size"]) != BUCKETS:
            raise ValueError(f"{path.name} 不是这个版本的模型")
        grams = np.zeros((BUCKETS, len(HEADS)), dtype=np.float32)
        known = np.zeros(BUCKETS, dtype=np.bool_)
        buckets = stored["buckets"]
        known[buckets] = True
        grams[buckets] = stored["grams"].astype(np.float32) * stored["scale"]
        names = [str(name) for name in stored["names"]]
        named = dict(zip(names, map(tuple, stored["named"].tolist()), strict=True))
        return Model(
            Weights(
                grams,
                known,
                named,
                stored["bias"],
                stored["thresholds"],
                stored["bonus"],
                Net.stored_in(stored, buckets),
            )
        )


def fingerprint(path: Path = WEIGHTS) -> str:
    """SHA-256 of the weights, to tell which model spoke."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
