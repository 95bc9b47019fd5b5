"""What each head is taught, and where its threshold lies."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from liudeng.text.sentences import SIZE, sentence_encoder
from liudeng.watch.evidence import Evidence
from liudeng.watch.model import HEADS, Head
from liudeng.watch.model.heads import net_says
from liudeng.watch.model.meaning import SHARE, Meaning
from liudeng.watch.parts import Heard
from training.corpus import FRAMED, Example
from training.design import Columns, rows_of
from training.fit import Beginning, Floats, Rows, fit
from training.gram_net import NetWeights, fit_net
from training.meaning_net import Lessons, Singles, fit_meaning

STRENGTH = 10.0
"""Inverse of the regularisation; 3 and 30 were no better in cross-validation."""
RULES_UNHEARD = 0.3
"""Share of each sentence's weight with the rules silenced: they were written reading some of
these sentences, and would otherwise be trusted more than they earn elsewhere."""
HARD_WEIGHT = 6.0
"""Jokes, games, lyrics, advice: what makes people switch a watcher off. 4 finds no more between
pens and raises more of them."""
CHAT_WEIGHT = 2.0
"""Ordinary lines: nearly all that a watcher ever reads."""
EVENING_WEIGHT = 8.0
"""A whole group's evening of mourning: the talk that real groups will have most of."""
FRAMED_WEIGHT = 0.6
"""Many tellings of one thing must not drown what was said once."""
NEAR_WEIGHT = 0.5
"""Marked distress taken for danger is no grave mistake."""
BONUS = (2.0, 2.0, 2.0)
"""Added where the rules alone would speak, for each head."""
BUDGET = (0.54, 11.0, 0.2)
"""Alarms per 1,000 lines of ordinary chat each threshold is set to: danger, pain, worry."""
_CALM_SOURCES = frozenset({"train_community", "train_distress_genuine"})
"""Their sentences at level 0 are ordinary talk; all others' only sound like danger."""
_GRIEF = "companion_grief"

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Learnt:
    """What was fitted: linear heads (a column each, the bias last) and both nets."""

    heads: Floats
    net: NetWeights
    meaning: Meaning


