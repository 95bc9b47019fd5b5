"""Plays a scenario on the stage: in time, faster than time, or as fast as possible."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from simulator.clock import Clock
from simulator.director import Director
from simulator.scenario import AnyEvent
from simulator.world import WorldError

logger = logging.getLogger(__name__)

# At most this many events before everybody else gets a turn.
BATCH = 32


class Player:
    """Start, pause, resume, change the speed (simulated seconds per second; 0 = flat out)."""

    def __init__(
        self,
        events: tuple[AnyEvent, ...],
        director: Director,
        clock: Clock,
        room: Callable[[], Awaitable[None]],
        speed: float,
    ) -> None:
        self._events = events
        self._director = director
        self._clock = clock
        self._room = room
        self._task: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()
        self._position = 0.0
        self._since = 0.0
        self.speed = speed
        self.sent = 0
        self.playing = False
        self.on_change: Callable[[], None] = lambda: None

    @property
    def total(self) -> int:
        """How many events the scenario has."""
        return len(self._events)

    @property
    def done(self) -> bool:
        """Whether everything was played."""
        return self.sent >= self.total

    def start(self) -> None:
        """Play on from where it stands; does nothing once everything was played."""
        if self.playing or self.done:
            return
        self.playing = True
        self._since = asyncio.get_running_loop().time()
        self._set_clock()
        self._task = asyncio.create_task(self._run())
        self.on_change()

    def pause(self) -> None:
        """Hold; the scenario's clock stands still meanwhile."""
        if not self.playing:
            return
        self._position = self._now()
        self.playing = False
        self._clock.stop()
        if self._task is not None:
            self._task.cancel()
        self.on_change()

    def set_speed(self, speed: float) -> None:
        """Change the speed, also while playing."""
        self._position = self._now()
        self._since = asyncio.get_running_loop().time()
        self.speed = speed
        if self.playing:
            self._set_clock()
        self._changed.set()
        self.on_change()

    async def wait_done(self) -> None:
        """Return when everything was played (or the play was paused)."""
        if self._task is not None:
            await asyncio.wait([self._task])
            if not self._task.cancelled():
                self._task.result()

    async def close(self) -> None:
        """Stop for good."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    def _set_clock(self) -> None:
        self._clock.reach(self._position, self._events[self.sent].t)
        self._clock.go(self.speed)

    def _now(self) -> float:
        if not self.playing:
            return self._position
        elapsed = asyncio.get_running_loop().time() - self._since
        return self._position + elapsed * self.speed

    async def _run(self) -> None:
        try:
            await self._play_all()
        except Exception:
            # A cancelled play was paused, and may be playing again by now; a failed one is over.
            self.playing = False
            raise
        self.playing = False
        self._clock.go(1.0)
        self.on_change()

    async def _play_all(self) -> None:
        batch = 0
        while not self.done:
            event = self._events[self.sent]
            if await self._wait_for(event.t) or batch >= BATCH:
                batch = 0
                await self._room()
                await asyncio.sleep(0)
            batch += 1
            self._play_next(event)

    def _play_next(self, event: AnyEvent) -> None:
        self.sent += 1
        ceiling = float("inf") if self.done else self._events[self.sent].t
        self._clock.reach(event.t, ceiling)
        try:
            self._director.perform(event)
        except WorldError as error:
            # Somebody the bot muted or removed cannot play on; the others do.
            logger.info("skipped an event at t=%s: %s", event.t, error)

    async def _wait_for(self, position: float) -> bool:
        """Wait until the play reaches ``position``; tells whether it had to wait at all."""
        waited = False
        while self.speed > 0 and (missing := position - self._now()) > 0:
            waited = True
            self._changed.clear()
            try:
                await asyncio.wait_for(self._changed.wait(), missing / self.speed)
            except TimeoutError:
                continue
        if self.speed == 0:
            self._position = max(self._position, position)
        return waited
