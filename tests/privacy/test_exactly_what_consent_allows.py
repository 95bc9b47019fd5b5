"""Whatever the order of choices, messages, recalls, backfills, imports, erasures and crashes, the
archive holds exactly what consent allows. What that is is told here a second time, more simply.
"""

import asyncio
import shutil
import tempfile
from collections.abc import Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from liudeng.archive import LogWriter, Message, Recall, Source
from liudeng.archive.store import store_batch
from liudeng.db import Database
from liudeng.media import MediaStore
from liudeng.outbox import Enclosures
from liudeng.privacy import EVERYWHERE, Gate, Keeping, Member, Mode, Places, Pseudonyms, Register
from liudeng.privacy.desk import PrivacyDesk
from liudeng.privacy.erasure import Erasure
from liudeng.privacy.holders import all_holders
from liudeng.privacy.leaving import Leaving
from liudeng.privacy.recalls import wipe_recalled
from liudeng.privacy.sweeping import Sweeper
from tests.fakes.archive import kept
from tests.fakes.payloads import NOW_S

GROUPS = (11, 12)
PEOPLE = ("700000001", "700000002")
T = TypeVar("T")
people = st.sampled_from(PEOPLE)
groups = st.sampled_from(GROUPS)
places = st.sampled_from((EVERYWHERE, *GROUPS))


class Crash(Exception):
    """The process dies here."""


@dataclass
class Rules:
    """What consent allows, told simply: by looking at all that was ever said."""

    choices: list[tuple[int, int, str, Keeping]] = field(default_factory=list)
    modes: list[tuple[int, int, Mode]] = field(default_factory=list)
    erased: dict[str, int] = field(default_factory=dict)

    def at(self, group: int, who: str, moment: float) -> bool:
        """Tell whether somebody was kept in a group at a moment, in seconds."""
        mode = ([Mode.OPEN] + [m for s, g, m in self.modes if g == group and s <= moment])[-1]
        said = [
            keeping
            for second, place, person, keeping in self.choices
            if person == who and place in (EVERYWHERE, group) and second <= moment
        ]
        if mode is Mode.OFF:
            return False
        return said[-1] is Keeping.ALL if said else mode is Mode.OPEN

    def allow(self, message: Message, now: int) -> bool:
        """Tell whether a message may come in now."""
        second = message.time_ms // 1000
        moments = (second - 0.5, second, now)
        group, who = message.group_id, message.user_id
        buried = second <= self.erased.get(who, 0)
        return not buried and all(self.at(group, who, moment) for moment in moments)


