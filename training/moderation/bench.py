"""All that the heads are fitted on, and what counts how much."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from liudeng.moderation.model import Label, Seen, see
from training.corpus import folds_of
from training.fit import Beginning, Floats, Rows, fit
from training.moderation.corpus import COLD_TRAIN, Example, calm, cold, marked, own, part_of
from training.moderation.design import Columns, columns_of, rows_of
from training.moderation.masks import masked

STRENGTH = 20.0
"""Inverse of the regularisation; 10 and 30 were much the same in cross-validation."""
STEPS = 50
MASKS = 2
"""Disguises of each sentence."""
MASK_WEIGHT = 0.35
HARD_WEIGHT = 2.5
"""Warnings, jokes, anger and grief: what makes people switch moderation off."""
CALM_PARTS = 3
"""One in so many calm messages is learnt from."""
_FORUM = "cold"
_MASKABLE = frozenset({Label.SCAM, Label.AD, Label.ABUSE, Label.INCITE})

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Bench:
    """Messages with labels, and their features."""

    rows: Sequence[Example]
    parents: Sequence[str]
    """For each message the text it was made from; itself, if it was not made."""
    seen: Sequence[Seen]
    columns: Columns

    @cached_property
    def matrix(self) -> Rows:
        """One row of features a message."""
        return rows_of(self.seen, self.columns)

    @cached_property
    def forum(self) -> Mask:
        """Messages of COLD: `OFFENSIVE` is learnt from these alone, and nothing else is."""
        return np.array([row.source == _FORUM for row in self.rows])

    @cached_property
    def folds(self) -> NDArray[np.int64]:
        """A fold for each message: a disguise has its original's, tellings of one thing share."""
        written = list(dict.fromkeys(self.parents))
        fold_of = dict(zip(written, folds_of(written), strict=True))
        return np.array([fold_of[parent] for parent in self.parents])

    def fit(self, head: Label, chosen: Mask | None = None) -> Floats:
        """The weights of a head, fitted on the chosen messages."""
        taken = self.forum if head is Label.OFFENSIVE else ~self.forum
        taken = taken if chosen is None else taken & chosen
        labels = np.array([row.label is head for row in self.rows], dtype=float)
        start = Beginning(np.zeros(self.matrix.width + 1), STEPS)
        return fit(self.matrix.take(taken), labels[taken], self._weights[taken], STRENGTH, start)

    @cached_property
    def _weights(self) -> Floats:
        return np.array([_weight(row) for row in self.rows])


def gather(data: Path) -> Bench:
    """Read, disguise and fold everything that is learnt from."""
    written = [*marked(), *own()]
    made = [
        (Example(masked(row.text, turn), row.label, "masked", True), row.text)
        for row in written
        if row.label in _MASKABLE and not row.evasion
        for turn in range(MASKS)
    ]
    quiet = [row for row in calm(data) if part_of(row.text, CALM_PARTS) == 0]
    forum = [
        Example(text, Label.OFFENSIVE if offensive else Label.OK, _FORUM)
        for text, offensive in cold(data / COLD_TRAIN)
    ]
    natural = [*written, *quiet, *forum]
    rows = [*natural, *(row for row, _ in made)]
    parents = [*(row.text for row in natural), *(text for _, text in made)]
    seen = [see(row.text) for row in rows]
    return Bench(rows, parents, seen, columns_of(seen))


def _weight(row: Example) -> float:
    if row.source == "masked":
        return MASK_WEIGHT
    hard = row.label is Label.OK and (row.source == "marked" or row.source.startswith("ok"))
    return HARD_WEIGHT if hard else 1.0
