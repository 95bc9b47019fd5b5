"""From a picture file to a copy in which nothing is left of what is covered."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageOps

from liudeng.covering.cover import Cover, NotReadYet, Why
from liudeng.covering.finding import Names, find
from liudeng.ocr import Reading
from liudeng.pixels import flat

FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "AVIF", "BMP")
_MOST_PIXELS = 60_000_000
_WIDEST_UPRIGHT, _WIDEST_LYING = 1080, 1600
_TALLEST = 16_000
"""Pixels of the copy; WebP ends at 16,383."""
_QUALITY = 82
_LIGHT_PAGE = 128
_ON_LIGHT = {Why.AVATAR: "#d8cfbf", Why.NAME: "#b9ae9b"}
_ON_DARK = {Why.AVATAR: "#3d382f", Why.NAME: "#5a5346"}
_ROUND = 0.008
"""Radius of a cover's corners, of the picture's width."""


class CannotCover(ValueError):
    """The file cannot be decoded, or is too large."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A covered copy."""

    image: bytes
    """WebP, upright, without metadata."""
    words: str
    """What the two said and can still be read in it, one turn a line."""


def covered_copy(path: Path, reading: Reading | None, names: Names | None = None) -> Copy:
    """Return a covered copy of a picture: fresh pixels, and the words left in it.

    Takes some tenths of a second of CPU: call it in a thread. Of an animation it is the first
    frame, which is the one that was read.

    Raises:
        NotReadYet: there is no reading.
        CannotCover: the file cannot be decoded, or is too large.
    """
    if reading is None:
        raise NotReadYet(path.name)
    picture = _opened(path)
    found = find(picture, reading, names)
    paint(picture, found.covers)
    return Copy(_encoded(picture), found.words)


def cover(path: Path, reading: Reading | None, names: Names | None = None) -> bytes:
    """Return the image of `covered_copy`, which says what is raised."""
    return covered_copy(path, reading, names).image


def paint(picture: Image.Image, covers: Sequence[Cover]) -> None:
    """Fill each cover with one colour, in place.

    The colour follows the page, never what lies under the cover.
    """
    fills = _ON_LIGHT if _is_light(picture) else _ON_DARK
    pen = ImageDraw.Draw(picture)
    for one in covers:
        radius = picture.width * _ROUND
        # So much larger, the rounded shape holds the box itself, corners and all.
        grow = radius * 0.3
        left, top, right, bottom = one.box
        area = (left - grow, top - grow, right + grow, bottom + grow)
        pen.rounded_rectangle(area, radius, fill=fills.get(one.why, fills[Why.NAME]))


def _is_light(picture: Image.Image) -> bool:
    average = picture.resize((1, 1), Image.Resampling.BOX, reducing_gap=2.0)
    return average.convert("L").tobytes()[0] >= _LIGHT_PAGE


def _opened(path: Path) -> Image.Image:
    """Return the first frame, upright, on white, as pixels and nothing else."""
    try:
        with Image.open(path, formats=FORMATS) as image:
            if image.width * image.height > _MOST_PIXELS:
                raise CannotCover("too many pixels")
            picture = flat(ImageOps.exif_transpose(image))
            picture.info.clear()  # colour profiles, comments, positions: encoders would take some
            return picture
    except CannotCover:
        raise
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise CannotCover(type(error).__name__) from error


def _encoded(picture: Image.Image) -> bytes:
    widest = _WIDEST_UPRIGHT if picture.width <= picture.height else _WIDEST_LYING
    scale = min(1.0, widest / picture.width, _TALLEST / picture.height)
    if scale < 1.0:
        size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
        picture = picture.resize(size, Image.Resampling.LANCZOS)
    target = io.BytesIO()
    picture.save(target, "WEBP", quality=_QUALITY, method=4)
    return target.getvalue()
