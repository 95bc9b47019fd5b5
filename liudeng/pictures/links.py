"""Links that somebody vouches for: a page of them, or one."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from liudeng.pictures.blocks import SMALL, Space, foot, heading, note
from liudeng.pictures.canvas import Canvas
from liudeng.pictures.cards import Card, Hint
from liudeng.pictures.fonts import Face
from liudeng.pictures.frame import CONTENT, MARGIN, ROOM, WIDTH, Block, compose, height_of, take
from liudeng.pictures.glyphs import clean, clean_line
from liudeng.pictures.themes import Palette, Theme
from liudeng.pictures.typesetting import Line, set_line, set_lines

_TITLE = Face(44, bold=True, leading=1.4)
_NUMBER = Face(36, "accent", bold=True, leading=1.4)
_SUMMARY = Face(38, "soft", leading=1.5)
_ADDRESS = Face(36, "accent", leading=1.5)
_PINNED = Face(40, leading=1.5)
_PAD = 34
_DOT = 20
_BESIDE_DOT = 18
_TITLE_LINES, _SUMMARY_LINES, _ADDRESS_LINES = 2, 2, 3
_WHOLE_SUMMARY_LINES, _PINNED_LINES = 12, 5
_NOTHING = "这里还没有链接。"


class Tone(StrEnum):
    """How much a link can be relied on, as the colour of a dot."""

    GOOD = "good"
    PLAIN = "plain"
    """Nobody could be asked."""
    DOUBT = "doubt"
    OVER = "over"


class LinkRow(Card):
    """One link."""

    number: str = ""
    """As a member types it: 12."""
    title: str = ""
    summary: str = ""
    address: str = ""
    facts: str = ""
    """Its state and its date: 11月20日能打开."""
    tone: Tone = Tone.PLAIN


class LinksCard(Card):
    """A page of links; with one row and `whole`, all there is to know of that one."""

    title: str
    kicker: str = ""
    subtitle: str = ""
    pinned: tuple[str, ...] = ()
    """What moderators announce, above all else."""
    rows: tuple[LinkRow, ...] = ()
    whole: bool = False
    page: str = ""
    hints: tuple[Hint, ...] = ()


def render_links(card: LinksCard, theme: Theme) -> bytes:
    """Draw links, each with its number, its state and its date."""
    head = heading(card.kicker, card.title, card.subtitle, "资源")
    tail = foot(card.page, card.hints)
    pinned: list[Block] = [_Notice.of(words) for words in card.pinned if clean_line(words)]
    if pinned:
        pinned.insert(0, Space(30))
    rows = [_Row.of(row, whole=card.whole) for row in card.rows]
    room = ROOM - height_of(head) - height_of(tail) - height_of(pinned) - 30
    shown = take(rows, room)
    if shown < len(rows):
        shown = take(rows, room - note("…").height)
    body: list[Block] = [*pinned, Space(30), *rows[:shown]]
    if shown < len(rows):
        body.append(note(f"…还有 {len(rows) - shown} 条"))
    if not rows and not pinned:
        body.append(note(_NOTHING))
    return compose([*head, *body, *tail], theme)


@dataclass(frozen=True, slots=True)
class _Notice:
    """What is announced, on a sheet of its own."""

    lines: Sequence[Line]

    _INSET = 30
    _BELOW = 18

    @property
    def height(self) -> int:
        """In pixels."""
        return len(self.lines) * _PINNED.line + 2 * self._INSET + self._BELOW

    def draw(self, canvas: Canvas, top: int) -> None:
        """Draw it."""
        area = (MARGIN, top, WIDTH - MARGIN, top + self.height - self._BELOW)
        canvas.box(area, canvas.palette.sheet, 22)
        canvas.box((MARGIN, top + 26, MARGIN + 8, area[3] - 26), canvas.palette.lamp, 4)
        for number, line in enumerate(self.lines):
            at = (MARGIN + self._INSET + 8, top + self._INSET + number * _PINNED.line)
            canvas.line(line, at, _PINNED)

    @classmethod
    def of(cls, words: str) -> "_Notice":
        """Set it."""
        room = CONTENT - 2 * cls._INSET - 8
        return cls(set_lines(clean(words), _PINNED, room, most=_PINNED_LINES))


@dataclass(frozen=True, slots=True)
class _Row:
    """One link under a hairline."""

    number: Line
    title: Sequence[Line]
    summary: Sequence[Line]
    address: Sequence[Line]
    facts: Sequence[Line]
    tone: Tone

    @property
    def height(self) -> int:
        """In pixels."""
        parts = ((self.title, _TITLE), (self.summary, _SUMMARY), (self.address, _ADDRESS))
        text = sum(len(lines) * face.line for lines, face in parts)
        return 2 + _PAD + text + 8 + len(self.facts) * SMALL.line + _PAD - 8

    def draw(self, canvas: Canvas, top: int) -> None:
        """Draw it."""
        canvas.box((MARGIN, top, WIDTH - MARGIN, top + 2), canvas.palette.rule)
        y = float(top + _PAD)
        right = WIDTH - MARGIN - self.number.width
        canvas.line(self.number, (right, y + _TITLE.baseline - _NUMBER.baseline), _NUMBER)
        ink = "soft" if self.tone is Tone.OVER else "ink"
        for lines, face in (
            (self.title, Face(_TITLE.size, ink, bold=True, leading=_TITLE.leading)),
            (self.summary, _SUMMARY),
            (self.address, _ADDRESS),
        ):
            for line in lines:
                canvas.line(line, (MARGIN, y), face)
                y += face.line
        y += 8
        if self.facts:
            self._draw_dot(canvas, y + SMALL.line / 2)
        for line in self.facts:
            canvas.line(line, (MARGIN + _DOT + _BESIDE_DOT, y), SMALL)
            y += SMALL.line

    def _draw_dot(self, canvas: Canvas, middle: float) -> None:
        left, top, right, bottom = MARGIN, middle - _DOT / 2, MARGIN + _DOT, middle + _DOT / 2
        canvas.box((left, top, right, bottom), _colour(self.tone, canvas.palette), _DOT / 2)
        if self.tone is Tone.DOUBT:  # a ring: told from a full dot without its colour
            inside = (left + 5, top + 5, right - 5, bottom - 5)
            canvas.box(inside, canvas.palette.paper, _DOT / 2 - 5)

    @classmethod
    def of(cls, row: LinkRow, *, whole: bool) -> "_Row":
        """Set one link."""
        number = set_line(clean_line(row.number), _NUMBER, CONTENT / 4)
        beside = CONTENT - number.width - (32 if number.pieces else 0)
        summary_lines = _WHOLE_SUMMARY_LINES if whole else _SUMMARY_LINES
        facts_room = CONTENT - _DOT - _BESIDE_DOT
        return cls(
            number,
            _set(row.title, _TITLE, beside, _TITLE_LINES),
            _set(row.summary, _SUMMARY, CONTENT, summary_lines),
            _set(row.address, _ADDRESS, CONTENT, _ADDRESS_LINES if whole else 1),
            _set(row.facts, SMALL, facts_room, 3),
            row.tone,
        )


def _set(text: str, face: Face, room: float, most: int) -> Sequence[Line]:
    cleaned = clean_line(text)
    return set_lines(cleaned, face, room, most=most) if cleaned else ()


def _colour(tone: Tone, palette: Palette) -> str:
    colours = {
        Tone.GOOD: palette.lamp,
        Tone.PLAIN: palette.edge,
        Tone.DOUBT: palette.accent,
        Tone.OVER: palette.faint,
    }
    return colours[tone]
