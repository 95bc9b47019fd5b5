"""Digests: the day's for those who lead, the hand-over's for whoever comes on duty."""

from datetime import datetime, time, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.desk import texts
from liudeng.desk.case import Case, CaseState
from liudeng.desk.hours import Shift
from liudeng.desk.office import Office
from liudeng.desk.seal import Seal
from liudeng.desk.timers import Timer, TimerKind, Timers, arm

DIGEST_AT = time(18, 0)
"""Before the night: whom the bot cannot reach can still be asked to befriend it."""
_DAY_MS = 24 * 3600_000
_HAND_OVER_MS = 3 * 3600_000
"""A hand-over that comes so late hands nothing over."""
_SHOWN = 12


class Digest:
    """Sums up what is open, what ended and who cannot be reached."""

    def __init__(self, office: Office, seal: Seal | None, timers: Timers) -> None:
        self._office = office
        self._seal = seal
        self._timers = timers

    async def arm_daily(self, connection: AsyncConnection) -> None:
        """Arrange the next day's digest, unless it is."""
        due = self._next_day_ms()
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
        for user_id, groups in (await self._leads(connection)).items():
            text = await self._text(connection, user_id, groups, routine=True)
            if text:
                await self._office.tell(
                    connection, user_id, f"desk:{timer.key}:{user_id}", f"【留灯】{text}"
                )
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

    async def summary(self, actor: int) -> str:
        """摘要: the digest, for whoever asks."""
        groups = self._office.roster.moderated_by(actor)
        async with self._office.database.read() as connection:
            return await self._text(connection, actor, groups, routine=False)

    async def _text(
        self, connection: AsyncConnection, user_id: int, groups: list[int], *, routine: bool
    ) -> str:
        cases = await self._open(connection, user_id, groups)
        since = self._office.now() - _DAY_MS
        ended = [
            case
            for case in await self._office.casebook.ended_since(connection, groups, since)
            if self._office.allows(case, user_id)
        ]
        unreachable = self._unreachable(groups)
        monday = self._office.duty.local().isoweekday() == 1
        if routine and not (cases or ended or (unreachable and monday)):
            return ""
        nobody = [case for case in cases if case.state is CaseState.OPEN]
        lines = [f"今日摘要：未完结 {len(cases)} 件，还没有人接手 {len(nobody)} 件，"]
        lines[0] += f"24 小时内完结 {len(ended)} 件。"
        lines.extend(self._line(case) for case in cases[:_SHOWN])
        if ended:
            lines.append("已完结：")
            lines.extend(self._line(case) for case in ended[:_SHOWN])
        if unreachable:
            lines.append("夜里有事会找不到的管理（还没加我为好友）：" + "、".join(unreachable))
        return "\n".join(lines)

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

    async def _leads(self, connection: AsyncConnection) -> dict[int, list[int]]:
        """Return owners and leads with their groups; without any, all moderators."""
        found: dict[int, list[int]] = {}
        for group_id in self._office.roster.moderated_groups():
            if group_id == self._office.staff_group:
                continue
            people = sorted(self._office.roster.moderators(group_id))
            standings = await self._office.duty.standings_of(connection, group_id, people)
            for one in [one for one in standings if one.leads] or standings:
                found.setdefault(one.user_id, []).append(group_id)
        return found

    def _unreachable(self, groups: list[int]) -> list[str]:
        roster = self._office.roster
        return sorted(
            {
                roster.member_name(group_id, user_id)
                for group_id in groups
                if group_id != self._office.staff_group
                for user_id in roster.moderators(group_id)
                if not roster.is_friend(user_id)
            }
        )

    def _line(self, case: Case) -> str:
        return texts.case_line(case, self._office.names(case), self._office.zone)

    def _next_day_ms(self) -> int:
        now = self._office.duty.local()
        due = datetime.combine(now.date(), DIGEST_AT, now.tzinfo)
        if due.timestamp() <= now.timestamp():
            due = datetime.combine(now.date() + timedelta(days=1), DIGEST_AT, now.tzinfo)
        return int(due.timestamp() * 1000)
