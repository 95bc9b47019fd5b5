"""How results are shown here."""

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Manner:
    """How much of a search is shown at a time, in which zone, and what groups are called."""

    page_size: int
    zone: ZoneInfo
    group_name: Callable[[int], str]
