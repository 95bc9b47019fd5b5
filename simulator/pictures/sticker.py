"""Stickers: a small lamp with a face, and a word under it."""

import hashlib

from PIL import Image, ImageDraw

from simulator.pictures.typeset import LANGUAGE, font, printable, width

_SIZE, _SCALE = 240, 3
_GLOWS = ("#ffd27d", "#ffb8a0", "#b9d8ff", "#c9e8b4", "#d9c5ff")
_INK = "#4a3b2a"


def draw_sticker(word: str) -> Image.Image:
    """Draw the sticker for a word such as ``[抱抱]``."""
    text = printable(word.strip("[]【】")) or "…"
    glow = _GLOWS[hashlib.sha256(word.encode()).digest()[0] % len(_GLOWS)]
    image = Image.new("RGBA", (_SIZE * _SCALE, _SIZE * _SCALE), "#ffffff")
    pen = ImageDraw.Draw(image)
    for step in range(12, 0, -1):
        _disc(pen, 120, 96, 60 + step * 2.6, _mixed(glow, 1 - step / 13))
    _box(pen, (106, 24, 134, 34), 5, _INK)
    _box(pen, (84, 32, 156, 44), 6, _INK)
    _box(pen, (78, 44, 162, 148), 34, "#fff6e2", outline=True)
    _box(pen, (88, 146, 152, 158), 6, _INK)
    _disc(pen, 120, 100, 30, _mixed(glow, 0.55))
    _face(pen)
    size = 34
    while width(text, font(size)) > _SIZE - 24 and size > 14:
        size -= 2
    place = (120 * _SCALE, 198 * _SCALE)
    pen.text(place, text, _INK, font(size * _SCALE), anchor="mm", language=LANGUAGE)
    return image.reduce(_SCALE)


def _face(pen: ImageDraw.ImageDraw) -> None:
    for x in (106, 134):
        _disc(pen, x, 92, 4.5, _INK)
    for x in (98, 142):
        _disc(pen, x, 104, 6, "#ff9f8a")
    mouth = [v * _SCALE for v in (111, 94, 129, 110)]
    pen.arc(mouth, 20, 160, fill=_INK, width=3 * _SCALE)


def _disc(pen: ImageDraw.ImageDraw, x: float, y: float, radius: float, fill: str) -> None:
    area = [v * _SCALE for v in (x - radius, y - radius, x + radius, y + radius)]
    pen.ellipse(area, fill=fill)


def _box(
    pen: ImageDraw.ImageDraw,
    area: tuple[float, float, float, float],
    radius: float,
    fill: str,
    *,
    outline: bool = False,
) -> None:
    line = _INK if outline else None
    scaled = [v * _SCALE for v in area]
    pen.rounded_rectangle(scaled, radius * _SCALE, fill=fill, outline=line, width=4 * _SCALE)


def _mixed(colour: str, share: float) -> str:
    """The colour thinned with white."""
    parts = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(255 + (part - 255) * share):02x}" for part in parts)
