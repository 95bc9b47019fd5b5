"""`liudeng ocr --pending`."""

import io

from rich.console import Console

from liudeng.ocr import OcrLimits
from liudeng.ocr.command_line import work_off
from liudeng.settings import Settings
from tests.ocr.conftest import Room


async def run(room: Room, told: list[str] | None = None) -> tuple[bool, str]:
    settings = Settings(data_dir=room.database.path.parent)
    console = Console(file=io.StringIO(), width=80)
    done = await work_off(settings, OcrLimits(), console, (told if told is not None else []).append)
    assert isinstance(console.file, io.StringIO)
    return done, console.file.getvalue()


async def test_nothing_to_do_is_said(room: Room) -> None:
    assert await run(room) == (True, "没有等着认的图片。\n")


async def test_the_backlog_is_counted_down(room: Room) -> None:
    for words in ("月亮", "面馆"):
        await room.post(words)
        path = room.store.path(room.keep(words))
        assert path is not None
        path.unlink()  # a file that is gone needs no engine
    told: list[str] = []
    done, printed = await run(room, told)
    assert done
    assert "2/2" in printed
    assert len(set(told)) == 2
    assert "认完 2 张" in printed
    assert await room.states() == ["gone", "gone"]
