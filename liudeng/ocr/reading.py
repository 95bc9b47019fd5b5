"""What was read in a picture: lines with their place, and who said what."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

ENGINE = "PP-OCRv6-small"
"""Kept with every reading, so that a better engine can tell what to read again."""

FURNITURE = -1
"""The turn of a line that nobody said: the clock, an avatar's letter, the empty input field."""


class Side(StrEnum):
    """Whose words they are, from the one who made the screenshot."""

    ME = "me"
    COMPANION = "companion"
    NONE = "none"
    """Nobody's: a title, a time between the bubbles, or a picture that is no chat."""


class Box(NamedTuple):
    """Upright rectangle in pixels of the upright picture; right and bottom lie outside it."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Line(_Frozen):
    """One line of text."""

    text: str
    box: Box
    confidence: float
    """0 to 1, as the recogniser states it."""
    side: Side = Side.NONE
    turn: int = FURNITURE
    """Lines with the same number stand in one bubble; `FURNITURE` belongs to no turn."""


class Turn(_Frozen):
    """What one of the two said in one bubble, its lines joined."""

    side: Side
    text: str


class Reading(_Frozen):
    """All that was read in one picture, from top to bottom."""

    lines: tuple[Line, ...] = ()
    codes: tuple[str, ...] = ()
    """What its QR codes say."""

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The conversation, bubble by bubble; titles and times are turns of nobody."""
        return join_turns(self.lines)

    @property
    def text(self) -> str:
        """What the picture is searched by: one turn a line."""
        return "\n".join(turn.text for turn in self.turns)


def join_turns(lines: Iterable[Line]) -> tuple[Turn, ...]:
    """Join the lines of each bubble; a word that a line break cut in two is whole again."""
    said = (line for line in lines if line.turn != FURNITURE and line.text.strip())
    return tuple(
        Turn(side=side, text=join_lines([line.text for line in bubble]))
        for (_, side), bubble in groupby(said, key=lambda line: (line.turn, line.side))
    )


def join_lines(texts: Sequence[str]) -> str:
    """Join wrapped lines: Chinese and Japanese without a space, words of letters with one."""
    joined = ""
    for text in filter(None, map(str.strip, texts)):
        between = " " if joined and joined[-1].isascii() and text[0].isascii() else ""
        joined += between + text
    return joined


def quoted_turns(reading: Reading) -> tuple[Turn, ...]:
    """Return what the two in a screenshot said to each other.

    For the watcher: these are quoted words. That somebody posts them does not mean that they
    speak of themselves now; titles and times are nobody's words and are left out.
    """
    return tuple(turn for turn in reading.turns if turn.side is not Side.NONE)
