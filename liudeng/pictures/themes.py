"""The two looks of the cards: paper under a lamp, and the same room at night."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours, as CSS writes them."""

    paper: str
    glow: str
    """What the lamp makes of the paper."""
    sheet: str
    """Small papers that lie on the big one."""
    mat: str
    """Behind pictures, and where one is missing."""
    rule: str
    edge: str
    """Around pictures."""
    ink: str
    soft: str
    """For what is read second."""
    faint: str
    """For what need not be read."""
    lamp: str
    bulb: str
    accent: str
    """Letters in the lamp's colour: dark enough to be read."""
    mark: str
    """Behind found words."""
    chip: str
    key: str
    """Letters on a chip."""


_LIGHT = Palette(
    paper="#f8f2e7",
    glow="#ffe6b3",
    sheet="#fffaf0",
    mat="#ece2d0",
    rule="#e3d8c3",
    edge="#dccfb6",
    ink="#2f2922",
    soft="#6c6051",
    faint="#978b78",
    lamp="#dc9732",
    bulb="#fffdf4",
    accent="#965b10",
    mark="#fbdc96",
    chip="#efe5d2",
    key="#4b4033",
)
_DARK = Palette(
    paper="#1a1a1f",
    glow="#4a3a20",
    sheet="#24242b",
    mat="#2a2a32",
    rule="#34343d",
    edge="#3c3c46",
    ink="#ece5d8",
    soft="#b6ad9d",
    faint="#857e71",
    lamp="#e6ae55",
    bulb="#fff0c4",
    accent="#ecbd70",
    mark="#5d4619",
    chip="#2d2d36",
    key="#ddd3c1",
)


class Theme(StrEnum):
    """Which look a card has."""

    LIGHT = "light"
    DARK = "dark"

    @property
    def palette(self) -> Palette:
        """Its colours."""
        return _LIGHT if self is Theme.LIGHT else _DARK


_DARK_FROM, _DARK_TO = 20, 7
"""Hours of the day."""


def theme_at(moment: datetime) -> Theme:
    """Return the dark theme in the evening and at night, when most cards are looked at."""
    return Theme.DARK if moment.hour >= _DARK_FROM or moment.hour < _DARK_TO else Theme.LIGHT
