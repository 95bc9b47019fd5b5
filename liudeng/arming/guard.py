"""The guard between the watcher and the desk: an armed group's moderators are told, others not yet.

In a dry run only the plainest danger is told; everything else is counted, so that a group can see
what the watcher would do before it lets it.
"""

from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive import StoredMessage
from liudeng.arming import texts
from liudeng.arming.firings import Held, is_recorded, record
from liudeng.arming.stances import Stances
from liudeng.desk import Case, Signal
from liudeng.outbox import Kind, Letter, Target, post, text_segment
from liudeng.roster import Roster

PLAIN = 0.9
"""Scores that are told even in a dry run: about one in twelve false alarms, half of what is
plainly said (`benchmarks/dry_run.py`)."""
_NOTICE_LIFETIME_MS = 24 * 3600_000
_DAY_MS = 24 * 3600_000


class TakesSignals(Protocol):
    """The desk, as the guard sees it."""

    async def receive(
        self, connection: AsyncConnection, signal: Signal, message: StoredMessage | None
    ) -> Case:
        """Put a signal on its case and alert if people must know."""
        ...

    async def knows(self, connection: AsyncConnection, signal: Signal) -> bool:
        """Tell whether just this signal is on a case's timeline."""
        ...


class Listens(Protocol):
    """Somebody who hears of each signal that was let through."""

    def heard(self, case: Case, message: StoredMessage) -> None:
        """Take note; nothing is committed yet."""
        ...


@dataclass(frozen=True, slots=True)
class GuardOptions:
    """What an operator may set."""

    threshold: float = 0.5
    """A single message below this score is held back."""
    staff_group: int | None = None


class Guard:
    """Stands where the watcher expects the desk."""

    def __init__(
        self,
        desk: TakesSignals,
        stances: Stances,
        roster: Roster,
        options: GuardOptions | None = None,
        listener: Listens | None = None,
    ) -> None:
        self._desk = desk
        self._stances = stances
        self._roster = roster
        self._options = options or GuardOptions()
        self._listener = listener

    async def receive(
        self, connection: AsyncConnection, signal: Signal, message: StoredMessage | None
    ) -> Case | None:
        """Hand a signal to the desk, or hold it back; either way it is recorded."""
        armed = self._stances.of(signal.group_id).armed
        held = self._held(signal, armed=armed)
        if held is not Held.NOT:
            await record(connection, signal, None, held)
            if held is Held.DRY_RUN:
                await self._tell_once_a_day(connection, signal)
            return None
        if not armed:
            reasons = (*signal.reasons[:3], texts.STILL_DRY)
            signal = signal.model_copy(update={"reasons": reasons})
        case = await self._desk.receive(connection, signal, message)
        await record(connection, signal, case.id, Held.NOT)
        if self._listener is not None and message is not None:
            self._listener.heard(case, message)
        return case

    async def knows(self, connection: AsyncConnection, signal: Signal) -> bool:
        """Tell whether just this signal was taken in before, told or held back."""
        if await self._desk.knows(connection, signal):
            return True
        return await is_recorded(connection, signal)

    def _held(self, signal: Signal, *, armed: bool) -> Held:
        if not armed:
            plain = signal.score is not None and signal.score >= PLAIN
            return Held.NOT if plain else Held.DRY_RUN
        weak = signal.score is not None and signal.score < self._options.threshold
        return Held.TOO_WEAK if weak else Held.NOT

    async def _tell_once_a_day(self, connection: AsyncConnection, signal: Signal) -> None:
        """A group that nobody arms must not be forgotten: its moderators hear of it, without words.

        Those who are no friends are reached through the staff group.
        """
        group, day = signal.group_id, signal.received_ms // _DAY_MS
        moderators = self._roster.moderators(group)
        friends = [one for one in sorted(moderators) if self._roster.is_friend(one)]
        told = [(Target.PRIVATE, friend) for friend in friends]
        if not told and self._options.staff_group is not None:
            told = [(Target.GROUP, self._options.staff_group)]
        text = texts.held_notice(self._roster.group_name(group), group)
        for target, target_id in told:
            await post(
                connection,
                Letter(
                    key=f"dry-run:{group}:{day}:{target.value}:{target_id}",
                    kind=Kind.NOTICE,
                    target=target,
                    target_id=target_id,
                    segments=(text_segment(text),),
                    lifetime_ms=_NOTICE_LIFETIME_MS,
                ),
            )
