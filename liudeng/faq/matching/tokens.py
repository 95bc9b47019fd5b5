"""A text as the matcher compares it: pairs, characters, words, sounds and synonyms."""

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from liudeng.faq.matching.concepts import Concepts
from liudeng.library.index.terms import LINE_BREAK, bare
from liudeng.text.pinyin import blurred, readings
from liudeng.text.words import words

KINDS = ("pairs", "words", "characters", "sounds", "concepts")
_LONGEST = 300
"""Nobody asks longer; of an answer, the rest adds nothing."""
_REMEMBERED = 100_000
"""Texts: the entries are taken apart again whenever one of them changes."""


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
    tokens, stripped = _letters(text[:_LONGEST])
    return replace(tokens, concepts=concepts.of(stripped))


@lru_cache(maxsize=_REMEMBERED)
def _letters(text: str) -> tuple[Tokens, str]:
    """Return all but the synonyms, and the text without what makes no difference."""
    stripped = bare(text).replace(LINE_BREAK, "")
    heard = [blurred(found[0]) if (found := readings(char)) else char for char in stripped]
    tokens = Tokens(
        pairs=frozenset(one + other for one, other in pairwise(stripped)),
        words=frozenset(words(text)),
        characters=frozenset(stripped),
        sounds=frozenset(f"{one}'{other}" for one, other in pairwise(heard)),
        concepts=frozenset(),
    )
    return tokens, stripped
