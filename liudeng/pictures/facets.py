"""How many there are, by month, companion or author."""

from collections.abc import Sequence
from dataclasses import dataclass

from liudeng.pictures.blocks import SECTION, SMALL, Space, Words, foot, heading, note
from liudeng.pictures.canvas import Canvas
from liudeng.pictures.cards import Bar, Facet, FacetsCard
from liudeng.pictures.fonts import Face
from liudeng.pictures.frame import CONTENT, MARGIN, ROOM, Block, compose, height_of, take
from liudeng.pictures.glyphs import clean_line
from liudeng.pictures.themes import Theme
from liudeng.pictures.typesetting import Line, set_line

_LABEL = Face(38, leading=1.4)
_COUNT = Face(34, "soft", leading=1.4)
_ROW = 76
_THICK = 22
_LABEL_ROOM = 288
_COUNT_ROOM = 116
_COLUMNS = 12
_COLUMN_TALL = 280
_SMALLEST = 26
_NOTHING = "这里还没有可以数的。"


def render_facets(card: FacetsCard, theme: Theme) -> bytes:
    """Draw counts: columns for months, rows for people."""
    head = heading("", card.title, card.subtitle, "一览")
    tail = foot("", card.hints)
    facets = [facet for facet in card.facets if facet.bars]
    room = ROOM - height_of(head) - height_of(tail)
    body: list[Block] = []
    left_out = 0
    for facet in facets:
        blocks = _facet(facet, room - height_of(body) - note("…").height)
        body += blocks
        if not (facet.upright and blocks):
            left_out += len(facet.bars) - sum(isinstance(block, _Row) for block in blocks)
    if left_out:
        body.append(note(f"…还有 {left_out} 条"))
    if not facets:
        body = [Space(40), note(_NOTHING)]
    return compose([*head, *body, *tail], theme)


def _facet(facet: Facet, room: int) -> list[Block]:
    """Return as much of a facet as there is room for: nothing, or at least one value."""
    title = set_line(clean_line(facet.title), SECTION, CONTENT)
    start: list[Block] = [Space(56), Words([title], SECTION), Space(18)]
    highest = max(1, *(bar.count for bar in facet.bars))
    rows: list[Block] = (
        [_Columns.of(facet.bars[-_COLUMNS:], highest)]
        if facet.upright
        else [_Row.of(bar, highest) for bar in facet.bars]
    )
    shown = take(rows, room - height_of(start))
    return [*start, *rows[:shown]] if shown else []


@dataclass(frozen=True, slots=True)
class _Row:
    """A name, a bar, a number."""

    label: Line
    count: Line
    share: float

    @property
    def height(self) -> int:
        """In pixels."""
        return _ROW

    def draw(self, canvas: Canvas, top: int) -> None:
        """Draw it."""
        middle = top + _ROW / 2
        canvas.line(self.label, (MARGIN, middle - _LABEL.line / 2), _LABEL)
        left = MARGIN + _LABEL_ROOM
        room = CONTENT - _LABEL_ROOM - _COUNT_ROOM
        right = left + max(_THICK, room * self.share) if self.share else left
        upper, lower = middle - _THICK / 2, middle + _THICK / 2
        canvas.box((left, upper, left + room, lower), canvas.palette.chip, _THICK / 2)
        canvas.box((left, upper, right, lower), canvas.palette.lamp, _THICK / 2)
        x = MARGIN + CONTENT - self.count.width
        canvas.line(self.count, (x, middle - _COUNT.line / 2), _COUNT)

    @classmethod
    def of(cls, bar: Bar, highest: int) -> "_Row":
        """Set one value."""
        label = set_line(clean_line(bar.label) or "（没有名字）", _LABEL, _LABEL_ROOM - 28)
        return cls(label, set_line(str(bar.count), _COUNT, _COUNT_ROOM), bar.count / highest)


@dataclass(frozen=True, slots=True)
class _Columns:
    """Months side by side."""

    labels: Sequence[Line]
    counts: Sequence[Line]
    shares: Sequence[float]
    face: Face
    """Of the labels: as small as they have to be to stand side by side."""

    @property
    def height(self) -> int:
        """In pixels."""
        return _COUNT.line + _COLUMN_TALL + 12 + self.face.line

    def draw(self, canvas: Canvas, top: int) -> None:
        """Draw them."""
        step = CONTENT / len(self.shares)
        thick = min(56.0, step * 0.6)
        base = top + _COUNT.line + _COLUMN_TALL
        for number, share in enumerate(self.shares):
            middle = MARGIN + step * (number + 0.5)
            high = max(6.0, _COLUMN_TALL * share) if share else 0.0
            area = (middle - thick / 2, base - high, middle + thick / 2, base)
            canvas.box(area, canvas.palette.lamp, min(12, high / 2))
            count, label = self.counts[number], self.labels[number]
            y = base - high - _COUNT.line - 2
            canvas.line(count, (middle - count.width / 2, y), _COUNT)
            canvas.line(label, (middle - label.width / 2, base + 14), self.face)
        canvas.box((MARGIN, base, MARGIN + CONTENT, base + 2), canvas.palette.rule)

    @classmethod
    def of(cls, bars: Sequence[Bar], highest: int) -> "_Columns":
        """Set some months."""
        room = CONTENT / len(bars)
        labels = [clean_line(bar.label) for bar in bars]
        widest = max(set_line(label, SMALL, CONTENT).width for label in labels)
        fits = SMALL.size * (room - 10) / max(widest, 1)
        face = Face(round(min(SMALL.size, max(_SMALLEST, fits))), "soft", leading=1.5)
        return cls(
            [set_line(label, face, room) for label in labels],
            [set_line(str(bar.count) if bar.count else "", _COUNT, room) for bar in bars],
            [bar.count / highest for bar in bars],
            face,
        )
