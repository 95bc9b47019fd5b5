"""The parts that several cards are made of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from liudeng.pictures.canvas import Canvas
from liudeng.pictures.cards import Hint
from liudeng.pictures.fonts import Face
from liudeng.pictures.frame import BESIDE_LAMP, CONTENT, MARGIN, WIDTH, Block
from liudeng.pictures.glyphs import clean, clean_line
from liudeng.pictures.typesetting import Line, set_line, set_lines

KICKER = Face(36, "accent", leading=1.5)
TITLE = Face(68, bold=True, leading=1.34)
SECTION = Face(38, "accent", bold=True, leading=1.5)
SUBTITLE = Face(38, "soft", leading=1.5)
BODY = Face(42, leading=1.62)
SMALL = Face(34, "soft", leading=1.5)
_KEY = Face(36, "key", leading=1.5)

_MOST_HINTS = 8
_TITLE_LINES = 3
_SUBTITLE_LINES = 2


@dataclass(frozen=True, slots=True)
class Space:
    """Empty paper."""

    height: int

    def draw(self, canvas: Canvas, top: int) -> None:
        """Leave it empty."""


@dataclass(frozen=True, slots=True)
class Words:
    """Set lines at the left margin."""

    lines: Sequence[Line]
    face: Face

    @property
    def height(self) -> int:
        """In pixels."""
        return len(self.lines) * self.face.line

    def draw(self, canvas: Canvas, top: int) -> None:
        """Draw them."""
        for number, line in enumerate(self.lines):
            canvas.line(line, (MARGIN, top + number * self.face.line), self.face)


@dataclass(frozen=True, slots=True)
class Rule:
    """A hairline with some air around it."""

    above: int = 36
    below: int = 36

    @property
    def height(self) -> int:
        """In pixels."""
        return self.above + 2 + self.below

    def draw(self, canvas: Canvas, top: int) -> None:
        """Draw it."""
        y = top + self.above
        canvas.box((MARGIN, y, WIDTH - MARGIN, y + 2), canvas.palette.rule)


@dataclass(frozen=True, slots=True)
class Centred:
    """One quiet line in the middle."""

    line: Line
    face: Face
    air: int = 20

    @property
    def height(self) -> int:
        """In pixels."""
        return self.face.line + 2 * self.air

    def draw(self, canvas: Canvas, top: int) -> None:
        """Draw it."""
        left = MARGIN + (CONTENT - self.line.width) / 2
        canvas.line(self.line, (left, top + self.air), self.face)


@dataclass(frozen=True, slots=True)
class _Chip:
    x: float
    row: int
    line: Line
    summary: Line


@dataclass(frozen=True, slots=True)
class Hints:
    """Commands as keys, each with what it does, in as few rows as they need."""

    chips: Sequence[_Chip]

    _ROW = 84
    _HALF = 31
    _PAD = 26
    _BESIDE = 16
    _APART = 40

    @property
    def height(self) -> int:
        """In pixels."""
        return (self.chips[-1].row + 1) * self._ROW if self.chips else 0

    def draw(self, canvas: Canvas, top: int) -> None:
        """Draw them."""
        for chip in self.chips:
            left = MARGIN + chip.x
            middle = top + chip.row * self._ROW + self._ROW / 2
            right = left + chip.line.width + 2 * self._PAD
            area = (left, middle - self._HALF, right, middle + self._HALF)
            canvas.box(area, canvas.palette.chip, 18)
            canvas.line(chip.line, (left + self._PAD, middle - _KEY.line / 2), _KEY)
            canvas.line(chip.summary, (right + self._BESIDE, middle - SMALL.line / 2), SMALL)

    @classmethod
    def of(cls, hints: Sequence[Hint]) -> "Hints":
        """Lay them out."""
        chips: list[_Chip] = []
        x, row = 0.0, 0
        for hint in hints[:_MOST_HINTS]:
            key = set_line(clean_line(hint.command), _KEY, CONTENT - 2 * cls._PAD)
            room = CONTENT - key.width - 2 * cls._PAD - cls._BESIDE
            summary = set_line(clean_line(hint.summary), SMALL, room)
            beside = cls._BESIDE + summary.width if summary.pieces else 0.0
            width = key.width + 2 * cls._PAD + beside
            if x and x + width > CONTENT:
                x, row = 0.0, row + 1
            chips.append(_Chip(x, row, key, summary))
            x += width + cls._APART
        return cls(chips)


def heading(kicker: str, title: str, subtitle: str, untitled: str) -> list[Block]:
    """Return the head of a card: what kind it is, its title, a line below the lamp."""
    above = set_line(clean_line(kicker), KICKER, BESIDE_LAMP)
    lines = set_lines(clean_line(title) or untitled, TITLE, BESIDE_LAMP, most=_TITLE_LINES)
    below = set_lines(clean_line(subtitle), SUBTITLE, CONTENT, most=_SUBTITLE_LINES)
    blocks: list[Block] = []
    if above.pieces:
        blocks += [Words([above], KICKER), Space(10)]
    blocks.append(Words(lines, TITLE))
    if below and below[0].pieces:
        blocks += [Space(14), Words(below, SUBTITLE)]
    return blocks


def note(text: str) -> Centred:
    """Return a quiet line in the middle, such as how many are not shown."""
    return Centred(set_line(clean(text), SMALL, CONTENT), SMALL)


def foot(page: str, hints: Sequence[Hint]) -> list[Block]:
    """Return the end of a card: where this page is, and what may be typed next."""
    blocks: list[Block] = []
    line = set_line(clean_line(page), SMALL, CONTENT)
    if line.pieces:
        blocks += [Words([line], SMALL), Space(12)]
    if hints:
        blocks.append(Hints.of(hints))
    return [Rule(40, 28), *blocks] if blocks else []


def joined(parts: Iterable[str]) -> str:
    """Return what is not empty, parted by dots."""
    return " · ".join(part for part in map(clean_line, parts) if part)
