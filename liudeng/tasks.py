"""Ending a task that a room owns."""

import asyncio
from typing import Any


async def end(task: asyncio.Task[Any] | None) -> None:
    """Cancel a task and wait until it has ended; None is nothing to end.

    Raises:
        Exception: what the task failed of, had it ended before.
        asyncio.CancelledError: whoever waits here is cancelled, not the task alone.
    """
    if task is None:
        return
    task.cancel()
    await asyncio.wait((task,))
    if not task.cancelled():
        task.result()
