"""The matcher: which entry somebody means, and how sure that is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
from rapidfuzz import fuzz

from liudeng.faq.matching.catalogue import Askable, Catalogue
from liudeng.faq.matching.features import LONGEST_UNASKED, SAID, Features, Surroundings
from liudeng.faq.matching.lore import Lore
from liudeng.faq.matching.ordinary import Ordinary, against
from liudeng.faq.matching.reading import PinyinReader
from liudeng.faq.matching.speech import asks, speech
from liudeng.faq.matching.tokens import Tokens, take_apart
from liudeng.faq.matching.vectors import SentenceVectors
from liudeng.faq.matching.weights import Weights, load_weights
from liudeng.library.index.terms import bare

SHORTLIST = 6
"""So many entries are compared by their meaning."""
_SHORTEST = 3
"""晚安 is no question, whatever it has in common with one."""
_SUGGESTED = 3
_WORTH_COMPARING = 0.3
"""Of certainty by words alone, below which nobody is answered unasked."""


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
        lore: Lore,
        vectors: SentenceVectors | None = None,
        weights: Weights | None = None,
    ) -> None:
        texts = [text for entry in entries for text in (*entry.phrasings, entry.answer)]
        self._entries = tuple(entries)
        self._ids = np.array([entry.id for entry in entries], np.int64)
        self._concepts = lore.concepts
        self._vectors = vectors
        self._weights = weights or load_weights()
        self._reader = PinyinReader(texts, lore.concepts.words)
        self._readings = tuple(self._read(entry.phrasings) for entry in entries)
        self._catalogue = Catalogue(
            [[self._tokens(text) for text in entry.phrasings] for entry in entries],
            [self._tokens(entry.answer) for entry in entries],
        )
        self._elsewhere, self._talk = (
            Ordinary(self._read(said), [self._tokens(text) for text in said])
            for said in (lore.elsewhere, lore.talk)
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
        ordinary = (*self._elsewhere.texts, *self._talk.texts)
        return list(dict.fromkeys([*read, *(one.answer for one in self._entries), *ordinary]))

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
        return 2 < len(text) <= LONGEST_UNASKED and asks(self._reader.read(text))

    def features(
        self, text: str, among: Collection[int] | None = None, *, by_meaning: bool = True
    ) -> "Features | None":
        """Return the evidence for the best entries; None when there is none for any."""
        read = self._reader.read(text)
        tokens = self._tokens(text)
        evidence = self._catalogue.evidence(tokens)
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
        around = Surroundings(
            speech(read),
            (self._elsewhere.alike(tokens), self._talk.alike(tokens)),
            against(tokens, self._catalogue, self._elsewhere, self._talk),
        )
        if self._vectors is not None and by_meaning:
            compared = [(self._readings[number], self._entries[number].answer) for number in order]
            rows = np.hstack([rows, self._vectors.meaning(read, compared)])
            judgement = self._weights.meaning
            others = (self._elsewhere, self._talk)
            meaning = tuple(other.meaning(read, self._vectors) for other in others)
            around = replace(around, meaning=meaning)
        found = rows @ np.array(judgement.rank, np.float32)
        said = self._said(read, order)
        if said.max() >= SAID:
            found[said.argmax()] = found.max() + 1.0
        again = np.argsort(-found, kind="stable")
        found, order, rows = found[again], order[again], rows[again]
        return Features(judgement, order, found, rows, usual, around, float(said.max()))

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
        return take_apart(self._reader.read(text), self._concepts)
