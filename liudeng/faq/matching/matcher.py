"""The matcher: which entry somebody means, and how sure that is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from rapidfuzz import fuzz

from liudeng.faq.matching.catalogue import Askable, Catalogue
from liudeng.faq.matching.concepts import Concepts
from liudeng.faq.matching.reading import PinyinReader
from liudeng.faq.matching.speech import asks, speech
from liudeng.faq.matching.tokens import Tokens, take_apart
from liudeng.faq.matching.vectors import SentenceVectors
from liudeng.faq.matching.weights import Judgement, Weights, load_weights
from liudeng.library.index.terms import bare

SHORTLIST = 6
"""So many entries are compared by their meaning."""
SAID = 0.9
"""From this likeness on, a question is one that is known, whatever else speaks against it."""
_SHORTEST = 3
"""晚安 is no question, whatever it has in common with one."""
_SUGGESTED = 3
_LONGEST_UNASKED = 60
_WORTH_COMPARING = 0.3
"""Of certainty by words alone, below which nobody is answered unasked."""
_TOKENS_REMEMBERED = 100_000


@dataclass(frozen=True, slots=True)
class Ranked:
    """An entry, and how well it fits: higher is better, comparable within one question."""

    id: int
    score: float


@dataclass(frozen=True, slots=True)
class Match:
    """What was meant, as far as it can be told."""

    answer: int | None = None
    """The entry that answers it; None when that is not sure enough."""
    suggestions: tuple[int, ...] = ()
    """Up to three entries that may be meant, best first; without the answer."""
    unasked: int | None = None
    """The entry that may be given though nobody asked the bot."""
    probability: float = 0.0
    """That the best entry is what was meant, from 0 to 1."""
    ranked: tuple[Ranked, ...] = ()
    """The best entries."""


class Matcher:
    """Matches messages with entries. Built once, read by any thread."""

    def __init__(
        self,
        entries: Sequence[Askable],
        concepts: Concepts,
        vectors: SentenceVectors | None = None,
        weights: Weights | None = None,
    ) -> None:
        texts = [text for entry in entries for text in (*entry.phrasings, entry.answer)]
        self._entries = tuple(entries)
        self._ids = np.array([entry.id for entry in entries], np.int64)
        self._concepts = concepts
        self._vectors = vectors
        self._weights = weights or load_weights()
        self._reader = PinyinReader(texts, concepts.words)
        self._readings = tuple(self._read(entry.phrasings) for entry in entries)
        self._catalogue = Catalogue(
            [[self._tokens(text) for text in entry.phrasings] for entry in entries],
            [self._tokens(entry.answer) for entry in entries],
        )

    def match(self, text: str, among: Collection[int] | None = None) -> Match:
        """Return what somebody means, among all entries or those with these ids."""
        features = self.features(text, among)
        if features is None:
            return Match()
        judgement = features.judgement
        probability = features.probability
        ranked = tuple(
            Ranked(int(self._ids[number]), float(score))
            for number, score in zip(features.order, features.scores, strict=True)
        )
        best = ranked[0].id
        answers = probability >= judgement.answer_from and (
            len(bare(text)) >= _SHORTEST or features.said >= SAID
        )
        may_be = [one.id for one in ranked[: _SUGGESTED + 1] if one.id != best or not answers]
        return Match(
            answer=best if answers else None,
            suggestions=tuple(may_be[:_SUGGESTED]) if probability >= judgement.suggest_from else (),
            unasked=best if features.is_plain(text) else None,
            probability=probability,
            ranked=ranked,
        )

    @property
    def texts(self) -> list[str]:
        """Every text that questions are compared with by meaning, as it is compared."""
        read = [text for reading in self._readings for text in reading]
        return list(dict.fromkeys([*read, *(entry.answer for entry in self._entries)]))

    def match_unasked(self, text: str, among: Collection[int] | None = None) -> Match:
        """Return what somebody means who asked nobody; most of a chat is told by its words alone.

        Comparing by meaning takes several times as long, and a flood is read message by message.
        """
        if self._vectors is not None:
            words = self.features(text, among, by_meaning=False)
            if words is None or words.probability < _WORTH_COMPARING:
                return Match()
        return self.match(text, among)

    def could_be_asked(self, text: str) -> bool:
        """Tell cheaply whether a message may be a question at all; most of a chat is not."""
        return 2 < len(text) <= _LONGEST_UNASKED and asks(self._reader.read(text))

    def features(
        self, text: str, among: Collection[int] | None = None, *, by_meaning: bool = True
    ) -> "Features | None":
        """Return the evidence for the best entries; None when there is none for any."""
        read = self._reader.read(text)
        evidence = self._catalogue.evidence(self._tokens(text))
        scores = evidence @ np.array(self._weights.words.rank, np.float32)
        allowed = (
            np.isin(self._ids, list(among)) if among is not None else np.ones(len(scores), bool)
        )
        if not np.any(evidence[allowed]):
            return None
        usual = float(scores[allowed].mean())
        scores = np.where(allowed, scores, -np.inf)
        size = min(SHORTLIST, int(allowed.sum()))
        order = np.argsort(-scores, kind="stable")[:size]
        rows, judgement = evidence[order], self._weights.words
        if self._vectors is not None and by_meaning:
            compared = [(self._readings[number], self._entries[number].answer) for number in order]
            rows = np.hstack([rows, self._vectors.meaning(read, compared)])
            judgement = self._weights.meaning
        found = rows @ np.array(judgement.rank, np.float32)
        said = self._said(read, order)
        if said.max() >= SAID:
            found[said.argmax()] = found.max() + 1.0
        again = np.argsort(-found, kind="stable")
        found, order, rows = found[again], order[again], rows[again]
        return Features(judgement, order, found, rows, usual, speech(read), float(said.max()))

    def _said(self, read: str, order: np.ndarray) -> np.ndarray:
        """Return how nearly a phrasing of each entry was typed letter by letter, from 0 to 1."""
        typed = bare(read)
        best = [
            max(fuzz.ratio(typed, bare(text)) for text in self._entries[number].phrasings) / 100
            for number in order
        ]
        return np.array(best)

    def _read(self, phrasings: Sequence[str]) -> tuple[str, ...]:
        return tuple(self._reader.read(text) for text in phrasings)

    def _tokens(self, text: str) -> Tokens:
        return _tokens(self._reader.read(text), self._concepts)


@dataclass(frozen=True, slots=True)
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
    sounds: tuple[float, ...]
    said: float = 0.0
    """How nearly the first entry's question was typed letter by letter, from 0 to 1."""

    @property
    def decision(self) -> np.ndarray:
        """What decides whether the first is meant."""
        first, best = self.rows[0], self.scores[0]
        second = self.rows[1] if len(self.rows) > 1 else np.zeros_like(first)
        behind = [best - score for score in (*self.scores[1:3], self.usual, self.usual)][:2]
        return np.array(
            [best - self.usual, *behind, *first, *(first - second), *self.rows.max(0), *self.sounds]
        )

    @property
    def probability(self) -> float:
        """How likely the first entry is what was meant."""
        logit = float(self.decision @ np.array(self.judgement.decide)) + self.judgement.bias
        learnt = float(1 / (1 + np.exp(-np.clip(logit, -30, 30))))
        return max(learnt, self.said) if self.said >= SAID else learnt

    def is_plain(self, text: str) -> bool:
        """Tell whether the text so clearly is the first entry's question that nobody need ask."""
        lead = self.scores[0] - self.scores[1] if len(self.scores) > 1 else np.inf
        return (
            bool(self.sounds[0])
            and len(text) <= _LONGEST_UNASKED
            and self.probability >= self.judgement.unasked_from
            and lead >= self.judgement.unasked_lead
        )


@lru_cache(maxsize=_TOKENS_REMEMBERED)
def _tokens(read: str, concepts: Concepts) -> Tokens:
    return take_apart(read, concepts)
