"""What both models' features have in common: n-grams of a text and named features, in columns."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from liudeng.text.grams import BUCKETS, grams_of, lengths_of
from training.fit import Rows

NAMED_IN = 3
SEEN_IN = 2
"""An n-gram of a single sentence says more about the sentence than about people."""

Named = Sequence[Mapping[str, float]]
"""For each message the features that have a name."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Which n-gram buckets and which names a model looks at, in order."""

    buckets: NDArray[np.int64]
    names: tuple[str, ...]

    @property
    def known(self) -> NDArray[np.bool_]:
        """The buckets as a mask."""
        mask = np.zeros(BUCKETS, dtype=np.bool_)
        mask[self.buckets] = True
        return mask


def columns_of(
    texts: Sequence[str], named: Named, always: Callable[[str], bool] = lambda _: False
) -> Columns:
    """Every n-gram met in `SEEN_IN` texts, every name met in `NAMED_IN` or wanted `always`."""
    seen = np.bincount(grams_of(texts).buckets, minlength=BUCKETS)
    met = Counter(name for features in named for name in features)
    names = sorted(name for name, count in met.items() if count >= NAMED_IN or always(name))
    return Columns(np.flatnonzero(seen >= SEEN_IN), tuple(names))


def rows_of(texts: Sequence[str], named: Named, columns: Columns) -> Rows:
    """The feature rows: n-grams by length of the text, then names."""
    height = len(texts)
    grams = grams_of(texts, columns.known)
    length = lengths_of(grams, height)
    place = np.zeros(BUCKETS, dtype=np.int64)
    place[columns.buckets] = np.arange(len(columns.buckets))
    at = {name: len(columns.buckets) + n for n, name in enumerate(columns.names)}
    spoken = [
        (row, at[name], value)
        for row, features in enumerate(named)
        for name, value in features.items()
        if name in at
    ]
    named_rows, named_columns, values = zip(*spoken, strict=True) if spoken else ((), (), ())
    return Rows(
        np.concatenate([grams.rows, np.array(named_rows, dtype=np.int64)]),
        np.concatenate([place[grams.buckets], np.array(named_columns, dtype=np.int64)]),
        np.concatenate([grams.values / length[grams.rows], np.array(values, dtype=float)]),
        height,
        len(columns.buckets) + len(at),
    )
