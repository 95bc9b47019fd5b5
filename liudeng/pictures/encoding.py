"""A card as a PNG file that a phone loads at once."""

from collections.abc import Sequence
from io import BytesIO

from PIL import Image, ImageFilter

ENOUGH = 640 * 1024
"""Bytes of a card; in a larger one the pictures lose colours until it is not."""
_LEVEL = 6
_FEWER = ((1.5, 128, False), (2.5, 40, False), (100.0, 20, True))
"""Up to how many times too large; colours left to each picture; whether it is smoothed first."""

Area = tuple[int, int, int, int]


def encode(image: Image.Image, photos: Sequence[Area]) -> bytes:
    """Return the card as a PNG in full colour.

    Letters and paper are small in a file and never change. Pictures are what is large: if need be
    they get fewer colours, each its own, without dithering, which would make them larger.
    """
    file = _written(image)
    for excess, colours, smooth in _FEWER if photos else ():
        if len(file) <= ENOUGH:
            break
        if len(file) <= excess * ENOUGH:
            file = _written(_reduced(image, photos, colours, smooth=smooth))
    return file


def _reduced(
    image: Image.Image, photos: Sequence[Area], colours: int, *, smooth: bool
) -> Image.Image:
    reduced = image.copy()
    for area in photos:
        part = image.crop(area)
        if smooth:
            part = part.filter(ImageFilter.MedianFilter(3))
        few = part.quantize(colours, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        reduced.paste(few.convert("RGB"), area)
    return reduced


def _written(image: Image.Image) -> bytes:
    file = BytesIO()
    image.save(file, "PNG", compress_level=_LEVEL)
    return file.getvalue()
