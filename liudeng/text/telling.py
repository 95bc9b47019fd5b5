"""Which words of a text spoke most for what a model found: its reasons, as people read them."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_LEAST = 2
_BREAK = -1e9
"""Keeps what is shown within one clause."""


class Span(NamedTuple):
    """Words of a text, and how strongly they speak for something."""

    start: int
    end: int
    weight: float


def telling_spans(text: str, share: NDArray[np.float64], longest: int, limit: int) -> list[Span]:
    """Return the stretches of a text that speak most, best first.

    Args:
        text: what was read.
        share: what each of its characters adds; changed by this.
        longest: how many characters a stretch has at most.
        limit: how many are returned at most.
    """
    share[[not char.isalnum() for char in text]] = _BREAK
    found: list[Span] = []
    while len(found) < limit and (best := _best(share, longest)) is not None:
        if best.end - best.start >= _LEAST:
            found.append(best)
        share[best.start : best.end] = _BREAK
    return found


def _best(share: NDArray[np.float64], longest: int) -> Span | None:
    """The stretch with the largest sum, if it speaks for."""
    best: Span | None = None
    start, total = 0, 0.0
    for end, value in enumerate(share.tolist(), start=1):
        if total <= 0 or end - start > longest:
            start, total = end - 1, 0.0
        total += value
        if total > (best.weight if best else 0.0):
            best = Span(start, end, total)
    return best
