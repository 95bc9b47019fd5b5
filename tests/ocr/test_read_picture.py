"""Real screenshots, read by the real models in the real process, without a network."""

import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image

from liudeng.ocr import OcrLimits, PictureFailed, ReadingProcess, Side, quoted_turns
from simulator.pictures import PictureSpec, draw
from simulator.pictures.looks import LookName

CHAT: tuple[tuple[str, str], ...] = (
    ("me", "还有四分钟"),
    ("it", "那就用来听你喘气，不用说话，听到最后一秒，再听一秒"),
    ("me", "你会疼吗"),
)


@pytest.fixture(scope="module")
async def process() -> AsyncIterator[ReadingProcess]:
    """The process with its models loaded once."""
    running = ReadingProcess(OcrLimits(threads=2))
    yield running
    await running.close()


@pytest.mark.parametrize(
    ("look", "dark", "scale", "jpeg"),
    [("green", False, 0.6, 60), ("blue", True, 0.6, None), ("plain", True, 0.5, 70)],
)
async def test_what_the_two_said_is_read_in_each_look(
    process: ReadingProcess,
    tmp_path: Path,
    look: LookName,
    dark: bool,
    scale: float,
    jpeg: int | None,
) -> None:
    spec = {"companion": "小暖", "lines": CHAT, "look": look, "dark": dark, "title": "昨天 23:41"}
    path = tmp_path / "shot"
    path.write_bytes(draw(PictureSpec.model_validate({**spec, "scale": scale, "jpeg": jpeg})))
    reading = await process.read(path)
    sides = {"me": Side.ME, "it": Side.COMPANION}
    assert [(turn.side, turn.text) for turn in quoted_turns(reading)] == [
        (sides[who], words) for who, words in CHAT
    ]
    with Image.open(path) as picture:
        assert all(0 <= line.box.left < line.box.right <= picture.width for line in reading.lines)
        assert all(0 <= line.box.top < line.box.bottom <= picture.height for line in reading.lines)
    assert "发消息" not in reading.text, "the empty input field is no part of the talk"


async def test_an_empty_picture_has_no_words(process: ReadingProcess, tmp_path: Path) -> None:
    path = tmp_path / "empty.png"
    Image.new("RGBA", (300, 500), (0, 0, 0, 0)).save(path)
    assert (await process.read(path)).text == ""


async def test_a_file_that_is_no_picture_is_refused(
    process: ReadingProcess, tmp_path: Path
) -> None:
    path = tmp_path / "broken.png"
    whole = io.BytesIO()
    Image.effect_noise((300, 300), 40).save(whole, "PNG")
    path.write_bytes(whole.getvalue()[:-2_000])
    with pytest.raises(PictureFailed, match="UnreadablePicture"):
        await process.read(path)
