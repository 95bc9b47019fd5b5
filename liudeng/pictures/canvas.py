"""Drawing on a card: smooth shapes, set text, pictures, and the light of the lamp."""

from functools import lru_cache

from PIL import Image, ImageDraw

from liudeng.pictures.emoji import Token, token_of
from liudeng.pictures.fonts import (
    ASCENT,
    DIRECTION,
    LANGUAGE,
    Face,
    load,
    punctuation,
    wants_neighbour,
)
from liudeng.pictures.icons import draw_icon
from liudeng.pictures.measuring import LABEL_PADDING, label_size, token_width
from liudeng.pictures.themes import Palette
from liudeng.pictures.typesetting import Line, Piece

_SMOOTH = 4
"""Pillow's shapes have hard edges: they are drawn this many times larger and reduced."""
_HALF_DARK = [value // 2 for value in range(256)]

_EDGE_THICK = 2
_LIGHT_ENDS = 178
"""What Pillow's gradient has reached at the middle of its sides; its corners are darker."""

Area = tuple[float, float, float, float]
"""Left, top, right, bottom."""


class Canvas:
    """One card being drawn; all measures in its pixels."""

    def __init__(self, width: int, height: int, palette: Palette) -> None:
        self.palette = palette
        self.image = Image.new("RGB", (width, height), palette.paper)
        self.photos: list[tuple[int, int, int, int]] = []
        """Where pictures were put: these areas need colours of their own in the file."""
        self._pen = ImageDraw.Draw(self.image)

    def box(self, area: Area, fill: str, radius: float = 0) -> None:
        """Fill a rectangle with rounded corners."""
        left, top, right, bottom = (round(value) for value in area)
        if right <= left or bottom <= top:
            return
        if radius <= 0:
            self._pen.rectangle((left, top, right - 1, bottom - 1), fill)
            return
        mask = rounded(right - left, bottom - top, round(radius))
        self.image.paste(fill, (left, top, right, bottom), mask)

    def picture(self, image: Image.Image, at: tuple[int, int], radius: int) -> None:
        """Put a picture down, its corners rounded, with a hairline around it."""
        left, top = at
        self.image.paste(image, at, rounded(image.width, image.height, radius))
        self.image.paste(self.palette.edge, at, outline(image.width, image.height, radius))
        self.photos.append((left, top, left + image.width, top + image.height))

    def fade(self, area: Area, fill: str) -> None:
        """Let what is there pass over into a colour, from top to bottom."""
        left, top, right, bottom = (round(value) for value in area)
        mask = Image.linear_gradient("L").resize((right - left, bottom - top))
        self.image.paste(fill, (left, top, right, bottom), mask)

    def shade(self, area: Area, radius: int) -> None:
        """Darken what is there, for white letters."""
        left, top, right, bottom = (round(value) for value in area)
        mask = rounded(right - left, bottom - top, radius).point(_HALF_DARK)
        self.image.paste("#000000", (left, top, right, bottom), mask)

    def glow(self, centre: tuple[int, int], radius: int) -> None:
        """Light the paper around a point."""
        x, y = centre
        self.image.paste(self.palette.glow, (x - radius, y - radius), _light(radius))

    def line(self, line: Line, at: tuple[float, float], face: Face, ink: str | None = None) -> None:
        """Draw a line of set text; `at` is the top left of its box, `face.line` high."""
        baseline = at[1] + face.baseline
        colour = ink or getattr(self.palette, face.ink)
        for piece in line.pieces:
            self._piece(piece, (at[0] + piece.x, baseline), face, colour)

    def _piece(self, piece: Piece, at: tuple[float, float], face: Face, colour: str) -> None:
        token = token_of(piece.text) if len(piece.text) == 1 else None
        if token is not None:
            self._token(token, at, face)
        elif not piece.text.isspace():
            self._letters(piece.text, at, face, colour)

    def _letters(self, text: str, at: tuple[float, float], face: Face, colour: str) -> None:
        if wants_neighbour(text):
            place = (round(at[0]), round(at[1]) - face.size)
            self.image.paste(colour, place, punctuation(text, face))
            return
        self._pen.text(
            at,
            text,
            colour,
            load(face.size),
            anchor="ls",
            language=LANGUAGE,
            direction=DIRECTION,
            stroke_width=face.stroke,
        )

    def _token(self, token: Token, at: tuple[float, float], face: Face) -> None:
        width, size = token_width(token, face), face.size
        middle = at[1] - (ASCENT - 0.5) * size
        if token.icon == "dot":
            radius = size * 0.11
            centre = at[0] + width / 2
            area = (centre - radius, middle - radius, centre + radius, middle + radius)
            self.box(area, self.palette.faint, radius)
        elif token.icon:
            icon = draw_icon(token.icon, round(size * 0.98), self.palette)
            left = round(at[0] + (width - icon.width) / 2)
            self.image.paste(icon, (left, round(middle - icon.height / 2)), icon)
        else:
            self._label(token, (at[0], middle), face, width)

    def _label(self, token: Token, at: tuple[float, float], face: Face, width: float) -> None:
        left, middle = at
        half = face.size * 0.47
        self.box((left, middle - half, left + width, middle + half), self.palette.chip, half)
        small = Face(label_size(face), "soft")
        baseline = middle + (ASCENT - 0.5) * small.size
        start = (left + LABEL_PADDING * face.size, baseline)
        self._letters(token.name, start, small, self.palette.soft)


@lru_cache(maxsize=64)
def rounded(width: int, height: int, radius: int) -> Image.Image:
    """Return a mask with smooth rounded corners."""
    radius = max(0, min(radius, width // 2, height // 2))
    mask = Image.new("L", (width, height), 255)
    if not radius:
        return mask
    disc = Image.new("L", (2 * radius * _SMOOTH, 2 * radius * _SMOOTH), 0)
    ImageDraw.Draw(disc).ellipse((0, 0, disc.width - 1, disc.height - 1), 255)
    disc = disc.reduce(_SMOOTH)
    for x, left in ((0, 0), (width - radius, radius)):
        for y, top in ((0, 0), (height - radius, radius)):
            mask.paste(disc.crop((left, top, left + radius, top + radius)), (x, y))
    return mask


@lru_cache(maxsize=16)
def outline(width: int, height: int, radius: int) -> Image.Image:
    """Return a mask of the edge alone."""
    mask = rounded(width, height, radius).copy()
    if width > 2 * _EDGE_THICK and height > 2 * _EDGE_THICK:
        inner = (width - 2 * _EDGE_THICK, height - 2 * _EDGE_THICK)
        inside = rounded(*inner, max(0, radius - _EDGE_THICK))
        mask.paste(0, (_EDGE_THICK, _EDGE_THICK), inside)
    return mask


@lru_cache(maxsize=1)
def _light(radius: int) -> Image.Image:
    """Return how strong the lamp's light is around it."""
    side = (radius * 2, radius * 2)
    return Image.radial_gradient("L").point(_fall_off).resize(side, Image.Resampling.BICUBIC)


def _fall_off(distance: int) -> int:
    """Turn the distance from the lamp into the strength of its light."""
    near = max(0.0, 1 - distance / _LIGHT_ENDS)
    return round(255 * near * near * (3 - 2 * near))
