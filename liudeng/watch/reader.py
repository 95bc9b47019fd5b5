"""The watcher as a reader of the log: assesses every message, hands signals to the desk."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive import Source, StoredMessage
from liudeng.desk import CaseKind, Desk, Signal
from liudeng.watch.assessment import Assessment, Watcher

ALERT_LEVEL = 3
_WORRY_RULE = "worry_about_other"
_ALERTED_SOURCES = frozenset({Source.LIVE, Source.BACKFILL})
"""What happened before the bot came, or was imported, is over: nobody is alerted about it."""


@dataclass(frozen=True, slots=True)
class WatchEffects:
    """Signals for the desk, each with its message."""

    desk: Desk
    signals: tuple[tuple[Signal, StoredMessage], ...]

    async def apply(self, connection: AsyncConnection) -> None:
        """Open cases and post alerts in the bookmark's transaction."""
        for signal, message in self.signals:
            await self.desk.receive(connection, signal, message)


class WatchReader:
    """Reads with the patience of a machine and tells people only what they must see."""

    name = "watch"
    sources = _ALERTED_SOURCES

    def __init__(self, watcher: Watcher, desk: Desk) -> None:
        self._watcher = watcher
        self._desk = desk

    async def read(self, batch: Sequence[StoredMessage]) -> WatchEffects | None:
        """Assess a batch in a thread: matching must not hold up the event loop."""
        messages = [message for message in batch if message.source in _ALERTED_SOURCES]
        if not messages:
            return None
        signals = await asyncio.to_thread(self._signals, messages)
        return WatchEffects(self._desk, signals) if signals else None

    def _signals(
        self, messages: Sequence[StoredMessage]
    ) -> tuple[tuple[Signal, StoredMessage], ...]:
        found = []
        for message in messages:
            assessment = self._watcher.assess(message.spoken)
            if assessment.level >= ALERT_LEVEL:
                found.append((_signal(message, assessment), message))
        return tuple(found)


def _signal(message: StoredMessage, assessment: Assessment) -> Signal:
    kind = CaseKind.WORRY if assessment.about == "other" else CaseKind.DISTRESS
    speaking = [reason for reason in assessment.reasons if reason.speaks == "for"]
    if kind is CaseKind.WORRY:
        # The other rules explain themselves as if the writer spoke of themselves.
        speaking = [reason for reason in speaking if reason.name == _WORRY_RULE] or speaking
    reasons = [f"{reason.explanation}（「{reason.text}」）" for reason in speaking]
    return Signal(
        group_id=message.group_id,
        subject_id=message.user_id,
        subject_name=message.display_name,
        kind=kind,
        level=assessment.level,
        message_row=message.id,
        time_ms=message.time_ms,
        received_ms=message.received_ms,
        reasons=tuple(reasons),
    )
