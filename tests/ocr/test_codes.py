"""QR codes in pictures."""

import io

import cv2
import numpy as np
import pytest
from PIL import Image

from liudeng.ocr.codes import codes_in

ADDRESS = "https://0penai-4o.vip/join?x=1234567890"


def code(said: str, module_px: int) -> Image.Image:
    drawn = Image.fromarray(cv2.QRCodeEncoder.create().encode(said)).convert("RGB")
    size = (drawn.width * module_px, drawn.height * module_px)
    return drawn.resize(size, Image.Resampling.NEAREST)


def posted(size: tuple[int, int], at: tuple[int, int], module_px: int) -> Image.Image:
    """A poster with a code on it, as it comes out of a messenger's compression."""
    poster = Image.new("RGB", size, (240, 230, 200))
    poster.paste(code(ADDRESS, module_px), at)
    file = io.BytesIO()
    poster.save(file, "JPEG", quality=70)
    return Image.open(file).convert("RGB")


@pytest.mark.parametrize(
    ("size", "at", "module_px"), [((1080, 1920), (300, 900), 8), ((600, 400), (20, 20), 4)]
)
def test_what_a_code_says_is_read(
    size: tuple[int, int], at: tuple[int, int], module_px: int
) -> None:
    assert codes_in(posted(size, at, module_px)) == (ADDRESS,)


@pytest.mark.parametrize("size", [(1, 1), (3, 5_000), (400, 2), (300, 300)])
def test_where_there_is_none_none_is_found(size: tuple[int, int]) -> None:
    noise = np.random.default_rng(7).integers(0, 255, (size[1], size[0], 3), dtype=np.uint8)
    assert codes_in(Image.fromarray(noise)) == ()
    assert codes_in(Image.new("RGB", size, "white")) == ()
