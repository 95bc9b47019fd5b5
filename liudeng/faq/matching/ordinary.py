"""How much a message is like what nobody answers: questions about other things, and plain talk.

To be like an entry is not enough. `微信聊天记录怎么导出` shares nearly every word with an entry,
and still asks for something else; what tells it is that a question nobody answers is as near.
"""

import math
from collections.abc import Sequence

import numpy as np

from liudeng.faq.matching.catalogue import Catalogue
from liudeng.faq.matching.tokens import Tokens
from liudeng.faq.matching.vectors import SentenceVectors

_LETTERS = ("pairs", "words", "characters")
_NEXT = slice(1, 4)
_FEWEST, _MOST = 1_000, 3_000
"""Phrasings. The weights are learnt with some three thousand; shares of fewer say little."""


class Ordinary:
    """Messages that nobody answers, of one kind."""

    def __init__(self, texts: Sequence[str], tokens: Sequence[Tokens]) -> None:
        nothing = Tokens(*(frozenset[str]() for _ in Tokens.__slots__))
        self._texts = tuple(texts)
        self._catalogue = Catalogue([[one] for one in tokens], [nothing] * len(tokens))
        self._vectors: np.ndarray | None = None

    @property
    def texts(self) -> tuple[str, ...]:
        """The messages, as they are compared."""
        return self._texts

    def alike(self, asked: Tokens) -> np.ndarray:
        """Return how like a message is to the likest of these, by each of `PHRASING_KINDS`."""
        return self._catalogue.nearest(asked)

    def meaning(self, asked: str, vectors: SentenceVectors) -> np.ndarray:
        """Return the same by meaning: the likest, and the mean of the next."""
        if not self._texts:
            return np.zeros(2, np.float32)
        if self._vectors is None:
            self._vectors = vectors.matrix(self._texts)
        alike = np.sort(self._vectors @ vectors.matrix([asked])[0])[::-1]
        following = alike[_NEXT]
        return np.array([alike[0], following.mean() if len(following) else alike[0]], np.float32)

    def share(self, kind: str, token: str) -> float:
        """Return how usual a token is among these."""
        return share(self._catalogue, kind, token)


def share(catalogue: Catalogue, kind: str, token: str) -> float:
    """Return how usual a token is in a catalogue's phrasings; never nothing."""
    phrasings = max(1, catalogue.phrasings)
    counted = catalogue.times(kind, token) * min(1.0, _MOST / phrasings)
    return (counted + 0.5) / (min(max(phrasings, _FEWEST), _MOST) + 1)


def against(
    asked: Tokens, catalogue: Catalogue, elsewhere: Ordinary, talk: Ordinary
) -> tuple[float, ...]:
    """Return how much a message's tokens are those of entries, for each kind of token.

    Three numbers: against questions about other things, against talk, and how much is new.
    """
    found: list[float] = []
    for kind in _LETTERS:
        tokens: frozenset[str] = getattr(asked, kind)
        usual = [share(catalogue, kind, token) for token in tokens]
        scale = max(1, len(tokens))
        for other in (elsewhere, talk):
            others = [other.share(kind, token) for token in tokens]
            ratios = (math.log(one / two) for one, two in zip(usual, others, strict=True))
            found.append(sum(ratios) / scale)
        found.append(sum(not catalogue.times(kind, token) for token in tokens) / scale)
    return tuple(found)
