"""Waiting for a condition."""

import asyncio
from collections.abc import Awaitable, Callable
from inspect import isawaitable
from time import monotonic
from typing import Protocol

_LOOK_AGAIN_S = 0.002
_LOOK_AGAIN_MOST_S = 0.05
_SHARE = 0.1
"""Whoever waits long looks less often: to look costs work that what is waited for could use."""


async def until(
    condition: Callable[[], bool | Awaitable[bool]], what: str = "", within_s: float = 10.0
) -> None:
    """Return as soon as `condition` holds; fail if it does not come true."""
    try:
        async with asyncio.timeout(within_s):
            began = monotonic()
            while not await _holds(condition):
                pause = min((monotonic() - began) * _SHARE, _LOOK_AGAIN_MOST_S)
                await asyncio.sleep(max(pause, _LOOK_AGAIN_S))
    except TimeoutError:
        raise AssertionError(f"waited in vain: {what or condition}") from None


async def _holds(condition: Callable[[], bool | Awaitable[bool]]) -> bool:
    outcome = condition()
    return bool(await outcome) if isawaitable(outcome) else bool(outcome)


class Closable(Protocol):
    """What stops a task of its own when it is closed."""

    async def close(self) -> None: ...


async def closes(closable: Closable, within_s: float = 5.0) -> None:
    """Close it; fail if it does not stop."""
    closing = asyncio.create_task(closable.close())
    done, _ = await asyncio.wait({closing}, timeout=within_s)
    closing.cancel()
    assert done, f"{closable} does not stop"
