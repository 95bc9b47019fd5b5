"""Fetches what was said while nobody listened, page by page, until it meets what is known.

Implementations differ in how a page is asked for and in what they leave out, so no count is
trusted: a page is followed by an older one until enough messages are met that were archived
before the gap, or history ends.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select, tuple_

from liudeng.archive.ear import Ear
from liudeng.archive.gaps import end_gap, meet_groups, open_gaps
from liudeng.archive.message import Message, Source
from liudeng.archive.payload import PayloadRefused
from liudeng.archive.tables import messages
from liudeng.db import Database, now_ms

log = logging.getLogger(__name__)

OVERLAP = 20
"""Known messages to meet before a gap counts as closed: events may have come out of order."""
_NO_TIME = 1e15
"""No clock shows this."""
_LONGEST_NUMBER = 20
"""Digits of a 64-bit number; Python refuses to read some thousands of them."""


@dataclass(frozen=True, slots=True)
class BackfillLimits:
    """How far to go back."""

    page_size: int = 100
    most_pages: int = 200
    first_pages: int = 5
    """Pages of what was said before the bot met the group."""


@dataclass(frozen=True, slots=True)
class PageRequest:
    """One page of history, in each implementation's own terms."""

    group_id: int
    count: int
    oldest: dict[str, Any] | None
    """The oldest message so far, as the implementation sent it; None for the newest page."""

    def parameters(self) -> dict[str, Any]:
        """Return the action's parameters.

        NapCat takes its short id as `message_seq`, LLOneBot and go-cqhttp the group's sequence
        number; each calls its own so in the message. Lagrange takes `message_id`. Without
        `reverse_order` NapCat would page forward.
        """
        parameters: dict[str, Any] = {
            "group_id": self.group_id,
            "count": self.count,
            "reverse_order": True,
        }
        if self.oldest is not None:
            seq = self.oldest.get("message_seq", self.oldest.get("message_id"))
            parameters["message_seq"] = seq
            parameters["message_id"] = self.oldest.get("message_id")
        return parameters


class HistoryRefused(Exception):
    """The implementation refused a page: history may end here, or something went wrong.

    NapCat answers retcode 1200 to both.
    """


FetchPage = Callable[[PageRequest], Awaitable[list[dict[str, Any]]]]
"""Returns the messages of a page in any order, none at the end of history.

Raises HistoryRefused, or anything else on failure.
"""


@dataclass
class _Progress:
    mark: int
    met_ms: int
    """When the bot met the group: what was said before is history, however late it comes."""
    known_before_gap: int = 0
    queued: set[tuple[Any, ...]] = field(default_factory=set)
    """What was put into the queue: pages overlap, and the writer may be behind."""


