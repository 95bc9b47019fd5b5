"""A long message is also read in pieces: one grave sentence among ten calm ones must not drown."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from liudeng.watch.evidence import Evidence, gather
from liudeng.watch.lexicon import Lexicon

MARGIN = 1.0
"""How much more a piece must say than a whole message: what stands around it is not heard."""
MOST = 40
"""Pieces of one message at most: from its beginning and its end."""
SHORTEST = 10
"""Characters of a message that has pieces; a shorter one is one thing said in one breath."""
LONGEST = 80
"""Characters of a piece; what is longer stands for itself as little as the whole."""
_TOGETHER = 2
"""Clauses of a piece."""
_CLAUSE_END = re.compile(r"[,.，。!！?？;；…~\s]+")

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Heard:
    """What the rules found in messages, and in the pieces of those that have pieces."""

    whole: Sequence[Evidence]
    pieces: Sequence[Evidence]
    owners: NDArray[np.int64]
    """For each piece, the number of its message."""

    def strongest(self, whole: Floats, pieces: Floats) -> Floats:
        """For each message the highest score of itself and, less the margin, of its pieces."""
        scores = whole.copy()
        np.maximum.at(scores, self.owners, pieces - MARGIN)
        return scores


def hear(lexicon: Lexicon, texts: Sequence[str]) -> Heard:
    """Let the rules speak about messages and their pieces."""
    whole = [gather(lexicon, text) for text in texts]
    cut = [
        (row, piece)
        for row, (text, evidence) in enumerate(zip(texts, whole, strict=True))
        if not evidence.is_qualified
        for piece in pieces_of(text)
    ]
    return Heard(
        whole,
        [gather(lexicon, piece) for _, piece in cut],
        np.array([row for row, _ in cut], dtype=np.int64),
    )


def pieces_of(text: str) -> list[str]:
    """Every two neighbouring clauses of a message of more than two."""
    if len(text) < SHORTEST:
        return []
    clauses = [clause for clause in _CLAUSE_END.split(text) if clause]
    if len(clauses) <= _TOGETHER:
        return []
    starts = list(range(len(clauses) - _TOGETHER + 1))
    if len(starts) > MOST:
        starts = starts[: MOST // 2] + starts[-MOST // 2 :]
    pieces = ("，".join(clauses[start : start + _TOGETHER]) for start in starts)
    return [piece for piece in pieces if len(piece) <= LONGEST]
