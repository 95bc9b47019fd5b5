"""A rig: the real bot and a simulated group, connected over a real WebSocket."""

import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.support.archive_file import ArchiveFile
from benchmarks.support.bot_process import TOKEN, BotProcess
from benchmarks.support.reckoning import Reckoning, reckon, said_in
from benchmarks.support.waiting import until
from simulator import Scenario, Simulator, SimulatorConfig
from simulator.ledger import Sent
from simulator.world import ChatMessage


def wall_ms() -> int:
    """Return the wall clock in UTC epoch milliseconds, rounded down."""
    return time.time_ns() // 1_000_000


@dataclass
class Rig:
    """The bot, the simulator, the archive between them, and the group that is watched."""

    bot: BotProcess
    sim: Simulator
    archive: ArchiveFile
    group_id: int
    _bystanders: Iterator[int] = field(init=False)

    def __post_init__(self) -> None:
        members = self.sim.world.group(self.group_id).members.values()
        self._bystanders = iter([m.person.user_id for m in members if not m.person.key])

    def bystander(self) -> int:
        """Return an ordinary member of the group who was not asked for before."""
        return next(self._bystanders)

    async def say_all(self, who: str | int, texts: list[str]) -> list[ChatMessage]:
        """Let a member say one thing after the other as fast as the line takes them."""
        return [await self.sim.say(who, text, group=self.group_id) for text in texts]

    async def ask(self, who: str | int, text: str, *, private: bool = False) -> Sent:
        """Say something to the bot and return its answer. Raises TimeoutError."""
        before = len(self.sim.sent)
        group = None if private else self.group_id
        asked = await self.sim.say(who, text, group=group, private=private)

        def answers(sent: Sent) -> bool:
            if private:
                return is_private_answer(sent, asked.user_id)
            return quoted_id(sent) == asked.message_id

        return await self.sim.wait_sent(answers, timeout=30, after=before)

    async def reconnected(self, since_ms: int) -> None:
        """Wait until the connection that began after `since_ms` has closed its gap."""
        await self.sim.wait_connected(60)

        async def settled() -> bool:
            if self.archive.gap_ended_since(self.group_id, since_ms) is None:
                return False
            return await self.bot.healthy(lambda health: health["settled"])

        await until(settled, "the bot has settled in", 60)

    async def reconnect(self) -> None:
        """Cut the line and wait until the bot has closed the gap."""
        since = wall_ms()
        self.sim.drop_connection()
        await self.reconnected(since)

    async def flush(self) -> None:
        """Wait until everything delivered so far is archived, read, and answered.

        What is said last is archived last. It takes two messages: a fault may hold back an event
        until the next one has overtaken it.
        """
        speaker = next(iter(self._members()))
        marks = await self.say_all(speaker, ["。。", "。。"])
        wanted = {mark.seq for mark in marks}
        await until(lambda: wanted <= self.copies().keys(), "the last message is archived")
        await self.idle()

    async def idle(self) -> None:
        """Wait until the readers have read what is committed and the outbox is empty."""
        newest = self.archive.last_seq()

        def has_read(health: dict[str, Any]) -> bool:
            caught_up = health["queue"] == 0 and not any(health["readers"].values())
            return caught_up and health["committed_seq"] >= newest

        await until(lambda: self.bot.healthy(has_read), "the readers have caught up")
        await until(lambda: not self.archive.letters_waiting(), "the outbox is empty", 60)

    def copies(self) -> dict[int, int]:
        """Return how often each message of the group is archived, by the group's own number."""
        return self.archive.copies(self.group_id)

    def reckon_messages(self) -> Reckoning:
        """Compare the archive with everything that people said in the group."""
        return reckon(said_in(self.sim.truth(), self.group_id), self.copies())

    async def complete(self, within_s: float = 60.0) -> None:
        """Wait until nothing is missing from the archive. Raises TimeoutError."""
        await until(lambda: not self.reckon_messages().lost, "nothing is missing", within_s)

    def _members(self) -> Iterator[int]:
        bot_id = self.sim.world.bot.user_id
        members = self.sim.world.group(self.group_id).members.values()
        return (m.person.user_id for m in members if m.person.user_id != bot_id)


def is_private_answer(sent: Sent, user_id: int) -> bool:
    """Tell whether this was said to a person because they asked: alerts and notices were not."""
    unasked = sent.text.startswith("【留灯】")
    return sent.target == "private" and sent.user_id == user_id and not unasked


def quoted_id(sent: Sent) -> int | None:
    """Return the id of the message that an answer quotes."""
    for segment in sent.segments:
        if segment["type"] == "reply":
            return int(segment["data"]["id"])
    return None


@asynccontextmanager
async def start_rig(
    directory: Path,
    config: SimulatorConfig | None = None,
    scenario: Scenario | None = None,
    settings: Mapping[str, object] | None = None,
) -> AsyncIterator[Rig]:
    """Start a bot and a simulator that has called it; both end with the block.

    The first group of the simulator is the watched one; `settings` are the bot's.
    """
    bot = BotProcess(directory, settings)
    wished = (config or SimulatorConfig()).model_copy(
        update={"url": bot.url, "token": TOKEN, "reconnect_first": 0.1, "reconnect_longest": 0.3}
    )
    try:
        await bot.start()
        since = wall_ms()
        async with Simulator(wished, scenario) as sim:
            group_id = sim.stage.group_or_first(None).group_id
            rig = Rig(bot, sim, ArchiveFile(bot.database), group_id)
            await rig.reconnected(since)
            yield rig
    finally:
        await bot.stop()
