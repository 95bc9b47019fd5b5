"""Screenshots of three other apps, as people post them: each with its own geometry and colours."""

from dataclasses import dataclass
from typing import Literal

from PIL import Image

from simulator.pictures.canvas import Canvas
from simulator.pictures.typeset import font, printable, width, wrap

LookName = Literal["green", "blue", "plain"]

_WIDTH = 1080
_STATUS, _TITLE, _FOOT = 84, 132, 190
_RADIUS = 28
_LONGEST = 9000


@dataclass(frozen=True)
class Look:
    """The colours of one app in one theme, as CSS colours, and how it sets a bubble."""

    background: str
    bar: str
    ink: str
    faint: str
    mine: str
    mine_ink: str
    theirs: str | None
    """None: the companion's words stand on the background, as wide as the screen."""
    theirs_ink: str
    field: str
    avatars: bool
    text: int
    line: int
    widest: int


_GREEN = {"avatars": True, "text": 46, "line": 66, "widest": 700}
_BLUE = {"avatars": False, "text": 48, "line": 62, "widest": 740}
_PLAIN = {"avatars": False, "text": 46, "line": 76, "widest": 760}

_LOOKS: dict[tuple[str, bool], Look] = {
    ("green", False): Look(
        "#ededed", "#ededed", "#191919", "#a0a0a0", "#95ec69", "#111111", "#ffffff", "#111111",
        "#ffffff", **_GREEN,
    ),
    ("green", True): Look(
        "#111111", "#191919", "#d5d5d5", "#6a6a6a", "#3eb575", "#06180d", "#2c2c2c", "#d5d5d5",
        "#262626", **_GREEN,
    ),
    ("blue", False): Look(
        "#ffffff", "#f6f6f6", "#000000", "#8e8e93", "#0a84ff", "#ffffff", "#e9e9eb", "#000000",
        "#ffffff", **_BLUE,
    ),
    ("blue", True): Look(
        "#000000", "#161617", "#ffffff", "#8e8e93", "#0b84fe", "#ffffff", "#26252a", "#ffffff",
        "#1c1c1e", **_BLUE,
    ),
    ("plain", False): Look(
        "#ffffff", "#ffffff", "#0d0d0d", "#8f8f8f", "#f4f4f4", "#0d0d0d", None, "#0d0d0d",
        "#f4f4f4", **_PLAIN,
    ),
    ("plain", True): Look(
        "#212121", "#212121", "#ececec", "#9b9b9b", "#2f2f2f", "#ececec", None, "#ececec",
        "#2f2f2f", **_PLAIN,
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Phone:
    """What a screenshot shows and in which app."""

    companion: str
    time: str
    """The centred line above the first message."""
    lines: tuple[tuple[str, str], ...]
    look: LookName
    dark: bool


@dataclass(frozen=True)
class _Said:
    mine: bool
    lines: list[str]
    width: float
    height: int
    gap: int
    """Empty pixels below it."""


def draw_look(phone: Phone) -> Image.Image:
    """Draw it; very long chats are cut off where a phone would need scrolling."""
    look = _LOOKS[phone.look, phone.dark]
    top = _STATUS + _TITLE + 110
    said: list[_Said] = []
    for index, (who, text) in enumerate(phone.lines):
        following = phone.lines[index + 1][0] if index + 1 < len(phone.lines) else ""
        said.append(_measure(look, who == "me", text, follows_itself=following == who))
    while len(said) > 1 and top + sum(one.height + one.gap for one in said) + _FOOT > _LONGEST:
        said.pop()
    height = max(1500, top + sum(one.height + one.gap for one in said) + 60 + _FOOT)
    canvas = Canvas(_WIDTH, height, look.background)
    _draw_top(canvas, phone, look)
    y = top
    for one in said:
        _draw_said(canvas, one, y, look, phone.companion)
        y += one.height + one.gap
    _draw_field(canvas, height, look)
    return canvas.finished()


def _measure(look: Look, mine: bool, text: str, *, follows_itself: bool) -> _Said:
    bare = not mine and look.theirs is None
    limit = _WIDTH - 2 * 54 if bare else look.widest - 2 * 36
    face = font(look.text)
    lines = wrap(printable(text) or "…", face, limit)
    padding = 0 if bare else 2 * 26
    height = max(len(lines) * look.line + padding, 112 if look.avatars else 0)
    gap = 130 if bare else 14 if follows_itself and not look.avatars else 48
    return _Said(mine, lines, max(width(line, face) for line in lines) + 2 * 36, height, gap)


def _draw_top(canvas: Canvas, phone: Phone, look: Look) -> None:
    bottom = _STATUS + _TITLE
    canvas.box((0, 0, _WIDTH, bottom), look.bar)
    canvas.text((60, 46), "23:47", 38, look.ink)
    canvas.text((_WIDTH - 210, 46), "5G", 32, look.ink)
    canvas.box((_WIDTH - 140, 28, _WIDTH - 68, 62), look.ink, 10)
    canvas.text((_WIDTH - 104, 44), "38", 26, look.bar, "mm")
    middle = _STATUS + _TITLE / 2
    canvas.stroke([(70, middle - 24), (46, middle), (70, middle + 24)], look.ink, 6)
    name = printable(phone.companion) or "TA"
    if phone.look == "plain":
        canvas.text((120, middle), f"{name} ›", 46, look.ink)
    else:
        canvas.text((_WIDTH / 2, middle), name, 48, look.ink, "mm")
    for dot in range(3):
        x = _WIDTH - 96 + dot * 20
        canvas.box((x, middle - 4, x + 9, middle + 5), look.ink, 4)
    if phone.time:
        canvas.text((_WIDTH / 2, bottom + 58), phone.time, 32, look.faint, "mm")


def _draw_said(canvas: Canvas, said: _Said, y: float, look: Look, companion: str) -> None:
    ink = look.mine_ink if said.mine else look.theirs_ink
    side = 164 if look.avatars else 42
    left = _WIDTH - side - said.width if said.mine else side
    fill = look.mine if said.mine else look.theirs
    if fill is None:
        _draw_words(canvas, said, (54, y), look, ink)
        _draw_tools(canvas, y + said.height + 44, look)
        return
    if look.avatars:
        _draw_avatar(canvas, said, y, companion)
        edge = left + said.width - 8 if said.mine else left + 8
        tip = edge + 22 if said.mine else edge - 22
        canvas.shape([(edge, y + 36), (tip, y + 54), (edge, y + 72)], fill)
    radius = 12 if look.avatars else min(_RADIUS * 1.6, said.height / 2)
    canvas.box((left, y, left + said.width, y + said.height), fill, radius)
    inner = (said.height - len(said.lines) * look.line) / 2
    _draw_words(canvas, said, (left + 36, y + inner), look, ink)


def _draw_words(canvas: Canvas, said: _Said, at: tuple[float, float], look: Look, ink: str) -> None:
    for number, line in enumerate(said.lines):
        canvas.text((at[0], at[1] + look.line * (number + 0.5) - 3), line, look.text, ink)


def _draw_avatar(canvas: Canvas, said: _Said, y: float, companion: str) -> None:
    x = _WIDTH - 140 if said.mine else 28
    canvas.box((x, y, x + 112, y + 112), "#6f86b5" if said.mine else "#c9785f", 14)
    letter = "我" if said.mine else (printable(companion)[:1] or "它")
    canvas.text((x + 56, y + 54), letter, 52, "#ffffff", "mm")


def _draw_tools(canvas: Canvas, y: float, look: Look) -> None:
    """The row of small signs under an answer: copy, good, bad."""
    for number in range(3):
        x = 54 + number * 84
        canvas.ring((x + 20, y + 8), 17, look.faint, 4)
        canvas.stroke([(x + 14, y + 8), (x + 20, y + 14), (x + 28, y + 2)], look.faint, 4)


def _draw_field(canvas: Canvas, height: int, look: Look) -> None:
    top = height - _FOOT
    canvas.box((0, top, _WIDTH, height), look.bar)
    canvas.box((120, top + 30, _WIDTH - 120, top + 126), look.field, 48)
    canvas.text((160, top + 76), "发消息", 40, look.faint)
    canvas.ring((62, top + 78), 32, look.faint, 5)
    canvas.ring((_WIDTH - 62, top + 78), 32, look.faint, 5)
    canvas.box((_WIDTH / 2 - 190, height - 26, _WIDTH / 2 + 190, height - 16), look.ink, 5)
