"""Digests: the day's for those who lead, the hand-over's for whoever comes on duty."""

from datetime import time, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.desk import texts
from liudeng.desk.case import Case
from liudeng.desk.digest_page import Day, digest_page
from liudeng.desk.hours import Shift
from liudeng.desk.office import Office
from liudeng.desk.page import Page
from liudeng.desk.seal import Seal
from liudeng.desk.timers import Timer, TimerKind, Timers, arm

DIGEST_AT = time(18, 0)
"""Before the night: what is open can still be handed to whoever will be there."""
_DAY_MS = 24 * 3600_000
_HAND_OVER_MS = 3 * 3600_000
"""A hand-over that comes so late hands nothing over."""
_SHOWN = 12


class Digest:
    """Sums up what is open and what ended."""

    def __init__(self, office: Office, seal: Seal | None, timers: Timers) -> None:
        self._office = office
        self._seal = seal
        self._timers = timers

    async def arm_daily(self, connection: AsyncConnection) -> None:
        """Arrange the next day's digest, unless it is."""
        due = self._office.duty.next_at(DIGEST_AT)
        day = self._office.duty.local(due).date()
        await arm(connection, f"digest:{day}", TimerKind.DIGEST, due)

    async def arm_shift_end(self, connection: AsyncConnection, shift: Shift) -> None:
        """Arrange the hand-over at the end of a shift, unless it is."""
        end = shift.next_end(self._office.duty.local())
        due = int(end.timestamp() * 1000)
        key = f"shift-end:{shift.user_id}:{shift.id}:{due}"
        fields = {"person": shift.user_id, "detail": str(shift.id)}
        await arm(connection, key, TimerKind.SHIFT_END, due, **fields)

    async def daily(self, connection: AsyncConnection, timer: Timer) -> None:
        """Tell owners and leads what the day brought, and sweep what has expired."""
        if self._seal is not None:
            await self._seal.sweep(connection)
        await self._timers.forget_old(connection)
        leads = await self._office.duty.leads(connection, self._office.staff_group)
        for user_id, groups in leads.items():
            day = await self._day(connection, user_id, groups)
            if day.cases or day.ended:
                page = digest_page(day, self._office.zone)
                await self._office.tell(connection, user_id, f"desk:{timer.key}:{user_id}", page)
        await self.arm_daily(connection)

    async def shift_end(self, connection: AsyncConnection, timer: Timer) -> None:
        """Tell whoever goes off duty, and whoever comes on, what is open."""
        leaving = timer.person or 0
        mine = await self._office.duty.shifts(connection, [leaving])
        shift = next((one for one in mine if str(one.id) == timer.detail), None)
        if shift is None or not self._ends_at(shift, timer.due_ms):
            return  # it was dropped, or another one has its number now
        await self.arm_shift_end(connection, shift)
        if self._office.now() - timer.due_ms > _HAND_OVER_MS:
            return
        groups = self._office.roster.moderated_by(leaving)
        for user_id in {leaving, *await self._coming(connection, groups)}:
            shared = [one for one in groups if user_id in self._office.roster.moderators(one)]
            cases = await self._open(connection, user_id, shared)
            if cases:
                text = self._hand_over(user_id == leaving, cases)
                await self._office.tell(connection, user_id, f"desk:{timer.key}:{user_id}", text)

    async def summary(self, actor: int) -> Page:
        """摘要: the digest, for whoever asks."""
        groups = self._office.roster.moderated_by(actor)
        async with self._office.database.read() as connection:
            return digest_page(await self._day(connection, actor, groups), self._office.zone)

    async def _day(self, connection: AsyncConnection, user_id: int, groups: list[int]) -> Day:
        cases = await self._open(connection, user_id, groups)
        since = self._office.now() - _DAY_MS
        ended = [
            case
            for case in await self._office.casebook.ended_since(connection, groups, since)
            if self._office.allows(case, user_id)
        ]
        names = {case.id: self._office.names(case) for case in (*cases, *ended)}
        return Day(cases=cases, ended=ended, names=names)

    async def _open(
        self, connection: AsyncConnection, user_id: int, groups: list[int]
    ) -> list[Case]:
        found = await self._office.casebook.open_cases(connection, groups)
        return [case for case in found if self._office.allows(case, user_id)]

    def _hand_over(self, leaving: bool, cases: list[Case]) -> str:
        opening = "你的班到点了，辛苦了。" if leaving else "交班了，现在轮到你。"
        lines = [f"【留灯】{opening}还开着的案件（{len(cases)}）："]
        lines.extend(self._line(case) for case in cases[:_SHOWN])
        closing = "手里的可以回「转交 编号 QQ号」。" if leaving else "发「案件 编号」看详情。"
        return "\n".join([*lines, closing])

    def _ends_at(self, shift: Shift, due_ms: int) -> bool:
        before = self._office.duty.local(due_ms - 1)
        return int(shift.next_end(before).timestamp() * 1000) == due_ms

    async def _coming(self, connection: AsyncConnection, groups: list[int]) -> set[int]:
        """Return who is on duty a minute after the shift's end."""
        moment = self._office.duty.local() + timedelta(minutes=1)
        people = {user for group in groups for user in self._office.roster.moderators(group)}
        shifts = await self._office.duty.shifts(connection, people)
        return {shift.user_id for shift in shifts if shift.covers(moment)}

    def _line(self, case: Case) -> str:
        return texts.case_line(case, self._office.names(case), self._office.zone)
