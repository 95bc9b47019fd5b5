"""What each head is taught, and where its threshold lies."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from liudeng.watch.evidence import Evidence
from liudeng.watch.model import HEADS, Head
from liudeng.watch.model.heads import net_says
from liudeng.watch.model.meaning import opinions
from liudeng.watch.parts import Heard
from training.corpus import (
    CHAT_WEIGHT,
    EVENING_WEIGHT,
    FRAMED,
    FRAMED_WEIGHT,
    NEAR_WEIGHT,
    Example,
)
from training.design import Columns, rows_of
from training.fit import Floats, Rows, fit
from training.gram_net import NetWeights, fit_net

STRENGTH = 10.0
"""Inverse of the regularisation; 3 and 30 were no better in cross-validation."""
RULES_UNHEARD = 0.3
"""Share of each sentence's weight with the rules silenced: they were written reading some of
these sentences, and would otherwise be trusted more than they earn elsewhere."""
HARD_WEIGHT = 6.0
"""Jokes, games, lyrics, advice: what makes people switch a watcher off. 4 finds no more between
pens and raises more of them."""
BONUS = (2.0, 2.0, 2.0)
"""Added where the rules alone would speak, for each head."""
BUDGET = (0.5, 10.0, 0.1)
"""Alarms per 1,000 lines of ordinary chat each threshold is set to: danger, pain, worry."""
_GRIEF = "companion_grief"

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Learnt:
    """What was fitted: linear heads (a column each, the bias last) and the net."""

    heads: Floats
    net: NetWeights


@dataclass(frozen=True)
class Bench:
    """All that the heads are fitted on."""

    rows: Sequence[Example]
    evidence: Sequence[Evidence]
    ordinary: Sequence[Evidence]
    columns: Columns

    @cached_property
    def _labelled(self) -> Rows:
        return rows_of(self.evidence, self.columns)

    @cached_property
    def _unheard(self) -> Rows:
        return rows_of(self.evidence, self.columns, rules=False)

    @cached_property
    def _chat(self) -> Rows:
        return rows_of(self.ordinary, self.columns)

    @cached_property
    def hard(self) -> Mask:
        """Sentences that sound like danger and are not."""
        return np.array([row.is_hard for row in self.rows])

    def labels(self, head: Head) -> Mask:
        """What each sentence should be for a head."""
        match head:
            case Head.DANGER:
                return np.array([row.level == 3 for row in self.rows])
            case Head.PAIN:
                return np.array([row.level >= 2 for row in self.rows])
            case Head.WORRY:
                return np.array([row.other == 3 for row in self.rows])

    def learn(self, heard: Mask | None = None) -> Learnt:
        """Fit everything on the sentences and the ordinary lines that are `heard`, or all."""
        kept = np.ones(len(self.ordinary), dtype=np.bool_) if heard is None else heard
        lines = self._chat.take(kept)
        heads = [self._fit_head(head, lines) for head in HEADS]
        return Learnt(np.stack(heads, axis=1), self._fit_net(lines))

    def _fit_head(self, head: Head, lines: Rows) -> Floats:
        labels, weights = self.labels(head).astype(float), self._weights(head)
        calm = np.zeros(lines.height)
        return fit(
            _stacked(self._labelled, self._unheard, lines),
            np.concatenate([labels, labels, calm]),
            np.concatenate(
                [weights * (1 - RULES_UNHEARD), weights * RULES_UNHEARD, calm + CHAT_WEIGHT]
            ),
            STRENGTH,
        )

    def _fit_net(self, lines: Rows) -> NetWeights:
        kinds = np.concatenate([self._kinds, np.zeros(lines.height, dtype=np.int64)])
        weights = np.concatenate([self._weights(Head.DANGER), np.full(lines.height, CHAT_WEIGHT)])
        return fit_net(_stacked(self._labelled, lines), kinds, weights, len(HEADS) + 1)

    @cached_property
    def _kinds(self) -> NDArray[np.int64]:
        """For each sentence 0, or 1 + the head that should speak of it: the gravest."""
        kinds = np.zeros(len(self.rows), dtype=np.int64)
        for head in (Head.PAIN, Head.WORRY, Head.DANGER):
            kinds[self.labels(head)] = 1 + head
        return kinds

    def _weights(self, head: Head) -> Floats:
        weights = np.where(self.hard, HARD_WEIGHT, 1.0)
        weights[[row.source == "evening" for row in self.rows]] = EVENING_WEIGHT
        weights[[row.source == FRAMED for row in self.rows]] = FRAMED_WEIGHT
        if head is Head.DANGER:
            return np.where([row.level == 2 for row in self.rows], NEAR_WEIGHT, weights)
        if head is Head.WORRY:
            # Who grieves for a companion speaks of somebody else, too.
            return np.where([row.kind == _GRIEF for row in self.rows], HARD_WEIGHT, weights)
        return weights


@dataclass(frozen=True, slots=True)
class Lines:
    """Messages and their pieces, ready to be scored with any weights as the watcher would."""

    heard: Heard
    whole: Rows
    pieces: Rows
    meant: Floats
    """What the transformer says of them, which is not fitted here."""

    def scores(self, learnt: Learnt) -> Floats:
        """Scores as the watcher compares them with its thresholds, one column a head."""
        scores = _final(self.whole, self.heard.whole, learnt)
        if self.heard.pieces:
            pieces = _final(self.pieces, self.heard.pieces, learnt)[:, Head.DANGER]
            scores[:, Head.DANGER] = self.heard.strongest(scores[:, Head.DANGER], pieces)
        return scores + self.meant


def lines_of(heard: Heard, columns: Columns) -> Lines:
    """Prepare what was heard; the slow part of scoring."""
    rows, pieces = rows_of(heard.whole, columns), rows_of(heard.pieces, columns)
    return Lines(heard, rows, pieces, opinions(heard))


def _final(rows: Rows, evidence: Sequence[Evidence], learnt: Learnt) -> Floats:
    raw = np.stack([rows.times(each[:-1]) + each[-1] for each in learnt.heads.T], axis=1)
    raw += np.array(BONUS) * [one.verdicts() for one in evidence]
    return raw + net_says(learnt.net.odds(rows), evidence)


def thresholds_of(scores: Floats) -> Floats:
    """The thresholds at which ordinary chat with these scores raises the alarms of the budget."""
    return np.array([threshold(scores[:, head], BUDGET[head]) for head in HEADS])


def threshold(scores: Floats, per_thousand: float) -> float:
    """The score that this share of ordinary messages exceeds, between two ranks in proportion."""
    ranked = np.sort(scores)[::-1]
    between = (ranked[:-1] + ranked[1:]) / 2
    exceeding = np.arange(1, len(ranked))
    return float(np.interp(per_thousand * len(scores) / 1000, exceeding, between))


def _stacked(*parts: Rows) -> Rows:
    offsets = np.cumsum([0, *(part.height for part in parts)])
    shifted = [part.rows + offset for part, offset in zip(parts, offsets[:-1], strict=True)]
    return Rows(
        np.concatenate(shifted),
        np.concatenate([part.columns for part in parts]),
        np.concatenate([part.values for part in parts]),
        int(offsets[-1]),
        parts[0].width,
    )
