"""Thresholds by precision, from messages of pens that the judging model had not read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from liudeng.moderation.model import HEADS, VERDICTS, Label
from liudeng.moderation.model.meaning import opinions, together
from training.fit import Floats
from training.moderation.bench import Bench
from training.moderation.corpus import Pen

PRECISION = {
    Label.SCAM: 0.97,
    Label.AD: 0.88,
    Label.ABUSE: 0.90,
    Label.INCITE: 0.85,
    Label.FLOOD: 0.97,
    Label.OUTSIDER: 0.92,
}
"""What each threshold is set to, among messages of pens that the models had not read."""
SPARED = {
    Label.SCAM: 0.008,
    Label.AD: 0.001,
    Label.ABUSE: 0.001,
    Label.INCITE: 0.001,
    Label.FLOOD: 0.001,
    Label.OUTSIDER: 0.001,
}
"""The share of `ok` messages that a head may speak up on at most: together one in a hundred."""
CHAT_SPARED = 0.003
"""The share of ordinary chat that a head may speak up on at most."""
STRANGERS = (Pen.MARKED, Pen.TWELFTH)
"""Whose messages set the thresholds: the transformer has not read them, nor has whoever judges."""
SILENT = 50.0
"""The threshold of a head that is never right often enough: no score reaches it."""
EVEN_ODDS = 0.0
"""`OFFENSIVE` is a score for rules to use; COLD's test part is measured at even odds."""

ASKED = 0.03
"""The share of ordinary chat whose words speak for a head loudly enough to ask the transformer."""

Figures = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Judged:
    """Messages with the scores of a model that had not read their pen."""

    labels: NDArray[np.int64]
    """Index of the head; -1 for `ok`."""
    evasion: NDArray[np.bool_]
    scores: Floats

    @classmethod
    def by_strangers(cls, bench: Bench, pen: Pen) -> Self:
        """Fit a model without a pen, and let it judge that pen's messages."""
        scores = bench.fit(~bench.by(pen)).scores(bench.matrix)
        made = np.array([row.source == "masked" for row in bench.rows])
        at = np.flatnonzero(bench.by(pen) & ~made)
        rows = [bench.rows[int(n)] for n in at]
        return cls(
            np.array([HEADS.index(row.label) if row.label in HEADS else -1 for row in rows]),
            np.array([row.evasion for row in rows]),
            together(scores[at], opinions([bench.seen[int(n)] for n in at])),
        )

    @classmethod
    def together(cls, parts: Sequence["Judged"]) -> Self:
        """Several pens' messages as one set."""
        return cls(
            np.concatenate([part.labels for part in parts]),
            np.concatenate([part.evasion for part in parts]),
            np.concatenate([part.scores for part in parts]),
        )

    def verdicts(self, thresholds: Floats) -> NDArray[np.int64]:
        """Index of the head that speaks loudest above its threshold; -1 where none does."""
        margins = (self.scores - thresholds)[:, : len(VERDICTS)]
        best = margins.argmax(axis=1)
        return np.where(margins.max(axis=1) >= 0, best, -1)

    def figures(self, thresholds: Floats) -> Figures:
        """Precision and recall by label, and the share of `ok` acted upon."""
        said = self.verdicts(thresholds)
        found: dict[str, dict[str, float]] = {}
        for n, head in enumerate(VERDICTS):
            mine, raised = self.labels == n, said == n
            found[head.value] = {
                "messages": int(mine.sum()),
                "recall": _share(raised, mine),
                "recall_in_disguise": _share(raised, mine & self.evasion),
                "precision": _share(mine, raised),
                "acted_upon": _share(said >= 0, mine),
            }
        calm = self.labels < 0
        found["ok"] = {"messages": int(calm.sum()), "acted_upon": _share(said >= 0, calm)}
        return found


def thresholds_of(judged: Judged, chat: Floats) -> Floats:
    """The lowest threshold of each head at which its precision holds and `ok` is spared.

    Precision is that of the messages of which a head is the loudest. `chat` are the scores of
    ordinary chat.
    """
    best = judged.scores[:, : len(VERDICTS)].argmax(axis=1)
    found = [_threshold(judged, n, best == n) for n in range(len(VERDICTS))]
    calm = np.quantile(chat[:, : len(VERDICTS)], 1 - CHAT_SPARED, axis=0)
    return np.array([*np.maximum(found, calm), EVEN_ODDS])


def asked_from(words: Floats) -> Floats:
    """For each head the score of ordinary chat's words from which the transformer is asked."""
    return np.quantile(words, 1 - ASKED, axis=0)


def _threshold(judged: Judged, head: int, mine: NDArray[np.bool_]) -> float:
    scores = judged.scores[mine, head]
    order = np.argsort(-scores)
    labels = judged.labels[mine][order]
    precision = np.cumsum(labels == head) / np.arange(1, len(order) + 1)
    hurt = np.cumsum(labels < 0) / max(1, int((judged.labels < 0).sum()))
    label = VERDICTS[head]
    holds = np.flatnonzero((precision >= PRECISION[label]) & (hurt <= SPARED[label]))
    if not len(holds):
        return SILENT
    last = int(holds[-1])
    below = scores[order[last + 1]] if last + 1 < len(order) else scores[order[last]] - 1.0
    return float((scores[order[last]] + below) / 2)


def _share(raised: NDArray[np.bool_], among: NDArray[np.bool_]) -> float:
    return round(float(raised[among].mean()), 4) if among.any() else 0.0
