"""What the decoding process makes of unusual pictures, and what it survives."""

import io
from pathlib import Path

import pytest
from PIL import Image

from liudeng.media import MediaLimits, MediaStore, distance, perceptual_hash
from liudeng.media.inspection import Inspection, PictureRefused
from liudeng.media.inspector import Inspector
from tests.fakes.waiting import until
from tests.media.pictures import (
    animated_gif,
    chat,
    cmyk_jpeg,
    deep_png,
    encoded,
    located_jpeg,
    png,
)

NEAR = 25
LIMITS = MediaLimits()


async def looked_at(content: bytes, folder: Path, limits: MediaLimits = LIMITS) -> Inspection:
    path = folder / "picture"
    path.write_bytes(content)
    inspector = Inspector(limits)
    try:
        return await inspector.inspect(path, folder / "thumbnail.webp")
    finally:
        await inspector.close()


def thumbnail(folder: Path) -> Image.Image:
    with Image.open(folder / "thumbnail.webp") as opened:
        opened.load()
        return opened


async def test_a_picture_on_its_side_is_put_upright_and_says_nothing_of_its_place(
    tmp_path: Path,
) -> None:
    seen = await looked_at(located_jpeg(), tmp_path)
    assert (seen.width, seen.height) == (640, 360)
    small = thumbnail(tmp_path)
    assert small.size == (512, 288)
    assert not small.getexif()
    assert set(small.info) <= {"loop", "background", "timestamp", "duration"}
    assert b"EXIF" not in (tmp_path / "thumbnail.webp").read_bytes()
    assert b"home address" not in (tmp_path / "thumbnail.webp").read_bytes()


async def test_a_picture_for_the_press_keeps_its_look(tmp_path: Path) -> None:
    seen = await looked_at(cmyk_jpeg(), tmp_path)
    assert distance(seen.phash, perceptual_hash(chat())) <= NEAR


async def test_sixteen_bits_keep_their_shades(tmp_path: Path) -> None:
    await looked_at(deep_png(), tmp_path)
    small = thumbnail(tmp_path).convert("L")
    shades = [small.getpixel((x, 32)) for x in (2, 128, 253)]
    assert shades == pytest.approx([2, 128, 253], abs=6)


async def test_an_animation_is_counted_and_shown_by_its_first_frame(tmp_path: Path) -> None:
    seen = await looked_at(animated_gif(5), tmp_path)
    assert seen.frames == 5
    assert distance(seen.phash, perceptual_hash(chat(1, (200, 200)))) <= NEAR


async def test_what_is_transparent_is_shown_on_white(tmp_path: Path) -> None:
    clear = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    await looked_at(encoded(clear), tmp_path)
    assert thumbnail(tmp_path).getpixel((32, 32)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
async def test_every_kind_of_png_is_read(mode: str, tmp_path: Path) -> None:
    content = encoded(chat().convert("L").convert(mode) if mode == "I;16" else chat().convert(mode))
    assert (await looked_at(content, tmp_path)).width == 360


async def test_the_process_lives_from_picture_to_picture_and_ends_when_idle(
    tmp_path: Path,
) -> None:
    inspector = Inspector(LIMITS.model_copy(update={"inspection_idle": 0.05}))
    path = tmp_path / "picture"
    path.write_bytes(png())
    await inspector.inspect(path, tmp_path / "a.webp")
    first = inspector.process_id
    await until(lambda: inspector.process_id is None, "the idle process has ended")
    await inspector.inspect(path, tmp_path / "b.webp")
    assert inspector.process_id not in (None, first)
    await inspector.close()


async def test_a_decoder_that_takes_too_long_is_ended_and_the_next_picture_read(
    tmp_path: Path,
) -> None:
    hasty = LIMITS.model_copy(update={"inspection_timeout": 0.001})
    with pytest.raises(PictureRefused, match="too_hard"):
        await looked_at(png(), tmp_path, hasty)
    assert (await looked_at(png(), tmp_path)).width == 360


async def test_a_decoder_without_memory_refuses(tmp_path: Path) -> None:
    huge = encoded(Image.new("RGB", (9_000, 4_400)))
    poor = LIMITS.model_copy(update={"inspection_memory": 300 * 1024 * 1024})
    with pytest.raises(PictureRefused, match="too_hard"):
        await looked_at(huge, tmp_path, poor)


def test_copies_are_near_and_others_far() -> None:
    original = chat(1, (1080, 1920))
    squeezed = chat(1, (1080, 1920)).resize((540, 960), Image.Resampling.BICUBIC)
    copies = [encoded(original, "JPEG", quality=40), encoded(squeezed, "JPEG", quality=60)]
    own = perceptual_hash(original)
    for copy in copies:
        assert distance(own, perceptual_hash(Image.open(io.BytesIO(copy)))) <= NEAR
    for seed in range(2, 12):
        assert distance(own, perceptual_hash(chat(seed, (1080, 1920)))) > NEAR


def test_the_hash_is_the_one_others_compute() -> None:
    """The value is `imagehash.phash(chat(7), hash_size=16)` of ImageHash 4.3.2."""
    assert (
        perceptual_hash(chat(7))
        == "bbfa6676ce2c9fd9d92172e195519b3db7dd482a64c26a6998346266e0426196"
    )


def test_the_store_makes_no_folder_before_it_is_prepared(tmp_path: Path) -> None:
    MediaStore(tmp_path / "media")
    assert not (tmp_path / "media").exists()
