"""The few emoji that people in grief use most, drawn small and quiet."""

from collections.abc import Callable
from functools import lru_cache
from math import cos, pi, sin

from PIL import Image, ImageColor, ImageDraw

from liudeng.pictures.faces import FACES, draw_face
from liudeng.pictures.pen import LEAF, NIGHT_BLUE, ROSE, WAX, Pen
from liudeng.pictures.themes import Palette

_SMOOTH = 4


@lru_cache(maxsize=256)
def draw_icon(name: str, size: int, palette: Palette) -> Image.Image:
    """Return an icon, transparent around it, `size` pixels wide and high."""
    side = size * _SMOOTH
    red, green, blue, *_ = ImageColor.getrgb(palette.lamp)
    image = Image.new("RGBA", (side, side), (red, green, blue, 0))  # no dark seam when reduced
    pen = Pen(ImageDraw.Draw(image), side / 100)
    if name in FACES:
        draw_face(pen, FACES[name], palette)
    else:
        _ICONS[name](pen, palette)
    return image.reduce(_SMOOTH)


def _moon(pen: Pen, palette: Palette) -> None:
    pen.disc(48, 50, 40, palette.lamp)
    pen.disc(66, 40, 34, None)


def _star(pen: Pen, palette: Palette) -> None:
    pen.shape(_rays(5, 46, 20, (50, 53)), palette.lamp)


def _sparkle(pen: Pen, palette: Palette) -> None:
    pen.shape(_rays(4, 38, 11, (42, 56)), palette.lamp)
    pen.shape(_rays(4, 20, 6, (78, 24)), palette.lamp)


def _sun(pen: Pen, palette: Palette) -> None:
    for step in range(8):
        angle = step * pi / 4
        inner, outer = 34, 47
        start = (50 + inner * cos(angle), 50 + inner * sin(angle))
        pen.stroke([start, (50 + outer * cos(angle), 50 + outer * sin(angle))], palette.lamp, 7)
    pen.disc(50, 50, 25, palette.lamp)


def _heart(pen: Pen, palette: Palette) -> None:
    pen.disc(31, 37, 22, ROSE)
    pen.disc(69, 37, 22, ROSE)
    pen.shape([(12.5, 49), (31, 37), (50, 30), (69, 37), (87.5, 49), (50, 90)], ROSE)


def _broken(pen: Pen, palette: Palette) -> None:
    _heart(pen, palette)
    pen.stroke([(53, 18), (42, 42), (58, 54), (47, 82)], None, 6)


def _candle(pen: Pen, palette: Palette) -> None:
    pen.flame((50, 24), 13, palette.lamp)
    pen.stroke([(50, 34), (50, 46)], palette.soft, 4)
    pen.box((37, 45, 63, 92), WAX, 5)
    pen.box((26, 88, 74, 95), palette.faint, 3)


def _lamp(pen: Pen, palette: Palette) -> None:
    pen.stroke([(50, 4), (50, 26)], palette.soft, 5)
    pen.shape([(38, 24), (62, 24), (86, 62), (14, 62)], palette.lamp)
    pen.disc(50, 68, 13, palette.lamp)


def _flower(pen: Pen, palette: Palette) -> None:
    for step in range(5):
        angle = step * 2 * pi / 5 - pi / 2
        pen.disc(50 + 25 * cos(angle), 52 + 25 * sin(angle), 20, "#e3a3ab")
    pen.disc(50, 52, 12, palette.lamp)


def _leaf(pen: Pen, palette: Palette) -> None:
    pen.stroke([(50, 94), (50, 46)], LEAF, 7)
    pen.pie((8, 18, 52, 62), 0, 180, LEAF)
    pen.shape([(8, 40), (8, 20), (52, 40)], LEAF)
    pen.pie((48, 8, 92, 52), 0, 180, LEAF)
    pen.shape([(92, 30), (92, 10), (48, 30)], LEAF)


