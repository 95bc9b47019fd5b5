"""What the bot made the simulator do, and waiting for it to do something."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from simulator.cqcode import Segment

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Sent:
    """One message the bot sent. ``at`` is the wall time in ms at which the action arrived.

    ``leaked``: it was meant for a person and went to the group.
    """

    action: str
    target: Literal["group", "private"]
    group_id: int | None
    user_id: int | None
    text: str
    message_id: int
    at: int
    leaked: bool
    segments: list[Segment] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Call:
    """One action the bot called, and how it was answered (retcode 0 is ok)."""

    action: str
    params: dict[str, Any]
    retcode: int
    at: int


class Log(Generic[T]):
    """A list that grows at the end and, beyond ``limit``, forgets its beginning."""

    def __init__(self, limit: int = 50_000) -> None:
        self.items: list[T] = []
        self._limit = limit
        self._forgotten = 0
        self._news = asyncio.Event()

    @property
    def count(self) -> int:
        """How many there ever were; use it as ``after`` to wait for what comes next."""
        return self._forgotten + len(self.items)

    def add(self, item: T) -> None:
        """Append and wake whoever waits."""
        if len(self.items) >= self._limit:
            step = max(1, self._limit // 10)
            del self.items[:step]
            self._forgotten += step
        self.items.append(item)
        self._news.set()
        self._news = asyncio.Event()

    async def wait(self, predicate: Callable[[T], bool], after: int = 0) -> T:
        """The first item from the ``after``-th on that fits, present or to come."""
        seen = after
        while True:
            for item in self.items[max(0, seen - self._forgotten) :]:
                if predicate(item):
                    return item
            seen = self.count
            await self._news.wait()