class Archive(RuleBasedStateMachine):
    """A group's evening, with a bot that may die at any time."""

    template: ClassVar[Path]

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = Path(tempfile.mkdtemp())
        shutil.copyfile(self.template, self.folder / "liudeng.sqlite3")
        self.now = NOW_S
        self.told = Rules()
        self.ever: list[Message] = []
        self.expected: dict[str, str] = {}
        self.do(self._open())

    def do(self, action: Coroutine[Any, Any, T]) -> T:
        """Run something to its end."""
        return self.runner.run(action)

    async def _open(self) -> None:
        self.database = Database(self.folder / "liudeng.sqlite3")
        self.register = Register(self.database, Pseudonyms("", self.folder / "privacy.key"))
        await self.register.open()
        self.gate = Gate(self.register)
        self.writer = LogWriter(self.database, 1_000, self.gate)
        self.writer.start(0)

        async def nothing() -> None:
            return None

        store = MediaStore(self.folder / "media")
        holders = all_holders()
        places = Places(store, lambda _: None, nothing)
        self.sweeper = Sweeper(self.database, places, holders)
        enclosures = Enclosures(self.folder / "enclosures")
        self.erasure = Erasure(
            self.database, self.register, self.sweeper, holders, enclosures, self.writer.drain
        )
        leaving = Leaving(self.database, self.register, self.sweeper, holders, ())
        self.desk = PrivacyDesk(
            self.database, self.register, self.sweeper, self.erasure, leaving, self.writer.drain
        )
        await self.erasure.go_on()

    async def _die(self) -> None:
        await self.writer.close(timeout_s=0)
        await self.database.close()

    def teardown(self) -> None:
        self.do(self._die())
        self.runner.close()
        shutil.rmtree(self.folder)

    def _message(self, group: int, who: str, source: Source = Source.LIVE) -> Message:
        number = len(self.ever) + 1
        message = Message(
            self_id=1,
            group_id=group,
            message_id=str(number),
            platform_seq=number,
            time_ms=self.now * 1000,
            received_ms=self.now * 1000,
            user_id=who,
            text=f"话{number}",
            segments=({"type": "text", "data": {"text": f"话{number}"}},),
            source=source,
        )
        self.ever.append(message)
        return message

    def _came_in(self, message: Message) -> None:
        if self.told.allow(message, self.now):
            self.expected.setdefault(message.message_id, message.text)

    @initialize()
    def begin(self) -> None:
        """Somebody has spoken before."""
        self.say(GROUPS[0], PEOPLE[0], 0)

    @rule(group=groups, who=people, pause=st.integers(0, 2))
    def say(self, group: int, who: str, pause: int) -> None:
        self.now += pause
        message = self._message(group, who)
        self.writer.offer(message)
        self._came_in(message)
        self.do(self.writer.drain())

    @rule(group=groups, who=people)
    def say_what_the_bot_misses(self, group: int, who: str) -> None:
        self._message(group, who)

    @rule(place=places, who=people, keeping=st.sampled_from(Keeping), pause=st.integers(0, 2))
    def choose(self, place: int, who: str, keeping: Keeping, pause: int) -> None:
        self.now += pause
        member = Member(who, place or None, self.now * 1000)
        answers = {
            Keeping.ALL: self.desk.keep,
            Keeping.WALL: self.desk.wall_only,
            Keeping.NONE: self.desk.refuse,
        }
        self.do(answers[keeping](member))
        self.told.choices.append((self.now, place, who, keeping))
        if keeping is not Keeping.ALL:
            self._leave(
                one
                for one in self.ever
                if one.user_id == who
                and place in (EVERYWHERE, one.group_id)
                and one.time_ms >= self.now * 1000
            )

    @rule(group=groups, mode=st.sampled_from(Mode), pause=st.integers(0, 2))
    def decide(self, group: int, mode: Mode, pause: int) -> None:
        self.now += pause
        self.do(self.register.set_mode(group, mode, self.now * 1000))
        self.told.modes.append((self.now, group, mode))

    @precondition(lambda self: self.ever)
    @rule(data=st.data(), imported=st.booleans())
    def bring_history(self, data: st.DataObject, imported: bool) -> None:
        """Some of what was ever said comes again, or for the first time."""
        some = data.draw(st.lists(st.sampled_from(self.ever), max_size=6, unique_by=id))
        source = Source.IMPORT if imported else Source.BACKFILL
        again = [one.model_copy(update={"source": source}) for one in some]
        self.do(self._import(again) if imported else self._backfill(again))
        for message in again:
            self._came_in(message)

    async def _import(self, messages: list[Message]) -> None:
        async with self.database.write() as connection:
            await self.gate.refresh(connection)
            admitted = [kept for one in messages if (kept := self.gate.admit(one))]
            await store_batch(connection, admitted)

    async def _backfill(self, messages: list[Message]) -> None:
        for message in messages:
            await self.writer.put(message)
        await self.writer.drain()

    @precondition(lambda self: self.expected)
    @rule(data=st.data())
    def recall_and_wipe(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.expected)))
        [message] = [one for one in self.ever if one.message_id == number]
        recall = Recall(
            self_id=1,
            group_id=message.group_id,
            message_id=number,
            operator_id=message.user_id,
            user_id=message.user_id,
            time_ms=self.now * 1000,
        )
        self.do(self._backfill_recall(recall))
        self.expected[number] = ""

    async def _backfill_recall(self, recall: Recall) -> None:
        await self.writer.put(recall)
        await self.writer.drain()
        await wipe_recalled(self.database, (self.now + 1) * 1000)

    @rule(who=people, dies=st.booleans())
    def erase(self, who: str, dies: bool) -> None:
        if dies:
            self.do(self._erase_and_die(who))
        else:
            self.do(self.erasure.erase(who, self.now * 1000))
        self.told.erased[who] = self.now
        self.told.choices.append((self.now, EVERYWHERE, who, Keeping.NONE))
        self._leave(one for one in self.ever if one.user_id == who)

    async def _erase_and_die(self, who: str) -> None:
        async def die(_rows: object) -> None:
            raise Crash

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Sweeper, "erase", lambda _self, rows: die(rows))
            patch.setattr(Sweeper, "drop_files", lambda _self: die(()))
            with pytest.raises(Crash):
                await self.erasure.erase(who, self.now * 1000)
        await self._die()
        await self._open()

    @rule(group=groups, who=people)
    def crash(self, group: int, who: str) -> None:
        """Something was just said, and may or may not have reached the disk."""
        message = self._message(group, who)
        self.writer.offer(message)
        self.do(self._die())
        self.do(self._open())
        if message.message_id in self._kept():
            self._came_in(message)

    def _leave(self, gone: Any) -> None:
        for message in gone:
            self.expected.pop(message.message_id, None)

    def _kept(self) -> dict[str, str]:
        return {one.message_id: one.text for one in self.do(kept(self.database))}

    @invariant()
    def holds_exactly_what_is_allowed(self) -> None:
        assert self._kept() == self.expected


def test_the_archive_holds_exactly_what_consent_allows(migrated_file: Path) -> None:
    Archive.template = migrated_file
    run_state_machine_as_test(
        Archive, settings=settings(max_examples=8, stateful_step_count=12, deadline=None)
    )
