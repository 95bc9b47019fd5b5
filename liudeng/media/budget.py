"""How many fetches may begin: a steady rate, with a second's worth saved up for bursts."""

import asyncio
from time import monotonic


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
