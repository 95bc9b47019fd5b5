"""What a whole sentence means beside its words: the transformer's opinion.

It is asked about the few messages alone that it could move across a threshold, so that nearly all
of what a group says costs nothing more.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from liudeng.text.transformer import LONG, Output, transformer, windows_of
from liudeng.watch.parts import Heard

REACH = np.array([6.0, 2.0, 3.0])
"""Log odds at which a yes is cut off, for each head: thanks to it most messages need no asking."""
FIRMEST_NO = -8.0
"""Log odds at which a no is cut off, and what a message counts as that was not asked about."""
SHOWN = 1.0
"""How far below a threshold a score is still told of: a hint, half-way."""
PART_MARGIN = 2.0
"""How much more a part of a long message must say: out of so many one sounds grave by chance."""
MOST_PIECES = 6
"""Pieces of a long message that are read: it must not keep those waiting who wrote after it."""

Floats = NDArray[np.float64]


def opinions(heard: Heard, rows: Sequence[int] | None = None) -> Floats:
    """Log odds for each head, one row a message, between `FIRMEST_NO` and `REACH`.

    With `rows` of these messages alone. Of a long message the gravest part counts, less the margin.
    """
    asked = range(len(heard.whole)) if rows is None else rows
    read = [(place, text) for place, row in enumerate(asked) for text in _readings(heard, row)]
    said = np.full((len(asked), 3), FIRMEST_NO)
    if read:
        rows_read, texts = zip(*read, strict=True)
        places = np.array(rows_read)
        is_part = (np.bincount(places) > 1)[places]
        odds = transformer().says(texts, Output.WATCH) - PART_MARGIN * is_part[:, None]
        np.maximum.at(said, places, odds)
    return np.minimum(said, REACH)


def added(heard: Heard, above: Floats) -> Floats:
    """What it adds to scores that are so far above their thresholds.

    Where it could change nothing it counts as the firmest no.
    """
    said = np.full_like(above, FIRMEST_NO)
    asked = np.flatnonzero((above > -(REACH + SHOWN)).any(axis=1))
    if len(asked):
        said[asked] = opinions(heard, asked.tolist())
    return said


def _readings(heard: Heard, row: int) -> list[str]:
    """What is read of a message: itself or, of a long one, windows over it and grave pieces."""
    evidence = heard.whole[row]
    text = evidence.folded.text
    if len(text) <= LONG or (evidence.is_qualified and len(text) <= 2 * LONG):
        return [text]
    pieces = [heard.pieces[piece] for piece in np.flatnonzero(heard.owners == row).tolist()]
    gravest = sorted(pieces, key=lambda piece: -piece.gravity)[:MOST_PIECES]
    return [*windows_of(text), *(piece.folded.text for piece in gravest)]
