"""How many fetches may begin: a steady rate, with some of it saved up for bursts."""

import asyncio
from collections.abc import Callable
from time import monotonic


class Hourly:
    """A bucket that holds an hour's worth, and fills by and by. Nobody waits for it."""

    def __init__(self, per_hour: int, clock: Callable[[], float] = monotonic) -> None:
        self._per_hour = per_hour
        self._clock = clock
        self._saved = float(per_hour)
        self._at = clock()

    def take(self) -> bool:
        """Take one; False when none is left."""
        now = self._clock()
        filled = self._saved + (now - self._at) * self._per_hour / 3600
        self._saved, self._at = min(float(self._per_hour), filled), now
        if self._saved < 1.0:
            return False
        self._saved -= 1.0
        return True


class Budget:
    """A bucket that fills with `per_second` and holds as many, but at least one."""

    def __init__(self, per_second: float) -> None:
        self._per_second = per_second
        self._holds = max(1.0, per_second)
        self._saved = self._holds
        self._at = monotonic()

    async def spend(self) -> None:
        """Wait until one more may begin; one caller at a time."""
        self._fill()
        if self._saved < 1.0:
            await asyncio.sleep((1.0 - self._saved) / self._per_second)
            self._fill()
        self._saved -= 1.0

    def _fill(self) -> None:
        now = monotonic()
        self._saved = min(self._holds, self._saved + (now - self._at) * self._per_second)
        self._at = now