def _rain(pen: Pen, palette: Palette) -> None:
    _cloud_at(pen, 40, palette.faint)
    for x in (30, 50, 70):
        pen.stroke([(x, 70), (x - 6, 88)], NIGHT_BLUE, 7)


def _cloud(pen: Pen, palette: Palette) -> None:
    _cloud_at(pen, 54, palette.faint)


def _cloud_at(pen: Pen, y: float, fill: str) -> None:
    pen.disc(30, y + 4, 18, fill)
    pen.disc(52, y - 8, 24, fill)
    pen.disc(74, y + 4, 18, fill)
    pen.box((30, y, 74, y + 22), fill)


def _snow(pen: Pen, palette: Palette) -> None:
    for step in range(3):
        x, y = 42 * cos(step * pi / 3 + pi / 6), 42 * sin(step * pi / 3 + pi / 6)
        pen.stroke([(50 - x, 50 - y), (50 + x, 50 + y)], NIGHT_BLUE, 7)
    for step in range(6):
        angle = step * pi / 3 + pi / 6
        pen.disc(50 + 42 * cos(angle), 50 + 42 * sin(angle), 7, NIGHT_BLUE)


def _note(pen: Pen, palette: Palette) -> None:
    pen.disc(28, 78, 14, palette.accent)
    pen.disc(74, 68, 14, palette.accent)
    pen.stroke([(38, 78), (38, 20), (84, 10), (84, 68)], palette.accent, 8)


def _cat(pen: Pen, palette: Palette) -> None:
    pen.shape([(16, 46), (18, 8), (48, 30)], palette.lamp)
    pen.shape([(84, 46), (82, 8), (52, 30)], palette.lamp)
    pen.disc(50, 56, 38, palette.lamp)
    pen.disc(36, 54, 5, "#4a3519")
    pen.disc(64, 54, 5, "#4a3519")
    pen.stroke([(42, 68), (46, 72), (50, 67), (54, 72), (58, 68)], "#4a3519", 4)


def _cake(pen: Pen, palette: Palette) -> None:
    pen.flame((50, 16), 8, palette.lamp)
    pen.stroke([(50, 26), (50, 46)], palette.soft, 6)
    pen.box((16, 46, 84, 70), "#e3a3ab", 10)
    pen.box((16, 60, 84, 92), WAX, 6)


def _tick(pen: Pen, palette: Palette) -> None:
    pen.disc(50, 50, 44, LEAF)
    pen.stroke([(28, 52), (44, 68), (73, 34)], "#ffffff", 10)


def _cross(pen: Pen, palette: Palette) -> None:
    pen.stroke([(22, 22), (78, 78)], ROSE, 13)
    pen.stroke([(78, 22), (22, 78)], ROSE, 13)


def _warn(pen: Pen, palette: Palette) -> None:
    pen.shape([(50, 10), (95, 88), (5, 88)], palette.lamp)
    pen.stroke([(50, 38), (50, 62)], "#4a3519", 9)
    pen.disc(50, 76, 6, "#4a3519")


def _rays(
    count: int, outer: float, inner: float, centre: tuple[float, float]
) -> list[tuple[float, float]]:
    points = []
    for step in range(2 * count):
        radius = inner if step % 2 else outer
        angle = step * pi / count - pi / 2
        points.append((centre[0] + radius * cos(angle), centre[1] + radius * sin(angle)))
    return points


_ICONS: dict[str, Callable[[Pen, Palette], None]] = {
    "moon": _moon,
    "star": _star,
    "sparkle": _sparkle,
    "sun": _sun,
    "heart": _heart,
    "broken": _broken,
    "candle": _candle,
    "lamp": _lamp,
    "flower": _flower,
    "leaf": _leaf,
    "rain": _rain,
    "cloud": _cloud,
    "snow": _snow,
    "note": _note,
    "cat": _cat,
    "cake": _cake,
    "tick": _tick,
    "cross": _cross,
    "warn": _warn,
}
