"""Waiting for a condition that nobody announces, with an end to it."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic


async def until(
    condition: Callable[[], bool | Awaitable[bool]],
    what: str,
    within_s: float = 30.0,
    pause_s: float = 0.02,
) -> None:
    """Return as soon as `condition` holds, looking again every `pause_s` seconds.

    Whoever has waited long looks less often, a twentieth late at most: to look takes work, too.

    Raises:
        TimeoutError: it did not hold within `within_s` seconds; says `what` was waited for.
    """
    began = monotonic()
    while True:
        holds = condition()
        if isinstance(holds, Awaitable):
            holds = await holds
        if holds:
            return
        waited = monotonic() - began
        if waited > within_s:
            raise TimeoutError(f"waited {within_s:g} s in vain until {what}")
        await asyncio.sleep(max(pause_s, min(waited / 20, 10 * pause_s)))
