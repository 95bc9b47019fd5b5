"""The cards of the desk: an alert, a case, what was said around it, the day's digest."""

from collections.abc import Sequence
from dataclasses import dataclass

from liudeng.pictures.blocks import SECTION, SMALL, Space, Words, foot, heading, note
from liudeng.pictures.canvas import Canvas
from liudeng.pictures.cards import CaseCard, CaseLine, CaseSection
from liudeng.pictures.fonts import Face
from liudeng.pictures.frame import CONTENT, MARGIN, ROOM, WIDTH, Block, compose, height_of, take
from liudeng.pictures.gallery import Gallery
from liudeng.pictures.glyphs import clean, clean_line
from liudeng.pictures.themes import Theme
from liudeng.pictures.typesetting import Line, set_line, set_lines

_TEXT = Face(42, leading=1.5)
_MARK = Face(38, "accent", bold=True, leading=1.66)
_ABOVE = Face(34, "soft", leading=1.5)
_LINES = 12
"""Of one thing that is told; a wall of text is no alert."""
_AIR = 14
_PAD = 34
_BESIDE_MARK = 22
_MARK_ROOM = CONTENT * 0.3
_STEPS = 3
_STEP, _STEP_APART, _STEP_TALL = 74, 12, 16
_BELOW_TITLE = 16
_BEFORE_SECTION = 44


def render_case(card: CaseCard, theme: Theme) -> bytes:
    """Draw a case: what it is, how pressing, what was said, why, and what may be done."""
    head = [*heading(card.kicker, card.title, card.subtitle, "案件"), *_pressing(card)]
    tail = foot(card.footer, card.hints)
    room = ROOM - height_of(head) - height_of(tail) - note("…").height
    body: list[Block] = []
    left_out = 0
    for section in card.sections:
        blocks = _section(section, room - height_of(body))
        body += blocks
        left_out += len(section.lines) - sum(isinstance(block, _Row) for block in blocks)
    if left_out:
        body.append(note(f"…还有 {left_out} 条"))
    return compose([*head, *body, *tail], theme)


@dataclass(frozen=True, slots=True)
class _Pressing:
    """Three steps, of which as many are lit as the case is pressing; beside them who has it."""

    level: int | None
    state: Line

    @property
    def height(self) -> int:
        """In pixels."""
        return SMALL.line

    def draw(self, canvas: Canvas, top: int) -> None:
        """Draw it."""
        left, middle = float(MARGIN), top + SMALL.line / 2
        if self.level is not None:
            for number in range(_STEPS):
                colour = canvas.palette.lamp if number < self.level else canvas.palette.rule
                area = (left, middle - _STEP_TALL / 2, left + _STEP, middle + _STEP_TALL / 2)
                canvas.box(area, colour, _STEP_TALL / 2)
                left += _STEP + _STEP_APART
            left += _STEP_APART
        canvas.line(self.state, (left, top), SMALL)


@dataclass(frozen=True, slots=True)
class _Row:
    """One thing that is told."""

    mark: Line
    above: Line
    text: Sequence[Line]
    indent: float
    strong: bool

    @property
    def height(self) -> int:
        """In pixels."""
        return self._inner + (2 * _PAD if self.strong else 0) + _AIR

    def draw(self, canvas: Canvas, top: int) -> None:
        """Draw it."""
        left, y = float(MARGIN), top
        if self.strong:
            area = (MARGIN, top, WIDTH - MARGIN, top + self.height - _AIR)
            canvas.box(area, canvas.palette.sheet, 24)
            canvas.box((MARGIN, top, MARGIN + 10, top + self.height - _AIR), canvas.palette.lamp, 5)
            left, y = left + _PAD, y + _PAD
        canvas.line(self.mark, (left, y), _MARK)
        left += self.indent
        if self.above.pieces:
            canvas.line(self.above, (left, y), _ABOVE)
            y += _ABOVE.line
        for number, line in enumerate(self.text):
            canvas.line(line, (left, y + number * _TEXT.line), _TEXT)

    @property
    def _inner(self) -> int:
        above = _ABOVE.line if self.above.pieces else 0
        return max(above + len(self.text) * _TEXT.line, _MARK.line if self.mark.pieces else 0)


def _pressing(card: CaseCard) -> list[Block]:
    state = set_line(clean_line(card.state), SMALL, CONTENT - _STEPS * (_STEP + 2 * _STEP_APART))
    if card.level is None and not state.pieces:
        return []
    return [Space(24), _Pressing(card.level, state)]


def _section(section: CaseSection, room: int) -> list[Block]:
    """Return as much of a section as there is room for: nothing, or at least one thing."""
    title = set_line(clean_line(section.title), SECTION, CONTENT)
    start: list[Block] = [Space(_BEFORE_SECTION)]
    if title.pieces:
        start += [Words([title], SECTION), Space(_BELOW_TITLE)]
    rows = _rows(section.lines)
    shown = take(rows, room - height_of(start))
    blocks = [*start, *rows[:shown]]
    if section.pictures and shown == len(rows):
        gallery = Gallery.of(section.pictures, max(0, room - height_of(blocks) - _AIR))
        if height_of(blocks) + _AIR + gallery.height <= room:
            blocks += [Space(_AIR), gallery]
    return blocks if len(blocks) > len(start) else []


def _rows(lines: Sequence[CaseLine]) -> list[_Row]:
    marks = [set_line(clean_line(line.mark), _MARK, _MARK_ROOM) for line in lines]
    widest = max((mark.width for mark in marks), default=0.0)
    indent = widest + _BESIDE_MARK if widest else 0.0
    return [_row(line, mark, indent) for line, mark in zip(lines, marks, strict=True)]


def _row(line: CaseLine, mark: Line, indent: float) -> _Row:
    room = CONTENT - indent - (2 * _PAD if line.strong else 0)
    text = clean(line.text)
    return _Row(
        mark=mark,
        above=set_line(clean_line(line.above), _ABOVE, room),
        text=set_lines(text, _TEXT, room, most=_LINES) if text else [],
        indent=indent,
        strong=line.strong,
    )
