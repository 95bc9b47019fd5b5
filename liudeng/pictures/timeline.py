"""The timeline: days on a cord, the world's as lamps, a group's own as warm ones."""

from collections.abc import Sequence
from dataclasses import dataclass

from liudeng.pictures.blocks import SMALL, Rule, Space, foot, heading, joined, note
from liudeng.pictures.canvas import Canvas
from liudeng.pictures.cards import TimelineCard, TimelineEvent
from liudeng.pictures.fonts import Face
from liudeng.pictures.frame import CONTENT, MARGIN, ROOM, Block, compose, height_of
from liudeng.pictures.glyphs import clean_line
from liudeng.pictures.themes import Theme
from liudeng.pictures.typesetting import Line, set_line, set_lines

_DAY = Face(36, "accent", leading=1.5)
_TITLE = Face(42, bold=True, leading=1.45)
_CORD = 22
_LEFT = 76
_AIR = 34
_LAMP = 13
_LINES = 3


def render_timeline(card: TimelineCard, theme: Theme) -> bytes:
    """Draw the timeline, the earliest day on top."""
    head = heading("", card.title, card.subtitle, "时间线")
    tail = foot("", card.hints)
    room = ROOM - height_of(head) - height_of(tail) - Rule().height
    return compose([*head, Rule(), *_days(card.events, room), *tail], theme)


@dataclass(frozen=True, slots=True)
class _Day:
    """One event on the cord."""

    day: Line
    title: Sequence[Line]
    below: Sequence[Line]
    own: bool
    last: bool

    @property
    def height(self) -> int:
        """In pixels."""
        lines = len(self.title) * _TITLE.line + len(self.below) * SMALL.line
        return _DAY.line + lines + _AIR

    def draw(self, canvas: Canvas, top: int) -> None:
        """Draw it."""
        palette = canvas.palette
        x, middle = MARGIN + _CORD, top + _DAY.line // 2
        bottom = middle if self.last else top + self.height
        canvas.box((x - 1, top, x + 2, bottom), palette.rule)
        colour = palette.lamp if self.own else palette.accent
        area = (x - _LAMP, middle - _LAMP, x + _LAMP, middle + _LAMP)
        canvas.box(area, colour, _LAMP)
        left, y = MARGIN + _LEFT, top
        canvas.line(self.day, (left, y), _DAY)
        y += _DAY.line
        for line in self.title:
            canvas.line(line, (left, y), _TITLE)
            y += _TITLE.line
        for line in self.below:
            canvas.line(line, (left, y), SMALL)
            y += SMALL.line


def _days(events: Sequence[TimelineEvent], room: int) -> list[Block]:
    blocks = [_day(event, last=at == len(events) - 1) for at, event in enumerate(events)]
    if height_of(blocks) <= room:
        return [*blocks, Space(4)]
    more = note(f"…还有 {len(blocks)} 天")
    shown: list[Block] = []
    for block in blocks:
        if height_of(shown) + block.height + more.height > room:
            break
        shown.append(block)
    return [*shown, note(f"…还有 {len(blocks) - len(shown)} 天")]


def _day(event: TimelineEvent, *, last: bool) -> _Day:
    wide = CONTENT - _LEFT
    source = f"来源 {event.source}" if event.source else ""
    number = f"本群 · 灯 {event.number}" if event.number else ""
    below = joined((event.detail, number)), source
    return _Day(
        day=set_line(f"{event.day:%Y-%m-%d}", _DAY, wide),
        title=set_lines(clean_line(event.title) or "（没有标题）", _TITLE, wide, most=_LINES),
        below=[
            line
            for text in below
            if clean_line(text)
            for line in set_lines(clean_line(text), SMALL, wide, most=2)
        ],
        own=event.number is not None,
        last=last,
    )
