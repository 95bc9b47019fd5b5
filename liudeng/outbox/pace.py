"""The pace at which the bot speaks: too much sending mutes the account."""

from collections.abc import Callable
from time import monotonic


class Pace:
    """A token bucket: `burst` messages at once, then one every `interval_s` seconds."""

    def __init__(
        self, interval_s: float, burst: int, clock: Callable[[], float] = monotonic
    ) -> None:
        self._interval_s = interval_s
        self._burst = float(burst)
        self._clock = clock
        self._tokens = float(burst)
        self._at = clock()

    def wait_s(self) -> float:
        """Return the seconds until the next message may go; 0 when it may go now."""
        if not self._interval_s:
            return 0.0
        now = self._clock()
        self._tokens = min(self._burst, self._tokens + (now - self._at) / self._interval_s)
        self._at = now
        return 0.0 if self._tokens >= 1 else (1 - self._tokens) * self._interval_s

    def spend(self) -> None:
        """Count a message."""
        if self._interval_s:
            self._tokens -= 1
