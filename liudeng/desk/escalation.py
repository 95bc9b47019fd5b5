"""Escalation: what happens to an alert that nobody takes."""

import logging
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.desk import texts
from liudeng.desk.case import Alarm, Case, CaseKind, CaseState, EventKind
from liudeng.desk.duty import called_next
from liudeng.desk.office import Office
from liudeng.desk.routing import REMINDER, Routing, addressed, told_of
from liudeng.desk.timers import Again, Timer, TimerKind, arm
from liudeng.outbox import PostedLetter, State, Target, letters_under, post

log = logging.getLogger(__name__)

_MINUTE_MS = 60_000
_UNDELIVERED_MS = _MINUTE_MS
_UNDELIVERED_MOST_MS = 30 * _MINUTE_MS
"""How soon an alert that has reached nobody yet is looked at again, and how soon at the latest."""
UNANSWERED = ":unanswered"
"""How the key of a call to the staff group ends."""
_ASKED_STAFF = "staff"
_REPEATED = "repeated"
"""How far an alert has come: nobody was asked but those it called, or the staff group was too."""
_ON_THEIR_WAY = (State.PENDING, State.SENDING, State.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the desk waits for people, in milliseconds."""

    danger_ms: int = 5 * _MINUTE_MS
    """For somebody to take an alert of level 3."""
    other_ms: int = 15 * _MINUTE_MS
    """For any other alert, and a worry about somebody else."""

    @classmethod
    def of_minutes(cls, minutes: float) -> "Patience":
        """Return the patience of so many minutes for danger, three times that for the rest."""
        danger_ms = int(minutes * _MINUTE_MS)
        return cls(danger_ms, 3 * danger_ms)

    def for_case(self, case: Case) -> int:
        """Return how long an alert of this case may go unanswered."""
        in_danger = case.level >= 3 and case.kind is CaseKind.DISTRESS
        return self.danger_ms if in_danger else self.other_ms


def key_of_alert(case: Case) -> str:
    """Return the key under which a case's latest alert was posted."""
    return f"alert:{case.id}:{case.alerts}"


class Escalation:
    """Calls the next when an alert was not taken in time: on duty, leads, all, the staff group."""

    def __init__(self, office: Office, routing: Routing, patience: Patience) -> None:
        self._office = office
        self._routing = routing
        self._patience = patience

    async def watch_over(self, connection: AsyncConnection, case: Case, alarm: Alarm) -> None:
        """Set the timer for the alert that was just posted.

        What is repeated has called everybody before: this time the staff group alone hears more.
        """
        await arm(
            connection,
            f"acknowledge:{case.id}:{case.alerts}",
            TimerKind.ACKNOWLEDGE,
            self._office.now() + self._patience.for_case(case),
            case_id=case.id,
            detail=f"{case.alerts} {_REPEATED}" if alarm is Alarm.REPEATED else str(case.alerts),
        )

    async def unanswered(self, connection: AsyncConnection, timer: Timer) -> Again | None:
        """An alert's time is up: call the next, or at the very end remind all, once."""
        case = await self._office.casebook.case(connection, timer.case_id or 0)
        number, _, stage = timer.detail.partition(" ")
        if case is None or case.state is not CaseState.OPEN or str(case.alerts) != number:
            return None
        if self._office.must_wait_for(case):
            return self._office.later(timer)
        if not self._office.roster.knows(case.group_id):
            await self._note(connection, case, "机器人已经不在这个群里，没有人可叫")
            return None
        letters = await letters_under(connection, key_of_alert(case))
        letters = [letter for letter in letters if _is_of(letter, key_of_alert(case))]
        delivered = [letter.done_ms or 0 for letter in letters if letter.state is State.DONE]
        now, patience = self._office.now(), self._patience.for_case(case)
        if not letters:
            return None
        if any(letter.state in _ON_THEIR_WAY for letter in letters):
            waited = (now - letters[0].created_ms) // 4
            pause = min(patience, max(_UNDELIVERED_MS, min(waited, _UNDELIVERED_MOST_MS)))
            return Again(now + pause, timer.detail)
        # Where nothing was seen to arrive and nothing is on its way, waiting leads nowhere.
        if delivered and stage != _ASKED_STAFF and now < max(delivered) + patience:
            return Again(max(delivered) + patience, timer.detail)
        if stage == _REPEATED and delivered:
            await self._call_staff(connection, case, letters[0])
            return None
        stage = "" if stage == _REPEATED else stage
        reached = await self._call_next(connection, case, letters[0], stage)
        return None if reached is None else Again(now + patience, f"{number} {reached}")

    async def _call_next(
        self, connection: AsyncConnection, case: Case, alert: PostedLetter, stage: str
    ) -> str | None:
        """Post to whoever is next; return how far it has come, None at the end."""
        told = await told_of(connection, key_of_alert(case))
        standings = await self._office.duty.standings(connection, case)
        if nexts := called_next(standings, told):
            for one in nexts:
                await post(connection, addressed(alert, Target.PRIVATE, one.user_id))
            names = "、".join(self._office.name(case, one.user_id) for one in nexts)
            await self._note(connection, case, f"没有人接手，又叫了 {names}")
            return stage
        if not stage and await self._call_staff(connection, case, alert):
            return _ASKED_STAFF
        await self._remind_all(connection, case, alert, told)
        return None

    async def _call_staff(
        self, connection: AsyncConnection, case: Case, alert: PostedLetter
    ) -> bool:
        """Ask the staff group who can take a case; False where there is no such group."""
        text = texts.unanswered_in_staff(case, self._office.names(case).group)
        letters = self._routing.to_staff(alert, case, text, UNANSWERED)
        for letter in letters:
            await post(connection, letter)
        await self._note(connection, case, "没有人接手，叫了值班群" if letters else "没有人接手")
        return bool(letters)

    async def _remind_all(
        self, connection: AsyncConnection, case: Case, alert: PostedLetter, told: set[int]
    ) -> None:
        reminder = alert.model_copy(update={"key": key_of_alert(case) + REMINDER})
        for user_id in sorted(told):
            text = texts.unanswered(case, self._office.names(case).group)
            await post(connection, addressed(reminder, Target.PRIVATE, user_id, text))
        await self._note(connection, case, "一直没有人接手，最后提醒了一次所有人")
        log.error("案件 %d 的警报没有人接手，所有人都叫过了。", case.id)

    async def _note(self, connection: AsyncConnection, case: Case, detail: str) -> None:
        await self._office.casebook.note(
            connection, case.id, EventKind.ESCALATION, actor="liudeng", detail=detail
        )


def _is_of(letter: PostedLetter, key: str) -> bool:
    """`alert:1:1` is no prefix of a key that belongs to `alert:1:12`."""
    return letter.key == key or letter.key.startswith((f"{key}|", f"{key}:"))
