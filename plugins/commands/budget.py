"""How many answers one person gets: what the bot may say is limited by the platform."""

from collections import OrderedDict, deque
from collections.abc import Callable
from time import monotonic

ANSWERS = 12
PER_SECONDS = 60.0
_PEOPLE_REMEMBERED = 2_000


class AnswerBudget:
    """So many answers a minute for each person."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._answered: OrderedDict[int, deque[float]] = OrderedDict()

    def allows(self, user_id: int) -> bool:
        """Count an answer; False when this person has had enough for now."""
        now = self._clock()
        times = self._answered.setdefault(user_id, deque(maxlen=ANSWERS))
        self._answered.move_to_end(user_id)
        if len(self._answered) > _PEOPLE_REMEMBERED:
            self._answered.popitem(last=False)
        if len(times) == ANSWERS and now - times[0] < PER_SECONDS:
            return False
        times.append(now)
        return True
