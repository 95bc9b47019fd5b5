"""From messages to the rows the heads are fitted on: the very features used at run time."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from liudeng.moderation.model import Seen, named_features
from liudeng.text.grams import BUCKETS, grams_of, lengths_of
from training.fit import Rows

NAMED_IN = 3
SEEN_IN = 2
"""An n-gram of a single sentence says more about the sentence than about people."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Which n-gram buckets and which names the model looks at, in order."""

    buckets: NDArray[np.int64]
    names: tuple[str, ...]

    @property
    def known(self) -> NDArray[np.bool_]:
        """The buckets as a mask."""
        mask = np.zeros(BUCKETS, dtype=np.bool_)
        mask[self.buckets] = True
        return mask


def columns_of(messages: Sequence[Seen]) -> Columns:
    """Every n-gram met in `SEEN_IN` messages and every name met in `NAMED_IN`."""
    seen = np.bincount(grams_of([one.grams_text for one in messages]).buckets, minlength=BUCKETS)
    met = Counter(name for one in messages for name in named_features(one))
    names = sorted(name for name, count in met.items() if count >= NAMED_IN)
    return Columns(np.flatnonzero(seen >= SEEN_IN), tuple(names))


def rows_of(messages: Sequence[Seen], columns: Columns) -> Rows:
    """The feature rows of messages."""
    height = len(messages)
    grams = grams_of([one.grams_text for one in messages], columns.known)
    length = lengths_of(grams, height)
    place = np.zeros(BUCKETS, dtype=np.int64)
    place[columns.buckets] = np.arange(len(columns.buckets))
    at = {name: len(columns.buckets) + n for n, name in enumerate(columns.names)}
    spoken = [
        (row, at[name], value)
        for row, one in enumerate(messages)
        for name, value in named_features(one).items()
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
