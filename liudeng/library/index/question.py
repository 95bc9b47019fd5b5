"""What somebody typed, taken apart: every term with all the ways in which it may be meant."""

import re
from dataclasses import dataclass
from functools import cached_property

from liudeng.library.index.terms import LINE_BREAK, bare, initial_sequences, sound_pairs
from liudeng.text import phrase_tokens
from liudeng.text.pinyin import readings, spellings
from liudeng.text.words import words

_LONGEST = 200
_LONGEST_TERM = 32
_MOST_TERMS = 8
_INITIALS = range(2, 13)
_LETTERS = re.compile(r"[a-zü]+")


@dataclass(frozen=True)
class Term:
    """One term, folded and without punctuation; never empty."""

    text: str

    @cached_property
    def grams(self) -> tuple[str, ...]:
        """The pairs of its characters, or its only character."""
        return tuple(phrase_tokens(self.text))

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Its words, longest first where one is part of another."""
        return tuple(dict.fromkeys(words(self.text)))

    @cached_property
    def spelt(self) -> bool:
        """Whether letters are among it, so that it may be pinyin."""
        return bool(_LETTERS.search(self.text))

    @cached_property
    def latin(self) -> bool:
        """Whether it is nothing but Latin letters and digits."""
        return self.text.isascii() and self.text.isalnum()

    @cached_property
    def syllables(self) -> tuple[tuple[str, ...], ...]:
        """Its possible pronunciations; empty when part of it has none."""
        ways: list[tuple[str, ...]] = [()]
        for piece in re.findall(r"[a-zü]+|.", self.text):
            heard = spellings(piece) if _LETTERS.fullmatch(piece) else _usual(piece)
            ways = [(*way, *more) for way in ways for more in heard][:4]
        return tuple(ways)

    @cached_property
    def sounds(self) -> tuple[tuple[str, ...], ...]:
        """The tokens of each pronunciation."""
        return tuple(dict.fromkeys(tuple(sound_pairs(way)) for way in self.syllables))

    @cached_property
    def initials(self) -> tuple[str, ...]:
        """The tokens under which it is found if it is initials; empty if it cannot be."""
        if len(self.text) not in _INITIALS or not self.latin or not self.text.isalpha():
            return ()
        return tuple(initial_sequences(self.text))


@dataclass(frozen=True, slots=True)
class Question:
    """The terms, which are all meant."""

    terms: tuple[Term, ...]

    @property
    def spelt(self) -> bool:
        """Whether any term may be pinyin."""
        return any(term.spelt for term in self.terms)

    @property
    def text(self) -> str:
        """Everything in one piece."""
        return "".join(term.text for term in self.terms)


def read_question(typed: str) -> Question:
    """Read whatever was typed; without anything to search for, there are no terms."""
    pieces = (bare(piece).replace(LINE_BREAK, "") for piece in typed[:_LONGEST].split())
    terms = dict.fromkeys(piece[:_LONGEST_TERM] for piece in pieces if piece)
    return Question(tuple(Term(text) for text in terms)[:_MOST_TERMS])


def _usual(char: str) -> list[tuple[str, ...]]:
    return [readings(char)[:1]] if readings(char) else []
