"""Folding: the form in which two texts that a reader takes for the same compare equal.

Full-width and half-width, upper and lower case, simplified and traditional characters, and white
space or invisible characters in between make no difference to somebody who searches; punctuation
and emoji do, so they stay.
ASCII punctuation becomes its full-width form: `!` and `！` are one, and no character that is
left has a meaning in the syntax of FTS5 or is a separator to its tokenizer.
"""

import unicodedata
from dataclasses import dataclass

from opencc import OpenCC

_FULL_WIDTH = {code: chr(code + 0xFEE0) for code in range(0x21, 0x7F) if not chr(code).isalnum()}

# Cf: zero-width and bidi controls; Cc: controls; Zs/Zl/Zp: white space; Cs: lone surrogates;
# Co: private use, which QQ clients put into nicknames.
_DROPPED_CATEGORIES = frozenset({"Cf", "Cc", "Zs", "Zl", "Zp", "Cs", "Co"})
# Variation selectors are category Mn but change nothing that can be read.
_VARIATION_SELECTORS = range(0xFE00, 0xFE10)
_TABLE_LIMIT = 0x10000
_simplifier = OpenCC("t2s")
# Where the simplified form depends on the word, OpenCC leaves the character as it is.
_ALSO_ONE = {"著": "着", "妳": "你", "牠": "它"}


class _FoldTable(dict[int, str]):
    """Decides once per code point what becomes of it, so folding a text is one `translate`.

    Characters are folded one by one: then folding a part of a text gives a part of the folded
    text, which is what makes every substring findable. That 後 and 后 become one although some
    texts mean a queen finds a little too much, never too little.
    """

    def __missing__(self, code: int) -> str:
        folded = unicodedata.normalize("NFKC", chr(code)).casefold()
        folded = unicodedata.normalize("NFKC", folded)
        piece = simplified("".join(_kept(char) for char in folded))
        if len(self) < _TABLE_LIMIT:
            self[code] = piece
        return piece


def simplified(text: str) -> str:
    """The text in simplified characters, one for one."""
    if text.isascii():
        return text
    # Twice: a few characters have a simplified form that has one itself.
    once = _simplifier.convert("".join(_ALSO_ONE.get(char, char) for char in text))
    return _simplifier.convert(once)


def _kept(char: str) -> str:
    code = ord(char)
    if unicodedata.category(char) in _DROPPED_CATEGORIES or code in _VARIATION_SELECTORS:
        return ""
    return _FULL_WIDTH.get(code, char)


_table = _FoldTable()


def fold(text: str) -> str:
    """Return `text` in the form in which it is indexed and searched."""
    return text.translate(_table)


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text that remembers where each of its characters came from."""

    text: str
    offsets: tuple[int, ...]
    """For each character of `text`, the index of the original character it came from."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Map the half-open range `start:end` of the folded text to the original text."""
        return self.offsets[start], self.offsets[end - 1] + 1


def fold_with_offsets(text: str) -> Folded:
    """Fold character by character, so that hits can be marked in the text as it was written."""
    folded: list[str] = []
    offsets: list[int] = []
    for index, char in enumerate(text):
        piece = fold(char)
        folded.append(piece)
        offsets.extend([index] * len(piece))
    return Folded("".join(folded), tuple(offsets))
