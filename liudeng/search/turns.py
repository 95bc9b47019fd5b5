"""Whose question is answered when: one person's one after another, few at a time, all in turn."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import monotonic

from liudeng.search.budget import Allowance

AT_ONCE = 2
"""Half of the database's reading connections: the other half stays free for everybody else."""
_OF_ONE_PERSON = 3
"""Questions of one person that are answered or wait; more are turned away."""
_WAITING = 24


class TooMuch(Exception):
    """The asker has asked for more than their share, or everybody together has."""


@dataclass(slots=True)
class _Queue:
    """One person's questions: the lock lets one through at a time."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    questions: int = 0


class Turns:
    """Lets few questions at a time at the database, and none of who has used up their allowance.

    The allowance is asked when a question's turn has come: of a burst, each question is charged
    before the next one is let through.
    """

    def __init__(self, allowance: Allowance | None = None, at_once: int = AT_ONCE) -> None:
        self._allowance = allowance or Allowance()
        self._at_once = asyncio.Semaphore(at_once)
        self._queues: dict[int, _Queue] = {}

    @asynccontextmanager
    async def turn(self, user_id: int) -> AsyncIterator[None]:
        """Wait for one's turn; the time it takes is charged.

        Raises:
            TooMuch: there will be no turn.
        """
        queue = self._queues.get(user_id) or _Queue()
        asked = sum(each.questions for each in self._queues.values())
        if queue.questions >= _OF_ONE_PERSON or asked >= _WAITING:
            raise TooMuch
        self._queues[user_id] = queue
        queue.questions += 1
        try:
            async with queue.lock, self._at_once:
                if not self._allowance.allows(user_id):
                    raise TooMuch
                started = monotonic()
                try:
                    yield
                finally:
                    self._allowance.spend(user_id, monotonic() - started)
        finally:
            queue.questions -= 1
            if not queue.questions:
                del self._queues[user_id]
