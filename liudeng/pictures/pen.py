"""Strokes and shapes of an icon, on a field of 100 by 100."""

from collections.abc import Sequence

from PIL import ImageDraw

ROSE = "#cf6d63"
LEAF = "#86a06c"
NIGHT_BLUE = "#6f98bd"
WAX = "#f0d9ae"
"""Pigments that are the same by day and by night."""

Point = tuple[float, float]
_NOTHING = (0, 0, 0, 0)


class Pen:
    """Draws in hundredths of an icon's side; no colour means: wipe away."""

    def __init__(self, draw: ImageDraw.ImageDraw, unit: float) -> None:
        self._draw = draw
        self._unit = unit

    def disc(self, x: float, y: float, radius: float, fill: str | None) -> None:
        """Fill a circle."""
        area = self._scaled(x - radius, y - radius, x + radius, y + radius)
        self._draw.ellipse(area, fill or _NOTHING)

    def box(self, area: tuple[float, float, float, float], fill: str, radius: float = 0) -> None:
        """Fill a rectangle."""
        self._draw.rounded_rectangle(self._scaled(*area), radius * self._unit, fill)

    def pie(
        self, area: tuple[float, float, float, float], start: float, end: float, fill: str
    ) -> None:
        """Fill a part of a circle, between two angles in degrees."""
        self._draw.pieslice(self._scaled(*area), start, end, fill)

    def arc(
        self, area: tuple[float, float, float, float], start: float, end: float, fill: str
    ) -> None:
        """Draw a part of a circle's outline."""
        self._draw.arc(self._scaled(*area), start, end, fill, round(6.5 * self._unit))

    def shape(self, points: Sequence[Point], fill: str) -> None:
        """Fill a polygon."""
        self._draw.polygon([(x * self._unit, y * self._unit) for x, y in points], fill)

    def stroke(self, points: Sequence[Point], fill: str | None, thick: float) -> None:
        """Draw a line through points, its ends round."""
        scaled = [(x * self._unit, y * self._unit) for x, y in points]
        self._draw.line(scaled, fill or _NOTHING, round(thick * self._unit), joint="curve")
        for x, y in (points[0], points[-1]):
            self.disc(x, y, thick / 2, fill)

    def flame(self, centre: Point, radius: float, fill: str) -> None:
        """Draw a drop that stands on its round end: a flame, or a tear."""
        x, y = centre
        self.disc(x, y, radius, fill)
        side, low = radius * 0.92, y - radius * 0.4
        self.shape([(x - side, low), (x, y - radius * 2), (x + side, low)], fill)

    def _scaled(
        self, left: float, top: float, right: float, bottom: float
    ) -> tuple[float, float, float, float]:
        unit = self._unit
        return (left * unit, top * unit, right * unit, bottom * unit)
