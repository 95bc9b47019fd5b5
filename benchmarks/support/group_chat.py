"""Screenshots of a group chat with photographs as avatars and nicknames above the bubbles.

The simulator draws chats of two. Here every place that tells who somebody is can be had, too.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from PIL import Image, ImageChops, ImageDraw

from simulator.pictures.canvas import Canvas
from simulator.pictures.typeset import font, width, wrap

Area = tuple[float, float, float, float]
Shape = Literal["round", "square"]

_WIDTH = 1080
_STATUS, _TITLE, _FOOT = 84, 132, 180
_FACE, _EDGE, _GAP = 108, 30, 24
_TEXT, _LINE, _NICK = 44, 64, 30
_WIDEST = 680


@dataclass(frozen=True)
class Theme:
    """Colours of the drawn app."""

    background: str
    bar: str
    ink: str
    faint: str
    mine: str
    mine_ink: str
    theirs: str


LIGHT = Theme("#f1f1f1", "#fafafa", "#111111", "#8a8a8a", "#12b7f5", "#ffffff", "#ffffff")
NIGHT = Theme("#0d0d0d", "#1a1a1a", "#e2e2e2", "#7d7d7d", "#1f6f9a", "#eef7fc", "#262626")


@dataclass(frozen=True)
class Spoken:
    """One message; `nick` is empty for the one who made the screenshot."""

    nick: str
    words: str


@dataclass(frozen=True)
class GroupScreen:
    """What is shown, and how."""

    title: str
    said: tuple[Spoken, ...]
    theme: Theme
    shape: Shape
    seed: int


@dataclass
class Truth:
    """Where things are, in pixels."""

    faces: list[Area] = field(default_factory=list)
    names: list[Area] = field(default_factory=list)
    words: list[tuple[Area, str]] = field(default_factory=list)


def draw_group(screen: GroupScreen) -> tuple[Image.Image, Truth]:
    """Draw the screenshot; return with it where faces, names and words are."""
    heights = [_height(said) for said in screen.said]
    height = max(1500, _STATUS + _TITLE + 60 + sum(heights) + _FOOT + 60)
    canvas = Canvas(_WIDTH, height, screen.theme.background)
    truth = Truth()
    _draw_top(canvas, screen, truth)
    y = float(_STATUS + _TITLE + 60)
    for said, tall in zip(screen.said, heights, strict=True):
        _draw_said(canvas, screen, said, y, truth)
        y += tall
    canvas.box((0, height - _FOOT, _WIDTH, height), screen.theme.bar)
    field_box = (110, height - _FOOT + 28, _WIDTH - 210, height - _FOOT + 118)
    canvas.box(field_box, screen.theme.background, 14)
    return canvas.finished(), truth


def _height(said: Spoken) -> int:
    nick = _NICK + 18 if said.nick else 0
    return max(nick + len(_lines(said)) * _LINE + 48, _FACE) + 44


def _lines(said: Spoken) -> Sequence[str]:
    return wrap(said.words, font(_TEXT), _WIDEST - 64)


def _draw_top(canvas: Canvas, screen: GroupScreen, truth: Truth) -> None:
    theme = screen.theme
    canvas.box((0, 0, _WIDTH, _STATUS + _TITLE), theme.bar)
    canvas.text((60, 46), "22:14", 38, theme.ink)
    middle = _STATUS + _TITLE / 2
    canvas.stroke([(70, middle - 24), (46, middle), (70, middle + 24)], theme.ink, 6)
    canvas.text((_WIDTH / 2, middle), screen.title, 46, theme.ink, "mm")
    half = width(screen.title, font(46)) / 2
    truth.names.append((_WIDTH / 2 - half, middle - 24, _WIDTH / 2 + half, middle + 24))


def _draw_said(canvas: Canvas, screen: GroupScreen, said: Spoken, y: float, truth: Truth) -> None:
    theme = screen.theme
    mine = not said.nick
    x = _WIDTH - _EDGE - _FACE if mine else _EDGE
    who = f"{screen.seed} {said.nick or 'me'}"
    _paste_face(canvas, (x, y), screen.shape, who)
    truth.faces.append((x, y, x + _FACE, y + _FACE))
    if said.nick:
        start = _EDGE + _FACE + _GAP
        canvas.text((start, y + _NICK / 2), said.nick, _NICK, theme.faint)
        truth.names.append((start, y, start + width(said.nick, font(_NICK)), y + _NICK))
        y += _NICK + 18
    lines = _lines(said)
    wide = max(width(line, font(_TEXT)) for line in lines) + 64
    left = x - _GAP - wide if mine else _EDGE + _FACE + _GAP
    canvas.box((left, y, left + wide, y + len(lines) * _LINE + 48), _fill(theme, mine), 26)
    for row, line in enumerate(lines):
        middle = y + 24 + _LINE * (row + 0.5) - 3
        canvas.text((left + 32, middle), line, _TEXT, theme.mine_ink if mine else theme.ink)
        right = left + 32 + width(line, font(_TEXT))
        truth.words.append(((left + 32, middle - 22, right, middle + 22), line))


def _fill(theme: Theme, mine: bool) -> str:
    return theme.mine if mine else theme.theirs


def _paste_face(canvas: Canvas, at: tuple[float, float], shape: Shape, who: str) -> None:
    """A picture with light and dark parts, some of them like the page's background."""
    dice = random.Random(who)
    size = 2 * _FACE
    small = Image.new("RGB", (6, 6))
    small.putdata([tuple(dice.randrange(256) for _ in range(3)) for _ in range(36)])
    face = small.resize((size, size), Image.Resampling.BICUBIC)
    if dice.random() < 0.3:  # a light drawing on white paper
        face = ImageChops.lighter(face, Image.new("RGB", face.size, "#e8e8e8"))
    mask = Image.new("L", face.size, 0)
    pen = ImageDraw.Draw(mask)
    pen.rounded_rectangle((0, 0, size - 1, size - 1), size / 2 if shape == "round" else 20, 255)
    canvas.image.paste(face, (round(2 * at[0]), round(2 * at[1])), mask)
