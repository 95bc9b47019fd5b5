"""The watcher over the archive: batches in, signals for the desk out, nothing lost at a restart."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive import LogWriter, Source, StoredMessage
from liudeng.archive.gaps import end_gap, open_gaps
from liudeng.db import Database
from liudeng.desk import CaseKind, Signal
from liudeng.watch import Assessment, Watcher, load_lexicon
from liudeng.watch.assessment import LEXICON_DIRECTORY, default_watcher
from liudeng.watch.reader import WatchReader
from tests.fakes.archive import kept, store
from tests.fakes.payloads import GROUP, MEMBER, OTHER_MEMBER, said

HOUR_S = 3600
MIDNIGHT_S = 1_789_401_600
"""Midnight of China's clocks."""
HALF_SAID = [
    (2 * HOUR_S, "一个人撑得好累，看不到头"),
    (26 * HOUR_S, "觉得自己就是个累赘，哭到停不下来"),
    (50 * HOUR_S, "没有人需要我，我真的撑不住了"),
    (74 * HOUR_S, "每天都在崩溃，熬不下去了"),
]


@pytest.fixture(scope="module")
def watcher() -> Watcher:
    return default_watcher()


class Told:
    """Stands where the desk stands and keeps what it is told."""

    def __init__(self) -> None:
        self.signals: list[Signal] = []

    async def receive(
        self, _connection: AsyncConnection, signal: Signal, _message: StoredMessage
    ) -> None:
        self.signals.append(signal)

    async def knows(self, _connection: AsyncConnection, signal: Signal) -> bool:
        return signal in self.signals


def _reader(watcher: Watcher, told: Told) -> WatchReader:
    return WatchReader(watcher, told, ZoneInfo("Asia/Shanghai"))  # type: ignore[arg-type]


async def _read(reader: WatchReader, database: Database, batch: Sequence[StoredMessage]) -> None:
    effects = await reader.read(batch)
    if effects is not None:
        async with database.write() as connection:
            await effects.apply(connection)


async def _days(writer: LogWriter, database: Database) -> list[StoredMessage]:
    await store(writer, *(said(text, time=MIDNIGHT_S + at) for at, text in HALF_SAID))
    return await kept(database)


async def test_what_adds_up_over_days_is_told_once_it_is_enough(
    writer: LogWriter, database: Database, watcher: Watcher
) -> None:
    days, told = await _days(writer, database), Told()
    assert all(found.level < 3 for found in watcher.assess_many([day.spoken for day in days]))

    await _read(_reader(watcher, told), database, days)

    assert told.signals
    assert {signal.kind for signal in told.signals} == {CaseKind.DISTRESS}
    assert "合起来" in told.signals[0].reasons[0]
    assert told.signals[0].message_row != days[0].id


async def test_reading_a_batch_again_says_the_same(
    writer: LogWriter, database: Database, watcher: Watcher
) -> None:
    days, told = await _days(writer, database), Told()
    reader = _reader(watcher, told)

    await reader.read(days)
    await _read(reader, database, days)
    first = list(told.signals)
    await _read(reader, database, days)

    assert told.signals == first + first


async def test_a_restart_forgets_nobody(
    writer: LogWriter, database: Database, watcher: Watcher
) -> None:
    days = await _days(writer, database)
    forgetful, mindful = Told(), Told()
    restarted = _reader(watcher, mindful)
    await restarted.remember(database)

    await _read(_reader(watcher, forgetful), database, days[-1:])
    await _read(restarted, database, days[-1:])

    assert (len(forgetful.signals), len(mindful.signals)) == (0, 1)


class _HalfSaying(Watcher):
    """Finds one sentence nearly alarming and all others empty."""

    def __init__(self) -> None:
        super().__init__(load_lexicon(LEXICON_DIRECTORY))

    def assess_many(self, texts: Sequence[str]) -> list[Assessment]:
        nearly = Assessment(level=2, pain=0.2, danger=0.45, about="self")
        nothing = Assessment(level=0, pain=0.0, danger=0.0, about="none")
        return [nearly if text == "那就这样" else nothing for text in texts]


@pytest.fixture
async def silent_night(writer: LogWriter, database: Database) -> list[StoredMessage]:
    """Somebody says something nearly alarming; others talk on until the next day."""
    others = [
        said("早上好", time=MIDNIGHT_S + hours * HOUR_S, user_id=OTHER_MEMBER)
        for hours in (1, 12, 13)
    ]
    await store(writer, said("那就这样", time=MIDNIGHT_S), *others)
    return await kept(database)


async def test_silence_after_worrying_words_is_told_once(
    silent_night: list[StoredMessage], database: Database
) -> None:
    told = Told()
    reader = _reader(_HalfSaying(), told)

    for message in silent_night[:2]:
        await _read(reader, database, [message])
    assert told.signals == []
    for message in silent_night[2:]:
        await _read(reader, database, [message])

    assert [signal.subject_id for signal in told.signals] == [str(MEMBER)]
    assert "很久没有出现" in told.signals[0].reasons[0]
    assert await reader.read(silent_night[3:]) is None, "what is on record costs nothing more"


async def test_a_silence_is_told_once_whatever_is_restarted_or_fails(
    silent_night: list[StoredMessage], database: Database
) -> None:
    told = Told()
    reader = _reader(_HalfSaying(), told)
    effects = await reader.read(silent_night)
    assert effects is not None, "but the transaction never came"

    await _read(reader, database, silent_night[3:])
    assert len(told.signals) == 1
    restarted = _reader(_HalfSaying(), told)
    await restarted.remember(database)
    await _read(restarted, database, silent_night[3:])

    assert len(told.signals) == 1


async def test_while_messages_are_missing_nobody_is_silent(
    silent_night: list[StoredMessage], database: Database, writer: LogWriter
) -> None:
    told = Told()
    reader = _reader(_HalfSaying(), told)
    async with database.write() as connection:
        await open_gaps(connection, [GROUP], 1)
    await _read(reader, database, silent_night)
    assert told.signals == []

    await store(writer, said("起来了", time=MIDNIGHT_S + 8 * HOUR_S, source=Source.BACKFILL))
    async with database.write() as connection:
        await end_gap(connection, GROUP, 1, closed=True)
    await _read(reader, database, silent_night[3:])

    assert told.signals == [], "they had spoken"


async def test_a_worried_friend_opens_a_worry(
    writer: LogWriter, database: Database, watcher: Watcher
) -> None:
    told = Told()
    await store(writer, said("我朋友说不想活了，电话打不通"))

    await _read(_reader(watcher, told), database, await kept(database))

    assert [signal.kind for signal in told.signals] == [CaseKind.WORRY]
