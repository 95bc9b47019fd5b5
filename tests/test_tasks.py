"""Ending a task that a room owns."""

import asyncio

import pytest

from liudeng.tasks import end
from tests.fakes.waiting import until


async def test_it_has_ended_when_end_returns() -> None:
    tidied: list[str] = []

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            tidied.append("tidied")

    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    await end(task)

    assert task.cancelled()
    assert tidied == ["tidied"]
    await end(None)


async def test_what_it_failed_of_is_told() -> None:
    async def work() -> None:
        raise ValueError("broken")

    task = asyncio.create_task(work())
    await asyncio.wait((task,))

    with pytest.raises(ValueError, match="broken"):
        await end(task)


async def test_who_waits_for_the_end_can_be_cancelled() -> None:
    leave = asyncio.Event()
    cancelled: list[str] = []

    async def stubborn() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.append("once")
            await leave.wait()

    task = asyncio.create_task(stubborn())
    await asyncio.sleep(0)
    closing = asyncio.create_task(end(task))
    await until(lambda: bool(cancelled))
    closing.cancel()

    with pytest.raises(asyncio.CancelledError):
        await closing
    leave.set()
    await task
