"""Answering a question: what it says literally first, then what sounds like it or is like it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz import fuzz, process
from whoosh.query import Query

from liudeng.library.index import matching
from liudeng.library.index.likeness import Way, closeness
from liudeng.library.index.question import Question
from liudeng.library.index.schema import letters
from liudeng.library.index.terms import bare
from liudeng.library.index.view import Deadline, Match, Matches, OutOfTime, View

MOST_HITS = 200
"""No answer holds more hits than this; those beyond are only counted."""
_ENOUGH = 3
"""With so many literal hits, nobody looks for what is less like the question."""
_LOOKED_AT = 30
"""Of what matches without standing there literally, so many are looked at closely."""
_ALIKE = 0.6
_SURELY_ALIKE = 0.85
_ALIKE_CHARACTERS = 0.5
_NAMES = 24
_OTHER_SCRIPT = 0.95
"""Letters are meant as letters first, then as pinyin."""
_RANK_BY_MATCH = 0.25


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that was found."""

    number: int
    score: float
    way: Way
    passage: str
    """What in it is like the question; empty where the question stands in it literally."""
    entry: Mapping[str, Any]


@dataclass(slots=True)
class Answer:
    """Entries, best first, and how many there are."""

    found: list[Candidate] = field(default_factory=list)
    total: int = 0
    complete: bool = True
    """False when time ran out."""


def answer(view: View, question: Question, allowed: frozenset[int], deadline: Deadline) -> Answer:
    """Answer a question with what is allowed to be found; never takes much longer than it may."""
    search = _Search(view, question, allowed, deadline)
    try:
        search.run()
    except OutOfTime:
        search.answer.complete = False
    return search.answer


class _Search:
    def __init__(
        self, view: View, question: Question, allowed: frozenset[int], deadline: Deadline
    ) -> None:
        self.answer = Answer()
        self._view = view
        self._question = question
        self._allowed = allowed
        self._deadline = deadline

    def run(self) -> None:
        """Look less and less literally for as long as too little was found."""
        if not self._question.terms or not self._allowed:
            return
        self._literally()
        if self.answer.total >= _ENOUGH and not self._question.spelt:
            return
        frequency = self._view.frequency
        alike = self._looked_at(matching.by_sound(self._question, frequency))
        if not self.answer.found:
            if _sure(alike) < _ENOUGH:
                alike += self._looked_at(matching.roughly(self._question, frequency))
            if not _sure(alike):
                alike += self._named_alike()
        self._add(sorted(alike, key=_best_first))

    def _literally(self) -> None:
        matches = self._match(matching.literally(self._question, self._view.frequency), MOST_HITS)
        scattered = 0
        for match in matches.best:
            entry = self._view.entry(match.number)
            if _stands_in(self._question, entry["texts"]):
                found = Candidate(match.number, match.score, Way.LITERAL, "", entry)
                self.answer.found.append(found)
            else:  # its pairs do, but not one after the other
                scattered += 1
        self.answer.total = matches.total - scattered

    def _named_alike(self) -> Iterator[Candidate]:
        """Look through all names: a mistyped word of two characters may have no pair in common
        with what was meant, but its letters look alike."""
        typed = self._question.text
        names = {name: name.partition("\t")[0] for name in self._view.names}
        like = process.extract(
            letters(typed), names, scorer=fuzz.ratio, score_cutoff=_ALIKE * 100, limit=_NAMES
        )
        for _, score, name in like:
            self._deadline.check()
            written = name.partition("\t")[2]
            if not self._question.spelt or written.isascii():  # some characters will be right
                score = (score + fuzz.ratio(typed, bare(written))) / 2
            else:
                score *= _OTHER_SCRIPT
            matches = self._match(matching.named(name), _LOOKED_AT)
            for match in matches.best if score >= _ALIKE_CHARACTERS * 100 else ():
                entry = self._view.entry(match.number)
                yield Candidate(match.number, score / 100, Way.ROUGH, written, entry)

    def _looked_at(self, query: Query) -> list[Candidate]:
        matches = self._match(query, _LOOKED_AT)
        top = max((match.score for match in matches.best), default=0.0) or 1.0
        found = (self._look_at(match, match.score / top) for match in matches.best)
        return [candidate for candidate in found if candidate.score >= _ALIKE]

    def _look_at(self, match: Match, matched: float) -> Candidate:
        self._deadline.check()
        entry = self._view.entry(match.number)
        alike = closeness(self._question, entry)
        score = (1 - _RANK_BY_MATCH) * alike.score + _RANK_BY_MATCH * matched
        return Candidate(match.number, score, alike.way, alike.passage, entry)

    def _match(self, query: Query, limit: int) -> Matches:
        return self._view.match(query, self._allowed, limit, self._deadline)

    def _add(self, candidates: Iterable[Candidate]) -> None:
        known = {found.number for found in self.answer.found}
        for candidate in candidates:
            if candidate.number not in known and len(self.answer.found) < MOST_HITS:
                known.add(candidate.number)
                self.answer.found.append(candidate)
                self.answer.total += 1


def _stands_in(question: Question, texts: Mapping[str, str]) -> bool:
    return all(any(term.text in text for text in texts.values()) for term in question.terms)


def _sure(candidates: Iterable[Candidate]) -> int:
    return sum(candidate.score >= _SURELY_ALIKE for candidate in candidates)


def _best_first(candidate: Candidate) -> tuple[float, int]:
    return -candidate.score, -candidate.number
