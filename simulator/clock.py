"""The time the simulated platform believes it is."""

import math
import time


class WallClock:
    """Real time; the scenario only decides the order and the pace."""

    follows_scenario = False

    def now(self) -> int:
        """Unix time in whole seconds, as OneBot carries it."""
        return int(time.time())

    def go(self, speed: float) -> None:
        """Nothing to do: real time cannot be hurried."""

    def stop(self) -> None:
        """Nothing to do: real time cannot be stopped."""

    def reach(self, position: float, ceiling: float) -> None:
        """Nothing to do: real time does not jump."""


class ScenarioClock:
    """Scenario time: stands still until played, runs at the play's speed, jumps at speed 0.

    The position never passes ``ceiling`` (the next event still to be played), so that a bot's
    answer can never carry a later time than a message that is played after it.
    """

    follows_scenario = True

    def __init__(self, start: float) -> None:
        self._start = start
        self._position = 0.0
        self._ceiling = math.inf
        self._speed = 0.0
        self._since = time.monotonic()

    def position(self) -> float:
        """Seconds since the scenario's start."""
        elapsed = (time.monotonic() - self._since) * self._speed
        return max(self._position, min(self._position + elapsed, self._ceiling))

    def now(self) -> int:
        """Unix time in whole seconds on the simulated clock."""
        return int(self._start + self.position())

    def go(self, speed: float) -> None:
        """Run from here at ``speed`` simulated seconds per real second."""
        self._position = self.position()
        self._since = time.monotonic()
        self._speed = speed

    def stop(self) -> None:
        """Stand still."""
        self.go(0.0)

    def reach(self, position: float, ceiling: float) -> None:
        """Be at least at ``position`` and do not pass ``ceiling`` (both seconds from start)."""
        self._position = max(self.position(), position)
        self._since = time.monotonic()
        self._ceiling = ceiling


Clock = WallClock | ScenarioClock
