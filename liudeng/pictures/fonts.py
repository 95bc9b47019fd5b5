"""The font of the cards: one family, found in its package, loaded once per size."""

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files

from PIL import Image, ImageDraw, ImageFont, features

LANGUAGE = "zh-Hans" if features.check("raqm") else None
"""The font's default shapes are Taiwan's; choosing the mainland's needs the Raqm layout engine."""

_PACKAGE, _FILE = "cvttf_NotoSansCJK_Regular", "NotoSansCJKtc-Regular.otf"
ASCENT = 0.88
"""Of an em: how far a Han character rises above the baseline; the rest is below."""
_THICKENING = 0.017
"""Of an em: the font has one weight, a heavier one is its outline, drawn thicker."""


@lru_cache(maxsize=48)
def load(size: int) -> ImageFont.FreeTypeFont:
    """Return the font at a size in pixels.

    Raises:
        ModuleNotFoundError, OSError: the font's package is not installed.
    """
    with as_file(files(_PACKAGE) / _FILE) as path:
        return ImageFont.truetype(str(path), size)


@dataclass(frozen=True, slots=True)
class Face:
    """How a text is set: its size in pixels, its weight, its colour's place in the palette."""

    size: int
    ink: str = "ink"
    bold: bool = False
    leading: float = 1.5
    """Distance of two baselines, in ems."""

    @property
    def line(self) -> int:
        """Height of a line in pixels."""
        return round(self.size * self.leading)

    @property
    def baseline(self) -> float:
        """From the top of a line to its baseline."""
        return (self.line - self.size) / 2 + self.size * ASCENT

    @property
    def stroke(self) -> float:
        """What the outline is thickened by."""
        return self.size * _THICKENING if self.bold else 0.0


DIRECTION = "ltr" if LANGUAGE else None
"""No right-to-left script is in the font, so no text is to be turned around."""
_NEIGHBOUR = "中"


@lru_cache(maxsize=16_384)
def advance(text: str, size: int) -> float:
    """How far a text moves the pen, in pixels."""
    if wants_neighbour(text):
        return _length(_NEIGHBOUR + text, size) - _length(_NEIGHBOUR, size)
    return _length(text, size)


def wants_neighbour(text: str) -> bool:
    """Whether it is punctuation, which has its Chinese shape only beside a Chinese character."""
    return len(text) == 1 and text > "\u00ff" and not text.isalnum()


@lru_cache(maxsize=512)
def punctuation(character: str, face: Face) -> Image.Image:
    """Return the mask of a Chinese punctuation mark; its baseline is `face.size` from the top."""
    size = face.size
    both = Image.new("L", (3 * size, 2 * size))
    ImageDraw.Draw(both).text(
        (0, size),
        _NEIGHBOUR + character,
        255,
        load(size),
        anchor="ls",
        language=LANGUAGE,
        direction=DIRECTION,
        stroke_width=face.stroke,
    )
    return both.crop((size, 0, both.width, both.height))


def _length(text: str, size: int) -> float:
    return load(size).getlength(text, language=LANGUAGE, direction=DIRECTION)
