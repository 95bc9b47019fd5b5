"""Thresholds by precision, from messages judged by models that had not read them."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from liudeng.moderation.model import HEADS, Label
from training.fit import Floats
from training.moderation.bench import Bench
from training.moderation.corpus import part_of

FOLDS = 5
PRECISION = {
    Label.SCAM: 0.97,
    Label.AD: 0.93,
    Label.ABUSE: 0.97,
    Label.INCITE: 0.95,
    Label.FLOOD: 0.97,
    Label.OUTSIDER: 0.95,
}
"""What each threshold is set to, among messages marked by another pen."""


@dataclass(frozen=True, slots=True)
class OutOfFold:
    """The marked messages with the scores of models that had not read them."""

    labels: NDArray[np.int64]
    """Index of the head; -1 for `ok`."""
    evasion: NDArray[np.bool_]
    scores: Floats
    texts: tuple[str, ...]

    @classmethod
    def of(cls, bench: Bench) -> Self:
        """Fit `FOLDS` models, each without a part of the marked messages and their disguises."""
        marked = [n for n, row in enumerate(bench.rows) if row.source == "marked"]
        texts = {bench.rows[n].text for n in marked}
        fold_of = np.array(
            [part_of(text, FOLDS) if text in texts else -1 for text in bench.parents]
        )
        scores = np.zeros((len(bench.rows), len(HEADS)))
        for fold in range(FOLDS):
            held_out = fold_of == fold
            for head in HEADS:
                weights = bench.fit(head, ~held_out)
                found = bench.matrix.times(weights[:-1]) + weights[-1]
                scores[held_out, HEADS.index(head)] = found[held_out]
        rows = [bench.rows[n] for n in marked]
        return cls(
            np.array([HEADS.index(row.label) if row.label in HEADS else -1 for row in rows]),
            np.array([row.evasion for row in rows]),
            scores[marked],
            tuple(row.text for row in rows),
        )

    def verdicts(self, thresholds: Floats) -> NDArray[np.int64]:
        """Index of the head that speaks loudest above its threshold; -1 where none does."""
        margins = self.scores - thresholds
        best = margins.argmax(axis=1)
        return np.where(margins.max(axis=1) >= 0, best, -1)

    def figures(self, thresholds: Floats) -> dict[str, dict[str, float]]:
        """Precision and recall by label, and the share of `ok` acted upon."""
        said = self.verdicts(thresholds)
        found: dict[str, dict[str, float]] = {}
        for n, head in enumerate(HEADS):
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
    """The lowest threshold of each head at which its precision holds."""
    found: list[float] = []
    best = judged.scores.argmax(axis=1)
    for n, head in enumerate(HEADS):
        mine = judged.scores[:, n]
        order = np.argsort(-np.where(best == n, mine, -np.inf))
        right = np.cumsum(judged.labels[order] == n)
        precision = right / np.arange(1, len(order) + 1)
        counted = int((best == n).sum())
        holds = np.flatnonzero(precision[:counted] >= PRECISION[head])
        last = int(holds[-1]) if len(holds) else 0
        after = order[min(last + 1, len(order) - 1)]
        found.append(float((mine[order[last]] + max(mine[after], mine[order[last]] - 1)) / 2))
    return np.array(found)


def _share(raised: NDArray[np.bool_], among: NDArray[np.bool_]) -> float:
    return round(float(raised[among].mean()), 4) if among.any() else 0.0
