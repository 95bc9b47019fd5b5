"""Waiting for a condition."""

import asyncio
from collections.abc import Awaitable, Callable
from inspect import isawaitable

_LOOK_AGAIN_S = 0.002


async def until(
    condition: Callable[[], bool | Awaitable[bool]], what: str = "", within_s: float = 10.0
) -> None:
    """Return as soon as `condition` holds; fail if it does not come true."""
    try:
        async with asyncio.timeout(within_s):
            while not await _holds(condition):
                await asyncio.sleep(_LOOK_AGAIN_S)
    except TimeoutError:
        raise AssertionError(f"waited in vain: {what or condition}") from None


async def _holds(condition: Callable[[], bool | Awaitable[bool]]) -> bool:
    outcome = condition()
    return bool(await outcome) if isawaitable(outcome) else bool(outcome)
