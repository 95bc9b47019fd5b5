"""The pulse over the archive: each message counted once, each flood told once, nobody named."""

from collections.abc import Sequence

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive import LogWriter, Source, StoredMessage
from liudeng.db import Database
from liudeng.desk import CaseKind, Signal
from liudeng.pulse import MoodLexicon, PulseReader, load_moods
from liudeng.pulse import reader as reader_module
from liudeng.pulse.tables import pulse_counts, pulse_floods
from tests.fakes.archive import kept, store
from tests.fakes.payloads import NOW_S, SELF_ID, said

HOUR_S = NOW_S // 3600 * 3600
ANGRY, SAD, PLAIN = "他们凭什么这样", "好难过", "今天吃什么"


class Told:
    """Stands where the guard stands and keeps what it is told."""

    def __init__(self) -> None:
        self.signals: list[Signal] = []

    async def receive(
        self, connection: AsyncConnection, signal: Signal, message: StoredMessage | None
    ) -> None:
        assert message is None
        self.signals.append(signal)


@pytest.fixture(scope="module")
def lexicon() -> MoodLexicon:
    return load_moods()


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def reader(database: Database, lexicon: MoodLexicon, told: Told) -> PulseReader:
    return PulseReader(database, lexicon, told)


async def speak(writer: LogWriter, words: str, people: Sequence[int], at_s: int) -> None:
    messages = [
        said(words, user_id=person, time=at_s, received_ms=at_s * 1000) for person in people
    ]
    await store(writer, *messages)


async def read(reader: PulseReader, database: Database, batch: Sequence[StoredMessage]) -> None:
    effects = await reader.read(batch)
    if effects is not None:
        async with database.write() as connection:
            await effects.apply(connection)
    await reader.flush()


async def unread(database: Database, seen: int = 0) -> list[StoredMessage]:
    return [message for message in await kept(database) if message.seq > seen]


