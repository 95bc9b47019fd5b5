"""Where each member stands in their last search, for 下一页."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from liudeng.search.query import Query

_KEPT = 2_000
_FOR_S = 900.0

Place = tuple[int, int]
"""Who asks, and in which group (0 in private chat)."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A search that can be continued."""

    query: Query
    text: str
    groups: tuple[int, ...]
    last_id: int
    shown: int
    total: int


class Paging:
    """Remembers the last searches, a bounded number for a bounded time."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._standings: OrderedDict[Place, tuple[float, Standing]] = OrderedDict()

    def put(self, place: Place, standing: Standing) -> None:
        """Remember where this member's search stands."""
        self._standings.pop(place, None)
        self._standings[place] = (self._clock(), standing)
        while len(self._standings) > _KEPT:
            self._standings.popitem(last=False)

    def get(self, place: Place) -> Standing | None:
        """Return where this member's search stands, if it is not too long ago."""
        at, standing = self._standings.get(place, (0.0, None))
        if standing is None or self._clock() - at > _FOR_S:
            self._standings.pop(place, None)
            return None
        return standing

    def drop(self, place: Place) -> None:
        """Forget: the last page was shown."""
        self._standings.pop(place, None)
