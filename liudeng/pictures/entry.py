"""The card of one farewell."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from liudeng.pictures.blocks import BODY, Space, foot, heading, joined
from liudeng.pictures.canvas import Canvas
from liudeng.pictures.cards import EntryCard
from liudeng.pictures.fonts import Face
from liudeng.pictures.frame import CONTENT, MARGIN, ROOM, Block, compose, height_of
from liudeng.pictures.gallery import Gallery
from liudeng.pictures.glyphs import clean, clean_line
from liudeng.pictures.themes import Theme
from liudeng.pictures.typesetting import Line, set_line, set_lines

UNTITLED = "无题"
_PAD = 48
_MOST_TAGS = 12
_BETWEEN_TURNS = 14
_SPEAKER = re.compile(r"^[^：:\n]{1,12}(?:：|: )", re.MULTILINE)
_TURNS = 0.6
"""Share of lines that must begin with a name for the words to be a conversation."""
_FEWEST_LINES = 3
_LABEL = Face(34, "accent", leading=1.5)
_TAG = Face(34, "soft", leading=1.5)


def render_entry(card: EntryCard, theme: Theme) -> bytes:
    """Draw a farewell: its title, its pictures, its words, and how to change it."""
    head = heading(_kicker(card), card.title, _with_whom(card), UNTITLED)
    tail = [*_labels(card), *foot("", card.hints)]
    room = ROOM - height_of(head) - height_of(tail)
    middle: list[Block] = []
    if card.pictures:
        middle += [Space(44), Gallery.of(card.pictures, room - 44)]
    words = clean(card.words)
    if words:
        left = room - height_of(middle) - 40
        panel = Panel.of(words, left)
        middle += [Space(40), panel] if panel.lines else []
    return compose([*head, *middle, *tail], theme)


@dataclass(frozen=True, slots=True)
class _Turn:
    """A line of the words as it stands on the panel."""

    line: Line
    y: int
    spoken_from: int
    """Index where a speaker's name ends; names are drawn in another colour."""


@dataclass(frozen=True, slots=True)
class Panel:
    """The words, on a paper of their own."""

    lines: Sequence[_Turn]

    @property
    def height(self) -> int:
        """In pixels."""
        return self.lines[-1].y + BODY.line + 2 * _PAD - 8 if self.lines else 0

    def draw(self, canvas: Canvas, top: int) -> None:
        """Draw it."""
        area = (MARGIN, top, MARGIN + CONTENT, top + self.height)
        canvas.box(area, canvas.palette.sheet, 28)
        for turn in self.lines:
            at = (MARGIN + _PAD, top + _PAD - 4 + turn.y)
            name = [piece for piece in turn.line.pieces if piece.at < turn.spoken_from]
            rest = [piece for piece in turn.line.pieces if piece.at >= turn.spoken_from]
            canvas.line(Line(tuple(name)), at, BODY, canvas.palette.accent)
            canvas.line(Line(tuple(rest)), at, BODY)

    @classmethod
    def of(cls, words: str, room: int) -> "Panel":
        """Set the words in at most `room` pixels."""
        names = _speakers(words)
        between = _BETWEEN_TURNS if names else 0
        most = max(0, (room - 2 * _PAD) // (BODY.line + between))
        turns: list[_Turn] = []
        y = 0
        for line in set_lines(words, BODY, CONTENT - 2 * _PAD, most=most, spread=True):
            name_ends = names.get(line.pieces[0].at, 0) if line.pieces else 0
            if name_ends and turns:
                y += between
            turns.append(_Turn(line, y, name_ends))
            y += BODY.line if line.pieces else BODY.line // 2
        return cls(turns)


def _speakers(words: str) -> dict[int, int]:
    """Return where speakers' names begin and end, if the words are a conversation."""
    names = {match.start(): match.end() for match in _SPEAKER.finditer(words)}
    lines = sum(1 for line in words.split("\n") if line)
    return names if lines >= _FEWEST_LINES and len(names) >= _TURNS * lines else {}


@dataclass(frozen=True, slots=True)
class _Pill:
    line: Line
    x: float
    row: int
    is_label: bool


@dataclass(frozen=True, slots=True)
class Labels:
    """Who may see an entry, and its tags."""

    pills: Sequence[_Pill]

    _ROW = 76
    _HALF = 29
    _PAD = 24

    @property
    def height(self) -> int:
        """In pixels."""
        return (self.pills[-1].row + 1) * self._ROW if self.pills else 0

    def draw(self, canvas: Canvas, top: int) -> None:
        """Draw them."""
        for pill in self.pills:
            left, middle = MARGIN + pill.x, top + pill.row * self._ROW + self._ROW / 2
            face = _LABEL if pill.is_label else _TAG
            text = left
            if pill.is_label:
                right = left + pill.line.width + 2 * self._PAD
                area = (left, middle - self._HALF, right, middle + self._HALF)
                canvas.box(area, canvas.palette.mark, self._HALF)
                text += self._PAD
            canvas.line(pill.line, (text, middle - face.line / 2), face)

    @classmethod
    def of(cls, label: str, tags: Sequence[str]) -> "Labels":
        """Lay them out in rows."""
        texts = [(clean_line(label), True)]
        texts += [(f"#{tag}", False) for tag in map(clean_line, tags[:_MOST_TAGS])]
        pills: list[_Pill] = []
        x, row = 0.0, 0
        for text, is_label in texts:
            if not text.strip("#"):
                continue
            padding = 2 * cls._PAD if is_label else 0
            line = set_line(text, _LABEL if is_label else _TAG, CONTENT - padding)
            if x and x + line.width + padding > CONTENT:
                x, row = 0.0, row + 1
            pills.append(_Pill(line, x, row, is_label))
            x += line.width + padding + 28
        return cls(pills)


def _kicker(card: EntryCard) -> str:
    return joined((f"第 {card.number} 封", card.kicker))


def _with_whom(card: EntryCard) -> str:
    companion = clean_line(card.companion)
    return joined((f"和 {companion}" if companion else "", card.author, in_words(card.day)))


def _labels(card: EntryCard) -> list[Block]:
    labels = Labels.of(card.visibility, card.tags)
    return [Space(32), labels] if labels.pills else []


def in_words(day: date) -> str:
    """Return a day as it is written in Chinese."""
    return f"{day.year}年{day.month}月{day.day}日"
