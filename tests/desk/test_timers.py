"""Timers: each fires once, whatever becomes of the process, the clock and the machine."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.db import Database
from liudeng.desk.timers import Again, Timer, TimerKind, Timers, arm
from tests.desk.conftest import Clock
from tests.fakes.waiting import closes, until

MINUTE_MS = 60_000


class Bell:
    """Rings when a timer fires."""

    def __init__(self) -> None:
        self.rung: list[str] = []
        self.again: Again | None = None
        self.failures = 0

    async def ring(self, _connection: AsyncConnection, timer: Timer) -> Again | None:
        if self.failures:
            self.failures -= 1
            raise RuntimeError("the rope tore")
        self.rung.append(timer.key)
        again, self.again = self.again, None
        return again


@pytest.fixture
def bell() -> Bell:
    return Bell()


@pytest.fixture
async def timers(database: Database, clock: Clock, bell: Bell) -> AsyncIterator[Timers]:
    made = Timers(database, clock, look_every_s=0.02)
    made.handle(TimerKind.CHECK_IN, bell.ring)
    yield made
    await made.close()


async def set_timer(database: Database, clock: Clock, key: str, minutes: float = 5) -> None:
    async with database.write() as connection:
        due = clock() + int(minutes * MINUTE_MS)
        await arm(connection, key, TimerKind.CHECK_IN, due)


async def test_it_fires_when_it_is_due_and_once(
    timers: Timers, database: Database, clock: Clock, bell: Bell
) -> None:
    await set_timer(database, clock, "tea")
    clock.forward(minutes=4)
    await timers.fire_due()
    assert bell.rung == []
    clock.forward(minutes=2)
    await timers.fire_due()
    await timers.fire_due()
    await set_timer(database, clock, "tea", -1)
    await timers.fire_due()
    assert bell.rung == ["tea"], "one key is one timer, for ever"


async def test_it_survives_a_restart_and_what_fell_due_meanwhile_fires(
    timers: Timers, database: Database, clock: Clock, bell: Bell
) -> None:
    await set_timer(database, clock, "done", 1)
    await set_timer(database, clock, "meanwhile", 10)
    clock.forward(minutes=2)
    await timers.fire_due()
    clock.forward(days=3)
    reborn = Timers(database, clock)
    reborn.handle(TimerKind.CHECK_IN, bell.ring)
    await reborn.start()
    await until(lambda: len(bell.rung) == 2)
    await closes(reborn)
    assert bell.rung == ["done", "meanwhile"]


async def test_a_clock_that_is_set_back_fires_nothing_twice(
    timers: Timers, database: Database, clock: Clock, bell: Bell
) -> None:
    await set_timer(database, clock, "tea", 1)
    clock.forward(minutes=2)
    await timers.fire_due()
    clock.forward(hours=-3)
    await timers.fire_due()
    clock.forward(hours=3)
    await timers.fire_due()
    assert bell.rung == ["tea"]


async def test_a_machine_that_was_asleep_catches_up_in_order(
    timers: Timers, database: Database, clock: Clock, bell: Bell
) -> None:
    """The task slept with the machine: on waking the wall clock alone has gone on."""
    for key, minutes in (("awake", 0), ("third", 300), ("first", 30), ("second", 60)):
        await set_timer(database, clock, key, minutes)
    await timers.start()
    await until(lambda: bell.rung == ["awake"])
    clock.forward(hours=9)
    await until(lambda: len(bell.rung) == 4)
    assert bell.rung == ["awake", "first", "second", "third"]


async def test_what_cannot_be_done_yet_waits_and_writes_nothing(
    database: Database, clock: Clock, bell: Bell
) -> None:
    known: list[str] = []
    timers = Timers(database, clock)
    timers.handle(TimerKind.CHECK_IN, bell.ring, ready=lambda: bool(known))
    await set_timer(database, clock, "tea", -1)
    assert await timers.fire_due() == 0
    known.append("who is there")
    assert await timers.fire_due() == 1
    assert bell.rung == ["tea"]


async def test_what_is_not_over_comes_again(
    timers: Timers, database: Database, clock: Clock, bell: Bell
) -> None:
    await set_timer(database, clock, "tea", 1)
    clock.forward(minutes=2)
    bell.again = Again(clock() + 10 * MINUTE_MS)
    await timers.fire_due()
    await timers.fire_due()
    assert bell.rung == ["tea"]
    clock.forward(minutes=11)
    await timers.fire_due()
    assert bell.rung == ["tea", "tea"]


async def test_one_that_fails_is_tried_again_and_keeps_no_other_waiting(
    timers: Timers, database: Database, clock: Clock, bell: Bell
) -> None:
    await set_timer(database, clock, "torn", 1)
    await set_timer(database, clock, "whole", 2)
    clock.forward(minutes=5)
    bell.failures = 1
    await timers.fire_due()
    assert bell.rung == ["whole"]
    clock.forward(minutes=2)
    await timers.fire_due()
    assert bell.rung == ["whole", "torn"]


async def test_two_who_look_at_the_clock_at_once_fire_it_once(
    timers: Timers, database: Database, clock: Clock, bell: Bell
) -> None:
    await set_timer(database, clock, "tea", -1)
    await asyncio.gather(*(timers.fire_due() for _ in range(5)))
    assert bell.rung == ["tea"]
