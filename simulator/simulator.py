"""The simulator as a whole: put together, started, stopped, and handy to drive from a test."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import asdict
from random import Random
from typing import Any, Self

from simulator.actions import ActionServer, Desk
from simulator.clock import Clock, ScenarioClock, WallClock
from simulator.config import SimulatorConfig
from simulator.connection import Connection
from simulator.cqcode import Segment
from simulator.delivery import Delivery, dumps
from simulator.director import Director
from simulator.faults import FaultOrder, Faults
from simulator.flood import flood
from simulator.forwards import Forwards
from simulator.hub import Hub
from simulator.ledger import Call, Log, Sent
from simulator.media import Media
from simulator.payloads import Payloads
from simulator.player import Player
from simulator.requests import Requests
from simulator.scenario import Scenario, load_scenario
from simulator.segments import text_segment
from simulator.stage import Stage
from simulator.views import truth_line
from simulator.web import WebServer
from simulator.world import ChatMessage, World

logger = logging.getLogger(__name__)


class Simulator:
    """``async with Simulator(SimulatorConfig(...)) as sim`` runs it inside the current loop.

    ``sent`` and ``calls`` are what the bot did, ``faults`` what goes wrong, ``stage`` everything
    people can do beyond ``say``, ``world`` what is true.
    """

    def __init__(self, config: SimulatorConfig, scenario: Scenario | None = None) -> None:
        """``scenario`` overrides ``config.scenario``. Raises ScenarioError or OSError."""
        if scenario is None and config.scenario is not None:
            scenario = load_scenario(config.scenario)
        if scenario is not None:
            config = _with_cast(config, scenario)
        self.config = config
        self.scenario = scenario
        self.faults = Faults()
        self.hub = Hub()
        self.clock: Clock = _clock(config, scenario)
        self.media = Media(config.seed, config.image_ttl)
        self.world = World(config.self_id, config.nickname, config.seed, self.clock.now())
        self.world.populate(config.groups, config.people)
        self._sent: Log[Sent] = Log()
        self._calls: Log[Call] = Log()
        self._random = Random(f"{config.seed}:flood")
        self._floods: set[asyncio.Task[int]] = set()
        self._assemble()

    def _assemble(self) -> None:
        config = self.config
        payloads = Payloads(self.world, self.media, config.message_format)
        self.connection = Connection(config)
        self._delivery = Delivery(
            self.connection, self.faults, payloads, self.world, Random(f"{config.seed}:faults")
        )
        self.stage = Stage(
            self.world, self.clock, payloads, self._delivery, report_self=config.report_self
        )
        self.forwards = Forwards(config.self_id)
        self.requests = Requests(self.stage)
        desk = Desk(self.stage, self.media, self.forwards, self.requests, self.faults)
        self._actions = ActionServer(desk, self.connection.answer)
        self.player = Player(
            self.scenario.events if self.scenario else (),
            Director(self.stage, self.media, self.forwards),
            self.clock,
            self.connection.room,
            config.speed,
        )
        self.web = WebServer(self)
        self._wire(payloads)

    def _wire(self, payloads: Payloads) -> None:
        interval = int(self.config.heartbeat * 1000)
        self.connection.greeting = lambda: dumps(payloads.lifecycle(self.clock.now()))
        self.connection.heartbeat = lambda: dumps(payloads.heartbeat(self.clock.now(), interval))
        self.connection.on_frame = self._actions.handle
        self.connection.on_change = self.web.push_state
        self.player.on_change = self.web.push_state
        self.stage.on_happening = self.web.push_happening
        self.stage.on_sent = self._sent.add
        self._actions.on_call = self._calls.add

    async def __aenter__(self) -> Self:
        await self.web.start()
        self.media.base = self.web.base
        self.connection.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.player.close()
        for task in self._floods:
            task.cancel()
        await asyncio.gather(*self._floods, return_exceptions=True)
        await self.connection.close()
        await self.web.stop()

    @property
    def port(self) -> int:
        """The port of the control API."""
        return self.web.port

    @property
    def connected(self) -> bool:
        """Whether a bot is listening right now."""
        return self.connection.connected

    @property
    def sent(self) -> list[Sent]:
        """Everything the bot sent."""
        return self._sent.items

    @property
    def calls(self) -> list[Call]:
        """Every action the bot called."""
        return self._calls.items

    async def wait_connected(self, timeout: float = 10.0) -> None:  # noqa: ASYNC109
        """Wait for the bot. Raises TimeoutError."""
        await asyncio.wait_for(self.connection.wait_connected(), timeout)

    async def wait_sent(
        self,
        predicate: Callable[[Sent], bool],
        timeout: float = 5.0,  # noqa: ASYNC109 (what a test wants to write)
        after: int = 0,
    ) -> Sent:
        """The first message the bot sent, or sends, that fits. Raises TimeoutError.

        ``after``: look only at sends from this position on (``len(sim.sent)`` before acting).
        """
        return await asyncio.wait_for(self._sent.wait(predicate, after), timeout)

    async def wait_call(
        self,
        predicate: Callable[[Call], bool],
        timeout: float = 5.0,  # noqa: ASYNC109 (what a test wants to write)
        after: int = 0,
    ) -> Call:
        """The first action the bot called, or calls, that fits. Raises TimeoutError."""
        return await asyncio.wait_for(self._calls.wait(predicate, after), timeout)

    async def say(
        self,
        who: str | int,
        message: str | list[Segment],
        *,
        group: int | None = None,
        private: bool = False,
        reply_to: int | None = None,
        expect: str | None = None,
    ) -> ChatMessage:
        """A person says text or segments, in the (first) group or in private to the bot.

        Raises WorldError when that person cannot speak there.
        """
        segments = [text_segment(message)] if isinstance(message, str) else message
        if reply_to is not None:
            segments = [{"type": "reply", "data": {"id": str(reply_to)}}, *segments]
        group_id = None if private else self.stage.group_or_first(group).group_id
        await self.connection.room()
        return self.stage.say(who, segments, group_id=group_id, expect=expect)

    async def recall(self, message_id: int, operator: str | int | None = None) -> None:
        """A message is taken back by its sender, or by ``operator``. Raises WorldError."""
        self.stage.recall(message_id, operator)

    async def flood(self, group: int | None, count: int, rate: float = 0.0) -> int:
        """Members chatter: ``count`` lines at ``rate`` a second (0: as fast as possible)."""
        group_id = self.stage.group_or_first(group).group_id
        return await flood(self.stage, self._random, self.connection.room, group_id, count, rate)

    def start_flood(self, group: int, count: int, rate: float) -> None:
        """Begin a flood and go on without waiting for its end."""
        task = asyncio.create_task(self.flood(group, count, rate))
        self._floods.add(task)
        task.add_done_callback(self._flood_ended)

    def _flood_ended(self, task: "asyncio.Task[int]") -> None:
        self._floods.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.warning("a flood ended early: %s", error)

    async def play(self, speed: float | None = None) -> None:
        """Play the scenario to its end (or until it is paused)."""
        if speed is not None:
            self.player.set_speed(speed)
        self.player.start()
        await self.player.wait_done()

    def accident(self, order: FaultOrder) -> None:
        """Set faults and cause accidents. Raises pydantic.ValidationError on bad values."""
        order.apply_to(self.faults)
        if order.malformed:
            self._delivery.malformed(order.malformed)
        if order.drop_connection or order.reconnect_after is not None:
            self.connection.drop(order.reconnect_after or 0.0)
        self.web.push_state()

    def drop_connection(self, reconnect_after: float = 0.0) -> None:
        """Cut the line; call again after this many seconds."""
        self.connection.drop(reconnect_after)

    def send_malformed(self, count: int = 1) -> None:
        """Send broken frames."""
        self._delivery.malformed(count)

    def truth(self) -> list[dict[str, Any]]:
        """Every group message that ever existed, in order, as ``GET /api/truth`` lists them."""
        return [truth_line(m, self.media) for m in self.world.messages if m.group_id is not None]

    def sent_rows(self) -> list[dict[str, Any]]:
        """``sent`` as ``GET /api/sent`` lists it."""
        return [asdict(record) for record in self.sent]


def _with_cast(config: SimulatorConfig, scenario: Scenario) -> SimulatorConfig:
    header = scenario.header
    return config.model_copy(
        update={
            "self_id": header.self_id,
            "nickname": header.bot_nickname,
            "groups": scenario.groups,
            "people": scenario.people,
        }
    )


def _clock(config: SimulatorConfig, scenario: Scenario | None) -> Clock:
    if scenario is None or config.clock == "wall":
        return WallClock()
    return ScenarioClock(scenario.start.timestamp())
