"""All entries that can be asked for, and what speaks for each when something is asked.

Every entry is looked at for every question: with the counts of each token in arrays, that takes
a few milliseconds for thousands of entries, and no entry is ever missed by a shortlist.
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from liudeng.faq.matching.tokens import KINDS, Tokens

Numbers = np.ndarray
EVIDENCE = (
    *(f"covered {kind}" for kind in KINDS),
    "weight of words",
    "weight of concepts",
    "best phrasing by pairs",
    "best phrasing by words",
    "best phrasing by concepts",
    "answer",
    "few phrasings",
)
PHRASING_KINDS = ("pairs", "words", "concepts")
_ANSWER_KINDS = ("pairs", "words", "concepts")
_REFERENCE = math.log(61)
"""A token that one of sixty entries has weighs this much; the scale is the same for thousands."""
_LENGTH_WEIGHT = 1.2
_TINY = 1e-9
_POSTINGS_REMEMBERED = 50_000


@dataclass(frozen=True, slots=True)
class Askable:
    """An entry as the matcher knows it."""

    id: int
    phrasings: tuple[str, ...]
    """In how many ways it may be asked; the question as it is written first. Never empty."""
    answer: str


@dataclass(frozen=True, slots=True)
class _Posting:
    """Which entries have a token, how often, in which phrasings, and in which answers."""

    entries: Numbers
    counts: Numbers
    phrasings: Numbers
    answers: Numbers
    weight: float


class Catalogue:
    """The tokens of all phrasings and answers, by token."""

    def __init__(self, phrasings: Sequence[Sequence[Tokens]], answers: Sequence[Tokens]) -> None:
        self.size = len(answers)
        flat = [tokens for each in phrasings for tokens in each]
        self._owners = np.repeat(np.arange(self.size), [len(each) for each in phrasings])
        self._starts = np.cumsum([0, *(len(each) for each in phrasings)])[:-1]
        self._few = 1 / np.array([1 + len(each) for each in phrasings], np.float32)
        self._said = {kind: _numbers(flat, kind) for kind in KINDS}
        self._answering = {kind: _numbers(answers, kind) for kind in _ANSWER_KINDS}
        self._lengths = {
            kind: np.array([len(getattr(tokens, kind)) for tokens in flat], np.float32)
            for kind in PHRASING_KINDS
        }
        self._postings: dict[tuple[str, str], _Posting] = {}

    def evidence(self, asked: Tokens) -> Numbers:
        """Return a row for each entry with a column for each of `EVIDENCE`."""
        if not self.size:
            return np.zeros((0, len(EVIDENCE)), np.float32)
        covered: dict[str, Numbers] = {}
        weights: dict[str, float] = {}
        best: dict[str, Numbers] = {}
        answered, could_answer = np.zeros(self.size), _TINY
        for kind in KINDS:
            total = _TINY
            gathered = np.zeros(self.size)
            by_phrasing = np.zeros(len(self._owners))
            for token in getattr(asked, kind):
                posting = self._posting(kind, token)
                total += posting.weight
                gathered[posting.entries] += posting.weight * posting.counts
                by_phrasing[posting.phrasings] += posting.weight
                if kind in _ANSWER_KINDS:
                    could_answer += posting.weight
                    answered[posting.answers] += posting.weight
            covered[kind], weights[kind] = gathered, total
            if kind in PHRASING_KINDS:
                alike = by_phrasing / (total + _LENGTH_WEIGHT * self._lengths[kind])
                best[kind] = np.maximum.reduceat(alike, self._starts)
        columns = [covered[kind] / weights[kind] for kind in KINDS]
        columns += [covered["words"] / 10, covered["concepts"] / 10]
        columns += [best[kind] for kind in PHRASING_KINDS]
        columns += [answered / could_answer, self._few]
        return np.stack(columns, axis=1).astype(np.float32)

    @property
    def phrasings(self) -> int:
        """How many phrasings the entries have."""
        return len(self._owners)

    def times(self, kind: str, token: str) -> int:
        """Return how many phrasings have a token."""
        return len(self._said[kind].get(token, ()))

    def nearest(self, asked: Tokens) -> Numbers:
        """Return how like the likest phrasing of all is, by each of `PHRASING_KINDS`."""
        found = np.zeros(len(PHRASING_KINDS), np.float32)
        if not self.size:
            return found
        for column, kind in enumerate(PHRASING_KINDS):
            total = _TINY
            by_phrasing = np.zeros(len(self._owners))
            for token in getattr(asked, kind):
                posting = self._posting(kind, token)
                total += posting.weight
                by_phrasing[posting.phrasings] += posting.weight
            found[column] = (by_phrasing / (total + _LENGTH_WEIGHT * self._lengths[kind])).max()
        return found

    def _posting(self, kind: str, token: str) -> _Posting:
        """Worked out when it is first asked for: of most tokens nobody ever does."""
        known = self._postings.get((kind, token))
        if known is not None:
            return known
        phrasings = np.array(self._said[kind].get(token, ()), np.int32)
        entries, times = np.unique(self._owners[phrasings], return_counts=True)
        posting = _Posting(
            entries=entries,
            counts=times / (times + 1.0),
            phrasings=phrasings,
            answers=np.array(self._answering.get(kind, {}).get(token, ()), np.int32),
            weight=self._weight(times),
        )
        if len(self._postings) < _POSTINGS_REMEMBERED:
            self._postings[kind, token] = posting
        return posting

    def _weight(self, times: Numbers) -> float:
        """Return how telling a token is: that of a hundred entries tells little, and one that is
        said of one entry again and again tells more than one said once of each of three."""
        entries = float(times.sum()) ** 2 / float(times @ times) if len(times) else 0.0
        scale = _REFERENCE / math.log(self.size + 2)
        return math.log((self.size + 2) / (entries + 1)) * scale


def _numbers(texts: Sequence[Tokens], kind: str) -> dict[str, list[int]]:
    """Return in which of the texts each token of a kind stands."""
    found: dict[str, list[int]] = defaultdict(list)
    for number, tokens in enumerate(texts):
        for token in getattr(tokens, kind):
            found[token].append(number)
    return found
