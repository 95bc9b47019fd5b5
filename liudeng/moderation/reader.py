"""Moderation as a reader of the log: judges live messages, plans in the bookmark's transaction."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive import Source, StoredMessage
from liudeng.db import now_ms
from liudeng.moderation.judging import Judge, Verdict
from liudeng.moderation.planning import Planner
from liudeng.moderation.raids import Raids
from liudeng.moderation.state import Choices

FRESH_MS = 5 * 60_000
"""What was said longer ago is over: nobody is muted for it."""


@dataclass(frozen=True, slots=True)
class ModerationEffects:
    """What follows from a batch."""

    planner: Planner
    raids: Raids
    choices: Choices
    messages: Sequence[StoredMessage]
    verdicts: Sequence[Verdict]

    async def apply(self, connection: AsyncConnection) -> None:
        """Plan actions, write letters and audit rows in the bookmark's transaction."""
        resting: set[int] = set()
        for message in self.messages:
            if await self.raids.heard(connection, message):
                resting.add(message.id)
        for verdict in self.verdicts:
            group_id = verdict.message.group_id
            if verdict.message.id in resting or self.choices.of(group_id).stopped:
                continue
            in_raid = self.raids.is_on(group_id)
            if await self.planner.carry_out(connection, verdict, in_raid=in_raid):
                await self.choices.read(connection)


class ModerationReader:
    """Judges in a thread of its own."""

    name = "moderation"
    sources = frozenset({Source.LIVE})

    def __init__(self, judge: Judge, planner: Planner, raids: Raids, choices: Choices) -> None:
        self._judge = judge
        self._planner = planner
        self._raids = raids
        self._choices = choices
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="moderation")

    async def read(self, batch: Sequence[StoredMessage]) -> ModerationEffects | None:
        """Judge a batch; None where no group has chosen a rule."""
        now = now_ms()  # what was heard just before a crash may be read long after it
        fresh = [
            one
            for one in batch
            if one.recalled_ms is None
            and one.received_ms - one.time_ms < FRESH_MS
            and now - one.received_ms < FRESH_MS
            and self._choices.of(one.group_id).armings
        ]
        if not fresh:
            return None
        loop = asyncio.get_running_loop()
        verdicts = await loop.run_in_executor(
            self._thread,
            self._judge.judge,
            fresh,
            dict(self._choices.all),
            dict(self._choices.joined),
        )
        return ModerationEffects(self._planner, self._raids, self._choices, fresh, verdicts)

    @property
    def thread(self) -> ThreadPoolExecutor:
        """Where all judging is done."""
        return self._thread

    def close(self) -> None:
        """End the thread."""
        self._thread.shutdown(wait=False, cancel_futures=True)
