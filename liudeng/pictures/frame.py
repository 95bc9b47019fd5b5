"""What all cards have in common: the paper, the lamp, the margins, one block under the other."""

from collections.abc import Sequence
from typing import Protocol

from PIL import Image, ImageDraw

from liudeng.pictures.canvas import Canvas
from liudeng.pictures.encoding import encode
from liudeng.pictures.fonts import Face
from liudeng.pictures.themes import Palette, Theme
from liudeng.pictures.typesetting import set_line

WIDTH = 1080
MARGIN = 72
CONTENT = WIDTH - 2 * MARGIN
TALLEST = 4000
BESIDE_LAMP = CONTENT - 176
"""Width of a line that stands next to the lamp."""

_TOP, _FOOT = 84, 128
ROOM = TALLEST - _TOP - _FOOT
"""Height that blocks may take together."""
_LAMP_X, _LAMP_Y = WIDTH - 168, 112
_LIGHT = 640
_SIGN = Face(30, "faint")
_SMOOTH = 4


class Block(Protocol):
    """A part of a card that knows its height before it is drawn."""

    @property
    def height(self) -> int:
        """In pixels."""
        ...

    def draw(self, canvas: Canvas, top: int) -> None:
        """Draw it between the margins, from `top` down."""
        ...


def compose(blocks: Sequence[Block], theme: Theme) -> bytes:
    """Draw blocks one under the other on a paper of the right length; return a PNG."""
    height = _TOP + sum(block.height for block in blocks) + _FOOT
    canvas = Canvas(WIDTH, height, theme.palette)
    canvas.glow((_LAMP_X, _LAMP_Y + 40), _LIGHT)
    _hang_lamp(canvas)
    top = _TOP
    for block in blocks:
        block.draw(canvas, top)
        top += block.height
    sign = set_line("留灯", _SIGN, CONTENT)
    canvas.line(sign, (WIDTH - MARGIN - sign.width, height - 84), _SIGN)
    return encode(canvas.image, canvas.photos)


def take(blocks: Sequence[Block], room: int) -> int:
    """Return how many blocks, from the first, are no higher together than `room`."""
    used = 0
    for number, block in enumerate(blocks):
        used += block.height
        if used > room:
            return number
    return len(blocks)


def height_of(blocks: Sequence[Block]) -> int:
    """Return the height of blocks together."""
    return sum(block.height for block in blocks)


def _hang_lamp(canvas: Canvas) -> None:
    lamp = _lamp(canvas.palette)
    canvas.image.paste(lamp, (_LAMP_X - lamp.width // 2, 0), lamp)


def _lamp(palette: Palette) -> Image.Image:
    """A lamp on its cord, as it hangs into the room."""
    width, height, s = 132, 164, _SMOOTH
    image = Image.new("RGBA", (width * s, height * s), (0, 0, 0, 0))
    image.paste(palette.lamp, (0, 0, *image.size))
    image.putalpha(0)
    pen = ImageDraw.Draw(image)
    middle = width / 2 * s
    pen.line((middle, 0, middle, 84 * s), palette.soft, 3 * s)
    pen.ellipse((middle - 15 * s, 108 * s, middle + 15 * s, 140 * s), palette.bulb)
    pen.rounded_rectangle((middle - 11 * s, 74 * s, middle + 11 * s, 92 * s), 5 * s, palette.soft)
    pen.pieslice((8 * s, 84 * s, (width - 8) * s, 168 * s), 180, 360, palette.lamp)
    pen.rounded_rectangle((5 * s, 122 * s, (width - 5) * s, 129 * s), 3 * s, palette.lamp)
    return image.reduce(_SMOOTH)
