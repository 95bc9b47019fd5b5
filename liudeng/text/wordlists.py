"""Words of like meaning as one: `price` is 块, 元, 费 … whichever of them a text uses."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations

import ahocorasick

PAIR_VALUE = 0.5
MAX_CONCEPTS = 24
"""A long text holds everything; pairs of more concepts than this say nothing."""


class WordLists:
    """Finds which concepts a text holds, longest words first."""

    def __init__(self, lists: Mapping[str, Sequence[str]], folded: Callable[[str], str]) -> None:
        """Take lists of words by concept; `folded` brings a word to the form of the texts."""
        owners: dict[str, set[str]] = {}
        for concept, words in lists.items():
            for word in words:
                owners.setdefault(folded(word), set()).add(concept)
        self._automaton = ahocorasick.Automaton()
        for word, concepts in owners.items():
            self._automaton.add_word(word, (len(word), frozenset(concepts)))
        self._automaton.make_automaton()

    def present(self, text: str) -> set[str]:
        """The concepts of a folded text; a longer word swallows the shorter ones it holds."""
        return {concept for _, _, concepts in self.places(text) for concept in concepts}

    def places(self, text: str) -> list[tuple[int, int, frozenset[str]]]:
        """Where they stand: start, end, concepts."""
        hits: list[tuple[int, int, frozenset[str]]] = []
        for start, end, concepts in self._found(text):
            # Ends come in order.
            while hits and hits[-1][0] >= start:
                hits.pop()
            if not hits or hits[-1][1] < end:
                hits.append((start, end, concepts))
        return hits

    def _found(self, text: str) -> Iterator[tuple[int, int, frozenset[str]]]:
        for last, (length, concepts) in self._automaton.iter(text):
            start, end = last + 1 - length, last + 1
            if not _cuts_a_latin_word(text, start, end):
                yield start, end, concepts


def with_pairs(names: set[str]) -> dict[str, float]:
    """Features for concepts and each pair of them, scaled to length 1."""
    present = sorted(names)
    features = dict.fromkeys(present, 1.0)
    if len(present) <= MAX_CONCEPTS:
        pairs = (f"{one}+{two}" for one, two in combinations(present, 2))
        features |= dict.fromkeys(pairs, PAIR_VALUE)
    length = sum(value * value for value in features.values()) ** 0.5
    return {name: value / length for name, value in features.items()}


def _cuts_a_latin_word(text: str, start: int, end: int) -> bool:
    if not (text[start].isascii() and text[start].isalpha()):
        return False
    neighbours = text[start - 1 : start] + text[end : end + 1]
    return any(char.isascii() and char.isalpha() for char in neighbours)
