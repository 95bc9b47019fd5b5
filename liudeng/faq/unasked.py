"""Answering what is clearly asked though nobody asked the bot, seldom and by quoting."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive import Source, StoredMessage
from liudeng.db import now_ms
from liudeng.faq.book import FaqBook
from liudeng.faq.counting import count_use, may_speak, note_spoken, speaks_unasked
from liudeng.faq.entry import Entry
from liudeng.faq.texts import unasked_text
from liudeng.outbox import Kind, Letter, Target, post, reply_segment, text_segment

_FRESH_MS = 90_000
"""What was said longer ago has been answered by somebody, or does not matter any more."""
_LIFETIME_MS = 60_000


@dataclass(frozen=True, slots=True)
class _Reply:
    message: StoredMessage
    entry: Entry


@dataclass(frozen=True, slots=True)
class _Replies:
    """Answers that are still to be allowed by cooldowns, inside the bookmark's transaction."""

    replies: Sequence[_Reply]
    zone: ZoneInfo
    default: bool
    now: int
    said: Callable[[StoredMessage, Entry], None]

    async def apply(self, connection: AsyncConnection) -> None:
        """Post what may be said."""
        for reply in self.replies:
            group_id, entry_id = reply.message.group_id, reply.entry.id
            if not await speaks_unasked(connection, group_id, self.default):
                continue
            if not await may_speak(connection, group_id, entry_id, self.now):
                continue
            await note_spoken(connection, group_id, entry_id, self.now)
            today = datetime.fromtimestamp(self.now / 1000, self.zone).date()
            await count_use(connection, entry_id, group_id, today, unasked=True)
            await post(connection, _letter(reply, unasked_text(reply.entry, today)))
            self.said(reply.message, reply.entry)


class UnaskedReader:
    """Reads what is said in groups; fits `ReaderRun`."""

    name = "faq"
    sources: frozenset[Source] | None = frozenset({Source.LIVE})

    def __init__(
        self,
        book: FaqBook,
        zone: ZoneInfo,
        *,
        default: bool,
        hushed: Callable[[str], bool],
        clock: Callable[[], int] = now_ms,
    ) -> None:
        """`hushed` tells which messages are no time for answers: somebody may be in danger."""
        self._book = book
        self._zone = zone
        self._default = default
        self._hushed = hushed
        self._clock = clock
        self.on_said: Callable[[StoredMessage, Entry], None] = lambda _message, _entry: None
        """Called with each answer that was posted."""

    async def read(self, batch: Sequence[StoredMessage]) -> _Replies | None:
        """Find the plain questions of a batch."""
        now = self._clock()
        fresh = [one for one in batch if _may_be_answered(one, now)]
        plausible = await self._book.could_be_asked([one.spoken for one in fresh])
        replies = [
            reply
            for one, may_be in zip(fresh, plausible, strict=True)
            if may_be and (reply := await self._reply(one, now)) is not None
        ]
        if not replies:
            return None
        return _Replies(replies, self._zone, self._default, now, self.on_said)

    async def _reply(self, message: StoredMessage, now: int) -> _Reply | None:
        text = message.spoken.strip()
        today = datetime.fromtimestamp(now / 1000, self._zone).date()
        match = await self._book.match_unasked(text, [message.group_id], today)
        entry = await self._book.entry(match.unasked, [message.group_id])
        if entry is None or entry.is_stale(today) or self._hushed(text):
            return None
        return _Reply(message, entry)


def _may_be_answered(message: StoredMessage, now: int) -> bool:
    """A reply to somebody, and what the bot itself said, is no question to the group."""
    return (
        message.recalled_ms is None
        and message.reply_to is None
        and message.user_id != str(message.self_id)
        and now - message.time_ms <= _FRESH_MS
        and all(segment.get("type") == "text" for segment in message.segments)
    )


def _letter(reply: _Reply, text: str) -> Letter:
    message = reply.message
    return Letter(
        key=f"faq:{message.group_id}:{message.id}",
        kind=Kind.REPLY,
        target=Target.GROUP,
        target_id=message.group_id,
        segments=(reply_segment(message.message_id), text_segment(text)),
        lifetime_ms=_LIFETIME_MS,
    )
