"""A text as the matcher compares it: pairs, characters, words, sounds and synonyms."""

from dataclasses import dataclass
from itertools import pairwise

from liudeng.faq.matching.concepts import Concepts
from liudeng.library.index.terms import LINE_BREAK, bare
from liudeng.text.pinyin import blurred, readings
from liudeng.text.words import words

KINDS = ("pairs", "words", "characters", "sounds", "concepts")
_LONGEST = 300
"""Nobody asks longer; of an answer, the rest adds nothing."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The different tokens of one text, by kind."""

    pairs: frozenset[str]
    words: frozenset[str]
    characters: frozenset[str]
    sounds: frozenset[str]
    concepts: frozenset[str]


def take_apart(text: str, concepts: Concepts) -> Tokens:
    """Return the tokens of a text; punctuation, case and script make no difference."""
    stripped = bare(text[:_LONGEST]).replace(LINE_BREAK, "")
    heard = [blurred(found[0]) if (found := readings(char)) else char for char in stripped]
    return Tokens(
        pairs=frozenset(one + other for one, other in pairwise(stripped)),
        words=frozenset(words(text[:_LONGEST])),
        characters=frozenset(stripped),
        sounds=frozenset(f"{one}'{other}" for one, other in pairwise(heard)),
        concepts=concepts.of(stripped),
    )
