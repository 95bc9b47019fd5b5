"""Where each member stands in their last search, for 下一页 and what else goes on from it."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from time import monotonic
from typing import Generic, TypeVar

from liudeng.search.query import Query

_KEPT = 2_000
_FOR_S = 900.0
_LINES_READ = 60

Place = tuple[int, int]
"""Who asks, and in which group (0 in private chat)."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A search that can be continued."""

    query: Query
    text: str
    """As it was typed, all of it."""
    groups: tuple[int, ...]
    last_id: int = 0
    shown: int = 0
    total: int = 0
    asker: int = 0
    """Whom 我 in the query means."""
    finished: bool = False
    """Everything was shown; it can still be counted and narrowed."""


_K = TypeVar("_K", bound=Hashable)


class _Kept(Generic[_K]):
    """A bounded number of standings for a bounded time."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._standings: OrderedDict[_K, tuple[float, Standing]] = OrderedDict()

    def put(self, key: _K, standing: Standing) -> None:
        self._standings.pop(key, None)
        self._standings[key] = (self._clock(), standing)
        while len(self._standings) > _KEPT:
            self._standings.popitem(last=False)

    def get(self, key: _K) -> Standing | None:
        at, standing = self._standings.get(key, (0.0, None))
        if standing is None or self._clock() - at > _FOR_S:
            self._standings.pop(key, None)
            return None
        return standing

    def drop(self, key: _K) -> None:
        self._standings.pop(key, None)


class Paging:
    """Remembers the last search of each member, and what each answer in a chat showed."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._last: _Kept[Place] = _Kept(clock)
        self._answers: _Kept[tuple[int, str]] = _Kept(clock)

    def put(self, place: Place, standing: Standing, heading: str = "") -> None:
        """Remember where this member's search stands, after an answer under this heading."""
        self._last.put(place, standing)
        if heading:
            self._answers.put((_chat(place), heading), standing)

    def get(self, place: Place, quoted: str = "") -> Standing | None:
        """Return where the quoted answer's search stands, else this member's own.

        An answer is known by its heading, in the chat it was given in; of two, the last counts.
        """
        for line in reversed(quoted.splitlines()[:_LINES_READ]):
            if answered := self._answers.get((_chat(place), line.strip())):
                return answered
        return self._last.get(place)

    def drop(self, place: Place) -> None:
        """Forget this member's search: a new one found nothing."""
        self._last.drop(place)


def _chat(place: Place) -> int:
    """A group, or a private chat: there the member's number, below zero."""
    user_id, group_id = place
    return group_id or -user_id
