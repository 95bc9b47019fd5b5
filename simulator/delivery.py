"""The way from an event to the wire, including everything that can go wrong on it."""

import asyncio
import json
import time
from collections.abc import Callable
from random import Random

from simulator.connection import Connection
from simulator.faults import Faults, malformed_frame
from simulator.payloads import Payload, Payloads
from simulator.world import ChatMessage, World

# A held-back event waits this long (seconds) for one that overtakes it.
_HOLD = 0.3


def dumps(payload: object) -> str:
    """Compact JSON with Chinese left readable."""
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":"))


class Delivery:
    """Sends events, applying ``offline``, ``repeat`` and ``reorder``."""

    def __init__(
        self,
        connection: Connection,
        faults: Faults,
        payloads: Payloads,
        world: World,
        random: Random,
    ) -> None:
        self._connection = connection
        self._faults = faults
        self._payloads = payloads
        self._world = world
        self._random = random
        self._held: list[Callable[[], object]] = []
        self._broken = 0

    def message(self, message: ChatMessage) -> None:
        """Deliver a message event; marks the message with the wall time it was written."""
        if not self._open():
            return

        def written() -> None:
            if message.sent_at is None:
                message.sent_at = int(time.time() * 1000)

        text = dumps(self._payloads.message(message))
        self._shape(lambda: self._connection.post(text, written))
        if self._strikes(self._faults.repeat):
            self._shape(lambda: self._connection.post(self._copy_of(message, text)))

    def _copy_of(self, message: ChatMessage, text: str) -> str:
        if not self._faults.change_message_ids:
            return text
        return dumps(self._payloads.message(message, self._world.other_id(message)))

    def event(self, payload: Payload) -> None:
        """Deliver any other event."""
        if not self._open():
            return
        text = dumps(payload)
        self._shape(lambda: self._connection.post(text))
        if self._strikes(self._faults.repeat):
            self._shape(lambda: self._connection.post(text))

    def malformed(self, count: int) -> None:
        """Send ``count`` broken frames at once."""
        for _ in range(count):
            self._connection.post(malformed_frame(self._broken, self._world.bot.user_id))
            self._broken += 1

    def _open(self) -> bool:
        if self._connection.connected and not self._faults.offline:
            return True
        self._held.clear()
        self._connection.lost_events += 1
        return False

    def _strikes(self, probability: float) -> bool:
        return probability > 0 and self._random.random() < probability

    def _shape(self, send: Callable[[], object]) -> None:
        if not self._held and self._strikes(self._faults.reorder):
            self._held.append(send)
            asyncio.get_running_loop().call_later(_HOLD, self._release)
            return
        send()
        self._release()

    def _release(self) -> None:
        held, self._held = self._held, []
        for send in held:
            send()
