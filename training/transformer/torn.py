"""Lines torn apart, and sentences glued to lines.

The transformer has met grave sentences by fluent writers and little of how strangely people answer
each other; whatever it did not understand it used to take for grave. Torn ordinary lines teach it
that what makes no sense is no cry for help; and sentences beside ordinary lines, that a swindle or
a farewell stays one whatever else its writer says.
"""

from collections.abc import Sequence

import numpy as np

SHORTEST = 6
"""Characters of a line that is torn."""
_LOST = 0.12
"""Share of characters that a line loses."""


def torn(lines: Sequence[str], seed: int) -> list[str]:
    """One torn line for each that is long enough; the same seed gives the same."""
    dice = np.random.default_rng(seed)
    long = [line for line in lines if len(line) >= SHORTEST]
    return [_torn(line, long[int(dice.integers(len(long)))], dice) for line in long]


def glued(texts: Sequence[str], lines: Sequence[str], seed: int) -> list[str]:
    """Each text before or behind one of the lines, in one message."""
    dice = np.random.default_rng(seed)
    return [
        " ".join(pair if dice.integers(2) else reversed(pair))
        for pair in ((text, lines[int(dice.integers(len(lines)))]) for text in texts)
    ]


def _torn(line: str, other: str, dice: np.random.Generator) -> str:
    match int(dice.integers(3)):
        case 0:
            return _part(line, dice)
        case 1:
            return line[: _middle(line, dice)] + other[_middle(other, dice) :]
        case _:
            kept = dice.random(len(line)) >= _LOST
            return "".join(char for char, is_kept in zip(line, kept, strict=True) if is_kept)


def _middle(line: str, dice: np.random.Generator) -> int:
    return int(dice.integers(len(line) // 3, 2 * len(line) // 3 + 1))


def _part(line: str, dice: np.random.Generator) -> str:
    size = int(dice.integers(3, max(4, len(line) * 4 // 5)))
    start = int(dice.integers(len(line) - size + 1))
    return line[start : start + size]
