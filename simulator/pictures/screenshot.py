"""A chat with a companion, as a phone screenshot."""

import hashlib
from dataclasses import dataclass

from PIL import Image

from simulator.pictures.canvas import Canvas
from simulator.pictures.palette import PALETTES, Palette
from simulator.pictures.typeset import font, printable, width, wrap

_WIDTH = 720
_LONGEST = 6000
_STATUS, _TITLE, _FOOT = 54, 96, 116
_MARGIN, _AVATAR, _GAP = 24, 68, 16
_BUBBLE = 440
_PAD_X, _PAD_Y = 24, 18
_TEXT, _LINE = 30, 44


@dataclass(frozen=True)
class Screen:
    """What the screenshot shows."""

    title: str
    companion: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class _Bubble:
    mine: bool
    lines: list[str]
    width: float

    @property
    def height(self) -> int:
        return len(self.lines) * _LINE + 2 * _PAD_Y

    @property
    def row(self) -> int:
        return max(self.height, _AVATAR) + 30


def draw_screen(screen: Screen) -> Image.Image:
    """Draw it; very long chats are cut off where a phone would need scrolling."""
    number = int.from_bytes(hashlib.sha256(repr(screen).encode()).digest()[:4], "big")
    palette = PALETTES[number % len(PALETTES)]
    bubbles = [_bubble(who == "me", text) for who, text in screen.lines]
    top = _STATUS + _TITLE + 84
    while len(bubbles) > 1 and top + sum(b.row for b in bubbles) + _FOOT > _LONGEST:
        bubbles.pop()
    height = max(1080, top + sum(bubble.row for bubble in bubbles) + 40 + _FOOT)
    canvas = Canvas(_WIDTH, height, palette.background)
    _draw_head(canvas, screen, palette, number)
    y = top
    for bubble in bubbles:
        _draw_bubble(canvas, bubble, y, palette, screen.companion)
        y += bubble.row
    _draw_foot(canvas, height, palette)
    return canvas.finished()


def _bubble(mine: bool, text: str) -> _Bubble:
    face = font(_TEXT)
    lines = wrap(printable(text) or "…", face, _BUBBLE)
    return _Bubble(mine, lines, max(width(line, face) for line in lines) + 2 * _PAD_X)


def _draw_head(canvas: Canvas, screen: Screen, palette: Palette, number: int) -> None:
    bottom = _STATUS + _TITLE
    canvas.box((0, 0, _WIDTH, bottom), palette.bar)
    canvas.box((0, bottom, _WIDTH, bottom + 1), palette.rule)
    clock = f"{22 + number % 2}:{number % 60:02d}"
    canvas.text((36, 30), clock, 24, palette.ink)
    _draw_status(canvas, palette, 20 + number % 70)
    middle = _STATUS + _TITLE / 2 - 4
    canvas.stroke([(46, middle - 15), (31, middle), (46, middle + 15)], palette.ink, 4)
    for dot in range(3):
        x = _WIDTH - 62 + dot * 14
        canvas.box((x, middle - 3, x + 6, middle + 3), palette.ink, 3)
    name = printable(screen.companion) or "TA"
    canvas.text((_WIDTH / 2, middle - 14), name, 32, palette.ink, "mm")
    canvas.box((_WIDTH / 2 - 46, middle + 20, _WIDTH / 2 - 36, middle + 30), palette.online, 5)
    canvas.text((_WIDTH / 2 - 28, middle + 24), "在线", 20, palette.faint)
    label = printable(screen.title)
    if label:
        half = width(label, font(20)) / 2 + 18
        y = bottom + 42
        canvas.box((_WIDTH / 2 - half, y - 18, _WIDTH / 2 + half, y + 18), palette.chip, 18)
        canvas.text((_WIDTH / 2, y - 1), label, 20, palette.faint, "mm")


def _draw_status(canvas: Canvas, palette: Palette, charge: int) -> None:
    ink = palette.ink
    x = _WIDTH - 150
    for bar in range(4):
        left = x + bar * 9
        canvas.box((left, 38 - 5 * (bar + 1), left + 6, 38), ink, 1)
    canvas.text((x + 44, 29), "5G", 20, ink)
    left = x + 78
    canvas.box((left, 19, left + 40, 39), ink, 6)
    canvas.box((left + 42, 25, left + 45, 33), ink, 1)
    canvas.text((left + 20, 28.5), str(charge), 15, palette.bar, "mm")


def _draw_bubble(
    canvas: Canvas, bubble: _Bubble, y: float, palette: Palette, companion: str
) -> None:
    fill = palette.mine if bubble.mine else palette.theirs
    ink = palette.mine_ink if bubble.mine else palette.theirs_ink
    if bubble.mine:
        avatar = _WIDTH - _MARGIN - _AVATAR
        right = avatar - _GAP
        left = right - bubble.width
        tail = [(right - 6, y + 22), (right + 10, y + 32), (right - 6, y + 42)]
    else:
        avatar = _MARGIN
        left = avatar + _AVATAR + _GAP
        right = left + bubble.width
        tail = [(left + 6, y + 22), (left - 10, y + 32), (left + 6, y + 42)]
    _draw_avatar(canvas, (avatar, y), palette, "" if bubble.mine else companion)
    canvas.shape(tail, fill)
    canvas.box((left, y, right, y + bubble.height), fill, 20)
    for number, line in enumerate(bubble.lines):
        middle = y + _PAD_Y + _LINE * (number + 0.5) - 2
        canvas.text((left + _PAD_X, middle), line, _TEXT, ink)


def _draw_avatar(canvas: Canvas, at: tuple[float, float], palette: Palette, companion: str) -> None:
    x, y = at
    name = printable(companion)[:1]
    colour = palette.their_face if name else palette.my_face
    canvas.box((x, y, x + _AVATAR, y + _AVATAR), colour, _AVATAR / 2)
    canvas.text((x + _AVATAR / 2, y + _AVATAR / 2 - 2), name or "我", 30, "#ffffff", "mm")


def _draw_foot(canvas: Canvas, height: int, palette: Palette) -> None:
    top = height - _FOOT
    canvas.box((0, top, _WIDTH, height), palette.bar)
    canvas.box((0, top, _WIDTH, top + 1), palette.rule)
    middle = top + 48
    canvas.ring((48, middle), 22, palette.faint, 3)
    canvas.box((44, middle - 12, 52, middle + 3), palette.faint, 4)
    canvas.stroke([(39, middle - 1), (41, middle + 6), (48, middle + 9)], palette.faint, 2.5)
    canvas.stroke([(57, middle - 1), (55, middle + 6), (48, middle + 9)], palette.faint, 2.5)
    canvas.stroke([(48, middle + 8), (48, middle + 14)], palette.faint, 2.5)
    canvas.box((92, middle - 30, _WIDTH - 92, middle + 30), palette.field, 30)
    canvas.text((120, middle - 2), "发消息…", 24, palette.faint)
    canvas.ring((_WIDTH - 46, middle), 22, palette.faint, 3)
    canvas.stroke([(_WIDTH - 56, middle), (_WIDTH - 36, middle)], palette.faint, 3)
    canvas.stroke([(_WIDTH - 46, middle - 10), (_WIDTH - 46, middle + 10)], palette.faint, 3)
    canvas.box((_WIDTH / 2 - 120, height - 16, _WIDTH / 2 + 120, height - 10), palette.ink, 3)
