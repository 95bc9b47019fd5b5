"""A page of the farewell wall."""

from collections.abc import Sequence
from dataclasses import dataclass

from liudeng.pictures.blocks import Space, foot, heading, joined, note
from liudeng.pictures.canvas import Canvas
from liudeng.pictures.cards import WallCard, WallTile
from liudeng.pictures.entry import UNTITLED
from liudeng.pictures.fonts import Face
from liudeng.pictures.frame import CONTENT, MARGIN, ROOM, Block, compose, height_of, take
from liudeng.pictures.gallery import draw_cover
from liudeng.pictures.glyphs import clean, clean_line
from liudeng.pictures.themes import Theme
from liudeng.pictures.typesetting import Line, set_line, set_lines

_RADIUS = 22
_FEW = 6
"""Up to so many tiles stand in two columns, more in three."""
_BELOW = 44
_NUMBER = Face(32, "accent", bold=True, leading=1.3)
_EMPTY = "墙上还没有人留下什么。"


@dataclass(frozen=True, slots=True)
class _Grid:
    """The measures of a wall with two or three columns."""

    columns: int
    gap: int
    tall: int
    title: Face
    meta: Face
    quote: Face

    @property
    def width(self) -> int:
        """Of a tile."""
        return (CONTENT - (self.columns - 1) * self.gap) // self.columns


_ONE = _Grid(
    columns=1,
    gap=0,
    tall=620,
    title=Face(44, bold=True, leading=1.36),
    meta=Face(36, "soft", leading=1.4),
    quote=Face(42, leading=1.6),
)
_TWO = _Grid(
    columns=2,
    gap=32,
    tall=540,
    title=Face(40, bold=True, leading=1.36),
    meta=Face(34, "soft", leading=1.4),
    quote=Face(38, leading=1.6),
)
_THREE = _Grid(
    columns=3,
    gap=24,
    tall=372,
    title=Face(36, bold=True, leading=1.34),
    meta=Face(30, "soft", leading=1.4),
    quote=Face(34, leading=1.52),
)


def render_wall(card: WallCard, theme: Theme) -> bytes:
    """Draw the wall: tiles with their numbers, in a grid."""
    head = heading(card.group, card.title, "", "告别墙")
    tail = foot(card.page, card.hints)
    rows = _rows(card.tiles)
    room = ROOM - height_of(head) - height_of(tail) - 52
    shown = take(rows, room)
    if shown < len(rows):
        shown = take(rows, room - note("…").height)
    body: list[Block] = [Space(52), *rows[:shown]]
    left_out = len(card.tiles) - sum(len(row.tiles) for row in rows[:shown])
    if left_out:
        body.append(note(f"…还有 {left_out} 封"))
    if not card.tiles:
        body.append(note(_EMPTY))
    return compose([*head, *body, *tail], theme)


@dataclass(frozen=True, slots=True)
class _Tile:
    """One farewell, its caption set."""

    tile: WallTile
    title: Sequence[Line]
    meta: Sequence[Line]
    grid: _Grid

    @property
    def caption(self) -> int:
        """Height of what stands below the picture."""
        grid = self.grid
        return 18 + len(self.title) * grid.title.line + 4 + len(self.meta) * grid.meta.line


@dataclass(frozen=True, slots=True)
class _Row:
    """Tiles side by side, their pictures of one height."""

    tiles: Sequence[_Tile]
    grid: _Grid

    @property
    def height(self) -> int:
        """In pixels."""
        return self.grid.tall + max(tile.caption for tile in self.tiles) + _BELOW

    def draw(self, canvas: Canvas, top: int) -> None:
        """Draw them."""
        for number, tile in enumerate(self.tiles):
            left = MARGIN + number * (self.grid.width + self.grid.gap)
            _draw_tile(canvas, tile, left, top)


def _rows(tiles: Sequence[WallTile]) -> list[_Row]:
    grid = _ONE if len(tiles) == 1 else _TWO if len(tiles) <= _FEW else _THREE
    set_tiles = [_set(tile, grid) for tile in tiles]
    return [
        _Row(set_tiles[start : start + grid.columns], grid)
        for start in range(0, len(set_tiles), grid.columns)
    ]


def _set(tile: WallTile, grid: _Grid) -> _Tile:
    title = set_lines(clean_line(tile.title) or UNTITLED, grid.title, grid.width, most=2)
    companion = clean_line(tile.companion)
    day = f"{tile.day.year}.{tile.day.month:02}.{tile.day.day:02}"
    people = joined((companion, tile.author))
    meta = [set_line(text, grid.meta, grid.width) for text in (people, day) if text]
    return _Tile(tile, title, meta, grid)


def _draw_tile(canvas: Canvas, tile: _Tile, left: int, top: int) -> None:
    grid = tile.grid
    area = (left, top, left + grid.width, top + grid.tall)
    if tile.tile.picture is not None:
        draw_cover(canvas, tile.tile.picture, area, _RADIUS)
    else:
        _draw_quote(canvas, tile, left, top)
    _draw_number(canvas, tile.tile.number, left, top)
    y = top + grid.tall + 18
    for line in tile.title:
        canvas.line(line, (left, y), grid.title)
        y += grid.title.line
    y += 4
    for line in tile.meta:
        canvas.line(line, (left, y), grid.meta)
        y += grid.meta.line


def _draw_number(canvas: Canvas, number: int, left: int, top: int) -> None:
    line = set_line(str(number), _NUMBER, 400)
    right = left + 14 + line.width + 2 * 18
    area = (left + 14, top + 14, right, top + 14 + 50)
    canvas.box(area, canvas.palette.paper, 25)
    canvas.line(line, (left + 14 + 18, top + 14 + (50 - _NUMBER.line) / 2), _NUMBER)


def _draw_quote(canvas: Canvas, tile: _Tile, left: int, top: int) -> None:
    """A farewell without a picture shows its first words."""
    grid, pad = tile.grid, 30
    canvas.box((left, top, left + grid.width, top + grid.tall), canvas.palette.sheet, _RADIUS)
    text = clean(tile.tile.words).replace("\n\n", "\n")
    first = top + 14 + 50 + 20
    most = (top + grid.tall - pad // 2 - first) // grid.quote.line
    lines = set_lines(text or "……", grid.quote, grid.width - 2 * pad, most=most, spread=True)
    for number, line in enumerate(lines):
        canvas.line(line, (left + pad, first + number * grid.quote.line), grid.quote)
