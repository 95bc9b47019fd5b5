"""Intake: a signal becomes part of a case, in one transaction with everything that follows."""

from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive import StoredMessage
from liudeng.desk.alerting import Alerting
from liudeng.desk.case import Alarm, Case, Signal
from liudeng.desk.follow_up import FollowUp
from liudeng.desk.office import Office
from liudeng.desk.seal import Seal
from liudeng.desk.timers import Timer, TimerKind, arm

_SEAL_AGAIN_MS = 30 * 60_000
"""After so long, what was said after a signal joins its sealed context."""


class Intake:
    """Takes signals in: from the watcher, from members, from moderation."""

    def __init__(
        self, office: Office, alerting: Alerting, follow_up: FollowUp, seal: Seal | None
    ) -> None:
        self._office = office
        self._alerting = alerting
        self._follow_up = follow_up
        self._seal = seal

    async def receive(
        self, connection: AsyncConnection, signal: Signal, message: StoredMessage | None
    ) -> Case:
        """Put a signal on its case and post an alert if people must know."""
        case, alarm = await self._office.casebook.open_or_join(connection, signal)
        if alarm is Alarm.NONE:
            return case
        await self._alerting.alert(connection, case, signal, message, alarm)
        await self._follow_up.watch_for_neglect(connection, case)
        if self._seal is not None and message is not None:
            await self._seal.keep(connection, case.id, message.id)
            key = f"seal:{case.id}:{message.id}"
            due = self._office.now() + _SEAL_AGAIN_MS
            fields = {"case_id": case.id, "detail": str(message.id)}
            await arm(connection, key, TimerKind.SEAL, due, **fields)
        return case

    async def seal_again(self, connection: AsyncConnection, timer: Timer) -> None:
        """Half an hour after a signal: what was said since belongs to its context."""
        if self._seal is not None and timer.case_id is not None:
            await self._seal.keep(connection, timer.case_id, int(timer.detail))
