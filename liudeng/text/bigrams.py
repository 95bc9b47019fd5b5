"""Character bigrams, the tokens of the log index.

A text of n folded characters becomes its n-1 overlapping pairs and its last character alone.
A phrase query of a word's pairs then matches exactly the texts that contain the word, and a
single character is the prefix of some token wherever it occurs. No dictionary decides where a
word begins, so no substring is ever missed.
"""

from itertools import pairwise

from liudeng.text.fold import fold

TOKENISER_VERSION = 2
"""Raise this when `fold` or `tokens` changes: the log index is then rebuilt at the next start."""


def tokens(text: str) -> str:
    """Return the space-separated tokens under which `text` is indexed; may be empty."""
    folded = fold(text)
    if not folded:
        return ""
    pairs = map(str.__add__, folded, folded[1:])
    return " ".join([*pairs, folded[-1]])


def phrase_tokens(word: str) -> list[str]:
    """Return the tokens that must follow one another where `word` occurs.

    One folded character yields itself (to be used as a prefix); none yields an empty list.
    """
    folded = fold(word)
    if len(folded) < 2:
        return list(folded)
    return [first + second for first, second in pairwise(folded)]
