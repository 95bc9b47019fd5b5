"""The pulse of a group: one small row of columns for each mood, all on one scale."""

from collections.abc import Sequence
from dataclasses import dataclass

from liudeng.pictures.blocks import SMALL, Space, Words, foot, heading, note
from liudeng.pictures.canvas import Canvas
from liudeng.pictures.cards import PulseCard, PulseRow
from liudeng.pictures.fonts import Face
from liudeng.pictures.frame import CONTENT, MARGIN, Block, compose
from liudeng.pictures.glyphs import clean_line
from liudeng.pictures.themes import Theme
from liudeng.pictures.typesetting import Line, set_line, set_lines

TONES = {
    "sadness": "#5f8fbf",
    "anger": "#d0604f",
    "fear": "#8f7cc0",
    "hope": "#7fa05f",
    "love": "#d9869a",
    "numbness": "#9b968c",
    "despair": "#7d7488",
}
"""Colours that can be told apart on both papers."""
_TITLE = Face(40, bold=True, leading=1.4)
_PEAK = Face(34, "soft", leading=1.4)
_TICK = Face(30, "faint", leading=1.4)
_TALL = 96
_AIR = 30
_LEAST = 5
_DOT = 3
_MOST_NOTES = 4
_NOTHING = "这段时间里没有什么可以画的。"


def render_pulse(card: PulseCard, theme: Theme) -> bytes:
    """Draw a group's moods over time."""
    head = heading("氛围", card.title, card.subtitle, "一个群")
    tail = foot("", card.hints)
    body: list[Block] = [Space(30)]
    highest = max((value or 0 for row in card.rows for value in row.values), default=0)
    body += [_Row.of(row, max(1, highest)) for row in card.rows]
    if card.rows:
        body.append(_Ticks.of(card.ticks, len(card.rows[0].values)))
    else:
        body.append(note(_NOTHING))
    for line in card.notes[:_MOST_NOTES]:
        body += [Space(10), Words(set_lines(clean_line(line), SMALL, CONTENT, most=3), SMALL)]
    return compose([*head, *body, *tail], theme)


@dataclass(frozen=True, slots=True)
class _Row:
    """A mood's name, when it was highest, and its columns."""

    title: Line
    peak: Line
    tone: str
    values: Sequence[int | None]
    highest: int

    @property
    def height(self) -> int:
        """In pixels."""
        return _TITLE.line + _TALL + _AIR

    def draw(self, canvas: Canvas, top: int) -> None:
        """Draw it."""
        canvas.line(self.title, (MARGIN, top), _TITLE)
        right = MARGIN + CONTENT - self.peak.width
        canvas.line(self.peak, (right, top + _TITLE.line - _PEAK.line), _PEAK)
        base = top + _TITLE.line + _TALL
        step = CONTENT / max(1, len(self.values))
        thick = step * 0.68
        for number, value in enumerate(self.values):
            middle = MARGIN + step * (number + 0.5)
            if value is None:
                dot = (middle - _DOT, base - 3 * _DOT, middle + _DOT, base - _DOT)
                canvas.box(dot, canvas.palette.rule, _DOT)
            elif value:
                high = max(_LEAST, (_TALL - 8) * value / self.highest)
                area = (middle - thick / 2, base - high, middle + thick / 2, base)
                canvas.box(area, self.tone, min(5.0, high / 2))
        canvas.box((MARGIN, base, MARGIN + CONTENT, base + 2), canvas.palette.rule)

    @classmethod
    def of(cls, row: PulseRow, highest: int) -> "_Row":
        """Set one mood."""
        title = set_line(clean_line(row.title), _TITLE, CONTENT // 2)
        peak = set_line(clean_line(row.peak), _PEAK, CONTENT // 2)
        return cls(title, peak, TONES.get(row.tone, TONES["numbness"]), row.values, highest)


@dataclass(frozen=True, slots=True)
class _Ticks:
    """What time it was, under the lowest row."""

    labels: Sequence[tuple[float, Line]]

    @property
    def height(self) -> int:
        """In pixels."""
        return _TICK.line + 14

    def draw(self, canvas: Canvas, top: int) -> None:
        """Draw them."""
        for middle, label in self.labels:
            left = min(max(MARGIN, middle - label.width / 2), MARGIN + CONTENT - label.width)
            canvas.line(label, (left, top - _AIR + 12), _TICK)

    @classmethod
    def of(cls, ticks: Sequence[tuple[int, str]], columns: int) -> "_Ticks":
        """Set them under their columns."""
        step = CONTENT / max(1, columns)
        return cls(
            [
                (MARGIN + step * (column + 0.5), set_line(clean_line(text), _TICK, CONTENT // 3))
                for column, text in ticks
                if 0 <= column < columns
            ]
        )
