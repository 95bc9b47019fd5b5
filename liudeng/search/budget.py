"""Time limits: for one query, and for what one person may ask of the machine."""

from asyncio import CancelledError
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from math import inf
from time import monotonic
from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

_STEPS = 2_000
"""SQLite asks after so many steps of its machine whether to go on: well under a millisecond."""
_GIVEN_UP = ("interrupted", "vtable constructor failed")
"""How SQLite says it; the second where it had not even opened the index."""
_PEOPLE_REMEMBERED = 2_000


@dataclass(frozen=True, slots=True)
class Times:
    """How long a search may take, in seconds."""

    whole: float = 1.5
    counting: float = 0.15
    """The hits are there by now: nobody waits long for their number."""
    last_try: float = 0.75
    """For what can still be found when the time was up."""


class CutOff(Exception):
    """A query took longer than it may."""


@dataclass(slots=True)
class _Deadline:
    """When SQLite gives up on a connection, by the monotonic clock."""

    at: float = inf


@asynccontextmanager
async def until(seconds: float, connection: AsyncConnection) -> AsyncIterator[None]:
    """Let SQLite give up what it is doing for this connection when the time is up.

    Raises:
        CutOff: it did.
    """
    deadline = await _deadline_of(connection)
    deadline.at = monotonic() + seconds
    try:
        yield
    except DBAPIError as error:
        if not any(words in str(error.orig) for words in _GIVEN_UP):
            raise
        raise CutOff from error
    except CancelledError:
        await _give_up(connection, deadline)
        raise
    finally:
        deadline.at = inf


async def _give_up(connection: AsyncConnection, deadline: _Deadline) -> None:
    """Stop what nobody waits for any more, and see it end before the connection is used again."""
    deadline.at = -inf
    raw: Any = await connection.get_raw_connection()
    del raw.info[_Deadline]
    await raw.driver_connection.set_progress_handler(None, 0)


async def _deadline_of(connection: AsyncConnection) -> _Deadline:
    """Return the deadline of a connection, watched ever since its first query.

    To hand the driver's thread a handler takes as long as to find a word: once is enough.
    """
    raw: Any = await connection.get_raw_connection()
    deadline: _Deadline | None = raw.info.get(_Deadline)
    if deadline is None:
        watched = raw.info[_Deadline] = deadline = _Deadline()
        driver = raw.driver_connection
        await driver.set_progress_handler(lambda: monotonic() > watched.at, _STEPS)
    return deadline


class Allowance:
    """Seconds of work that each person may ask for, refilled as time passes."""

    def __init__(
        self,
        seconds: float = 6.0,
        refill: float = 0.2,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._full = seconds
        self._refill = refill
        self._clock = clock
        self._left: OrderedDict[int, tuple[float, float]] = OrderedDict()

    def allows(self, user_id: int, seconds: float = 0.0) -> bool:
        """Tell whether this person has anything left, or at least so much."""
        left = self._now(user_id)
        return left > 0 and left >= seconds

    def spend(self, user_id: int, seconds: float) -> None:
        """Take what a query took off what is left."""
        self._left[user_id] = (self._clock(), self._now(user_id) - seconds)
        self._left.move_to_end(user_id)
        if len(self._left) > _PEOPLE_REMEMBERED:
            self._left.popitem(last=False)

    def _now(self, user_id: int) -> float:
        at, left = self._left.get(user_id, (0.0, self._full))
        return min(self._full, left + (self._clock() - at) * self._refill)
