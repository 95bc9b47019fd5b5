"""One published generation of the index, opened: what a query is run on."""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from heapq import nlargest
from pathlib import Path
from time import monotonic
from typing import Any

from whoosh.index import open_dir
from whoosh.query import Query
from whoosh.reading import TermNotFound
from whoosh.scoring import BM25F
from whoosh.searching import SearchContext

_KNOWN_DOORS = 64
_KNOWN_FREQUENCIES = 50_000
_LOOK_AT_CLOCK_EVERY = 64


class OutOfTime(Exception):
    """The query takes longer than it may."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a query has to be answered."""

    at: float
    """On the monotonic clock, in seconds."""

    @classmethod
    def within(cls, seconds: float) -> "Deadline":
        """Return the deadline that is so many seconds from now."""
        return cls(monotonic() + seconds)

    def check(self) -> None:
        """Raise OutOfTime once it has passed."""
        if monotonic() > self.at:
            raise OutOfTime


@dataclass(frozen=True, slots=True)
class Match:
    """A document that matches."""

    score: float
    number: int


@dataclass(frozen=True, slots=True)
class Matches:
    """The best matches and how many there are."""

    best: tuple[Match, ...]
    total: int


class _Lengths(dict[int, int]):
    """How long a field of each document is; Whoosh would decode it anew for every posting."""

    def __init__(self, searcher: Any, field: str) -> None:
        super().__init__()
        self._searcher = searcher
        self._field = field

    def __missing__(self, number: int) -> int:
        self[number] = length = self._searcher.doc_field_length(number, self._field, 1)
        return length


class _BM25F(BM25F):
    """Whoosh's BM25F, with the lengths of fields remembered."""

    def __init__(self) -> None:
        super().__init__()
        self._lengths: dict[tuple[Any, str], _Lengths] = {}

    def scorer(self, searcher: Any, fieldname: str, text: bytes, qf: int = 1) -> Any:
        scorer: Any = super().scorer(searcher, fieldname, text, qf)
        if (key := (searcher, fieldname)) not in self._lengths:
            self._lengths[key] = _Lengths(searcher, fieldname)
        scorer.dfl = self._lengths[key].__getitem__
        return scorer


class View:
    """A searcher, and what was worked out on it. Not for two threads at a time."""

    def __init__(self, generation: Path) -> None:
        self._searcher: Any = open_dir(str(generation)).searcher(weighting=_BM25F())
        self._context = SearchContext(weighting=self._searcher.weighting)
        self._frequencies: dict[tuple[str, str], int] = {}
        self._behind: OrderedDict[frozenset[str], frozenset[int]] = OrderedDict()

    def behind(self, doors: frozenset[str]) -> frozenset[int]:
        """Return the numbers of the documents that stand behind any of these doors."""
        known = self._behind.get(doors)
        if known is None:
            known = frozenset(number for door in doors for number in self._behind_one(door))
            self._behind[doors] = known
            if len(self._behind) > _KNOWN_DOORS:
                self._behind.popitem(last=False)
        return known

    def match(
        self, query: Query, allowed: frozenset[int], limit: int, deadline: Deadline
    ) -> Matches:
        """Return the best matches among the allowed documents.

        Raises:
            OutOfTime: the deadline has passed.
        """
        found = list(self._matching(query, allowed, deadline))
        return Matches(tuple(nlargest(limit, found, key=_rank)), len(found))

    def frequency(self, field: str, token: str) -> int:
        """Return in how many documents a field has a token."""
        known = self._frequencies.get((field, token))
        if known is None:
            known = self._searcher.doc_frequency(field, token)
            if len(self._frequencies) < _KNOWN_FREQUENCIES:
                self._frequencies[field, token] = known
        return known

    def entry(self, number: int) -> dict[str, Any]:
        """Return what is stored of a document."""
        return self._searcher.stored_fields(number)["entry"]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every title, companion and tag, in pinyin letters, a tab, and as it is."""
        return tuple(name.decode() for name in self._searcher.reader().lexicon("names"))

    def close(self) -> None:
        """Let go of the files."""
        self._searcher.close()

    def _matching(
        self, query: Query, allowed: frozenset[int], deadline: Deadline
    ) -> Iterator[Match]:
        seen = 0
        for searcher, offset in self._searcher.leaf_searchers():
            deadline.check()
            matcher = query.matcher(searcher, self._context)
            while matcher.is_active():
                seen += 1
                if seen % _LOOK_AT_CLOCK_EVERY == 0:
                    deadline.check()
                number = matcher.id() + offset
                if number in allowed:
                    yield Match(matcher.score(), number)
                matcher.next()

    def _behind_one(self, door: str) -> Iterator[int]:
        try:
            return self._searcher.postings("doors", door).all_ids()
        except TermNotFound:
            return iter(())


def _rank(match: Match) -> tuple[float, int]:
    return match.score, match.number
