"""The surface a line stands on: its colour, how far it reaches, where it ends."""

from dataclasses import dataclass

import numpy as np

from liudeng.ocr.reading import Box

Colour = tuple[int, int, int]

_SAME = 6
"""The most by which a channel of one flat surface strays after JPEG compression."""
_COVERED = 0.35
"""Share of a column's pixels that have the surface's colour between and around letters."""
_GAP = 0.012
"""Widest gap within a surface, of the picture's width: a letter's thick stroke."""
_EDGE = 0.006


@dataclass(frozen=True, slots=True)
class Surface:
    """What lies under a line."""

    colour: Colour
    left: int
    right: int
    is_background: bool
    """It is the page itself, not a bubble, a chip or an avatar upon it."""


def are_alike(one: Colour, other: Colour, tolerance: int = _SAME) -> bool:
    """Tell whether two colours are one surface."""
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) <= tolerance


class Page:
    """A picture at working size, asked about the surfaces in it."""

    def __init__(self, pixels: np.ndarray) -> None:
        self.pixels = pixels
        self.height, self.width = pixels.shape[:2]
        self.background = _commonest(pixels)

    def surface(self, box: Box) -> Surface:
        """Find the surface that a line's letters stand on."""
        pad = max(2, box.height // 6)
        top, bottom = max(0, box.top - pad), min(self.height, box.bottom + pad)
        colour = self._colour(box, pad)
        strip = self.pixels[top:bottom].astype(np.int16)
        matching = np.abs(strip - np.array(colour, np.int16)).max(axis=2) <= _SAME
        columns = matching.mean(axis=0) >= _COVERED
        left, right = self._reach(columns, box)
        edge = self.width * _EDGE
        at_edge = left <= edge or right >= self.width - edge
        return Surface(colour, left, right, at_edge or are_alike(colour, self.background))

    def is_whole_between(self, upper: Box, lower: Box, colour: Colour) -> bool:
        """Tell whether one surface reaches from one line down to the next without a break."""
        left, right = max(upper.left, lower.left), min(upper.right, lower.right)
        top, bottom = upper.bottom - 2, lower.top + 2
        if right <= left:
            return False
        if bottom <= top:
            return True
        strip = self.pixels[top:bottom, left:right].astype(np.int16)
        matching = np.abs(strip - np.array(colour, np.int16)).max(axis=2) <= _SAME
        return bool((matching.mean(axis=1) >= _COVERED).all())

    def has_neighbour(self, box: Box, surface: Surface, towards: int) -> bool:
        """Tell whether something stands beside a surface on the way to the page's middle."""
        row = self.pixels[(box.top + box.bottom) // 2].astype(np.int16)
        near, far = round(self.width * 0.01), round(self.width * 0.09)
        start = surface.right + near if towards > 0 else surface.left - far
        stretch = row[max(0, start) : max(0, start + far - near)]
        if not len(stretch):
            return False
        page = np.array(self.background, np.int16)
        return bool((np.abs(stretch - page).max(axis=1) > _SAME).mean() >= 0.4)

    def _colour(self, box: Box, pad: int) -> Colour:
        """Return the colour that most pixels around the letters have."""
        top, bottom = max(0, box.top - pad), min(self.height, box.bottom + pad)
        area = self.pixels[top:bottom, max(0, box.left) : max(box.left + 1, box.right)]
        return _commonest(area)

    def _reach(self, columns: np.ndarray, box: Box) -> tuple[int, int]:
        gap = max(3, round(self.width * _GAP))
        filled = np.flatnonzero(columns)
        inside = filled[(filled >= box.left - gap) & (filled <= box.right + gap)]
        if not len(inside):
            return box.left, box.right
        # The letters themselves may fill a column: what lies under the line counts as covered.
        covered = columns.copy()
        covered[max(0, box.left) : box.right] = True
        left = _walk(covered[: max(0, box.left)][::-1], gap)
        right = _walk(covered[box.right :], gap)
        return max(0, box.left) - left, box.right + right


def _walk(columns: np.ndarray, gap: int) -> int:
    """Return how many columns from the first the surface goes on, small gaps included."""
    filled = np.flatnonzero(columns)
    if not len(filled):
        return 0
    steps = np.diff(filled, prepend=-1)
    broken = np.flatnonzero(steps > gap)
    last = len(filled) if not len(broken) else int(broken[0])
    return int(filled[last - 1]) + 1 if last else 0


def _commonest(pixels: np.ndarray) -> Colour:
    """Return the mean of the pixels that share the commonest coarse colour."""
    flat = pixels.reshape(-1, 3)
    if len(flat) > 200_000:
        flat = flat[:: len(flat) // 100_000]
    coarse = (flat >> 3).astype(np.int32)
    keys = (coarse[:, 0] << 10) | (coarse[:, 1] << 5) | coarse[:, 2]
    winner = np.bincount(keys).argmax()
    centre = np.median(flat[keys == winner], axis=0)
    red, green, blue = (int(value) for value in centre)
    return red, green, blue
