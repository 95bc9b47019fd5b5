"""Decodes pictures, in a process of its own.

It reads one JSON order per line and answers each with one line. Whatever a hostile file does here
(takes all memory, loops, crashes a decoder), it does to a process that holds no data, no secret
and no connection. The file is run by its path and imports nothing but Pillow: the process starts in
50 ms and takes 15 MB, where the whole package would take a second and 80 MB.
"""

import contextlib
import json
import os
import sys
from dataclasses import asdict, dataclass
from functools import cache
from math import cos, pi
from operator import mul
from pathlib import Path
from statistics import median
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "AVIF", "BMP")
"""Decoders that may touch a file from outside."""
_THUMBNAIL_QUALITY = 80
_NICENESS = 10
HASH_BITS = 256
_HASH_SIDE = 16
_HASH_SAMPLES = 64


class PictureRefused(Exception):
    """The file is not decoded; `reason` is the value of a `liudeng.media.Reason`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Order:
    """What to look at and what to make of it."""

    path: str
    thumbnail: str
    """Where the thumbnail goes."""
    pixels: int
    frames: int
    thumbnail_px: int


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a picture turned out to be."""

    width: int
    """In pixels, upright."""
    height: int
    frames: int
    phash: str


def inspect(order: Order) -> Inspection:
    """Decode a picture wholly, write its thumbnail, and describe it.

    Raises:
        PictureRefused: it is no picture, damaged, or beyond the limits.
    """
    if Path(order.path).stat().st_size == 0:
        raise PictureRefused("empty")
    try:
        with Image.open(order.path, formats=FORMATS) as image:
            frames = _check_size(image, order)
            image.load()
            upright = ImageOps.exif_transpose(image)
            flat = _flattened(upright)
    except PictureRefused:
        raise
    except UnidentifiedImageError:
        raise PictureRefused("not_an_image") from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PictureRefused("too_many_pixels") from None
    except MemoryError:
        raise PictureRefused("too_hard") from None
    except Exception as error:  # decoders raise whatever they trip over
        raise PictureRefused("truncated" if "truncated" in str(error) else "broken") from None
    width, height = flat.size
    flat.thumbnail((order.thumbnail_px, order.thumbnail_px), Image.Resampling.LANCZOS)
    bare = Image.frombytes("RGB", flat.size, flat.tobytes())  # pixels and nothing else
    bare.save(order.thumbnail, "WEBP", quality=_THUMBNAIL_QUALITY)
    return Inspection(width, height, frames, perceptual_hash(bare))


def _check_size(image: Image.Image, order: Order) -> int:
    """Return the number of frames, before anything is decoded."""
    width, height = image.size
    if width < 1 or height < 1:
        raise PictureRefused("broken")
    if width * height > order.pixels:
        raise PictureRefused("too_many_pixels")
    frames = int(getattr(image, "n_frames", 1))
    if frames > order.frames:
        raise PictureRefused("too_many_frames")
    image.seek(0)
    return frames


def _flattened(image: Image.Image) -> Image.Image:
    """Return the picture as RGB on white: from CMYK, palettes, 16 bits or transparency."""
    if image.mode.startswith(("I", "F")):
        # Pillow clips wide grey values when it converts them; the upper 8 bits are the picture.
        wide = image.convert("I")
        return wide.point(lambda value: value * (1 / 256)).convert("L").convert("RGB")
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        rgba = image.convert("RGBA")
        paper = Image.new("RGB", rgba.size, "white")
        paper.paste(rgba, mask=rgba.getchannel("A"))
        return paper
    return image.convert("RGB")


def perceptual_hash(image: Image.Image) -> str:
    """Return 64 hex digits that are nearly the same for copies of a picture and for no other.

    The bits are those of `imagehash.phash(image, hash_size=16)`, but that package installs SciPy
    and PyWavelets, 150 MB for one cosine transform. 256 bits rather than the usual 64, because
    screenshots of one chat app are alike in everything but the words.
    """
    side = (_HASH_SAMPLES, _HASH_SAMPLES)
    pixels = image.convert("L").resize(side, Image.Resampling.LANCZOS).tobytes()
    rows = [pixels[start : start + side[0]] for start in range(0, len(pixels), side[0])]
    waves = _waves()
    by_row = [[sum(map(mul, wave, row)) for wave in waves] for row in rows]
    columns = list(zip(*by_row, strict=True))
    low = [sum(map(mul, wave, column)) for wave in waves for column in columns]
    middle = median(low)
    bits = "".join("1" if value > middle else "0" for value in low)
    return f"{int(bits, 2):0{HASH_BITS // 4}x}"


@cache
def _waves() -> list[list[float]]:
    """The slowest cosines over the samples: DCT-II."""
    return [
        [cos(pi * n * (2 * sample + 1) / (2 * _HASH_SAMPLES)) for sample in range(_HASH_SAMPLES)]
        for n in range(_HASH_SIDE)
    ]


def answer(line: bytes) -> dict[str, Any]:
    """Carry out one order: the fields of `Inspection`, or `{"refused": reason}`."""
    try:
        return asdict(inspect(Order(**json.loads(line))))
    except PictureRefused as refused:
        return {"refused": refused.reason}
    except MemoryError:
        return {"refused": "too_hard"}
    except OSError:
        return {"refused": "disk"}


def main() -> None:
    """Serve orders from standard input until it closes; argument: bytes of address space."""
    with contextlib.suppress(AttributeError, OSError):
        os.nice(_NICENESS)
    _limit_memory(int(sys.argv[1]))
    Image.MAX_IMAGE_PIXELS = None  # the order's own limit is checked before decoding
    for line in sys.stdin.buffer:
        sys.stdout.write(json.dumps(answer(line)) + "\n")
        sys.stdout.flush()


def _limit_memory(size: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (size, size))


if __name__ == "__main__":
    main()
