"""A page of search results."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from liudeng.pictures.blocks import SMALL, Space, foot, heading, joined, note
from liudeng.pictures.canvas import Canvas
from liudeng.pictures.cards import FoundHit, HitsCard
from liudeng.pictures.fonts import Face, advance
from liudeng.pictures.frame import CONTENT, MARGIN, ROOM, WIDTH, Block, compose, height_of, take
from liudeng.pictures.gallery import draw_cover
from liudeng.pictures.glyphs import clean_line, clean_part
from liudeng.pictures.themes import Theme
from liudeng.pictures.typesetting import Line, Piece, set_line, set_lines

_EXCERPT = Face(42, leading=1.56)
_SPEAKER = Face(38, bold=True, leading=1.4)
_NUMBER = Face(34, "accent", leading=1.4)
_LINES = 4
_PICTURE = 188
_BESIDE = 32
_PAD = 36
_APART = 24
_SPEAKERS_SHARE = 0.45
"""Of the line above the excerpt."""
_NOTHING = "没有找到。"


def render_hits(card: HitsCard, theme: Theme) -> bytes:
    """Draw what was found: who said it and when, with the words that were looked for marked."""
    head = heading(card.kicker, card.title, card.subtitle, "全部")
    tail = foot(card.page, card.hints)
    rows = [_Row.of(hit) for hit in card.hits]
    room = ROOM - height_of(head) - height_of(tail) - 30
    shown = take(rows, room)
    if shown < len(rows):
        shown = take(rows, room - note("…").height)
    body: list[Block] = [Space(30), *rows[:shown]]
    if shown < len(rows):
        body.append(note(f"…还有 {len(rows) - shown} 条"))
    if not rows:
        body.append(note(_NOTHING))
    return compose([*head, *body, *tail], theme)


@dataclass(frozen=True, slots=True)
class _Row:
    """One result under a hairline."""

    hit: FoundHit
    speaker: Line
    when: Line
    number: Line
    excerpt: Sequence[Line]
    marks: Sequence[tuple[int, int]]
    """Begin and end in the text the excerpt's pieces count in."""

    @property
    def height(self) -> int:
        """In pixels."""
        text = self._above + len(self.excerpt) * _EXCERPT.line
        return 2 + _PAD + max(text, _PICTURE if self.hit.picture else 0) + _PAD - 6

    def draw(self, canvas: Canvas, top: int) -> None:
        """Draw it."""
        canvas.box((MARGIN, top, WIDTH - MARGIN, top + 2), canvas.palette.rule)
        y = top + _PAD
        self._draw_head(canvas, y)
        y += self._above
        for number, line in enumerate(self.excerpt):
            at = (MARGIN, y + number * _EXCERPT.line)
            for left, right in marked_parts(line, self.marks, _EXCERPT):
                _draw_mark(canvas, at, (left, right))
            canvas.line(line, at, _EXCERPT)
        if self.hit.picture is not None:
            right = WIDTH - MARGIN
            area = (right - _PICTURE, top + _PAD + 8, right, top + _PAD + 8 + _PICTURE)
            draw_cover(canvas, self.hit.picture, area, 18)

    @property
    def _above(self) -> int:
        """Height of the line that says who and when."""
        named = self.speaker.pieces or self.when.pieces or self.number.pieces
        return _SPEAKER.line + 10 if named else 0

    def _draw_head(self, canvas: Canvas, y: int) -> None:
        x = float(MARGIN)
        for line, face in ((self.speaker, _SPEAKER), (self.when, SMALL), (self.number, _NUMBER)):
            if line.pieces:
                canvas.line(line, (x, y + _SPEAKER.baseline - face.baseline), face)
                x += line.width + _APART

    @classmethod
    def of(cls, hit: FoundHit) -> "_Row":
        """Set one result."""
        room = CONTENT - (_PICTURE + _BESIDE if hit.picture else 0)
        number = set_line(clean_line(hit.number), _NUMBER, room / 4)
        speaker = set_line(clean_line(hit.speaker), _SPEAKER, room * _SPEAKERS_SHARE)
        left = room - number.width - speaker.width - 2 * _APART
        when = set_line(joined((hit.time, hit.place)), SMALL, CONTENT)
        if when.width > left:
            when = set_line(clean_line(hit.time), SMALL, left)
        text, marks = drawable_marks(hit.excerpt, hit.marks)
        return cls(
            hit,
            speaker,
            when,
            number,
            set_lines(text, _EXCERPT, room, most=_LINES) if text else [],
            marks,
        )


def drawable_marks(
    text: str, marks: Iterable[tuple[int, int]]
) -> tuple[str, list[tuple[int, int]]]:
    """Return a text as it can be drawn, on one line, and where the marks are in it then."""
    drawn = ""
    moved: list[tuple[int, int]] = []
    for part, is_marked in _parts(text, marks):
        shown = clean_part(part).replace("\n", " ")
        if not drawn or drawn.endswith(" "):
            shown = shown.lstrip(" ")
        if is_marked and shown:
            moved.append((len(drawn), len(drawn) + len(shown)))
        drawn += shown
    return drawn.rstrip(), moved


def marked_parts(
    line: Line, marks: Sequence[tuple[int, int]], face: Face
) -> Iterator[tuple[float, float]]:
    """Return from where to where, in pixels, a line is marked; neighbours as one."""
    begin = end = None
    for piece in line.pieces:
        for left, right in _within(piece, marks, face):
            if end is not None and begin is not None and left - end <= face.size * 0.6:
                end = right
                continue
            if begin is not None and end is not None:
                yield begin, end
            begin, end = left, right
    if begin is not None and end is not None:
        yield begin, end


def _within(
    piece: Piece, marks: Sequence[tuple[int, int]], face: Face
) -> Iterator[tuple[float, float]]:
    for begin, end in marks:
        first, last = max(begin - piece.at, 0), min(end - piece.at, len(piece.text))
        if first >= last:
            continue
        if (first, last) == (0, len(piece.text)):
            yield piece.x, piece.x + piece.width
        else:
            left = advance(piece.text[:first], face.size) if first else 0.0
            yield piece.x + left, piece.x + advance(piece.text[:last], face.size)


def _parts(text: str, marks: Iterable[tuple[int, int]]) -> Iterator[tuple[str, bool]]:
    """Divide a text at its marks, wherever they lie and however they overlap."""
    position = 0
    for begin, end in sorted(marks):
        begin, end = max(begin, position), min(end, len(text))
        if begin >= end:
            continue
        yield text[position:begin], False
        yield text[begin:end], True
        position = end
    yield text[position:], False


def _draw_mark(canvas: Canvas, at: tuple[float, float], part: tuple[float, float]) -> None:
    top = at[1] + (_EXCERPT.line - _EXCERPT.size) / 2 - 3
    left, right = at[0] + part[0] - 4, at[0] + part[1] + 4
    canvas.box((left, top, right, top + _EXCERPT.size + 10), canvas.palette.mark, 10)
