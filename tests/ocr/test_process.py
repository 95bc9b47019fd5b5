"""The reading process: it may die, hang, or never come up; the bot goes on."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from liudeng.ocr import EngineUnavailable, OcrLimits, PictureFailed, ProcessDied, ReadingProcess
from tests.fakes.waiting import until
from tests.ocr.conftest import FAKE

Start = Callable[..., ReadingProcess]


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Return a function that makes a process with limits of its own."""
    started: list[ReadingProcess] = []

    def make(*arguments: str, **limits: float) -> ReadingProcess:
        process = ReadingProcess(OcrLimits.model_validate(limits), (*FAKE, *arguments))
        started.append(process)
        return process

    yield make
    for process in started:
        await process.close()


@pytest.fixture
def picture(tmp_path: Path) -> Callable[[str], Path]:
    """Return a function that writes a picture file with this content."""

    def write(content: str) -> Path:
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.png"
        path.write_text(content, "utf-8")
        return path

    return write


def is_running(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True


async def died(reading: Awaitable[object]) -> bool:
    with pytest.raises(ProcessDied):
        await reading
    return True


async def test_one_process_reads_one_picture_after_another(
    start: Start, picture: Callable[[str], Path]
) -> None:
    process = start()
    assert process.process_id is None, "nothing is started before there is work"
    assert (await process.read(picture("晚安"))).text == "晚安"
    first = process.process_id
    assert (await process.read(picture("好梦\n月亮"))).text == "好梦\n月亮"
    assert process.process_id == first


async def test_after_a_death_the_next_picture_is_read(
    start: Start, picture: Callable[[str], Path]
) -> None:
    process = start()
    assert await died(process.read(picture("die")))
    assert (await process.read(picture("晚安"))).text == "晚安"


async def test_a_picture_that_takes_too_long_is_ended(
    start: Start, picture: Callable[[str], Path]
) -> None:
    process = start(picture_timeout=0.2)
    assert await died(process.read(picture("hang")))
    assert process.process_id is None


async def test_what_cannot_be_read_leaves_the_process_alone(
    start: Start, picture: Callable[[str], Path]
) -> None:
    process = start()
    with pytest.raises(PictureFailed, match="UnreadablePicture"):
        await process.read(picture("refuse"))
    assert process.process_id is not None


async def test_a_process_that_does_not_come_up_is_no_fault_of_the_picture(
    start: Start, picture: Callable[[str], Path]
) -> None:
    with pytest.raises(EngineUnavailable):
        await start("no start").read(picture("晚安"))


async def test_idle_it_gives_its_memory_back(start: Start, picture: Callable[[str], Path]) -> None:
    process = start(idle=0)
    await process.read(picture("晚安"))
    await until(lambda: process.process_id is None, "the process is retired")
    assert (await process.read(picture("好梦"))).text == "好梦"


async def test_closing_ends_it(start: Start, picture: Callable[[str], Path]) -> None:
    process = start()
    await process.read(picture("晚安"))
    process_id = process.process_id
    assert process_id is not None
    await process.close()
    assert not is_running(process_id)
