"""Who does not want to be kept, or watched: plain danger is still seen, and nothing else."""

from collections.abc import AsyncIterator
from typing import Any, cast

import pytest

from liudeng.archive import LogWriter, Source
from liudeng.db import Database
from liudeng.desk import CaseKind, Desk
from liudeng.watch.assessment import default_watcher
from liudeng.watch.passing import PassingWatch
from liudeng.watch.reader import WatchReader
from tests.fakes.archive import kept, store
from tests.fakes.payloads import GROUP, MEMBER, NOW_S, said
from tests.watch.test_reader import HALF_SAID, MIDNIGHT_S, Told

DANGER = "我已经写好遗书了，今晚就从楼顶跳下去"
LESS = 2_718_281_828
"""Somebody who has said 别看我."""


def only_danger(_group_id: int, user_id: str) -> bool:
    return user_id == str(LESS)


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
async def passing(database: Database, told: Told) -> AsyncIterator[PassingWatch]:
    desk = cast("Desk", told)
    watch = PassingWatch(database, default_watcher(), desk, only_danger, lambda: None)
    await watch.start()
    yield watch
    await watch.close()


@pytest.mark.parametrize("who", [MEMBER, LESS])
async def test_danger_is_told_without_the_words(
    who: int, passing: PassingWatch, told: Told
) -> None:
    passing.hear(said("今天吃什么", user_id=who))
    passing.hear(said(DANGER, user_id=who))
    await passing.looked()
    [signal] = told.signals
    assert (signal.subject_id, signal.kind) == (str(who), CaseKind.DISTRESS)
    assert signal.message_row is None
    assert "「" not in "".join(signal.reasons)
    assert not any(words in "".join(signal.reasons) for words in ("遗书", "楼顶"))


async def test_of_whoever_is_not_watched_fully_no_days_are_remembered(
    database: Database, writer: LogWriter, told: Told
) -> None:
    def fully(_group_id: int, user_id: str) -> bool:
        return user_id != str(LESS)

    reader = WatchReader(default_watcher(), cast("Desk", told), fully=fully)
    for who in (LESS, MEMBER):
        spoken = [
            said(words, user_id=who, time=MIDNIGHT_S + when, received_ms=(MIDNIGHT_S + when) * 1000)
            for when, words in HALF_SAID
        ]
        await store(writer, *spoken)
    await apply(reader, database)
    assert {signal.subject_id for signal in told.signals} == {str(MEMBER)}
    told.signals.clear()
    await store(writer, said(DANGER, user_id=LESS, time=NOW_S))
    await apply(reader, database)
    assert str(LESS) in {signal.subject_id for signal in told.signals}


async def test_what_was_remembered_is_forgotten_when_somebody_says_no(
    database: Database, writer: LogWriter, told: Told
) -> None:
    reader = WatchReader(default_watcher(), cast("Desk", told))
    *before, last = [
        said(words, time=MIDNIGHT_S + when, received_ms=(MIDNIGHT_S + when) * 1000)
        for when, words in HALF_SAID
    ]
    await store(writer, *before)
    await apply(reader, database)
    told.signals.clear()
    await reader.forget(str(MEMBER), GROUP)
    await store(writer, last)
    effects = await reader.read([one for one in await kept(database) if one.text == last.text])
    assert effects is None or not effects.signals


async def apply(reader: WatchReader, database: Database) -> None:
    batch: list[Any] = [one for one in await kept(database) if one.source is Source.LIVE]
    effects = await reader.read(batch)
    if effects is not None:
        async with database.write() as connection:
            await effects.apply(connection)
