"""The card of 帮助: what may be typed here, and what it does."""

from collections.abc import Sequence
from dataclasses import dataclass

from liudeng.pictures.blocks import SECTION, Rule, Space, Words, heading, note
from liudeng.pictures.canvas import Canvas
from liudeng.pictures.cards import HelpCard, HelpLine, HelpSection
from liudeng.pictures.fonts import Face
from liudeng.pictures.frame import CONTENT, MARGIN, ROOM, Block, compose, height_of
from liudeng.pictures.glyphs import clean_line
from liudeng.pictures.themes import Theme
from liudeng.pictures.typesetting import Line, set_line, set_lines

_USAGE = Face(40, bold=True, leading=1.5)
_SUMMARY = Face(38, "soft", leading=1.5)
_LEFT_COLUMN = 372
_BETWEEN = 36
_AIR = 22
_SUMMARY_LINES = 3


def render_help(card: HelpCard, theme: Theme) -> bytes:
    """Draw the help: commands on the left, what they do on the right."""
    head = heading("", card.title, card.intro, "帮助")
    tail = _footer(card.footer)
    room = ROOM - height_of(head) - height_of(tail)
    body = _sections(card.sections, room)
    return compose([*head, *body, *tail], theme)


@dataclass(frozen=True, slots=True)
class _Entry:
    """One command; a long one has a line of its own."""

    usage: Line
    summary: Sequence[Line]

    @property
    def _is_long(self) -> bool:
        return self.usage.width > _LEFT_COLUMN

    @property
    def height(self) -> int:
        """In pixels."""
        lines = len(self.summary) * _SUMMARY.line
        if self._is_long:
            return _USAGE.line + lines + _AIR
        return max(_USAGE.line, lines) + _AIR

    def draw(self, canvas: Canvas, top: int) -> None:
        """Draw it."""
        canvas.line(self.usage, (MARGIN, top), _USAGE)
        left = MARGIN + _LEFT_COLUMN + _BETWEEN
        y = top + 1 + (_USAGE.line if self._is_long else 0)
        for number, line in enumerate(self.summary):
            canvas.line(line, (left, y + number * _SUMMARY.line), _SUMMARY)


def _sections(sections: Sequence[HelpSection], room: int) -> list[Block]:
    """Return as many commands as there is room for, and say how many are left out."""
    total = sum(len(section.lines) for section in sections)
    more = note(f"…还有 {total} 条")
    blocks: list[Block] = []
    shown = 0
    for section in sections:
        pending = _section_head(section.title)
        for line in section.lines:
            pending.append(_entry(line))
            last = shown + 1 == total
            if height_of(blocks) + height_of(pending) > room - (0 if last else more.height):
                return [*blocks, note(f"…还有 {total - shown} 条")]
            blocks += pending
            pending = []
            shown += 1
    return blocks


def _section_head(title: str) -> list[Block]:
    line = set_line(clean_line(title), SECTION, CONTENT)
    if not line.pieces:
        return [Rule(44, 30)]
    return [Rule(44, 30), Words([line], SECTION), Space(14)]


def _entry(line: HelpLine) -> _Entry:
    room = CONTENT - _LEFT_COLUMN - _BETWEEN
    usage = set_line(clean_line(line.usage), _USAGE, CONTENT)
    summary = clean_line(line.summary)
    return _Entry(usage, set_lines(summary, _SUMMARY, room, most=_SUMMARY_LINES) if summary else [])


def _footer(text: str) -> list[Block]:
    lines = set_lines(clean_line(text), _SUMMARY, CONTENT, most=_SUMMARY_LINES)
    return [Rule(30, 30), Words(lines, _SUMMARY)] if lines and lines[0].pieces else []