@dataclass(frozen=True)
class Bench:
    """All that the heads are fitted on."""

    rows: Sequence[Example]
    evidence: Sequence[Evidence]
    ordinary: Sequence[Evidence]
    columns: Columns
    meant: Singles
    """Sentence vectors of the labelled sentences."""
    chat_meant: Singles
    """Those of the ordinary lines."""

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
        harmless = [row.level == 0 and row.other == 0 for row in self.rows]
        return np.array(harmless) & [row.source not in _CALM_SOURCES for row in self.rows]

    def labels(self, head: Head) -> Mask:
        """What each sentence should be for a head."""
        match head:
            case Head.DANGER:
                return np.array([row.level == 3 for row in self.rows])
            case Head.PAIN:
                return np.array([row.level >= 2 for row in self.rows])
            case Head.WORRY:
                return np.array([row.other == 3 for row in self.rows])

    def learn(
        self,
        chosen: Mask | None = None,
        heard: Mask | None = None,
        resumed: tuple[Floats, int] | None = None,
    ) -> Learnt:
        """Fit everything on the chosen sentences and ordinary lines, or on all.

        The linear heads may be `resumed`, from those of another fit and for so many steps.
        """
        taken = np.ones(len(self.rows), dtype=np.bool_) if chosen is None else chosen
        kept = np.ones(len(self.ordinary), dtype=np.bool_) if heard is None else heard
        begun = [
            None if resumed is None else Beginning(resumed[0][:, head], resumed[1])
            for head in HEADS
        ]
        heads = [self._fit_head(head, taken, kept, begun[head]) for head in HEADS]
        return Learnt(
            np.stack(heads, axis=1), self._fit_net(taken, kept), self._fit_meaning(taken, kept)
        )

    def _fit_head(self, head: Head, taken: Mask, kept: Mask, beginning: Beginning | None) -> Floats:
        labels, weights = self.labels(head)[taken].astype(float), self._weights(head)[taken]
        lines = self._chat.take(kept)
        calm = np.zeros(lines.height)
        return fit(
            _stacked(self._labelled.take(taken), self._unheard.take(taken), lines),
            np.concatenate([labels, labels, calm]),
            np.concatenate(
                [weights * (1 - RULES_UNHEARD), weights * RULES_UNHEARD, calm + CHAT_WEIGHT]
            ),
            STRENGTH,
            beginning,
        )

    def _fit_net(self, taken: Mask, kept: Mask) -> NetWeights:
        lines = self._chat.take(kept)
        kinds = np.concatenate([self._kinds[taken], np.zeros(lines.height, dtype=np.int64)])
        weights = self._weights(Head.DANGER)[taken]
        return fit_net(
            _stacked(self._labelled.take(taken), lines),
            kinds,
            np.concatenate([weights, np.full(lines.height, CHAT_WEIGHT)]),
            len(HEADS) + 1,
        )

    @cached_property
    def _kinds(self) -> NDArray[np.int64]:
        """For each sentence 0, or 1 + the head that should speak of it: the gravest."""
        kinds = np.zeros(len(self.rows), dtype=np.int64)
        for head in (Head.PAIN, Head.WORRY, Head.DANGER):
            kinds[self.labels(head)] = 1 + head
        return kinds

    def _fit_meaning(self, taken: Mask, kept: Mask) -> Meaning:
        lines = self.chat_meant[kept]
        shape = (len(lines), len(HEADS))
        labels = np.stack([self.labels(head)[taken] for head in HEADS], axis=1)
        weights = np.stack([self._weights(head)[taken] for head in HEADS], axis=1)
        return fit_meaning(
            Lessons(
                np.concatenate([self.meant[taken], lines]),
                np.concatenate([labels, np.zeros(shape)]).astype(np.float32),
                np.concatenate([weights, np.full(shape, CHAT_WEIGHT)]).astype(np.float32),
            )
        )

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
    meant: Singles

    def scores(self, learnt: Learnt) -> Floats:
        """Scores as the watcher compares them with its thresholds, one column a head."""
        scores = _final(self.whole, self.heard.whole, learnt)
        if self.heard.pieces:
            pieces = _final(self.pieces, self.heard.pieces, learnt)[:, Head.DANGER]
            scores[:, Head.DANGER] = self.heard.strongest(scores[:, Head.DANGER], pieces)
        return scores + SHARE * learnt.meaning.says(self.meant, self.heard.whole)


def lines_of(heard: Heard, columns: Columns, meant: Singles) -> Lines:
    """Prepare what was heard; the slow part of scoring."""
    return Lines(heard, rows_of(heard.whole, columns), rows_of(heard.pieces, columns), meant)


def vectors_of(evidence: Sequence[Evidence]) -> Singles:
    """What each message means, as a vector; those of like length together, which is faster."""
    texts = [one.folded.text for one in evidence]
    order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
    vectors = np.empty((len(texts), SIZE), dtype=np.float32)
    vectors[order] = sentence_encoder().encode([texts[row] for row in order])
    return vectors


def _final(rows: Rows, evidence: Sequence[Evidence], learnt: Learnt) -> Floats:
    raw = np.stack([rows.times(each[:-1]) + each[-1] for each in learnt.heads.T], axis=1)
    raw += np.array(BONUS) * [one.verdicts() for one in evidence]
    return raw + net_says(learnt.net.odds(rows), evidence)


def thresholds_of(scores: Floats) -> Floats:
    """The thresholds at which ordinary chat with these scores raises the alarms of the budget."""
    return np.array([threshold(scores[:, head], BUDGET[head]) for head in HEADS])


def threshold(scores: Floats, per_thousand: float) -> float:
    """The score that this share of ordinary messages exceeds."""
    allowed = int(per_thousand * len(scores) / 1000)
    ranked = np.sort(scores)[::-1]
    return float((ranked[allowed - 1] + ranked[allowed]) / 2)


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
