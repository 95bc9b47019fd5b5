"""Time limits: for one query, and for what one person may ask of the machine."""

from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import monotonic
from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

_STEPS = 2_000
"""SQLite asks after so many steps of its machine whether to go on: well under a millisecond."""
_PEOPLE_REMEMBERED = 2_000


class CutOff(Exception):
    """A query took longer than it may."""


@asynccontextmanager
async def until(seconds: float, connection: AsyncConnection) -> AsyncIterator[None]:
    """Let SQLite give up what it is doing for this connection when the time is up.

    Raises:
        CutOff: it did.
    """
    driver: Any = (await connection.get_raw_connection()).driver_connection
    end = monotonic() + seconds
    await driver.set_progress_handler(lambda: monotonic() > end, _STEPS)
    try:
        yield
    except DBAPIError as error:
        if "interrupted" not in str(error.orig):
            raise
        raise CutOff from error
    finally:
        await driver.set_progress_handler(None, 0)


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
