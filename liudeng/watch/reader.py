"""The watcher as a reader of the log: assesses every message, hands signals to the desk."""

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive import (
    Source,
    StoredMessage,
    committed_after,
    has_open_gap,
    heard_after,
    last_seq,
    messages_by_id,
)
from liudeng.db import Database
from liudeng.desk import CaseKind, Signal
from liudeng.ocr import Reading
from liudeng.watch.assessment import Assessment, Watcher
from liudeng.watch.memory import Memory
from liudeng.watch.screenshots import assess_screenshot
from liudeng.watch.trajectory import ALERT, WINDOW_MS, Outlook

ALERT_LEVEL = 3
REMEMBERED = 20_000
"""Messages read back at a start, so that a restart forgets nobody's last days."""
REMEMBER_S = 2.0
"""Seconds that reading them back may take, the newest first: a start must not wait for it."""
_CHUNK = 50
"""Messages between two looks at the clock: some of them may be long."""
_WORRY_RULES = frozenset({"worry_about_other", "model_worry"})
_ALERTED_SOURCES = frozenset({Source.LIVE, Source.BACKFILL})
"""What happened before the bot came, or was imported, is over: nobody is alerted about it."""
_SIGNS_WITH_PICTURES = 3
"""A screenshot may be old, staged or a joke: it takes as many signs, pictures or words."""
_SILENT = "说了让人担心的话之后，群里还热闹着，本人已经很久没有出现"
_T = TypeVar("_T")
Consents = Callable[[int, str], bool]
"""Tells of a group and a member whether their days may be looked at, and by the model."""
_ZONE = ZoneInfo("Asia/Shanghai")


class TakesSignals(Protocol):
    """Whoever decides what becomes of a signal: the guard, and behind it the desk."""

    async def receive(
        self, connection: AsyncConnection, signal: Signal, message: StoredMessage | None
    ) -> object:
        """Take a signal in, in the caller's transaction."""
        ...

    async def knows(self, connection: AsyncConnection, signal: Signal) -> bool:
        """Tell whether just this signal was taken in before."""
        ...


@dataclass(frozen=True, slots=True)
class WatchEffects:
    """Signals for the desk, each with its message, and silences that may be worth one."""

    desk: TakesSignals
    memory: Memory
    signals: tuple[tuple[Signal, StoredMessage], ...]
    silences: tuple[int, ...]
    """The last messages of those who have not been heard since."""

    async def apply(self, connection: AsyncConnection) -> None:
        """Open cases and post alerts in the bookmark's transaction."""
        for signal, message in self.signals:
            await self.desk.receive(connection, signal, message)
        for message in await messages_by_id(connection, self.silences):
            await self._tell_of_silence(connection, message)

    async def are_known(self, connection: AsyncConnection) -> bool:
        """Tell whether all of its signals were taken in before."""
        return all([await self.desk.knows(connection, signal) for signal, _ in self.signals])

    async def _tell_of_silence(self, connection: AsyncConnection, message: StoredMessage) -> None:
        """Ask the tables, which outlive a restart: was it told, and is it silence at all?"""
        if await has_open_gap(connection, message.group_id):
            return  # what was said meanwhile may be among the messages that are missing
        signal = _signal(message, CaseKind.DISTRESS, (_SILENT,), ("silence",))
        known = await self.desk.knows(connection, signal)
        if known or await heard_after(connection, message):
            self.memory.silence_is_known(message)
        else:
            shown = message if message.recalled_ms is None else None
            await self.desk.receive(connection, signal, shown)


