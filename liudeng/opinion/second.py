"""A second opinion on an alert that is on its way already: asked afterwards, noted on the case."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable

from liudeng.archive import StoredMessage, messages_by_id, neighbours
from liudeng.db import Database, explain
from liudeng.desk import Case
from liudeng.opinion.endpoint import Endpoint, NoOpinion
from liudeng.opinion.question import BEFORE, SYSTEM, note, question
from liudeng.roster import Roster
from liudeng.tasks import end

log = logging.getLogger(__name__)

_WAITING = 32
"""Alerts that may wait for an opinion; of more, the oldest go without."""
_REMEMBERED = 1_000

Remark = Callable[[int, str], Awaitable[None]]
"""Notes words on a case's timeline: `Desk.remark`."""
Consents = Callable[[int, str], bool]
"""Tells of a group and a member whether what they say may be looked at."""
_Asked = tuple[int, StoredMessage]


class SecondOpinion:
    """Owns the task that asks. It can neither raise, lower, delay nor silence an alert."""

    def __init__(
        self,
        database: Database,
        roster: Roster,
        endpoint: Endpoint,
        remark: Remark,
        fully: Consents = lambda _group_id, _user_id: True,
    ) -> None:
        """Of whoever is not watched `fully` nothing is shown to another model."""
        self._fully = fully
        self._database = database
        self._roster = roster
        self._endpoint = endpoint
        self._remark = remark
        self._heard: deque[_Asked] = deque(maxlen=_WAITING)
        self._known: deque[tuple[int, int]] = deque(maxlen=_REMEMBERED)
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def heard(self, case: Case, message: StoredMessage) -> None:
        """Take note of an alert; it is asked about once `wake` tells that it is committed."""
        if not self._fully(message.group_id, message.user_id):
            return
        if (case.id, message.id) not in self._known:
            self._known.append((case.id, message.id))
            self._heard.append((case.id, message))

    def wake(self) -> None:
        """Tell that what was heard is committed."""
        self._wake.set()

    async def start(self) -> None:
        """Begin."""
        self._task = asyncio.create_task(self._run(), name="second-opinion")

    async def close(self) -> None:
        """Stop; what was not asked stays unasked."""
        if self._task is None:
            return
        await end(self._task)
        self._task = None
        await self._endpoint.close()

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._heard:
                case_id, message = self._heard.popleft()
                try:
                    await self._ask(case_id, message)
                except NoOpinion as problem:
                    log.warning("没有拿到第二意见：%s", problem)
                except Exception as error:
                    log.warning("第二意见没有记下：%s", explain(error).advice)

    async def _ask(self, case_id: int, message: StoredMessage) -> None:
        async with self._database.read() as connection:
            still = await messages_by_id(connection, [message.id])
            around = await neighbours(connection, message, before=BEFORE, after=0)
        if not still or still[0].recalled_ms is not None:
            return  # taken back while it waited: it goes nowhere any more
        before = [
            one for one in around if one.id < message.id and self._fully(one.group_id, one.user_id)
        ]
        names = self._roster.names(message.group_id) | {one.display_name for one in around}
        asked = await asyncio.to_thread(question, message, before, names)
        opinion = await self._endpoint.ask(SYSTEM, asked)
        await self._remark(case_id, note(opinion))
