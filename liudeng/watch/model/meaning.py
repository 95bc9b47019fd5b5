"""What a whole sentence means beside its words: the transformer's opinion.

It is asked about the few messages alone that it could move across a threshold, so that nearly all
of what a group says costs nothing more.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from liudeng.text.transformer import Output, transformer
from liudeng.watch.parts import Heard

REACH = np.array([6.0, 2.0, 3.0])
"""Log odds at which a yes is cut off, for each head: so many messages need not be asked about."""
FIRMEST_NO = -8.0
"""Log odds at which a no is cut off, and what a message counts as that was not asked about."""
SHOWN = 1.0
"""How far below a threshold a score is still told of: a hint, half-way."""
LONG = 60
"""Characters of a message that is read in pieces, too: one grave sentence must not drown."""
MOST_WINDOWS = 4

Floats = NDArray[np.float64]


def opinions(heard: Heard, rows: Sequence[int] | None = None) -> Floats:
    """Log odds for each head, one row a message, between `FIRMEST_NO` and `REACH`.

    With `rows` of these messages alone. Of a long message the gravest part counts.
    """
    asked = range(len(heard.whole)) if rows is None else rows
    read = [(place, text) for place, row in enumerate(asked) for text in _readings(heard, row)]
    said = np.full((len(asked), 3), FIRMEST_NO)
    if read:
        places, texts = zip(*read, strict=True)
        np.maximum.at(said, np.array(places), transformer().says(texts, Output.WATCH))
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
    """What is read of a message: itself, or windows evenly spread over it, and its pieces."""
    text = heard.whole[row].folded.text
    if len(text) <= LONG:
        return [text]
    count = min(MOST_WINDOWS, -(-len(text) // LONG))
    starts = np.linspace(0, len(text) - LONG, count, dtype=int).tolist()
    pieces = [
        heard.pieces[piece].folded.text for piece in np.flatnonzero(heard.owners == row).tolist()
    ]
    return [*(text[start : start + LONG] for start in starts), *pieces]
