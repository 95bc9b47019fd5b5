"""What decides whether the entry that fits best is what was meant."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from liudeng.faq.matching.catalogue import EVIDENCE, PHRASING_KINDS
from liudeng.faq.matching.weights import Judgement

SAID = 0.9
"""From this likeness on, a question is one that is known, whatever else speaks against it."""
LONGEST_UNASKED = 60
_LIKENESS = EVIDENCE.index("best phrasing by pairs")
_LIKENESSES = slice(_LIKENESS, _LIKENESS + len(PHRASING_KINDS))
_MEANINGS = slice(len(EVIDENCE), len(EVIDENCE) + 2)
_NOTHING = np.zeros(0, np.float32)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a message is like besides the entries."""

    sounds: tuple[float, ...]
    """How it sounds; see `SPEECH`."""
    alike: tuple[np.ndarray, np.ndarray]
    """How like questions about other things it is, and how like talk, by `PHRASING_KINDS`."""
    shares: tuple[float, ...]
    """See `against`."""
    meaning: tuple[np.ndarray, np.ndarray] = (_NOTHING, _NOTHING)
    """The first by meaning; empty when that was not compared."""


@dataclass(frozen=True)
class Features:
    """The evidence for the best entries of one question."""

    judgement: Judgement
    order: np.ndarray
    """Numbers of the entries, best first."""
    scores: np.ndarray
    rows: np.ndarray
    """Their evidence."""
    usual: float
    """The score of an entry that has nothing to do with it."""
    around: Surroundings
    said: float = 0.0
    """How nearly the first entry's question was typed letter by letter, from 0 to 1."""

    @property
    def decision(self) -> np.ndarray:
        """What decides whether the first is meant."""
        first, best = self.rows[0], self.scores[0]
        second = self.rows[1] if len(self.rows) > 1 else np.zeros_like(first)
        behind = [best - score for score in (*self.scores[1:3], self.usual, self.usual)][:2]
        chance = 1 / np.exp(np.clip(self.scores - best, -30, 0)).sum()
        around = self.around
        nearer = [first[_LIKENESSES] - other for other in around.alike]
        if len(around.meaning[0]):
            nearer += [first[_MEANINGS] - other for other in around.meaning]
        return np.concatenate(
            [
                [best - self.usual, *behind, chance],
                *(first, first - second, self.rows.max(0)),
                *(around.sounds, around.shares, *around.alike, *around.meaning, *nearer),
            ]
        )

    @cached_property
    def probability(self) -> float:
        """How likely the first entry is what was meant."""
        learnt = self.judgement.decide.probability(self.decision)
        return max(learnt, self.said) if self.said >= SAID else learnt

    def is_plain(self, text: str) -> bool:
        """Tell whether the text so clearly is the first entry's question that nobody need ask."""
        lead = self.scores[0] - self.scores[1] if len(self.scores) > 1 else np.inf
        return (
            bool(self.around.sounds[0])
            and len(text) <= LONGEST_UNASKED
            and self.probability >= self.judgement.unasked_from
            and lead >= self.judgement.unasked_lead
        )

    def ranked_by(self, judgement: Judgement) -> "Features":
        """Return the same ranked by another judgement."""
        scores = self.rows @ np.array(judgement.rank, np.float32)
        again = np.argsort(-scores, kind="stable")
        return Features(
            judgement, self.order[again], scores[again], self.rows[again], self.usual, self.around
        )
