"""Words of like meaning as one: “gives away” + “pet” + “from now on”, whichever words say it."""

import tomllib
from collections.abc import Mapping
from functools import cache
from itertools import combinations
from pathlib import Path

import ahocorasick

from liudeng.text.normalise import normalise
from liudeng.watch.evidence import Evidence

CONCEPTS = Path(__file__).with_name("concepts.toml")
PAIR_VALUE = 0.5
MAX_CONCEPTS = 24
"""A long text holds everything; pairs of more concepts than this say nothing."""


def named_features(evidence: Evidence) -> Mapping[str, float]:
    """What the model knows of a message by name: the rules that spoke, and its concepts."""
    return {**evidence.features(), **concept_features(evidence.folded.text)}


def concept_features(folded: str) -> dict[str, float]:
    """Concepts of a folded text and their pairs, scaled to length 1."""
    present = sorted(_present(folded))
    features = dict.fromkeys(present, 1.0)
    if len(present) <= MAX_CONCEPTS:
        pairs = (f"{one}+{two}" for one, two in combinations(present, 2))
        features |= dict.fromkeys(pairs, PAIR_VALUE)
    length = sum(value * value for value in features.values()) ** 0.5
    return {name: value / length for name, value in features.items()}


def _present(folded: str) -> set[str]:
    hits: list[tuple[int, int, frozenset[str]]] = []
    for last, (length, concepts) in _automaton().iter(folded):
        start, end = last + 1 - length, last + 1
        if _cuts_a_latin_word(folded, start, end):
            continue
        # Ends come in order: a longer word swallows the shorter ones it holds.
        while hits and hits[-1][0] >= start:
            hits.pop()
        if not hits or hits[-1][1] < end:
            hits.append((start, end, concepts))
    return {f"concept:{concept}" for _, _, concepts in hits for concept in concepts}


def _cuts_a_latin_word(text: str, start: int, end: int) -> bool:
    if not (text[start].isascii() and text[start].isalpha()):
        return False
    neighbours = text[start - 1 : start] + text[end : end + 1]
    return any(char.isascii() and char.isalpha() for char in neighbours)


@cache
def _automaton() -> ahocorasick.Automaton:
    lists = tomllib.loads(CONCEPTS.read_text(encoding="utf-8"))["concepts"]
    owners: dict[str, set[str]] = {}
    for concept, words in lists.items():
        for word in words.split():
            owners.setdefault(normalise(word).text, set()).add(concept)
    automaton = ahocorasick.Automaton()
    for word, concepts in owners.items():
        automaton.add_word(word, (len(word), frozenset(concepts)))
    automaton.make_automaton()
    return automaton
