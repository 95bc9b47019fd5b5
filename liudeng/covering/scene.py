"""A picture and what was read in it, side by side at working size."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from PIL import Image

from liudeng.covering.cover import overlap
from liudeng.ocr import Box, Line, Reading, Side
from liudeng.ocr.reading import FURNITURE
from liudeng.ocr.surface import Colour, Page, Surface

_UPRIGHT_WIDTH = 736
_WIDE_WIDTH = 1280
"""Pixels; as wide as the picture was when its words were read."""
_STATUS_BAR = 0.085
_HEADER = 0.235
"""Status bar, and status bar with title bar, of the width: as `liudeng.ocr` takes them."""
_FOOTER = 0.21
_UNLIKE = 14
"""From this difference in a channel on, a pixel is not the background it stands on."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A line with its place at working size and what it stands on."""

    line: Line
    box: Box
    surface: Surface

    @property
    def text(self) -> str:
        return self.line.text

    @property
    def side(self) -> Side:
        return self.line.side

    @property
    def middle(self) -> float:
        return (self.box.top + self.box.bottom) / 2

    @property
    def is_furniture(self) -> bool:
        return self.line.turn == FURNITURE


class Scene:
    """One picture, asked about by those who look for faces and names in it."""

    def __init__(self, picture: Image.Image, reading: Reading) -> None:
        wanted = _UPRIGHT_WIDTH if picture.width <= picture.height else _WIDE_WIDTH
        self.factor = min(1.0, wanted / picture.width)
        """Working size by full size."""
        if self.factor < 1.0:
            size = (wanted, max(1, round(picture.height * self.factor)))
            picture = picture.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)
        self.page = Page(np.asarray(picture))
        self.width, self.height = picture.size
        self.spots = [self._spot(line) for line in reading.lines]
        self.talk = [spot for spot in self.spots if spot.side is not Side.NONE]
        """The lines that one of the two said; none if the picture is no chat."""

    @cached_property
    def has_status_bar(self) -> bool:
        """Whether the screenshot begins at the top of the screen."""
        return any(
            spot.is_furniture
            and spot.middle < self.width * _STATUS_BAR
            and any(map(str.isdigit, spot.text))
            for spot in self.spots
        )

    @cached_property
    def title_bar(self) -> Box:
        """The strip that holds the title; without height where there is none."""
        if not self.has_status_bar:
            first = min((spot.box.top for spot in self.talk), default=0)
            return Box(0, 0, self.width, first)
        status = [s.box.bottom for s in self.spots if s.middle < self.width * _STATUS_BAR]
        return Box(0, max(status), self.width, round(self.width * _HEADER))

    @cached_property
    def talk_top(self) -> int:
        """The row from which on faces stand beside bubbles."""
        return round(self.width * _HEADER) if self.has_status_bar else 0

    @cached_property
    def talk_bottom(self) -> int:
        """The row at which the field to write in begins."""
        border = self.height - self.width * _FOOTER
        low = [s.box.top for s in self.spots if s.is_furniture and s.middle > border]
        last = max((spot.box.bottom for spot in self.talk), default=0)
        return max(last, min(low) - round(self.width * 0.03)) if low else self.height

    def ink(self, region: Box, tolerance: int = _UNLIKE) -> np.ndarray:
        """Return where a region is not its background: rows x columns of bool."""
        pixels = self.page.pixels[region.top : region.bottom, region.left : region.right]
        if not pixels.size:
            return np.zeros(pixels.shape[:2], bool)
        unlike = _unlike(pixels, self.page.background, tolerance)
        if unlike.mean() > 0.85:  # a bar of a colour of its own
            unlike = _unlike(pixels, Page(pixels).background, tolerance)
        return unlike

    def is_said(self, box: Box) -> bool:
        """Tell whether a box touches a line of the talk."""
        return any(overlap(box, spot.box) for spot in self.talk)

    def full_size(self, box: Box) -> Box:
        """Return a box of working size in the picture's own pixels, rounded outwards."""
        left, top = (int(value / self.factor) for value in box[:2])
        right, bottom = (int(-(-value // self.factor)) for value in box[2:])
        return Box(left, top, right, bottom)

    def _spot(self, line: Line) -> Spot:
        left, top, right, bottom = (round(value * self.factor) for value in line.box)
        left, top = min(max(0, left), self.width - 1), min(max(0, top), self.height - 1)
        box = Box(left, top, max(left + 1, right), max(top + 1, bottom))
        return Spot(line, box, self.page.surface(box))


def _unlike(pixels: np.ndarray, colour: Colour, tolerance: int) -> np.ndarray:
    return np.abs(pixels.astype(np.int16) - np.array(colour, np.int16)).max(axis=2) > tolerance
