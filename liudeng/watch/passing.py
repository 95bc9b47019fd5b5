"""Words that are not kept: looked at once, in memory, for danger alone.

Their writer does not want to be kept. Only if one of these messages alone means danger does a
moderator learn who, when and why, without the words: they can be read where they were said.
"""

import asyncio
import logging
from collections.abc import Callable

from liudeng.archive import Message
from liudeng.db import Database, explain
from liudeng.desk import CaseKind, Signal
from liudeng.tasks import end
from liudeng.watch.assessment import Assessment, Watcher
from liudeng.watch.reader import ALERT_LEVEL, Consents, TakesSignals, speaking_rules

log = logging.getLogger(__name__)

_WAITING = 2_000
_UNKEPT = "TA 不让我存话，原话请到群里看"


class PassingWatch:
    """Owns the task that looks at what is not kept."""

    def __init__(
        self,
        database: Database,
        watcher: Watcher,
        desk: TakesSignals,
        only_danger: Consents,
        on_effects: Callable[[], None],
    ) -> None:
        """`only_danger` tells who wants the rules to look, and not the model."""
        self._database = database
        self._watcher = watcher
        self._by_rules = watcher.by_rules()
        self._desk = desk
        self._only_danger = only_danger
        self._on_effects = on_effects
        self._waiting: asyncio.Queue[Message] = asyncio.Queue(_WAITING)
        self._task: asyncio.Task[None] | None = None
        self.passed_over = 0
        """Messages that found no room: nothing brings them back."""

    def hear(self, message: Message) -> None:
        """Take a message; fits `Passing.on_message`."""
        try:
            self._waiting.put_nowait(message)
        except asyncio.QueueFull:
            if not self.passed_over:
                log.error("没有存下来的话太多，有的没能看：请看看机器是否太忙。")
            self.passed_over += 1

    async def start(self) -> None:
        """Begin."""
        self._task = asyncio.create_task(self._run(), name="watch-passing")

    async def close(self) -> None:
        """Stop. What waits is gone: it was never to be written down."""
        await end(self._task)
        self._task = None

    async def looked(self) -> None:
        """Wait until all that was heard so far was looked at."""
        await self._waiting.join()

    async def _run(self) -> None:
        while True:
            message = await self._waiting.get()
            try:
                await self._look(message)
            except Exception as error:
                log.error("一句没有存下来的话没能看：%s", explain(error).advice)
            finally:
                self._waiting.task_done()

    async def _look(self, message: Message) -> None:
        danger = self._only_danger(message.group_id, message.user_id)
        watcher = self._by_rules if danger else self._watcher
        assessment = await asyncio.to_thread(watcher.assess, _spoken(message))
        if assessment.level < ALERT_LEVEL:
            return
        async with self._database.write() as connection:
            await self._desk.receive(connection, _signal(message, assessment), None)
        self._on_effects()


def _spoken(message: Message) -> str:
    return "".join(
        str(segment.get("data", {}).get("text", ""))
        for segment in message.segments
        if segment.get("type") == "text"
    )


def _signal(message: Message, assessment: Assessment) -> Signal:
    reasons = [one.explanation for one in assessment.reasons if one.speaks == "for"]
    return Signal(
        group_id=message.group_id,
        subject_id=message.user_id,
        subject_name=message.card or message.name or message.user_id,
        kind=CaseKind.WORRY if assessment.about == "other" else CaseKind.DISTRESS,
        level=ALERT_LEVEL,
        time_ms=message.time_ms,
        received_ms=message.received_ms,
        reasons=(*dict.fromkeys(reasons), _UNKEPT),
        rules=speaking_rules(assessment),
        score=assessment.danger,
    )
