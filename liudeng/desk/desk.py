"""The desk: where signals become cases and alerts, and people answer them."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive import StoredMessage
from liudeng.db import Database, now_ms
from liudeng.desk.alerting import Alerting
from liudeng.desk.care import load_care
from liudeng.desk.case import Case, EventKind, Signal
from liudeng.desk.concern import EVERYBODY, Concern
from liudeng.desk.digest import Digest
from liudeng.desk.duty import called_first
from liudeng.desk.duty_desk import DutyDesk
from liudeng.desk.escalation import Escalation, Patience
from liudeng.desk.follow_up import FollowUp
from liudeng.desk.handing import Handing
from liudeng.desk.handling import Handling
from liudeng.desk.intake import Intake
from liudeng.desk.office import Office
from liudeng.desk.page import Page
from liudeng.desk.reach import Reach
from liudeng.desk.reports import Reports
from liudeng.desk.resources import Resources
from liudeng.desk.routing import Routing
from liudeng.desk.seal import Seal
from liudeng.desk.self_test import SelfTest
from liudeng.desk.timers import TimerKind, Timers, arm
from liudeng.desk.viewing import Viewing
from liudeng.outbox import Letter, PostedLetter, Target, case_of_sent
from liudeng.roster import Roster

CARE_DIR = Path(__file__).resolve().parents[2] / "data" / "desk"


@dataclass(frozen=True, slots=True)
class DeskOptions:
    """What an operator or a test may want otherwise."""

    seal: Seal | None = None
    """Without it nothing said around a signal is kept with its case."""
    patience: Patience = field(default_factory=Patience)
    care_dir: Path = CARE_DIR
    cards: bool = False
    """Whether alerts and digests hold a card; whoever sends them must be able to draw it."""
    operators: frozenset[int] = frozenset()
    """Who hears before the night whom an alert would not find; empty: owners and leads."""
    clock: Callable[[], int] = now_ms


class Desk:
    """Takes signals in, sends alerts out, and holds what moderators do with them."""

    def __init__(
        self,
        database: Database,
        roster: Roster,
        staff_group: int | None,
        zone: ZoneInfo,
        options: DeskOptions | None = None,
    ) -> None:
        """Raises OSError or ValueError when the texts in `care_dir` cannot be read."""
        options = options or DeskOptions()
        self._seal = options.seal
        care = load_care(options.care_dir)
        self._office = Office(database, roster, zone, staff_group, options.clock, options.cards)
        self._on_posted: Callable[[], None] = lambda: None
        self.timers = Timers(database, options.clock)
        self._routing = Routing(self._office)
        escalation = Escalation(self._office, self._routing, options.patience)
        alerting = Alerting(self._office, escalation)
        follow_up = FollowUp(self._office)
        self._digest = Digest(self._office, options.seal, self.timers)
        reach = Reach(self._office)
        self._self_test = SelfTest(self._office, reach, options.operators)
        self._intake = Intake(self._office, alerting, follow_up, options.seal)
        self.handling = Handling(self._office, alerting, follow_up, care)
        self.handing = Handing(self._office, alerting, follow_up)
        self.viewing = Viewing(self._office, options.seal)
        self.reports = Reports(self._office, self._intake)
        self.resources = Resources(self._office, care, options.seal)
        self.duty = DutyDesk(self._office, self._digest, alerting, care)
        self.timers.handle(TimerKind.SEAL, self._intake.seal_again)
        for kind, handler in (
            (TimerKind.ACKNOWLEDGE, escalation.unanswered),
            (TimerKind.CHECK_IN, follow_up.check_in),
            (TimerKind.HANDED, follow_up.handed),
            (TimerKind.STALE, follow_up.stale),
            (TimerKind.DIGEST, self._digest.daily),
            (TimerKind.SHIFT_END, self._digest.shift_end),
            (TimerKind.SELF_TEST, self._self_test.run),
            (TimerKind.REACH, reach.look),
        ):
            self.timers.handle(kind, handler, ready=lambda: roster.is_read)

    async def open(self, on_posted: Callable[[], None]) -> None:
        """Begin to do what is due; `on_posted` is called when that may have posted letters.

        Raises:
            SealKeyProblem: the key for sealed contexts does not fit.
            OSError: it can be neither read nor made.
        """
        if self._seal is not None:
            await asyncio.to_thread(self._seal.unlock)
        async with self._office.database.write() as connection:
            await self._digest.arm_daily(connection)
            await self._self_test.arm(connection)
            await arm(connection, "reach", TimerKind.REACH, self._office.now())
        self._on_posted = on_posted
        self.timers.on_posted(on_posted)
        await self.timers.start()

    async def close(self) -> None:
        """Stop; what is due then is done after the next start."""
        await self.timers.close()

    async def receive(
        self, connection: AsyncConnection, signal: Signal, message: StoredMessage | None
    ) -> Case:
        """Put a signal on its case and post an alert if people must know, in one transaction."""
        return await self._intake.receive(connection, signal, message)

    async def remark(self, case_id: int, words: str) -> None:
        """Note on a case's timeline what no person said: it alerts nobody."""
        async with self._office.database.write() as connection:
            await self._office.casebook.note(
                connection, case_id, EventKind.NOTE, actor="liudeng", detail=words
            )

    async def knows(self, connection: AsyncConnection, signal: Signal) -> bool:
        """Tell whether just this signal is on a case's timeline, open or closed."""
        return await self._office.casebook.has(connection, signal)

    async def take_up(self, concern: Concern) -> Case:
        """Open a case about a member or a group, or put the concern on the one that is open.

        The door for other rooms, in a transaction of its own; the alert is on its way when this
        returns::

            await desk.take_up(
                Concern(
                    room="群管",
                    kind=CaseKind.SCAM,
                    group_id=message.group_id,
                    subject_id=int(message.user_id),
                    text="发了和已知骗局一样的链接",
                    message=message,
                )
            )

        What moderators do with it (接手, 完结, …), the timers and the digest are the desk's.
        """
        async with self._office.database.write() as connection:
            case = await self.take_up_in(connection, concern)
        self._on_posted()
        return case

    async def take_up_in(self, connection: AsyncConnection, concern: Concern) -> Case:
        """Do the same inside the caller's transaction: a reader's effects, for one.

        The caller wakes the sender once it is committed; a `ReaderRun` does.
        """
        about = concern.subject_id
        if about is None:
            name = EVERYBODY
        elif concern.message is not None and concern.message.user_id == str(about):
            name = concern.message.display_name
        else:
            name = self._office.roster.member_name(concern.group_id, about)
        signal = concern.signal(name, self._office.now())
        return await self._intake.receive(connection, signal, concern.message)

    async def route(self, letter: PostedLetter) -> list[Letter] | None:
        """Address an alert. None while it is not known yet who the moderators are."""
        return await self._routing.route(letter)

    async def fall_back(self, letter: PostedLetter) -> list[Letter] | None:
        """Find another way for an alert that was refused; None when nobody has been told."""
        return await self._routing.fall_back(letter)

    async def on_call(self, connection: AsyncConnection, group_id: int) -> list[int]:
        """Return whom to write to now about a matter of a group that is no case; friends alone."""
        people = sorted(self._office.roster.moderators(group_id))
        standings = await self._office.duty.standings_of(connection, group_id, people)
        friends = [one for one in standings if one.friend]
        return [one.user_id for one in called_first(friends, 2)]

    async def summary(self, actor: int) -> Page:
        """摘要: what is open, what ended today."""
        return await self._digest.summary(actor)

    async def case_quoted(
        self, message_id: str, *, user_id: int, group_id: int | None
    ) -> int | None:
        """Return the case that a message of the bot is about, as quoted in this chat."""
        if group_id is None:
            target, target_id = Target.PRIVATE, user_id
        else:
            target, target_id = Target.GROUP, group_id
        async with self._office.database.read() as connection:
            return await case_of_sent(connection, message_id, target, target_id)

    def colleague(self, actor: int, name: str) -> int | None:
        """Return the one fellow moderator who has this number or this name."""
        return self._office.colleague(actor, name)

    async def tell_privately(self, user_id: int, key: str, text: str) -> bool:
        """Tell somebody something privately; False when they are no friend."""
        async with self._office.database.write() as connection:
            return await self._office.tell(connection, user_id, f"desk:{user_id}:{key}", text)
