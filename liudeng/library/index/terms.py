"""The tokens a text is indexed under: pairs of characters, words, sounds, initials."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from liudeng.text import fold, phrase_tokens
from liudeng.text.pinyin import blurred, readings
from liudeng.text.words import words

LINE_BREAK = "\n"
_DROPPED = frozenset({"Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sk", "Sm", "Sc"})
_BREAK = re.compile(r"[\r\n\u2028\u2029]+")
_INITIALS = range(2, 4)
"""Initials are indexed in sequences of these lengths."""


@dataclass(slots=True)
class Tokens:
    """The tokens of one text."""

    grams: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    sounds: list[str] = field(default_factory=list)
    initials: list[str] = field(default_factory=list)


@lru_cache(maxsize=65_536)
def _kept(char: str) -> str:
    return "" if unicodedata.category(char) in _DROPPED else char


def bare(text: str) -> str:
    """Fold a text and drop its punctuation, which nobody types from memory; lines stay lines."""
    lines = ("".join(map(_kept, fold(line))) for line in _BREAK.split(text))
    return LINE_BREAK.join(line for line in lines if line)


def tokens_of(text: str, *, short: bool) -> Tokens:
    """Return the tokens of a text.

    A short text (a title, a name) can also be found by a single character or sound, and by any
    few initials in a row; in a long one that would match everything.
    """
    stripped = bare(text)
    found = Tokens(words=words(text))
    found.words += (char for char in stripped if not char.isalnum() and char != LINE_BREAK)
    for line in stripped.split(LINE_BREAK):
        found.grams += phrase_tokens(line) if len(line) > 1 else list(line)
        for run in _han_runs(line):
            found.sounds += _sounds(run, short=short)
            found.initials += _sequences(run, _INITIALS if short else _INITIALS[-1:])
        if short and len(line) > 1:
            found.grams += line
    if not short:
        found.initials += _word_initials(found.words)
    return found


def latin_words(text: str) -> tuple[str, ...]:
    """Return the different Latin words of a text: in a bare text, nothing keeps them apart."""
    return tuple(dict.fromkeys(word for word in words(text) if word.isascii() and len(word) > 1))


def sound_pairs(syllables: Iterable[str]) -> list[str]:
    """Return the tokens under which a sequence of syllables is indexed: one, or every pair."""
    sounds = [blurred(syllable) for syllable in syllables]
    return sounds if len(sounds) == 1 else [f"{one}'{other}" for one, other in pairwise(sounds)]


def initial_sequences(letters: str) -> list[str]:
    """Return the tokens under which initials are found: themselves, or every three in a row."""
    longest = _INITIALS[-1]
    return [letters[at : at + longest] for at in range(max(1, len(letters) - longest + 1))]


def _han_runs(line: str) -> Iterator[list[tuple[str, ...]]]:
    """Yield the readings of each unbroken run of characters that have some."""
    run: list[tuple[str, ...]] = []
    for char in line:
        if sounds := readings(char):
            run.append(sounds)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _sounds(run: list[tuple[str, ...]], *, short: bool) -> list[str]:
    pairs = [
        f"{one}'{other}"
        for first, second in pairwise(run)
        for one in set(map(blurred, first))
        for other in set(map(blurred, second))
    ]
    return pairs + [blurred(sound) for sounds in run for sound in sounds] if short else pairs


def _sequences(run: list[tuple[str, ...]], lengths: range) -> Iterator[str]:
    letters = "".join(sounds[0][0] for sounds in run)
    for length in lengths:
        for at in range(len(letters) - length + 1):
            yield letters[at : at + length]


def _word_initials(cut: list[str]) -> Iterator[str]:
    for word in cut:
        sounds = [readings(char) for char in word]
        if len(word) in _INITIALS[:-1] and all(sounds):
            yield "".join(each[0][0] for each in sounds)
