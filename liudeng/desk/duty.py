"""Duty: who moderates, who is on call, and who is called next."""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.db import now_ms
from liudeng.desk.case import Case, CaseState
from liudeng.desk.hours import Hours, Shift
from liudeng.desk.tables import cases, desk_leads, desk_people, desk_shifts
from liudeng.outbox import alerts_told_since
from liudeng.roster import Roster

_DAY_MS = 24 * 3600_000
ALERT_BUDGET = 20
"""Alerts a day after which others are asked first."""


class Role(StrEnum):
    """What somebody is among a group's moderators."""

    OWNER = "owner"
    LEAD = "lead"
    MODERATOR = "moderator"


ROLE_NAMES = {Role.OWNER: "群主", Role.LEAD: "组长", Role.MODERATOR: "管理"}


@dataclass(frozen=True, slots=True)
class Standing:
    """One moderator at this moment."""

    user_id: int
    role: Role
    friend: bool
    scheduled: bool
    """Whether they have shifts at all."""
    on_duty: bool
    there: bool
    """Not away and not in their quiet hours."""
    spent: bool
    """Whether they have had as many alerts today as one person should."""
    load: tuple[int, int]
    """Open cases they have, and alerts they got today."""

    @property
    def free(self) -> bool:
        """Whether they are to be asked before others are."""
        return self.there and not self.spent

    @property
    def leads(self) -> bool:
        """Whether they answer for the others."""
        return self.role is not Role.MODERATOR


