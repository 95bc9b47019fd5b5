"""The covered copy: nothing of what was covered is in it, nor anything about the original."""

import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from liudeng.covering import CannotCover, Cover, NotReadYet, Why, cover
from liudeng.covering.painting import paint
from liudeng.ocr import Box, Line, Reading
from simulator.pictures import PictureSpec, draw
from tests.covering.screens import Screen

STORED = Path(__file__).parents[1] / "data" / "covering_readings.jsonl"
SAID = (
    ("me", "还有四分钟"),
    ("it", "我的电话 13800138000 别忘了"),
    ("me", "小暖 你会疼吗"),
    ("it", "明天 2026-02-13 23:47:05 再说晚安"),
)
EMPTY = Reading()


def stored() -> list[dict]:
    """Screenshots of other apps as they were read."""
    return [json.loads(row) for row in STORED.read_text("utf-8").splitlines()]


def opened(copy: bytes) -> Image.Image:
    return Image.open(io.BytesIO(copy))


@pytest.mark.parametrize("row", stored(), ids=lambda row: f"{row['look']} {row['scale']}")
def test_the_pictures_of_two_people_are_the_same_once_covered(row: dict, tmp_path: Path) -> None:
    lines = row.pop("lines")
    copies, originals = [], []
    for name, number in (("小暖", "13800138000"), ("阿澈", "15926479335")):
        told = [(who, _of(words, name, number)) for who, words in SAID]
        spec = {"title": "昨天 23:41", "companion": name, "lines": told, **row}
        path = tmp_path / f"{name}.png"
        path.write_bytes(draw(PictureSpec.model_validate(spec)))
        read = tuple(
            Line.model_validate({**line, "text": _of(line["text"], name, number)}) for line in lines
        )
        originals.append(path.read_bytes())
        copies.append(cover(path, Reading(lines=read)))
    assert originals[0] != originals[1]
    assert copies[0] == copies[1]


def _of(text: str, name: str, number: str) -> str:
    return text.replace("小暖", name).replace("小", name[0]).replace("13800138000", number)


def test_without_a_reading_there_is_no_copy(tmp_path: Path) -> None:
    with pytest.raises(NotReadYet):
        cover(_saved(tmp_path, Image.new("RGB", (40, 40))), None)


def test_a_cover_is_one_colour_that_the_covered_has_no_part_in() -> None:
    box = Box(100, 100, 300, 160)
    fills = []
    for seed in (1, 2):
        noise = np.random.default_rng(seed).integers(0, 256, (60, 200, 3), dtype=np.uint8)
        picture = Image.new("RGB", (400, 800), "white")
        picture.paste(Image.fromarray(noise), (100, 100))
        paint(picture, [Cover(box, Why.NUMBER)])
        fills.append(picture.crop(box))
    assert len(fills[0].getcolors() or ()) == 1
    assert fills[0] == fills[1]


def test_nothing_about_the_original_is_in_the_copy(tmp_path: Path) -> None:
    picture = Screen().picture
    exif = picture.getexif()
    exif[0x010E] = "at home"
    exif.get_ifd(0x8825)[1] = "N"
    note = PngImagePlugin.PngInfo()
    note.add_text("Comment", "my secret")
    path = tmp_path / "original.png"
    picture.save(path, exif=exif, pnginfo=note, icc_profile=b"a profile of my screen")
    copy = cover(path, EMPTY)
    image = opened(copy)
    assert image.format == "WEBP"
    assert not {"exif", "icc_profile", "xmp", "Comment"} & set(image.info)
    assert not any(word in copy for word in (b"EXIF", b"XMP", b"ICCP", b"secret", b"at home"))


def test_the_copy_is_upright(tmp_path: Path) -> None:
    picture = Image.new("RGB", (200, 100), "white")
    picture.paste((200, 0, 0), (0, 0, 100, 100))
    exif = picture.getexif()
    exif[0x0112] = 6  # to be turned a quarter clockwise
    path = tmp_path / "turned.jpg"
    picture.save(path, exif=exif, quality=95)
    copy = opened(cover(path, EMPTY)).getchannel("G")
    assert copy.size == (100, 200)
    [upper], [lower] = (copy.crop((50, top, 51, top + 1)).tobytes() for top in (50, 150))
    assert upper < 60
    assert lower > 200


def test_a_picture_longer_than_the_format_allows_is_made_smaller(tmp_path: Path) -> None:
    copy = opened(cover(_saved(tmp_path, Image.new("RGB", (40, 17_000), "white")), EMPTY))
    assert copy.height == 16_000


def test_what_was_transparent_is_white(tmp_path: Path) -> None:
    path = _saved(tmp_path, Image.new("RGBA", (60, 60), (9, 9, 9, 0)))
    assert opened(cover(path, EMPTY)).convert("RGB").getpixel((30, 30)) == (255, 255, 255)


def test_a_file_that_is_no_picture_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "no.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\nnothing more")
    with pytest.raises(CannotCover):
        cover(path, EMPTY)


def _saved(folder: Path, picture: Image.Image) -> Path:
    path = folder / "picture.png"
    picture.save(path)
    return path
