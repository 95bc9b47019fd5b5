"""Pictures as moderation sees them, once they were kept and read: later than their message.

Only rules that say so look at pictures (`Rule.sees_pictures`), none acts twice upon one message,
and what was said longer ago than `FRESH_MS` is over. There is no bookmark: a picture that was read
just before a crash is not judged again.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive import Source, StoredMessage, messages_by_id
from liudeng.archive.numbering import first_id_at
from liudeng.db import Database, explain, now_ms
from liudeng.media import looks_of
from liudeng.media.tables import attachments
from liudeng.moderation.judging import Judge, Picture, Verdict
from liudeng.moderation.planning import Planner, rule_name
from liudeng.moderation.raids import Raids
from liudeng.moderation.state import Choices
from liudeng.moderation.tables import actions
from liudeng.ocr import reading_of
from liudeng.tasks import end

log = logging.getLogger(__name__)

FRESH_MS = 30 * 60_000
"""Reading waits behind everything else; what was posted longer ago nobody is acted upon for."""
_WAITING = 1_000


@dataclass(frozen=True, slots=True)
class Acting:
    """What acts upon a verdict."""

    planner: Planner
    raids: Raids
    choices: Choices
    thread: ThreadPoolExecutor
    """The one in which all judging is done: the judge's memory is one thread's."""


class PictureJudging:
    """Owns the task that takes kept pictures to the rules."""

    def __init__(
        self, database: Database, judge: Judge, hands: Acting, on_effects: Callable[[], None]
    ) -> None:
        self._database = database
        self._judge = judge
        self._hands = hands
        self._on_effects = on_effects
        self._waiting: asyncio.Queue[str] = asyncio.Queue(_WAITING)
        self._task: asyncio.Task[None] | None = None

    def picture_ready(self, sha256: str) -> None:
        """Tell that a picture was read (or kept, where none is read)."""
        with contextlib.suppress(asyncio.QueueFull):
            self._waiting.put_nowait(sha256)

    async def start(self) -> None:
        """Begin."""
        self._task = asyncio.create_task(self._run(), name="moderation-pictures")

    async def close(self) -> None:
        """Stop."""
        await end(self._task)

    async def looked(self) -> None:
        """Wait until every picture told of so far was judged."""
        await self._waiting.join()

    async def _run(self) -> None:
        while True:
            sha256 = await self._waiting.get()
            try:
                await self._look(sha256)
            except Exception as error:
                log.error("一张图没能交给群管：%s", explain(error).advice)
                log.debug("a picture was not judged", exc_info=error)
            finally:
                self._waiting.task_done()

    async def _look(self, sha256: str) -> None:
        choices = self._hands.choices
        async with self._database.read() as connection:
            messages = [
                one
                for one in await _fresh_holders(connection, sha256)
                if choices.of(one.group_id).armings
            ]
            picture = await _picture(connection, sha256) if messages else Picture()
        loop = asyncio.get_running_loop()
        for message in messages:
            choice = choices.of(message.group_id)
            verdict = await loop.run_in_executor(
                self._hands.thread,
                self._judge.judge_picture,
                message,
                picture,
                choice,
                dict(choices.joined),
            )
            if verdict is not None:
                await self._act(verdict)

    async def _act(self, verdict: Verdict) -> None:
        group_id = verdict.message.group_id
        async with self._database.write() as connection:
            spoken = await _spoken_rules(connection, verdict.message.id)
            new = verdict.without(lambda finding: rule_name(finding) in spoken)
            in_raid = self._hands.raids.is_on(group_id)
            if await self._hands.planner.carry_out(connection, new, in_raid=in_raid):
                await self._hands.choices.read(connection)
        self._on_effects()


async def _fresh_holders(connection: AsyncConnection, sha256: str) -> list[StoredMessage]:
    """Only what is fresh is read: a sticker may have been posted ten thousand times."""
    since = now_ms() - FRESH_MS
    query = select(attachments.c.message_row).where(
        attachments.c.sha256 == sha256,
        attachments.c.forwarded_id == 0,
        attachments.c.message_row >= first_id_at(since),
    )
    found = await messages_by_id(connection, list(await connection.scalars(query)))
    return [one for one in found if one.source is Source.LIVE and one.recalled_ms is None]


async def _picture(connection: AsyncConnection, sha256: str) -> Picture:
    reading = await reading_of(connection, sha256)
    look = (await looks_of(connection, [sha256])).get(sha256)
    return Picture(
        words=reading.text if reading else "",
        codes=reading.codes if reading else (),
        looks=(look,) if look else (),
    )


async def _spoken_rules(connection: AsyncConnection, message_row: int) -> set[str]:
    """Return the rules that have acted upon a message, or would have."""
    query = select(actions.c.rule).where(actions.c.message_row == message_row)
    return set(await connection.scalars(query))
