"""The drawing process: it may die, hang, or never come up; the bot goes on in words."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from liudeng.pictures import (
    HelpCard,
    PictureUnavailable,
    Studio,
    StudioLimits,
    Theme,
    render_entry,
    render_help,
)
from tests.fakes.waiting import until
from tests.pictures import samples

FAKE = (sys.executable, str(Path(__file__).parent / "fake_worker.py"))

Start = Callable[..., Awaitable[Studio]]


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Return a function that opens a studio with limits of its own, before a process that plays."""
    opened: list[Studio] = []

    async def make(*arguments: str, **limits: float) -> Studio:
        studio = Studio(StudioLimits.model_validate(limits), (*FAKE, *arguments))
        await studio.start()
        opened.append(studio)
        return studio

    yield make
    for studio in opened:
        await studio.close()


def drawn(studio: Studio, title: str) -> Awaitable[bytes]:
    return studio.draw(render_help, HelpCard(title=title))


async def unavailable(drawing: Awaitable[bytes]) -> str:
    with pytest.raises(PictureUnavailable) as caught:
        await drawing
    return str(caught.value)


async def test_cards_are_drawn_in_one_process() -> None:
    studio = Studio()
    await studio.start()
    assert studio.process_id is None, "nothing is started before there is work"
    try:
        one, other = await asyncio.gather(
            studio.draw(render_entry, samples.entry(), Theme.DARK),
            studio.draw(render_help, samples.help_card()),
        )
    finally:
        await studio.close()
    assert one == render_entry(samples.entry(), Theme.DARK)
    assert Image.open(BytesIO(other)).width == 1080


async def test_one_process_draws_one_card_after_another(start: Start) -> None:
    studio = await start()
    assert await drawn(studio, "晚安") == "晚安".encode()
    first = studio.process_id
    assert await drawn(studio, "好梦") == "好梦".encode()
    assert studio.process_id == first


async def test_after_a_death_the_next_card_is_drawn(start: Start) -> None:
    studio = await start()
    await unavailable(drawn(studio, "die"))
    assert await drawn(studio, "晚安")


async def test_a_process_that_was_ended_while_idle_is_not_missed(start: Start) -> None:
    studio = await start()
    assert await drawn(studio, "last")
    assert await drawn(studio, "晚安") == "晚安".encode()


async def test_a_card_that_takes_too_long_is_ended(start: Start) -> None:
    studio = await start(card_timeout=0.2)
    await unavailable(drawn(studio, "hang"))
    assert studio.process_id is None
    assert await drawn(studio, "晚安")


async def test_a_card_that_fails_leaves_the_process_alone(start: Start) -> None:
    studio = await start()
    assert "ValueError" in await unavailable(drawn(studio, "fail"))
    assert studio.process_id is not None


async def test_a_process_that_does_not_come_up_is_told(start: Start) -> None:
    await unavailable(drawn(await start("no start"), "晚安"))


async def test_a_program_that_is_not_there_is_told() -> None:
    studio = Studio(command=("/nowhere/python",))
    await studio.start()
    await unavailable(drawn(studio, "晚安"))
    await studio.close()


async def test_no_more_cards_wait_than_may(start: Start) -> None:
    studio = await start(waiting=2, card_timeout=1.0)
    waiting = [asyncio.create_task(unavailable(drawn(studio, "hang"))) for _ in range(2)]
    await until(lambda: studio.process_id is not None, "the first card is being drawn")
    assert "太多" in await unavailable(drawn(studio, "晚安"))
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    assert await drawn(studio, "晚安"), "and they are forgotten when they are done"


async def test_nobody_waits_forever_for_a_turn(start: Start) -> None:
    studio = await start(patience=0.1, card_timeout=30.0)
    first = asyncio.create_task(drawn(studio, "hang"))  # type: ignore[arg-type]
    await until(lambda: studio.process_id is not None, "the first card is being drawn")
    assert "太久" in await unavailable(drawn(studio, "晚安"))
    assert not first.done(), "the one before is not disturbed"
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)


async def test_idle_it_gives_its_memory_back(start: Start) -> None:
    studio = await start(idle=0)
    await drawn(studio, "晚安")
    await until(lambda: studio.process_id is None, "the process is retired")
    assert await drawn(studio, "好梦")


async def test_closing_ends_the_process_and_who_waits_for_it(start: Start) -> None:
    studio = await start()
    await drawn(studio, "晚安")
    process_id = studio.process_id
    assert process_id is not None
    hanging = asyncio.create_task(unavailable(drawn(studio, "hang")))
    await asyncio.sleep(0)
    await studio.close()
    await hanging
    with pytest.raises(ProcessLookupError):
        os.kill(process_id, 0)
    await unavailable(drawn(studio, "晚安"))


async def test_it_knows_no_secret(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIUDENG_TOKEN", "geheim")
    assert "LIUDENG_TOKEN" not in json.loads(await drawn(await start(), "environment"))


async def test_only_cards_are_drawn(start: Start) -> None:
    def render_entry(card: HelpCard, theme: Theme) -> bytes:
        return b"anything"

    studio = await start()
    with pytest.raises(ValueError, match="draws no card"):
        await studio.draw(render_entry, HelpCard(title="晚安"))