class WatchReader:
    """Reads with the patience of a machine and tells people only what they must see."""

    name = "watch"
    sources = _ALERTED_SOURCES

    def __init__(
        self,
        watcher: Watcher,
        desk: TakesSignals,
        zone: ZoneInfo = _ZONE,
        fully: Consents = lambda _group_id, _user_id: True,
    ) -> None:
        """Of whoever is not watched `fully` only plain danger is seen, message by message."""
        self._watcher = watcher
        self._by_rules = watcher.by_rules()
        self._fully = fully
        self._desk = desk
        self._memory = Memory(zone)
        # A thread of its own: those of the loop may all be waiting for the disk to take pictures.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="watch")

    async def remember(self, database: Database) -> None:
        """Recompute what the last days left behind; call once, before the first batch."""
        async with database.read() as connection:
            newest = await last_seq(connection)
            start = max(0, newest - REMEMBERED)
            kept = await committed_after(connection, start, REMEMBERED, self.sources)
        if kept:
            since = kept[-1].time_ms - WINDOW_MS
            recent = [message for message in kept if message.time_ms >= since]
            await self._apart(self._recall, recent)

    async def forget(self, user_id: str, group_id: int | None = None) -> None:
        """Forget somebody's days: they want no more than plain danger to be seen."""
        await self._apart(self._memory.forget, user_id, group_id)

    def close(self) -> None:
        """Let the thread go, once the last batch is read."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def read(self, batch: Sequence[StoredMessage]) -> WatchEffects | None:
        """Assess a batch in a thread: matching must not hold up the event loop."""
        messages = [message for message in batch if message.source in _ALERTED_SOURCES]
        if not messages:
            return None
        signals, silences = await self._apart(self._look, messages)
        if not signals and not silences:
            return None
        return WatchEffects(self._desk, self._memory, signals, silences)

    async def see(self, message: StoredMessage, reading: Reading) -> WatchEffects | None:
        """Add what the maker of a screenshot said in it to their days: quoted, so never alone."""
        if message.source not in _ALERTED_SOURCES:
            return None
        if not self._fully(message.group_id, message.user_id):
            return None
        found = await self._apart(self._seen, message, reading)
        return WatchEffects(self._desk, self._memory, (found,), ()) if found else None

    async def _apart(self, function: Callable[..., _T], *arguments: Any) -> _T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, function, *arguments)

    def _recall(self, messages: Sequence[StoredMessage]) -> None:
        """Note what was said, as far back as the time of a start allows."""
        deadline = time.monotonic() + REMEMBER_S
        read: list[list[tuple[StoredMessage, Assessment]]] = []
        for end in range(len(messages), 0, -_CHUNK):
            chunk = messages[max(0, end - _CHUNK) : end]
            found = self._watcher.assess_many([message.spoken for message in chunk])
            read.append(list(zip(chunk, found, strict=True)))
            if time.monotonic() > deadline:
                break
        for message, assessment in chain.from_iterable(reversed(read)):
            self._memory.note(message, assessment, message.spoken)

    def _seen(
        self, message: StoredMessage, reading: Reading
    ) -> tuple[Signal, StoredMessage] | None:
        quoted = assess_screenshot(self._watcher, reading)
        spoken = self._watcher.assess_many([message.spoken])[0]
        if quoted is None or quoted.level <= spoken.level:
            return None  # what was typed beside it says at least as much, and was read
        outlook = self._memory.note(message, quoted, message.spoken)
        if outlook.score < ALERT or self._memory.signs(message) < _SIGNS_WITH_PICTURES:
            return None
        return _together(message, quoted, outlook), message

    def _look(
        self, messages: Sequence[StoredMessage]
    ) -> tuple[tuple[tuple[Signal, StoredMessage], ...], tuple[int, ...]]:
        return self._signals(messages), self._silences(messages)

    def _signals(
        self, messages: Sequence[StoredMessage]
    ) -> tuple[tuple[Signal, StoredMessage], ...]:
        seen_fully, others = [], []
        for message in messages:
            whole = self._fully(message.group_id, message.user_id)
            (seen_fully if whole else others).append(message)
        return self._of_days(seen_fully) + self._of_moments(others)

    def _of_moments(
        self, messages: Sequence[StoredMessage]
    ) -> tuple[tuple[Signal, StoredMessage], ...]:
        """Plain danger alone, by rule, and nothing is remembered."""
        assessed = self._by_rules.assess_many([message.spoken for message in messages])
        return tuple(
            (_alone(message, assessment), message)
            for message, assessment in zip(messages, assessed, strict=True)
            if assessment.level >= ALERT_LEVEL
        )

    def _of_days(
        self, messages: Sequence[StoredMessage]
    ) -> tuple[tuple[Signal, StoredMessage], ...]:
        found = []
        texts = [message.spoken for message in messages]
        for message, text, assessment in zip(
            messages, texts, self._watcher.assess_many(texts), strict=True
        ):
            outlook = self._memory.note(message, assessment, text)
            if assessment.level >= ALERT_LEVEL:
                found.append((_alone(message, assessment), message))
            elif outlook.score >= ALERT:
                found.append((_together(message, assessment, outlook), message))
        return tuple(found)

    def _silences(self, messages: Sequence[StoredMessage]) -> tuple[int, ...]:
        clocks: dict[int, int] = {}
        for message in messages:
            clocks[message.group_id] = max(clocks.get(message.group_id, 0), message.time_ms)
        return tuple(
            silence
            for group_id, now_ms in clocks.items()
            for silence in self._memory.silences(group_id, now_ms)
        )


def _alone(message: StoredMessage, assessment: Assessment) -> Signal:
    """A message that alerts by itself."""
    kind = CaseKind.WORRY if assessment.about == "other" else CaseKind.DISTRESS
    signal = _signal(message, kind, _reasons(assessment, kind), speaking_rules(assessment))
    return signal.model_copy(update={"score": assessment.danger})


def _together(message: StoredMessage, assessment: Assessment, outlook: Outlook) -> Signal:
    """A message that alerts only with those before it."""
    kind = CaseKind.DISTRESS
    reasons = outlook.reasons + _reasons(assessment, kind)[:2]
    return _signal(message, kind, reasons, ("trajectory", *speaking_rules(assessment)))


def speaking_rules(assessment: Assessment) -> tuple[str, ...]:
    """Names of the rules that spoke for it, each once."""
    return tuple(dict.fromkeys(one.name for one in assessment.reasons if one.speaks == "for"))


def _reasons(assessment: Assessment, kind: CaseKind) -> tuple[str, ...]:
    speaking = [reason for reason in assessment.reasons if reason.speaks == "for"]
    if kind is CaseKind.WORRY:
        # The other rules explain themselves as if the writer spoke of themselves.
        speaking = [reason for reason in speaking if reason.name in _WORRY_RULES] or speaking
    return tuple(f"{reason.explanation}（「{reason.text}」）" for reason in speaking)


def _signal(
    message: StoredMessage, kind: CaseKind, reasons: tuple[str, ...], rules: tuple[str, ...]
) -> Signal:
    return Signal(
        group_id=message.group_id,
        subject_id=message.user_id,
        subject_name=message.display_name,
        kind=kind,
        level=ALERT_LEVEL,
        message_row=message.id,
        time_ms=message.time_ms,
        received_ms=message.received_ms,
        reasons=reasons,
        rules=rules,
    )
