"""Faces: eyes, a mouth and perhaps tears, on the lamp's yellow."""

from dataclasses import dataclass

from liudeng.pictures.pen import NIGHT_BLUE, ROSE, Pen
from liudeng.pictures.themes import Palette

_INK = "#4a3519"
_LEFT, _RIGHT, _EYES = 33.0, 67.0, 42.0


@dataclass(frozen=True, slots=True)
class Look:
    """What a face does."""

    eyes: str
    mouth: str
    tears: str = ""


FACES = {
    "smile": Look("dots", "smile"),
    "grin": Look("arches", "open"),
    "joy": Look("arches", "open", "drops"),
    "tear": Look("dots", "frown", "drop"),
    "sob": Look("closed", "wail", "streams"),
    "sad": Look("dots", "frown"),
    "plead": Look("large", "small"),
    "love": Look("hearts", "smile"),
    "sleep": Look("closed", "small"),
    "flat": Look("dots", "flat"),
    "angry": Look("slants", "frown"),
    "wink": Look("wink", "smile"),
    "shock": Look("large", "round"),
}


def draw_face(pen: Pen, look: Look, palette: Palette) -> None:
    """Draw a face that fills the icon."""
    pen.disc(50, 50, 46, palette.lamp)
    _eyes(pen, look.eyes)
    _mouth(pen, look.mouth)
    _tears(pen, look.tears)


def _eyes(pen: Pen, eyes: str) -> None:
    for x in (_LEFT, _RIGHT):
        inward = 1 if x == _LEFT else -1
        kind = eyes
        if eyes == "wink":
            kind = "dots" if x == _LEFT else "closed"
        match kind:
            case "dots":
                pen.disc(x, _EYES, 6.5, _INK)
            case "large":
                pen.disc(x, _EYES, 10.5, _INK)
                pen.disc(x + 3, _EYES - 4, 3.5, "#ffffff")
            case "arches":
                pen.arc((x - 10, _EYES - 8, x + 10, _EYES + 12), 190, 350, _INK)
            case "closed":
                pen.arc((x - 10, _EYES - 12, x + 10, _EYES + 8), 20, 160, _INK)
            case "slants":
                pen.stroke([(x - 9 * inward, _EYES - 11), (x + 8 * inward, _EYES - 3)], _INK, 6)
                pen.disc(x, _EYES + 4, 6, _INK)
            case _:
                _small_heart(pen, x)


def _small_heart(pen: Pen, x: float) -> None:
    pen.disc(x - 5.5, _EYES - 4, 7, ROSE)
    pen.disc(x + 5.5, _EYES - 4, 7, ROSE)
    pen.shape([(x - 12, _EYES - 1), (x + 12, _EYES - 1), (x, _EYES + 13)], ROSE)


def _mouth(pen: Pen, mouth: str) -> None:
    match mouth:
        case "smile":
            pen.arc((28, 36, 72, 78), 25, 155, _INK)
        case "open":
            pen.pie((28, 38, 72, 82), 0, 180, _INK)
        case "frown":
            pen.arc((33, 62, 67, 96), 205, 335, _INK)
        case "wail":
            pen.pie((35, 60, 65, 96), 180, 360, _INK)
        case "round":
            pen.disc(50, 72, 10, _INK)
        case "flat":
            pen.stroke([(36, 68), (64, 68)], _INK, 6)
        case _:
            pen.arc((41, 64, 59, 80), 200, 340, _INK)


def _tears(pen: Pen, tears: str) -> None:
    match tears:
        case "drop":
            pen.flame((_LEFT, 66), 8, NIGHT_BLUE)
        case "drops":
            pen.flame((16, 62), 9, NIGHT_BLUE)
            pen.flame((84, 62), 9, NIGHT_BLUE)
        case "streams":
            pen.box((_LEFT - 6, 50, _LEFT + 6, 86), NIGHT_BLUE, 5)
            pen.box((_RIGHT - 6, 50, _RIGHT + 6, 86), NIGHT_BLUE, 5)
