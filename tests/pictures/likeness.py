"""How much two cards differ, as an eye at arm's length sees it."""

from io import BytesIO
from pathlib import Path

from PIL import Image, ImageChops, ImageFilter, ImageStat

GOLDEN = Path(__file__).parent / "golden"
_WIDTH = 360
_PATCH = 24
_SHIFT = 4
"""Pixels of height by which a card may differ where a font is measured differently."""
SAME_EVERYWHERE = 7.0
"""Grey levels by which the most different patch of a card may differ."""


def small(png: bytes) -> Image.Image:
    """Return a card as wide as golden images are."""
    image = Image.open(BytesIO(png)).convert("RGB")
    height = round(image.height * _WIDTH / image.width)
    return image.resize((_WIDTH, height), Image.Resampling.BOX)


def keep(image: Image.Image, name: str) -> None:
    """Write a golden image."""
    few = image.quantize(256, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(GOLDEN / f"{name}.png", optimize=True)


def golden(name: str) -> Image.Image:
    """Return the golden image of a card."""
    return Image.open(GOLDEN / f"{name}.png").convert("RGB")


def worst_patch(one: Image.Image, other: Image.Image) -> float:
    """Return the mean difference, in grey levels, in the patch where it is largest.

    Raises:
        AssertionError: they are not of one size.
    """
    assert one.width == other.width
    assert abs(one.height - other.height) <= _SHIFT, (one.size, other.size)
    area = (0, 0, one.width, min(one.height, other.height))
    pair = [image.crop(area).filter(ImageFilter.GaussianBlur(1.5)) for image in (one, other)]
    red, green, blue = ImageChops.difference(*pair).split()
    difference = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return max(
        ImageStat.Stat(difference.crop((x, y, x + _PATCH, y + _PATCH))).mean[0]
        for x in range(0, one.width, _PATCH)
        for y in range(0, area[3] - _PATCH, _PATCH)
    )
