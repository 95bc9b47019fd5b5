"""The pulse as a reader of the log: counts every message by mood, tells of a flood once."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive import Source, StoredMessage, committed_after, last_seq, stored_message
from liudeng.archive.tables import messages
from liudeng.db import Database
from liudeng.desk import CaseKind, Signal
from liudeng.desk.case import GROUP_AS_SUBJECT
from liudeng.pulse import ledger
from liudeng.pulse.flood import CALM_MS, WINDOW_MS, Reading, Tide, Windows
from liudeng.pulse.hours import HOUR_MS, HourBook, Key, Rows, Said
from liudeng.pulse.lexicon import MoodLexicon
from liudeng.pulse.mood import TITLES, Mood

_SOURCES = frozenset({Source.LIVE, Source.BACKFILL, Source.HISTORY})
"""What was imported from a file is too old to say how a group feels."""
_FLOODING_SOURCES = frozenset({Source.LIVE, Source.BACKFILL})
_STALE_MS = 60 * 60_000
"""A flood that a backfill tells of later than this is over."""
_REMEMBERED = 5_000
_FEWEST_TOLD = 3
"""Beside the flood's own, moods of fewer voices are not told."""
_LEVEL = 2
_WRITE_EVERY_S = 10.0
"""Counts are no alert: they are not worth a transaction for every batch."""
_UNWRITTEN = 48
"""So many changed hours are written sooner."""
_HOUR_MOST = 50_000
"""Messages of one hour that are read back at most."""
_PAGE = 500
"""Read at once: of an hour's messages in one piece the event loop would feel the conversion."""
_ID_BITS = 20
"""A message's id is its time in milliseconds, shifted by so much."""


Consents = Callable[[int, str], bool]
"""Tells of a group and a member whether what they say may be looked at."""


class TakesSignals(Protocol):
    """Whoever decides what becomes of a signal: the guard, and behind it the desk."""

    async def receive(
        self, connection: AsyncConnection, signal: Signal, message: StoredMessage | None
    ) -> object:
        """Take a signal in, in the caller's transaction."""
        ...


@dataclass(frozen=True, slots=True)
class _Judged:
    reading: Reading
    tide: Tide
    usual: float


@dataclass(frozen=True, slots=True)
class PulseEffects:
    """Counts of the hours that were touched, and floods that begin, go on or end."""

    unwritten: dict[Key, Rows]
    """The reader's memory of hours that changed since they were written."""
    judged: tuple[_Judged, ...]
    flooding: set[tuple[int, Mood]]
    """The reader's memory of floods that go on."""
    desk: TakesSignals

    async def apply(self, connection: AsyncConnection) -> None:
        """Write the counts, and tell of each new flood, in the bookmark's transaction."""
        await _write(connection, self.unwritten)
        for one in self.judged:
            await self._settle(connection, one)

    async def _settle(self, connection: AsyncConnection, one: _Judged) -> None:
        reading = one.reading
        place = (reading.group_id, reading.mood)
        flood = await ledger.open_flood(connection, *place)
        if flood is None:
            if one.tide is Tide.HIGH:
                await ledger.begin_flood(connection, *place, reading.time_ms)
                await self.desk.receive(connection, _signal(one), None)
                self.flooding.add(place)
        elif one.tide is not Tide.LOW:
            await ledger.keep_flood(connection, flood, reading.time_ms, ended=False)
        elif reading.time_ms - flood.last_ms >= CALM_MS:
            await ledger.keep_flood(connection, flood, reading.time_ms, ended=True)
            self.flooding.discard(place)