async def counted(database: Database) -> dict[tuple[int, str], tuple[int, int]]:
    async with database.read() as connection:
        rows = await connection.execute(select(pulse_counts))
        return {(row.hour_ms // 1000, row.mood): (row.messages, row.voices) for row in rows}


async def test_messages_and_people_are_counted_by_the_hour(
    reader: PulseReader, database: Database, writer: LogWriter
) -> None:
    await speak(writer, SAD, [1001, 1001, 1002], HOUR_S + 10)
    await speak(writer, PLAIN, [1003], HOUR_S + 20)
    await speak(writer, SAD, [1001], HOUR_S + 3600)
    await speak(writer, SAD, [SELF_ID], HOUR_S + 30)

    await read(reader, database, await kept(database))

    assert await counted(database) == {
        (HOUR_S, "all"): (4, 3),
        (HOUR_S, "sadness"): (3, 2),
        (HOUR_S + 3600, "all"): (1, 1),
        (HOUR_S + 3600, "sadness"): (1, 1),
    }


async def test_a_batch_that_comes_again_and_a_restart_count_nothing_twice(
    reader: PulseReader, database: Database, writer: LogWriter, lexicon: MoodLexicon, told: Told
) -> None:
    await speak(writer, SAD, [1001, 1002], HOUR_S)
    first = await kept(database)
    await read(reader, database, first)
    await read(reader, database, first)
    before = await counted(database)
    await speak(writer, SAD, [1001, 1003], HOUR_S + 60)

    restarted = PulseReader(database, lexicon, told)
    await restarted.remember()
    await read(restarted, database, await unread(database, first[-1].seq))

    assert before[HOUR_S, "sadness"] == (2, 2)
    assert (await counted(database))[HOUR_S, "sadness"] == (4, 3)


async def test_an_hour_is_read_back_whole_in_pieces(
    reader: PulseReader, database: Database, writer: LogWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader_module, "_PAGE", 2)
    await speak(writer, SAD, [1001, 1002, 1003], HOUR_S + 30)
    await speak(writer, SAD, [1001, 1004], HOUR_S + 10)  # later by commit, earlier by the clock
    first = await kept(database)
    await speak(writer, PLAIN, [1005], HOUR_S + 60)
    await read(reader, database, await unread(database, max(one.seq for one in first)))
    assert await counted(database) == {(HOUR_S, "all"): (6, 5), (HOUR_S, "sadness"): (5, 4)}


async def test_a_quiet_batch_costs_no_transaction_and_a_crash_no_count(
    reader: PulseReader, database: Database, writer: LogWriter, lexicon: MoodLexicon, told: Told
) -> None:
    await speak(writer, SAD, [1001, 1002], HOUR_S)
    assert await reader.read(await kept(database)) is None, "counts wait for their turn"
    assert await counted(database) == {}

    after_a_crash = PulseReader(database, lexicon, told)
    await after_a_crash.remember()
    await after_a_crash.flush()

    assert (await counted(database))[HOUR_S, "sadness"] == (2, 2)


async def test_no_person_and_no_word_is_kept() -> None:
    columns = {*pulse_counts.c.keys(), *pulse_floods.c.keys()}
    assert not columns & {"user_id", "text", "name", "message_row"}


async def test_who_does_not_want_to_be_looked_at_is_not_counted(
    database: Database, writer: LogWriter, lexicon: MoodLexicon, told: Told
) -> None:
    reader = PulseReader(database, lexicon, told, lambda _group, user: user != "1002")
    await speak(writer, SAD, [1001, 1002], HOUR_S)
    await read(reader, database, await kept(database))
    assert (await counted(database))[HOUR_S, "sadness"] == (1, 1)


async def test_a_flood_of_anger_is_told_once(
    reader: PulseReader, database: Database, writer: LogWriter, told: Told
) -> None:
    seen = 0
    for minute in range(0, 60, 5):
        await speak(writer, ANGRY, range(1001, 1013), HOUR_S + minute * 60)
        await speak(writer, SAD, range(2001, 2005), HOUR_S + minute * 60 + 1)
        fresh = await unread(database, seen)
        await read(reader, database, fresh)
        seen = fresh[-1].seq

    [signal] = told.signals
    assert (signal.kind, signal.subject_id) == (CaseKind.MOOD, "group")
    assert "12 人" in signal.reasons[0]
    assert "愤怒" in signal.reasons[0]
    assert "悲伤 4 人" in signal.reasons[1]
    assert not any(str(person) in "".join(signal.reasons) for person in range(1001, 1013))


async def test_another_flood_begins_only_after_an_hour_of_calm(
    reader: PulseReader, database: Database, writer: LogWriter, lexicon: MoodLexicon, told: Told
) -> None:
    async def pass_by(reading: PulseReader, words: str, minute: int) -> None:
        before = (await kept(database))[-1:]
        await speak(writer, words, range(1001, 1021), HOUR_S + minute * 60)
        await read(reading, database, await unread(database, before[0].seq if before else 0))

    await pass_by(reader, ANGRY, 0)
    await pass_by(reader, PLAIN, 31)
    await pass_by(reader, ANGRY, 62)
    assert len(told.signals) == 1, "half an hour of calm ends nothing"

    restarted = PulseReader(database, lexicon, told)
    await restarted.remember()
    await pass_by(restarted, ANGRY, 70)
    assert len(told.signals) == 1, "a restart forgets no flood"
    await pass_by(restarted, PLAIN, 131)
    await pass_by(restarted, ANGRY, 170)
    assert len(told.signals) == 2


async def test_an_evening_of_sorrow_is_no_flood(
    reader: PulseReader, database: Database, writer: LogWriter, told: Told
) -> None:
    await speak(writer, SAD, range(1001, 1041), HOUR_S)
    await read(reader, database, await kept(database))
    assert told.signals == []


async def test_one_person_who_shouts_is_no_flood(
    reader: PulseReader, database: Database, writer: LogWriter, told: Told
) -> None:
    await speak(writer, ANGRY, [1001] * 60, HOUR_S)
    await read(reader, database, await kept(database))
    assert told.signals == []


async def test_a_group_that_is_always_angry_is_not_told_of_it(
    reader: PulseReader, database: Database, writer: LogWriter, told: Told
) -> None:
    for hour in range(1, 6):
        await speak(writer, PLAIN, range(1001, 1021), HOUR_S - hour * 3600)
        for person in range(1001, 1013):
            await speak(writer, ANGRY, [person], HOUR_S - hour * 3600 + (person - 1000) * 250)
    history = [
        message.model_copy(update={"source": Source.HISTORY}) for message in await kept(database)
    ]
    await read(reader, database, history)
    await speak(writer, PLAIN, range(1001, 1021), HOUR_S)
    await speak(writer, ANGRY, range(1001, 1013), HOUR_S + 1)
    await read(reader, database, await unread(database, history[-1].seq))
    assert told.signals == []


async def test_what_is_told_late_is_over(
    reader: PulseReader, database: Database, writer: LogWriter, told: Told
) -> None:
    late = [
        said(ANGRY, user_id=person, time=HOUR_S, received_ms=(HOUR_S + 7200) * 1000)
        for person in range(1001, 1021)
    ]
    await store(writer, *late)
    await read(reader, database, await kept(database))
    assert told.signals == []
    assert (await counted(database))[HOUR_S, "anger"] == (20, 20)
