"""Pictures, whole and hostile, as bytes."""

import io
import struct
import zlib
from random import Random

from PIL import Image, ImageDraw

# EXIF tags: https://www.cipa.jp/std/documents/e/DC-X008-Translation-2019-E.pdf
ORIENTATION = 0x0112
GPS = 0x8825
GPS_LATITUDE = 2
TURNED_RIGHT = 6


def encoded(image: Image.Image, form: str = "PNG", **options: object) -> bytes:
    """Return the picture as a file's bytes."""
    target = io.BytesIO()
    image.save(target, form, **options)
    return target.getvalue()


def chat(seed: int = 1, size: tuple[int, int] = (360, 640)) -> Image.Image:
    """Return something like a chat screenshot: bubbles left and right on grey."""
    rng = Random(seed)
    image = Image.new("RGB", size, "#ededed")
    draw = ImageDraw.Draw(image)
    top = 20
    while top < size[1] - 60:
        height, length = rng.randrange(30, 90), rng.randrange(80, size[0] - 90)
        left = 15 if rng.random() < 0.5 else size[0] - 15 - length
        colour = "white" if left == 15 else "#95ec69"
        draw.rounded_rectangle((left, top, left + length, top + height), 8, fill=colour)
        for line in range(top + 8, top + height - 8, 14):
            draw.line((left + 8, line, left + length - rng.randrange(8, 50), line), "#222", 5)
        top += height + 18
    return image


def png(seed: int = 1) -> bytes:
    """Return a small PNG."""
    return encoded(chat(seed))


def located_jpeg() -> bytes:
    """Return a JPEG that lies on its side and says where it was taken."""
    exif = Image.Exif()
    exif[ORIENTATION] = TURNED_RIGHT
    exif.get_ifd(GPS)[GPS_LATITUDE] = (31.0, 14.0, 25.0)
    return encoded(chat(), "JPEG", exif=exif, comment=b"home address")


def cmyk_jpeg() -> bytes:
    """Return a JPEG for a printing press."""
    return encoded(chat().convert("CMYK"), "JPEG")


def deep_png() -> bytes:
    """Return a 16-bit grey PNG, dark on the left, bright on the right."""
    image = Image.new("I;16", (256, 64))
    image.putdata([column * 257 for _ in range(64) for column in range(256)])
    return encoded(image)


def animated_gif(frames: int = 3) -> bytes:
    """Return an animation."""
    rest = [chat(seed, (200, 200)) for seed in range(2, frames + 1)]
    return encoded(chat(1, (200, 200)), "GIF", save_all=True, append_images=rest)


def bomb_png(side: int = 30_000) -> bytes:
    """Return a PNG of a few kilobytes that wants gigabytes: its size stands in its header."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    squeezed = zlib.compress(b"\0" * 1_000_000, 9)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", squeezed)
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    check = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)