class Duty:
    """Keeps shifts, absences and leads, and says whom an alert calls."""

    def __init__(
        self,
        roster: Roster,
        zone: ZoneInfo,
        clock: Callable[[], int] = now_ms,
    ) -> None:
        self._roster = roster
        self._zone = zone
        self._clock = clock

    def local(self, at_ms: int | None = None) -> datetime:
        """Return a moment by the clock on the wall; now, if none is given."""
        return datetime.fromtimestamp((at_ms or self._clock()) / 1000, self._zone)

    def next_at(self, clock: time) -> int:
        """Return when the clock on the wall shows this next, in milliseconds."""
        now = self.local()
        due = datetime.combine(now.date(), clock, now.tzinfo)
        if due.timestamp() <= now.timestamp():
            due = datetime.combine(now.date() + timedelta(days=1), clock, now.tzinfo)
        return int(due.timestamp() * 1000)

    async def leads(
        self, connection: AsyncConnection, except_group: int | None
    ) -> dict[int, list[int]]:
        """Return owners and leads with their groups; where there are none, all moderators."""
        found: dict[int, list[int]] = {}
        for group_id in self._roster.moderated_groups():
            if group_id == except_group:
                continue
            people = sorted(self._roster.moderators(group_id))
            standings = await self.standings_of(connection, group_id, people)
            for one in [one for one in standings if one.leads] or standings:
                found.setdefault(one.user_id, []).append(group_id)
        return found

    async def standings(self, connection: AsyncConnection, case: Case) -> list[Standing]:
        """Return the moderators whom this case concerns; never the one it is about."""
        people = sorted(
            user_id
            for user_id in self._roster.moderators(case.group_id)
            if str(user_id) != case.subject_id
        )
        return await self.standings_of(connection, case.group_id, people)

    async def standings_of(
        self, connection: AsyncConnection, group_id: int, people: Sequence[int]
    ) -> list[Standing]:
        """Return how these moderators of a group stand now."""
        now, moment = self._clock(), self.local()
        shifts = await self.shifts(connection, people)
        busy = await self._busy(connection, people, now)
        held = await self._held(connection, people)
        told = await alerts_told_since(connection, now - _DAY_MS)
        return [
            Standing(
                user_id=user_id,
                role=await self.role(connection, group_id, user_id),
                friend=self._roster.is_friend(user_id),
                scheduled=any(shift.user_id == user_id for shift in shifts),
                on_duty=any(s.user_id == user_id and s.covers(moment) for s in shifts),
                there=user_id not in busy,
                spent=told.get(user_id, 0) >= ALERT_BUDGET,
                load=(held[user_id], told.get(user_id, 0)),
            )
            for user_id in people
        ]

    async def role(self, connection: AsyncConnection, group_id: int, user_id: int) -> Role:
        """Return what a moderator is in a group."""
        if self._roster.is_owner(group_id, user_id):
            return Role.OWNER
        led = select(desk_leads).where(
            desk_leads.c.group_id == group_id, desk_leads.c.user_id == user_id
        )
        is_lead = (await connection.execute(led)).first() is not None
        return Role.LEAD if is_lead else Role.MODERATOR

    async def set_lead(
        self, connection: AsyncConnection, group_id: int, user_id: int, *, leads: bool
    ) -> None:
        """Make a moderator a lead, or one no longer."""
        await connection.execute(
            delete(desk_leads).where(
                desk_leads.c.group_id == group_id, desk_leads.c.user_id == user_id
            )
        )
        if leads:
            await connection.execute(insert(desk_leads).values(group_id=group_id, user_id=user_id))

    async def shifts(self, connection: AsyncConnection, people: Collection[int]) -> list[Shift]:
        """Return the shifts of these people."""
        query = select(desk_shifts).where(desk_shifts.c.user_id.in_(people))
        return [
            Shift(
                Hours(row.starts, row.ends),
                frozenset(map(int, row.days)),
                user_id=row.user_id,
                id=row.id,
            )
            for row in await connection.execute(query.order_by(desk_shifts.c.id))
        ]

    async def add_shift(self, connection: AsyncConnection, user_id: int, shift: Shift) -> None:
        """Give somebody one more weekly shift; the same one twice is one."""
        known = await self.shifts(connection, [user_id])
        if any((known.hours, known.days) == (shift.hours, shift.days) for known in known):
            return
        await connection.execute(
            insert(desk_shifts).values(
                user_id=user_id,
                days="".join(map(str, sorted(shift.days))),
                starts=shift.hours.starts,
                ends=shift.hours.ends,
            )
        )

    async def drop_shifts(self, connection: AsyncConnection, user_id: int) -> None:
        """Take all shifts from somebody."""
        await connection.execute(delete(desk_shifts).where(desk_shifts.c.user_id == user_id))

    async def set_away(
        self, connection: AsyncConnection, user_id: int, until_ms: int | None
    ) -> None:
        """Somebody is not to be called until then; None: they are back."""
        await self._set_person(connection, user_id, away_until_ms=until_ms)

    async def set_quiet(
        self, connection: AsyncConnection, user_id: int, hours: Hours | None
    ) -> None:
        """Set the hours in which others are asked first; None: there are none."""
        starts, ends = (hours.starts, hours.ends) if hours else (None, None)
        await self._set_person(connection, user_id, quiet_from=starts, quiet_to=ends)

    async def away_until(self, connection: AsyncConnection, user_id: int) -> int | None:
        """Return until when somebody is away; None when they are there."""
        query = select(desk_people.c.away_until_ms).where(desk_people.c.user_id == user_id)
        until = (await connection.execute(query)).scalar()
        return until if until and until > self._clock() else None

    async def _set_person(
        self, connection: AsyncConnection, user_id: int, **values: int | None
    ) -> None:
        changed = await connection.execute(
            update(desk_people).where(desk_people.c.user_id == user_id).values(**values)
        )
        if not changed.rowcount:
            await connection.execute(insert(desk_people).values(user_id=user_id, **values))

    async def _busy(
        self, connection: AsyncConnection, people: Collection[int], now: int
    ) -> set[int]:
        moment = self.local(now)
        query = select(desk_people).where(desk_people.c.user_id.in_(people))
        found = set()
        for row in await connection.execute(query):
            quiet = row.quiet_from is not None and Hours(row.quiet_from, row.quiet_to).cover(moment)
            if quiet or (row.away_until_ms or 0) > now:
                found.add(row.user_id)
        return found

    async def _held(self, connection: AsyncConnection, people: Collection[int]) -> Counter[int]:
        query = (
            select(cases.c.claimed_by, func.count())
            .where(cases.c.state == CaseState.CLAIMED.value, cases.c.claimed_by.in_(people))
            .group_by(cases.c.claimed_by)
        )
        return Counter({row[0]: row[1] for row in await connection.execute(query)})


def called_first(standings: Sequence[Standing], level: int) -> list[Standing]:
    """Return whom an alert calls at once.

    Where nobody has set shifts, all who are there. Else those on duty with the least to do: one,
    or two when somebody is in danger. Nobody on duty: the leads; no leads: all.
    """
    there = [one for one in standings if one.there] or list(standings)
    if not any(one.scheduled for one in standings):
        return there
    free = [one for one in there if one.free] or there
    on_duty = sorted((one for one in free if one.on_duty), key=lambda one: one.load)
    if on_duty:
        reachable = [one for one in on_duty if one.friend] or on_duty
        return reachable[: 2 if level >= 3 else 1]
    return [one for one in free if one.leads] or free


def called_next(standings: Sequence[Standing], told: Collection[int]) -> list[Standing]:
    """Return whom an alert calls that nobody has taken: the next on duty, the leads, all."""
    left = [one for one in standings if one.user_id not in told and one.friend]
    free = [one for one in left if one.free]
    on_duty = sorted((one for one in free if one.on_duty), key=lambda one: one.load)
    leads = [one for one in free if one.leads]
    return on_duty[:1] or leads or free or left
