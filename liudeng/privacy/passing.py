"""Passing: what is not kept, for minutes, in memory alone.

By it the watcher sees plain danger, and a member who keeps only their wall can still put there
what they said a moment ago. Nothing here is ever written anywhere.
"""

from collections import OrderedDict
from collections.abc import Callable
from time import monotonic

from liudeng.archive import Message

KEPT_S = 600.0
MOST = 2_000

Key = tuple[int, str]


class Passing:
    """The last few minutes of what is not kept; the oldest goes first."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._heard: OrderedDict[Key, tuple[float, Message]] = OrderedDict()
        self._listeners: list[Callable[[Message], None]] = []

    def on_message(self, listener: Callable[[Message], None]) -> None:
        """Call `listener` with each message once, however often it is repeated."""
        self._listeners.append(listener)

    def hear(self, message: Message) -> None:
        """Take a message; fits `LogWriter.on_passing`."""
        self.forget_old()
        key = (message.group_id, message.message_id)
        if key in self._heard:
            return
        self._heard[key] = (self._clock(), message)
        while len(self._heard) > MOST:
            self._heard.popitem(last=False)
        for listener in self._listeners:
            listener(message)

    def find(self, group_id: int, message_id: str, user_id: str) -> Message | None:
        """Return what somebody said a moment ago; nobody else's."""
        self.forget_old()
        _, message = self._heard.get((group_id, message_id), (0.0, None))
        return message if message is not None and message.user_id == user_id else None

    def forget_old(self) -> None:
        """Forget what was said more than some minutes ago."""
        while self._heard:
            at, _ = next(iter(self._heard.values()))
            if self._clock() - at <= KEPT_S:
                return
            self._heard.popitem(last=False)
