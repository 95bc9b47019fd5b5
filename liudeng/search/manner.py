"""How results are shown here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo


def _wall_clock() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Manner:
    """How much of a search is shown at a time, in which zone, and what groups are called."""

    page_size: int
    zone: ZoneInfo
    group_name: Callable[[int], str]
    clock: Callable[[], datetime] = _wall_clock

    def now(self) -> datetime:
        """Return this moment, in the zone."""
        return self.clock().astimezone(self.zone)

    def at(self, time_ms: int, form: str) -> str:
        """Return a moment (UTC epoch milliseconds) in a form of `strftime`."""
        return datetime.fromtimestamp(time_ms / 1000, self.zone).strftime(form)

    def when(self, time_ms: int) -> str:
        """Return day and minute of a moment; the year, too, where it is not this one."""
        year = datetime.fromtimestamp(time_ms / 1000, self.zone).year
        return self.at(time_ms, "%m-%d %H:%M" if year == self.now().year else "%Y-%m-%d %H:%M")
