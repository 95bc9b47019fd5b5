"""Thresholds by precision, from messages judged by models that had not read them."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from liudeng.moderation.model import HEADS, VERDICTS, Label
from training.corpus import FOLDS
from training.fit import Floats
from training.moderation.bench import Bench

PRECISION = {
    Label.SCAM: 0.97,
    Label.AD: 0.93,
    Label.ABUSE: 0.97,
    Label.INCITE: 0.95,
    Label.FLOOD: 0.97,
    Label.OUTSIDER: 0.95,
}
"""What each threshold is set to, among messages marked by another pen."""
SPARED = frozenset(VERDICTS) - {Label.SCAM}
"""Whose threshold lies above every marked `ok` as well: an innocent message is the worse mistake.

Swindles are held to their precision alone, or too many would pass.
"""
MARGIN = 0.05
EVEN_ODDS = 0.0
"""`OFFENSIVE` is a score for rules to use; COLD's test part is measured at even odds."""


@dataclass(frozen=True, slots=True)
class OutOfFold:
    """The marked messages with the scores of models that had not read them."""

    labels: NDArray[np.int64]
    """Index of the head; -1 for `ok`."""
    evasion: NDArray[np.bool_]
    scores: Floats

    @classmethod
    def of(cls, bench: Bench) -> Self:
        """Fit `FOLDS` models, each without a part of the marked messages and all that is like them.

        Their disguises, and own sentences that tell the same thing, are left out with them.
        """
        marked = [n for n, row in enumerate(bench.rows) if row.source == "marked"]
        scores = np.zeros((len(bench.rows), len(HEADS)))
        for n, head in enumerate(HEADS):
            if head is Label.OFFENSIVE:  # learnt from COLD alone
                weights = bench.fit(head)
                scores[:, n] = bench.matrix.times(weights[:-1]) + weights[-1]
                continue
            for fold in range(FOLDS):
                held_out = bench.folds == fold
                weights = bench.fit(head, ~held_out)
                found = bench.matrix.times(weights[:-1]) + weights[-1]
                scores[held_out, n] = found[held_out]
        rows = [bench.rows[n] for n in marked]
        return cls(
            np.array([HEADS.index(row.label) if row.label in HEADS else -1 for row in rows]),
            np.array([row.evasion for row in rows]),
            scores[marked],
        )

    def verdicts(self, thresholds: Floats) -> NDArray[np.int64]:
        """Index of the head that speaks loudest above its threshold; -1 where none does."""
        margins = (self.scores - thresholds)[:, : len(VERDICTS)]
        best = margins.argmax(axis=1)
        return np.where(margins.max(axis=1) >= 0, best, -1)

    def figures(self, thresholds: Floats) -> dict[str, dict[str, float]]:
        """Precision and recall by label, and the share of `ok` acted upon."""
        said = self.verdicts(thresholds)
        found: dict[str, dict[str, float]] = {}
        for n, head in enumerate(VERDICTS):
            mine, raised = self.labels == n, said == n
            found[head.value] = {
                "recall": _share(raised, mine),
                "recall_in_disguise": _share(raised, mine & self.evasion),
                "precision": _share(mine, raised),
                "acted_upon": _share(said >= 0, mine),
            }
        found["ok"] = {"acted_upon": _share(said >= 0, self.labels < 0)}
        return found


def thresholds_of(judged: OutOfFold) -> Floats:
    """The lowest threshold of each head at which its precision holds among its own verdicts.

    Of those in `SPARED` it also lies above what any message that is `ok` scored.
    """
    best = judged.scores[:, : len(VERDICTS)].argmax(axis=1)
    found = [_threshold(judged, n, best == n) for n in range(len(VERDICTS))]
    return np.array([*found, EVEN_ODDS])


def _threshold(judged: OutOfFold, head: int, mine: NDArray[np.bool_]) -> float:
    scores = judged.scores[mine, head]
    order = np.argsort(-scores)
    right = np.cumsum(judged.labels[mine][order] == head)
    precision = right / np.arange(1, len(order) + 1)
    holds = np.flatnonzero(precision >= PRECISION[VERDICTS[head]])
    last = int(holds[-1]) if len(holds) else 0
    below = scores[order[last + 1]] if last + 1 < len(order) else scores[order[last]] - 1.0
    threshold = float((scores[order[last]] + below) / 2)
    calm = judged.scores[mine & (judged.labels < 0), head]
    if VERDICTS[head] not in SPARED or not len(calm):
        return threshold
    return max(threshold, float(calm.max()) + MARGIN)


def _share(raised: NDArray[np.bool_], among: NDArray[np.bool_]) -> float:
    return round(float(raised[among].mean()), 4) if among.any() else 0.0
