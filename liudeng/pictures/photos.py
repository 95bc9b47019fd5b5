"""Pictures from outside on a card: decoded small, turned upright, or not there at all."""

from pathlib import Path

from PIL import Image, ImageOps

from liudeng.pixels import flat

FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "AVIF", "BMP")
_PIXELS = 40_000_000
"""Width times height of a picture that is decoded."""
_SHARP = 2
"""A JPEG is decoded at no less than this many times its size on the card."""
_ENLARGED = 2.0
"""A small picture is not drawn larger than this."""
_HEAD = 0.12
"""Where a tall picture is cropped: below the title bar, from where a chat begins."""
_SIDEWAYS = frozenset((5, 6, 7, 8))
_ORIENTATION = 0x0112

Size = tuple[int, int]


def size_of(path: Path) -> Size | None:
    """Return a picture's width and height, upright, or None if it cannot be shown."""
    try:
        with Image.open(path, formats=FORMATS) as image:
            if not _may_be_decoded(image):
                return None
            width, height = image.size
            sideways = image.getexif().get(_ORIENTATION) in _SIDEWAYS
            return (height, width) if sideways else (width, height)
    except Exception:  # a decoder raises whatever it trips over
        return None


def cover(path: Path, size: Size, ground: str) -> Image.Image | None:
    """Return a picture that fills `size`, cropped; None if it cannot be shown."""
    image = _decoded(path, size, ground)
    if image is None:
        return None
    head = _HEAD if image.height > image.width else 0.5
    return ImageOps.fit(image, size, Image.Resampling.LANCZOS, centering=(0.5, head))


def fit_width(path: Path, size: Size, ground: str) -> Image.Image | None:
    """Return a picture as wide as `size`, its lower end cut off if it is taller."""
    image = _decoded(path, size, ground)
    if image is None:
        return None
    shown = min(image.height, max(1, round(image.width * size[1] / size[0])))
    return image.resize(size, Image.Resampling.LANCZOS, (0, 0, image.width, shown), 3.0)


def shown_size(real: Size, width: int, height: int) -> Size:
    """Return how large a picture is drawn within a width and height, never blown up much."""
    scale = min(width / real[0], height / real[1], _ENLARGED)
    return max(1, round(real[0] * scale)), max(1, round(real[1] * scale))


def _decoded(path: Path, size: Size, ground: str) -> Image.Image | None:
    try:
        with Image.open(path, formats=FORMATS) as image:
            if not _may_be_decoded(image):
                return None
            side = max(size) * _SHARP
            image.draft("RGB", (side, side))
            image.load()
            return flat(ImageOps.exif_transpose(image), ground)
    except Exception:  # a decoder raises whatever it trips over
        return None


def _may_be_decoded(image: Image.Image) -> bool:
    width, height = image.size
    return width > 0 and height > 0 and width * height <= _PIXELS
