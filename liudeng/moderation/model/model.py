"""Linear heads over n-grams of characters and sounds, concepts and shape; a net; a transformer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from liudeng.moderation.model.features import Seen, named_features
from liudeng.moderation.model.labels import HEADS, VERDICTS, Label
from liudeng.moderation.model.meaning import opinions_where_asked, together
from liudeng.text.grams import BUCKETS, grams_of, lengths_of, places_of
from liudeng.text.net import Net
from liudeng.text.telling import Span, telling_spans

WEIGHTS = Path(__file__).with_name("weights.npz")
LINEAR_SHARE = 0.5
"""What the linear heads add to the net's log odds: together they err less than either alone."""
SPREAD = 2.0
"""What margins are divided by, so that 0.8 still asks for clearly more than the threshold."""
SPAN_CHARS = 10
"""The longest words shown as a reason."""


@dataclass(frozen=True)
class Weights:
    """What training found; see `docs/moderation.md`."""

    grams: NDArray[np.float32]
    """BUCKETS x heads."""
    known: NDArray[np.bool_]
    named: Mapping[str, NDArray[np.float32]]
    """One weight a head for each concept, pair of concepts and shape."""
    bias: NDArray[np.float32]
    net: Net
    thresholds: NDArray[np.float32]
    """The score of words and transformer together at which each head speaks."""
    asked_from: NDArray[np.float64]
    """The score of the words alone from which the transformer is asked."""


class Model:
    """Scores messages. Stateless, thread-safe, offline."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights

    def raw(self, messages: Sequence[Seen]) -> NDArray[np.float64]:
        """What the words say before calibration, one row a message, one column a head."""
        weights = self._weights
        count = len(messages)
        named = [named_features(one) for one in messages]
        grams = grams_of([one.grams_text for one in messages], weights.known)
        lengths = lengths_of(grams, count)
        scores = np.empty((count, len(HEADS)))
        for head in range(len(HEADS)):
            each = grams.values * weights.grams[grams.buckets, head]
            scores[:, head] = np.bincount(grams.rows, each, count)
        scores /= lengths[:, None]
        scores += weights.bias
        scores += np.array([self._named(features) for features in named])
        return blended(scores, weights.net.odds(grams, lengths, named))

    def score(self, messages: Sequence[Seen]) -> list[dict[Label, float]]:
        """Scores 0..1 by label; 0.5 is the threshold, not an even chance."""
        words = self.raw(messages)
        both = together(words, opinions_where_asked(messages, words, self._weights.asked_from))
        margins = np.clip((both - self._weights.thresholds) / SPREAD, -50, 50)
        shares = 1.0 / (1.0 + np.exp(-margins))
        return [dict(zip(HEADS, row, strict=True)) for row in shares.tolist()]

    def _named(self, features: Mapping[str, float]) -> NDArray[np.float64]:
        total = np.zeros(len(HEADS))
        for name, value in features.items():
            if (weights := self._weights.named.get(name)) is not None:
                total += value * weights
        return total

    def spans(self, message: Seen, label: Label, limit: int = 2) -> list[Span]:
        """The words of the plain text that spoke most for a label, best first."""
        head = HEADS.index(label)
        text = message.message.plain.text
        places = places_of(text)
        each = self._weights.grams[places.buckets, head].astype(float)
        share = np.zeros(len(text))
        for size in np.unique(places.sizes):
            here = places.sizes == size
            for offset in range(size):
                np.add.at(share, places.starts[here] + offset, each[here] / size)
        return telling_spans(text, share, SPAN_CHARS, limit)


def blended(linear: NDArray[np.float64], odds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Both judges together; `OFFENSIVE`, which the net does not know, stays as it is."""
    both = linear.copy()
    both[:, : len(VERDICTS)] *= LINEAR_SHARE
    both[:, : len(VERDICTS)] += odds
    return both


def load_model(path: Path = WEIGHTS) -> Model:
    """Read the weights shipped with the package.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is no file of weights for this version.
    """
    with np.load(path, allow_pickle=False) as stored:
        if "asked_from" not in stored or int(stored["size"]) != BUCKETS:
            raise ValueError(f"{path.name} 不是这个版本的模型")
        grams = np.zeros((BUCKETS, len(HEADS)), dtype=np.float32)
        known = np.zeros(BUCKETS, dtype=np.bool_)
        buckets = stored["buckets"]
        known[buckets] = True
        grams[buckets] = stored["grams"].astype(np.float32) * stored["scale"]
        names = [str(name) for name in stored["names"]]
        named = dict(zip(names, stored["named"].astype(np.float32), strict=True))
        net = Net.stored_in(stored, buckets)
        limits = stored["thresholds"], stored["asked_from"].astype(np.float64)
        return Model(Weights(grams, known, named, stored["bias"], net, *limits))
