"""The pictures of one farewell, laid out by how many there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from liudeng.pictures.blocks import SMALL
from liudeng.pictures.canvas import Area, Canvas
from liudeng.pictures.fonts import Face
from liudeng.pictures.frame import CONTENT, MARGIN
from liudeng.pictures.photos import Size, cover, fit_width, shown_size, size_of
from liudeng.pictures.typesetting import set_line

GONE = "图片不见了"
_RADIUS = 24
_GAP = 16
_MAT = 30
"""Around a picture that is narrower than the card."""
_INNER_RADIUS = 18
_CUT = 84
"""What is left free below a picture that is shown in part."""
_ONE_TALLEST = 1560
_ONE_NARROWEST = 660
_LOWEST = 160
_GONE_TALL = 360
_MOST = 9
_MORE = Face(64, bold=True)
_HINT = Face(34, "soft")


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where a picture goes, from the gallery's top left corner."""

    path: Path
    left: int
    top: int
    width: int
    height: int

    def area(self, top: int) -> Area:
        left = MARGIN + self.left
        return (left, top + self.top, left + self.width, top + self.top + self.height)


@dataclass(frozen=True, slots=True)
class _Single:
    """How the only picture is shown."""

    size: Size
    mat: bool
    """Whether it is surrounded by a mat, as wide as the card."""
    is_part: bool
    """Whether its lower end is cut off."""

    @property
    def height(self) -> int:
        """In pixels, with its mat."""
        if self.is_part:
            return self.size[1] + _MAT
        return self.size[1] + (2 * _MAT if self.mat else 0)


@dataclass(frozen=True, slots=True)
class Gallery:
    """One large picture, or several in a grid."""

    frames: Sequence[_Frame]
    single: _Single | None = None
    """For the only picture, if it can be shown."""
    more: int = 0
    """Pictures there is no place for."""

    @property
    def height(self) -> int:
        """In pixels."""
        return max(frame.top + frame.height for frame in self.frames)

    def draw(self, canvas: Canvas, top: int) -> None:
        """Draw it."""
        if len(self.frames) == 1:
            _draw_one(canvas, self.frames[0], top, self.single)
            return
        for frame in self.frames:
            draw_cover(canvas, frame.path, frame.area(top), _RADIUS)
        if self.more:
            _draw_more(canvas, self.frames[-1].area(top), self.more)

    @classmethod
    def of(cls, paths: Sequence[Path], room: int) -> "Gallery":
        """Lay out pictures; a single one takes at most `room` pixels of height."""
        if len(paths) == 1:
            real = size_of(paths[0])
            single = _single(real, min(_ONE_TALLEST, room)) if real else None
            height = single.height if single else _GONE_TALL
            return cls([_Frame(paths[0], 0, 0, CONTENT, height)], single)
        shown = paths[:_MOST]
        frames = [
            _Frame(path, *place) for path, place in zip(shown, _places(len(shown)), strict=True)
        ]
        return cls(frames, more=len(paths) - len(shown))


def draw_cover(canvas: Canvas, path: Path, area: Area, radius: int) -> None:
    """Draw a picture that fills an area, or say that it is gone."""
    left, top, right, bottom = (round(value) for value in area)
    image = cover(path, (right - left, bottom - top), canvas.palette.mat)
    if image is None:
        draw_gone(canvas, area, radius)
    else:
        canvas.picture(image, (left, top), radius)


def draw_gone(canvas: Canvas, area: Area, radius: int) -> None:
    """Draw what stands for a picture that cannot be shown."""
    canvas.box(area, canvas.palette.mat, radius)
    left, top, right, bottom = area
    x, y = (left + right) / 2, (top + bottom) / 2 - 30
    ink, ground = canvas.palette.faint, canvas.palette.mat
    canvas.box((x - 44, y - 34, x + 44, y + 34), ink, 12)
    canvas.box((x - 39, y - 29, x + 39, y + 29), ground, 8)
    canvas.box((x - 26, y - 18, x - 8, y), ink, 9)
    canvas.box((x - 26, y + 12, x + 26, y + 17), ink, 2)
    line = set_line(GONE, SMALL, right - left - 16)
    canvas.line(line, (x - line.width / 2, y + 52), SMALL)


def _single(real: Size, tallest: int) -> _Single:
    """Show a picture as wide as the card, or whole on a mat, or its beginning on a mat."""
    size = shown_size(real, CONTENT, tallest)
    if size[0] == CONTENT and size[1] >= _LOWEST:
        return _Single(size, mat=False, is_part=False)
    size = shown_size(real, CONTENT - 2 * _MAT, tallest - 2 * _MAT)
    narrowest = min(_ONE_NARROWEST, 2 * real[0])
    if real[1] > real[0] and size[0] < narrowest:
        return _Single((narrowest, tallest - _MAT), mat=True, is_part=True)
    return _Single(size, mat=True, is_part=False)


def _draw_one(canvas: Canvas, frame: _Frame, top: int, single: _Single | None) -> None:
    area = frame.area(top)
    image = fit_width(frame.path, single.size, canvas.palette.mat) if single else None
    if single is None or image is None:
        draw_gone(canvas, area, _RADIUS)
        return
    if single.mat:
        canvas.box(area, canvas.palette.mat, _RADIUS)
    place = (MARGIN + (CONTENT - image.width) // 2, top + (_MAT if single.mat else 0))
    canvas.picture(image, place, _INNER_RADIUS if single.mat else _RADIUS)
    if single.is_part:
        _draw_cut(canvas, area)


def _draw_cut(canvas: Canvas, area: Area) -> None:
    """Let a picture that goes on below end in the mat, and say so."""
    left, _, right, bottom = area
    mat, low = canvas.palette.mat, bottom - _CUT
    canvas.fade((left, low - 2 * _CUT, right, low), mat)
    canvas.box((left, low, right, bottom - _RADIUS), mat)
    canvas.box((left, bottom - 2 * _RADIUS, right, bottom), mat, _RADIUS)
    line = set_line("长图，这里是开头", _HINT, right - left)
    canvas.line(line, ((left + right - line.width) / 2, bottom - _CUT), _HINT)


def _draw_more(canvas: Canvas, area: Area, more: int) -> None:
    left, top, right, bottom = area
    canvas.shade(area, _RADIUS)
    line = set_line(f"+{more}", _MORE, right - left)
    at = ((left + right - line.width) / 2, (top + bottom - _MORE.line) / 2)
    canvas.line(line, at, _MORE, "#ffffff")


def _places(count: int) -> list[tuple[int, int, int, int]]:
    """Return left, top, width and height of each of two to nine pictures."""
    half, third = (CONTENT - _GAP) // 2, (CONTENT - 2 * _GAP) // 3
    if count == 2:
        return [(0, 0, half, 600), (half + _GAP, 0, half, 600)]
    if count == 3:
        wide = CONTENT - third - _GAP
        small = (760 - _GAP) // 2
        right = wide + _GAP
        return [
            (0, 0, wide, 760),
            (right, 0, third, small),
            (right, 760 - small, third, small),
        ]
    columns, side, tall = (2, half, 520) if count == 4 else (3, third, 380)
    return [
        (number % columns * (side + _GAP), number // columns * (tall + _GAP), side, tall)
        for number in range(count)
    ]
