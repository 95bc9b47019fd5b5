"""Drawing smooth shapes and text on a picture."""

from collections.abc import Sequence

from PIL import Image, ImageDraw

from simulator.pictures.typeset import LANGUAGE, font

# Everything is drawn at twice its size and reduced, because Pillow's shapes have hard edges.
_SCALE = 2


class Canvas:
    """Draws in unscaled coordinates on the enlarged picture."""

    def __init__(self, width: int, height: int, background: str) -> None:
        self.image = Image.new("RGB", (width * _SCALE, height * _SCALE), background)
        self._draw = ImageDraw.Draw(self.image)

    def box(self, area: tuple[float, float, float, float], fill: str, radius: float = 0) -> None:
        """Fill a rectangle: left, top, right, bottom."""
        scaled = tuple(v * _SCALE for v in area)
        self._draw.rounded_rectangle(scaled, radius * _SCALE, fill=fill)

    def shape(self, points: Sequence[tuple[float, float]], fill: str) -> None:
        """Fill a polygon."""
        self._draw.polygon([(x * _SCALE, y * _SCALE) for x, y in points], fill=fill)

    def stroke(self, points: Sequence[tuple[float, float]], fill: str, thick: float) -> None:
        """Draw a line through points."""
        scaled = [(x * _SCALE, y * _SCALE) for x, y in points]
        self._draw.line(scaled, fill=fill, width=round(thick * _SCALE), joint="curve")

    def ring(self, centre: tuple[float, float], radius: float, colour: str, thick: float) -> None:
        """Draw a circle's outline."""
        x, y = centre
        area = [(v * _SCALE) for v in (x - radius, y - radius, x + radius, y + radius)]
        self._draw.ellipse(area, outline=colour, width=round(thick * _SCALE))

    def text(
        self, at: tuple[float, float], text: str, size: int, fill: str, anchor: str = "lm"
    ) -> None:
        """Write one line; `anchor` as Pillow names them."""
        place = (at[0] * _SCALE, at[1] * _SCALE)
        self._draw.text(place, text, fill, font(size * _SCALE), anchor=anchor, language=LANGUAGE)

    def finished(self) -> Image.Image:
        """The picture at its real size."""
        return self.image.reduce(_SCALE)
