"""Character bigrams, the tokens of the log index.

A text of n folded characters becomes its n-1 overlapping pairs and its last character alone.
A phrase query of a word's pairs then matches exactly the texts that contain the word, and a
single character is the prefix of some token wherever it occurs. No dictionary decides where a
word begins, so no substring is ever missed.
"""

from itertools import pairwise

from liudeng.text.fold import fold

TOKENISER_VERSION = 3
"""Raise this when `fold` or `tokens` changes: the log index is then rebuilt at the next start."""


def tokens(text: str, mark: str = "") -> str:
    """Return the space-separated tokens under which `text` is indexed, each after a mark.

    May be empty. The mark tells apart what must not be found together.
    """
    folded = fold(text)
    if not folded:
        return ""
    marked = [mark + char for char in folded]
    return " ".join([*map(str.__add__, marked, folded[1:]), marked[-1]])


def phrase_tokens(word: str, mark: str = "") -> list[str]:
    """Return the tokens that must follow one another where `word` occurs.

    One folded character yields itself (to be used as a prefix); none yields an empty list.
    """
    folded = fold(word)
    if len(folded) < 2:
        return [mark + folded] if folded else []
    return [mark + first + second for first, second in pairwise(folded)]
