"""Read by the real models, covered, and read again."""

from pathlib import Path

from liudeng.covering import cover
from liudeng.ocr import OcrLimits, ReadingProcess
from simulator.pictures import PictureSpec, draw

SAID = (
    ("me", "还有四分钟"),
    ("it", "加我微信 nunu_0213"),
    ("me", "小暖，你会疼吗"),
    ("it", "明天 23:47 再说晚安"),
)


async def test_what_was_covered_is_not_read_again(tmp_path: Path) -> None:
    spec = {"companion": "小暖", "lines": SAID, "look": "green", "scale": 0.5, "jpeg": 70}
    original, copy = tmp_path / "shot.jpg", tmp_path / "copy.webp"
    original.write_bytes(draw(PictureSpec.model_validate(spec)))
    process = ReadingProcess(OcrLimits(threads=2))
    try:
        before = await process.read(original)
        copy.write_bytes(cover(original, before))
        after = await process.read(copy)
    finally:
        await process.close()
    assert "小暖" in before.text
    assert "0213" in before.text
    assert "小暖" not in after.text
    assert "0213" not in after.text
    for words in ("还有四分钟", "你会疼吗", "再说晚安"):
        assert words in after.text
