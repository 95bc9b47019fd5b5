"""Put other words for parts of a folded text, keeping the way back to the original."""

import re
from collections.abc import Callable, Iterable, Sequence

from liudeng.text.normalise import Normalised


def rewrite(
    folded: Normalised, matches: Iterable[re.Match[str]], word: Callable[[re.Match[str]], str]
) -> Normalised | None:
    """The text with every match replaced; None where there is none.

    What replaces a match points to the original characters that the match came from.
    """
    text, origins = folded.text, folded.origins
    pieces: list[str] = []
    kept: list[int] = []
    done = 0
    for match in matches:
        start, end = match.span()
        words = word(match)
        pieces += text[done:start], words
        kept += origins[done:start]
        kept += _spread(origins[start:end], len(words))
        done = end
    if not done:
        return None
    pieces.append(text[done:])
    kept += origins[done:]
    return Normalised("".join(pieces), kept)


def _spread(origins: Sequence[int], count: int) -> list[int]:
    """Origins for a word of another length; its ends keep the ends of what it replaces."""
    last = len(origins) - 1
    if count <= 1:
        return [origins[0]] * count
    return [origins[round(at * last / (count - 1))] for at in range(count)]