class PulseReader:
    """Counts what a group sounds of. Needs no model, no network, and tells of nobody."""

    name = "pulse"
    sources = _SOURCES

    def __init__(
        self,
        database: Database,
        lexicon: MoodLexicon,
        desk: TakesSignals,
        fully: Consents = lambda _group_id, _user_id: True,
    ) -> None:
        """Whoever is not watched `fully` is not counted either."""
        self._fully = fully
        self._database = database
        self._lexicon = lexicon
        self._desk = desk
        self._hours = HourBook()
        self._windows = Windows()
        self._flooding: set[tuple[int, Mood]] = set()
        self._unwritten: dict[Key, Rows] = {}
        self._written_at = monotonic()

    async def remember(self) -> None:
        """Read the last half hour back; call once, before the first batch.

        Its hours are counted anew: a crash may have come before they were written.
        """
        async with self._database.read() as connection:
            self._flooding |= await ledger.open_floods(connection)
            start = max(0, await last_seq(connection) - _REMEMBERED)
            kept = await committed_after(connection, start, _REMEMBERED, _FLOODING_SOURCES)
        if kept:
            since = kept[-1].time_ms - WINDOW_MS
            recent = [message for message in kept if message.time_ms >= since]
            said = await asyncio.to_thread(self._heard, recent)
            self._windows.add(said)
            await self._fill(said, kept[-1].seq + 1)

    async def flush(self) -> None:
        """Write what is counted and not yet written: before it is looked at, and at the end."""
        if self._unwritten:
            async with self._database.write() as connection:
                await _write(connection, self._unwritten)
            self._written_at = monotonic()

    async def read(self, batch: Sequence[StoredMessage]) -> PulseEffects | None:
        """Count a batch; its words are looked at in a thread."""
        said = await asyncio.to_thread(self._heard, batch)
        if not said:
            return None
        await self._fill(said, said[0].seq)
        self._unwritten |= self._hours.count(said)
        judged = await self._judged(batch, said)
        now = monotonic()
        is_due = now - self._written_at >= _WRITE_EVERY_S or len(self._unwritten) > _UNWRITTEN
        if not judged and not is_due:
            return None
        self._written_at = now
        return PulseEffects(self._unwritten, judged, self._flooding, self._desk)

    async def _fill(self, said: Sequence[Said], before_seq: int) -> None:
        """Begin the hours of these messages that are not known with what the archive has."""
        for key in sorted(self._hours.missing(said)):
            earlier = await self._earlier(key, before_seq)
            rows = self._hours.fill(key, await asyncio.to_thread(self._heard, earlier))
            self._unwritten[key] = rows

    def _heard(self, some: Iterable[StoredMessage]) -> list[Said]:
        """Boil messages down; what the bot itself said is no mood."""
        return [
            Said(
                message.seq,
                message.group_id,
                message.user_id,
                message.time_ms,
                self._lexicon.hear(message.spoken).moods,
            )
            for message in some
            if message.user_id != str(message.self_id)
            and self._fully(message.group_id, message.user_id)
        ]

    async def _earlier(self, key: Key, before_seq: int) -> list[StoredMessage]:
        """Return what the archive has of an hour from before this batch."""
        group_id, hour_ms = key
        query = (
            select(messages)
            .where(
                messages.c.group_id == group_id,
                messages.c.id < (hour_ms + HOUR_MS) << _ID_BITS,
                messages.c.seq < before_seq,
                messages.c.source.in_([source.value for source in _SOURCES]),
            )
            .order_by(messages.c.id)
            .limit(_PAGE)
        )
        found: list[StoredMessage] = []
        after = (hour_ms << _ID_BITS) - 1
        while len(found) < _HOUR_MOST:
            async with self._database.read() as connection:
                rows = await connection.execute(query.where(messages.c.id > after))
                page = [stored_message(row) for row in rows.mappings()]
            found += page
            if len(page) < _PAGE:
                break
            after = page[-1].id
        return sorted(found, key=lambda message: message.seq)

    async def _judged(
        self, batch: Sequence[StoredMessage], said: Sequence[Said]
    ) -> tuple[_Judged, ...]:
        """Judge the groups of a batch; nobody is asked while nothing is high and nothing was."""
        fresh = {
            message.seq: message
            for message in batch
            if message.source in _FLOODING_SOURCES
            and message.received_ms - message.time_ms < _STALE_MS
        }
        counted = [one for one in said if one.seq in fresh]
        self._windows.add(counted)
        newest: dict[int, StoredMessage] = {}
        for one in counted:
            message = fresh[one.seq]
            if one.group_id not in newest or message.time_ms > newest[one.group_id].time_ms:
                newest[one.group_id] = message
        found = []
        for group_id, message in newest.items():
            for reading in self._windows.read(group_id, message.time_ms, message.received_ms):
                going_on = (group_id, reading.mood) in self._flooding
                if going_on or reading.tide(0.0) is Tide.HIGH:
                    found.append(await self._judge(reading))
        return tuple(found)

    async def _judge(self, reading: Reading) -> _Judged:
        async with self._database.read() as connection:
            usual = await ledger.usual_share(
                connection, reading.group_id, reading.mood, reading.time_ms
            )
        return _Judged(reading, reading.tide(usual), usual)


async def _write(connection: AsyncConnection, unwritten: dict[Key, Rows]) -> None:
    """Write hours and forget that they are to be written.

    Should the transaction fail, they are written with the next message of theirs, or at the next
    start: a column that is late is bearable, another fsync for every batch of messages is not.
    """
    for key, rows in list(unwritten.items()):
        await ledger.keep_hour(connection, key, rows)
        if unwritten.get(key) is rows:
            del unwritten[key]


def _signal(one: _Judged) -> Signal:
    """Return the one alert of a flood: numbers of people, no names, no words."""
    reading = one.reading
    title = TITLES[reading.mood]
    told = [f"{TITLES[mood]} {voices} 人" for mood, voices in _told(reading)]
    usual = f"平时大约 {one.usual:.0%}" if one.usual else "平时几乎没有"
    reasons = [
        f"最近半小时说话的 {reading.speakers} 人里，有 {reading.voices} 人的话听着{title}，{usual}",
        *([f"同一段时间里：{'、'.join(told)}"] if told else []),
        f"发「氛围 {reading.group_id}」看这一天的起伏",
    ]
    return Signal(
        group_id=reading.group_id,
        subject_id=GROUP_AS_SUBJECT,
        subject_name="全群",
        kind=CaseKind.MOOD,
        level=_LEVEL,
        time_ms=reading.time_ms,
        received_ms=reading.received_ms,
        reasons=tuple(reasons),
        rules=(f"flood_{reading.mood.key}",),
        room="氛围",
    )


def _told(reading: Reading) -> list[tuple[Mood, int]]:
    enough = [one for one in reading.beside if one[1] >= _FEWEST_TOLD]
    return sorted(enough, key=lambda one: -one[1])[:4]
