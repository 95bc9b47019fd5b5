"""From a picture file to a reading."""

from functools import cache
from pathlib import Path

from PIL import Image, ImageOps

from liudeng.ocr.codes import codes_in
from liudeng.ocr.layout import lay_out
from liudeng.ocr.reading import Box, Line, Reading
from liudeng.ocr.recognise import Recogniser, resized, working_size
from liudeng.pixels import flat

_MOST_PIXELS = 60_000_000


class UnreadablePicture(ValueError):
    """It cannot be decoded, or is beyond the limit of pixels."""


def read_picture(path: Path, threads: int = 1) -> Reading:
    """Read all text and QR codes in a picture; takes seconds, and memory for the models.

    Raises:
        UnreadablePicture: the file cannot be decoded, or is too large.
        MissingModels: the installed package does not carry the models.
    """
    picture = _opened(path)
    factor = working_size(picture.width, picture.height)
    pixels = resized(picture, factor)
    lines = lay_out(pixels, _recogniser(threads).pieces(pixels))
    return Reading(
        lines=tuple(_at_full_size(line, factor) for line in lines), codes=codes_in(picture)
    )


def load(threads: int) -> None:
    """Load the models before the first picture comes.

    Raises:
        MissingModels: the installed package does not carry them.
    """
    _recogniser(threads)


@cache
def _recogniser(threads: int) -> Recogniser:
    return Recogniser(threads)


def _opened(path: Path) -> Image.Image:
    """Return the first frame, upright, without transparency."""
    try:
        with Image.open(path) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                raise UnreadablePicture("too many pixels")
            return flat(ImageOps.exif_transpose(picture))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise UnreadablePicture(type(error).__name__) from error


def _at_full_size(line: Line, factor: float) -> Line:
    box = Box(*(round(value / factor) for value in line.box))
    return line.model_copy(update={"box": box})