class Backfill:
    """Closes the gaps of an account's groups after it has connected."""

    def __init__(
        self, database: Database, ear: Ear, fetch: FetchPage, limits: BackfillLimits
    ) -> None:
        self._database = database
        self._ear = ear
        self._fetch = fetch
        self._limits = limits

    async def run(self, groups: dict[int, str], mark_seq: int) -> int:
        """Backfill each group; `mark_seq` is the last number committed before the connection.

        What was said in a group before the bot met it is history.

        Returns:
            How many messages were recovered.
        """
        # Messages tell whole seconds: one of this very second is not older than the meeting.
        now = (self._ear.connected_at_ms or now_ms()) // 1000 * 1000
        async with self._database.write() as connection:
            met = await meet_groups(connection, groups, now)
            marks = await open_gaps(connection, list(groups), mark_seq)
        recovered = 0
        for group_id in groups:
            progress = _Progress(marks[group_id], met[group_id])
            recovered += await self._one_group(group_id, progress)
        return recovered

    async def _one_group(self, group_id: int, progress: _Progress) -> int:
        before = self._ear.writer.status.committed_seq
        try:
            closed = await self._walk_back(group_id, progress)
        except Exception as error:
            # The gap stays open: the next connection tries again from the same mark.
            log.warning("一个群的聊天记录没能补全，下次连接再试：%s", type(error).__name__)
            log.debug("backfill failed", exc_info=error)
            return await self._recovered_since(group_id, before)
        await self._ear.writer.drain()
        recovered = await self._recovered_since(group_id, before)
        async with self._database.write() as connection:
            await end_gap(connection, group_id, recovered, closed=closed)
        if not closed:
            log.warning("一个群有一段聊天记录无法补全：已记为缺口，可用 liudeng doctor 查看。")
        return recovered

    async def _recovered_since(self, group_id: int, seq: int) -> int:
        """Count what history brought: some of a page may have come in live meanwhile."""
        columns = messages.c
        query = (
            select(func.count())
            .select_from(messages)
            .where(
                columns.group_id == group_id,
                columns.seq > seq,
                columns.source.in_((Source.BACKFILL.value, Source.HISTORY.value)),
            )
        )
        async with self._database.read() as connection:
            return (await connection.execute(query)).scalar_one()

    async def _walk_back(self, group_id: int, progress: _Progress) -> bool:
        """Go back page by page; True when the gap is closed."""
        oldest: dict[str, Any] | None = None
        pages_of_history = 0
        for _ in range(self._limits.most_pages):
            try:
                page = await self._fetch(PageRequest(group_id, self._limits.page_size, oldest))
            except HistoryRefused:
                if await self._led_back(group_id, progress):
                    return True
                raise  # the gap stays open, with its mark
            page = sorted((entry for entry in page if isinstance(entry, dict)), key=_age)
            if not page or (oldest is not None and _same(page[0], oldest)):
                return await self._led_back(group_id, progress)
            await self._take(group_id, page, progress)
            if progress.known_before_gap >= OVERLAP:
                return True
            oldest = page[0]
            if _age(oldest)[0] * 1000 < progress.met_ms:
                pages_of_history += 1
                if pages_of_history >= self._limits.first_pages:
                    return not await self._has_any(group_id, progress)
        return False

    async def _led_back(self, group_id: int, progress: _Progress) -> bool:
        """Tell whether history led back to what was archived before, if anything was."""
        return progress.known_before_gap > 0 or not await self._has_any(group_id, progress)

    async def _has_any(self, group_id: int, progress: _Progress) -> bool:
        """Tell whether history should have led back to something archived before the gap."""
        query = (
            select(messages.c.seq)
            .where(messages.c.group_id == group_id, messages.c.seq <= progress.mark)
            .limit(1)
        )
        async with self._database.read() as connection:
            return (await connection.execute(query)).first() is not None

    async def _take(self, group_id: int, page: list[dict[str, Any]], progress: _Progress) -> None:
        """Queue what is new of a page, oldest first, and count what was known before the gap."""
        parsed = [
            message for entry in page if (message := self._parsed(entry, group_id)) is not None
        ]
        if not self._limits.first_pages:
            parsed = [message for message in parsed if message.time_ms >= progress.met_ms]
        known = await self._known(parsed)
        for message in parsed:
            seq = known.get(message.key)
            if seq is not None:
                progress.known_before_gap += seq <= progress.mark
            elif (identity := (*message.key, message.platform_seq)) not in progress.queued:
                progress.queued.add(identity)
                await self._ear.writer.put(self._labelled(message, progress))

    async def _known(self, parsed: list[Message]) -> dict[tuple[int, str, int, int], int]:
        columns = messages.c
        query = select(
            columns.group_id, columns.message_id, columns.time_ms, columns.self_id, columns.seq
        ).where(
            tuple_(columns.group_id, columns.message_id).in_(
                [(message.group_id, message.message_id) for message in parsed]
            )
        )
        async with self._database.read() as connection:
            return {
                (row.group_id, row.message_id, row.time_ms // 1000, row.self_id): row.seq
                for row in await connection.execute(query)
            }

    def _labelled(self, message: Message, progress: _Progress) -> Message:
        """Tell what is over from what happens while the bot settles in."""
        if message.time_ms < progress.met_ms:
            return message.model_copy(update={"source": Source.HISTORY})
        return message

    def _parsed(self, entry: dict[str, Any], group_id: int) -> Message | None:
        """Read one entry; the bot's own messages and malformed ones are none."""
        try:
            # Some histories leave the group out of their messages, or put a placeholder there.
            message = self._ear.understand({**entry, "group_id": group_id}, Source.BACKFILL)
        except PayloadRefused as error:
            log.debug("history entry refused: %s", error)
            return None
        return None if message.user_id == str(message.self_id) else message


def _age(entry: dict[str, Any]) -> tuple[float, int]:
    """Return by what entries are sorted, whatever is in them: when, and the group's own number."""
    try:
        time = float(entry.get("time") or 0)
    except (TypeError, ValueError, OverflowError):
        time = 0.0
    number = str(entry.get("real_seq", entry.get("message_seq", "")))[:_LONGEST_NUMBER]
    return (
        time if abs(time) < _NO_TIME else 0.0,
        int(number) if number.isascii() and number.isdecimal() else 0,
    )


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return one.get("message_id") == other.get("message_id")
