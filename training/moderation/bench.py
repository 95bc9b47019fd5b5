"""All that the heads are fitted on, and what counts how much."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from liudeng.moderation.model import VERDICTS, Label, Seen, see
from liudeng.moderation.model.model import blended
from training.columns import Columns
from training.fit import Floats, Rows, fit
from training.gram_net import NetWeights, fit_net
from training.moderation.corpus import (
    COLD_TRAIN,
    MASKABLE,
    Example,
    Pen,
    calm,
    cold,
    marked,
    own,
    part_of,
    pen_of,
)
from training.moderation.design import columns_of, rows_of
from training.moderation.masks import masked

STRENGTH = 100.0
"""Inverse of the regularisation of the verdicts; 40 was worse by a hundredth."""
FORUM_STRENGTH = 20.0
"""The same for what is learnt from COLD; 10 and 30 were much the same."""
STEPS = 50
MASKS = 2
"""Disguises of each sentence."""
MASK_WEIGHT = 0.5
HARD_WEIGHT = 2.5
"""Warnings, jokes, anger and grief: what makes people switch moderation off."""
CALM_PARTS = 3
"""One in so many calm messages is learnt from."""
_FORUM = "cold"

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Fitted:
    """What was learnt: linear heads, columns and the bias last, one row a head; and the net."""

    heads: Floats
    net: NetWeights

    def scores(self, rows: Rows) -> Floats:
        """Both together, as the bot adds them up."""
        linear = np.stack([rows.times(each[:-1]) + each[-1] for each in self.heads], axis=1)
        return blended(linear, self.net.odds(rows))


@dataclass(frozen=True)
class Bench:
    """Messages with labels, and their features."""

    rows: Sequence[Example]
    pens: Sequence[Pen]
    """Who wrote each message, or what it was made from."""
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
    def offensive(self) -> Floats:
        """The weights of `OFFENSIVE`; no pen has a part in them."""
        return self._fit_head(Label.OFFENSIVE, self.matrix.take(self.forum), self.forum)

    def by(self, *pens: Pen) -> Mask:
        """The messages of some pens and their disguises."""
        return np.array([pen in pens for pen in self.pens])

    def fit(self, chosen: Mask | None = None) -> Fitted:
        """Fit everything on the chosen messages, or on all."""
        taken = ~self.forum if chosen is None else chosen & ~self.forum
        rows = self.matrix.take(taken)
        heads = [self._fit_head(head, rows, taken) for head in VERDICTS]
        kinds = np.array([_kind(row.label) for row in self.rows])[taken]
        net = fit_net(rows, kinds, self._weights[taken], len(VERDICTS) + 1)
        return Fitted(np.stack([*heads, self.offensive]), net)

    def _fit_head(self, head: Label, rows: Rows, taken: Mask) -> Floats:
        labels = np.array([row.label is head for row in self.rows], dtype=float)[taken]
        strength = FORUM_STRENGTH if head is Label.OFFENSIVE else STRENGTH
        return fit(rows, labels, self._weights[taken], strength, STEPS)

    @cached_property
    def _weights(self) -> Floats:
        return np.array([_weight(row) for row in self.rows])


def _kind(label: Label) -> int:
    return VERDICTS.index(label) + 1 if label in VERDICTS else 0


def gather(data: Path) -> Bench:
    """Read, disguise and fold everything that is learnt from."""
    written = [*marked(), *own()]
    made = [
        (Example(masked(row.text, turn), row.label, "masked", True), pen_of(row.source))
        for row in written
        if row.label in MASKABLE and not row.evasion
        for turn in range(MASKS)
    ]
    quiet = [row for row in calm(data) if part_of(row.text, CALM_PARTS) == 0]
    forum = [
        Example(text, Label.OFFENSIVE if offensive else Label.OK, _FORUM)
        for text, offensive in cold(data / COLD_TRAIN)
    ]
    natural = [*written, *quiet, *forum]
    rows = [*natural, *(row for row, _ in made)]
    pens = [*(pen_of(row.source) for row in natural), *(pen for _, pen in made)]
    seen = [see(row.text) for row in rows]
    return Bench(rows, pens, seen, columns_of(seen))


def _weight(row: Example) -> float:
    if row.source == "masked":
        return MASK_WEIGHT
    hard = row.label is Label.OK and pen_of(row.source) is not Pen.NOBODY
    return HARD_WEIGHT if hard else 1.0
