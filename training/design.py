"""From sentences to the rows the heads are fitted on: the very features used at run time."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from liudeng.watch.evidence import Evidence
from liudeng.watch.model import BUCKETS, grams_of, lengths_of, named_features
from training.fit import Rows

NAMED_IN = 3
SEEN_IN = 2
"""An n-gram of a single sentence says more about the sentence than about people."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Which n-gram buckets, and which rules and concepts, the model looks at, in order."""

    buckets: NDArray[np.int64]
    names: tuple[str, ...]

    @property
    def known(self) -> NDArray[np.bool_]:
        """The buckets as a mask."""
        mask = np.zeros(BUCKETS, dtype=np.bool_)
        mask[self.buckets] = True
        return mask


def columns_of(evidence: Sequence[Evidence]) -> Columns:
    """Every n-gram met in `SEEN_IN` sentences, every rule, and concepts met `NAMED_IN` times."""
    grams = grams_of([one.folded.text for one in evidence])
    seen = np.bincount(grams.buckets, minlength=BUCKETS)
    met = Counter(name for one in evidence for name in named_features(one))
    names = sorted(
        name for name, count in met.items() if count >= NAMED_IN or not _is_concept(name)
    )
    return Columns(np.flatnonzero(seen >= SEEN_IN), tuple(names))


def rows_of(evidence: Sequence[Evidence], columns: Columns, *, rules: bool = True) -> Rows:
    """The feature rows; without `rules` as if no rule had spoken, so that words count too."""
    height = len(evidence)
    grams = grams_of([one.folded.text for one in evidence], columns.known)
    length = lengths_of(grams, height)
    place = np.zeros(BUCKETS, dtype=np.int64)
    place[columns.buckets] = np.arange(len(columns.buckets))
    at = {name: len(columns.buckets) + n for n, name in enumerate(columns.names)}
    spoken = [
        (row, at[name], value)
        for row, one in enumerate(evidence)
        for name, value in named_features(one).items()
        if name in at and (rules or _is_concept(name))
    ]
    rule_rows, rule_columns, rule_values = zip(*spoken, strict=True) if spoken else ((), (), ())
    return Rows(
        np.concatenate([grams.rows, np.array(rule_rows, dtype=np.int64)]),
        np.concatenate([place[grams.buckets], np.array(rule_columns, dtype=np.int64)]),
        np.concatenate([grams.values / length[grams.rows], np.array(rule_values, dtype=float)]),
        height,
        len(columns.buckets) + len(at),
    )


def _is_concept(name: str) -> bool:
    return name.startswith("concept:")
