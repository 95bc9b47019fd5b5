"""Following up: check-ins, cases nobody touches, and cases that were handed over in vain."""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.desk.case import Case, CaseState, EventKind
from liudeng.desk.office import Office
from liudeng.desk.timers import Again, Timer, TimerKind, arm

_MINUTE_MS = 60_000
_HOUR_MS = 60 * _MINUTE_MS
_DAY_MS = 24 * _HOUR_MS
CHECK_INS_H = (24, 72)
"""Hours after a case of danger was closed at which somebody asks how they are."""
_HANDED_MS = 30 * _MINUTE_MS
_STALE_MS = 7 * _DAY_MS
_LAPSE_MS = 3 * _DAY_MS
"""A notice that could not be sent for so long is not worth saying."""


class FollowUp:
    """Reminds people of what comes after the first talk."""

    def __init__(self, office: Office) -> None:
        self._office = office

    async def after_closing(self, connection: AsyncConnection, case: Case, actor: int) -> None:
        """Arrange the check-ins for a case of danger that was closed."""
        for hours in CHECK_INS_H:
            await arm(
                connection,
                f"check-in:{case.id}:{case.alerts}:{hours}",
                TimerKind.CHECK_IN,
                self._office.now() + hours * _HOUR_MS,
                case_id=case.id,
                person=case.claimed_by or actor,
                detail=f"完结后 {hours} 小时",
            )

    async def check_in_after(
        self, connection: AsyncConnection, case: Case, actor: int, span: timedelta
    ) -> int:
        """Arrange a check-in that a moderator asked for; return when it is due."""
        now, due = self._office.now(), self._office.after(span)
        fields = {"case_id": case.id, "person": actor, "detail": "你定的回访"}
        await arm(connection, f"check-in:{case.id}:at:{now}", TimerKind.CHECK_IN, due, **fields)
        return due

    async def watch_for_neglect(self, connection: AsyncConnection, case: Case) -> None:
        """Ask for a decision once nothing has happened to a case for a week."""
        due = self._office.now() + _STALE_MS
        key = f"stale:{case.id}:{case.alerts}"
        fields = {"case_id": case.id, "detail": str(case.alerts)}
        await arm(connection, key, TimerKind.STALE, due, **fields)

    async def watch_handing(
        self, connection: AsyncConnection, case: Case, giver: int, heir: int
    ) -> None:
        """Tell the giver if whoever was given a case does nothing with it."""
        now = self._office.now()
        fields = {"case_id": case.id, "person": giver, "detail": f"{heir} {now}"}
        key = f"handed:{case.id}:{now}"
        await arm(connection, key, TimerKind.HANDED, now + _HANDED_MS, **fields)

    async def check_in(self, connection: AsyncConnection, timer: Timer) -> Again | None:
        """It is time to ask how somebody is."""
        case = await self._office.casebook.case(connection, timer.case_id or 0)
        if case is None:
            return None
        if self._office.must_wait_for(case):
            return self._office.later(timer)
        person = await self._who_asks(connection, case, timer.person or 0)
        if person is None:
            return None
        text = (
            f"【留灯】回访：案件 {case.id}（{case.subject_name}，「{self._group(case)}」），"
            f"{timer.detail}到了。\n"
            "发一句「这两天怎么样」就好，不用再提那天的事。\n"
            f"聊过了回「备注 {case.id} 近况」；过几天再问就回「回访 {case.id} 3天」。"
        )
        await self._office.tell(connection, person, f"desk:{timer.key}", text, case.id, _LAPSE_MS)
        await self._office.casebook.note(connection, case.id, EventKind.CHECK_IN, actor="liudeng")
        return None

    async def stale(self, connection: AsyncConnection, timer: Timer) -> Again | None:
        """A case has been left alone for long: ask for a decision, once."""
        case = await self._office.casebook.case(connection, timer.case_id or 0)
        if case is None or case.state is CaseState.CLOSED or str(case.alerts) != timer.detail:
            return None
        if self._office.must_wait_for(case):
            return self._office.later(timer)
        touched = await self._office.casebook.last_touched_ms(connection, case.id)
        if self._office.now() < touched + _STALE_MS:
            return Again(touched + _STALE_MS, timer.detail)
        person = await self._who_asks(connection, case, case.claimed_by or 0)
        if person is not None:
            text = (
                f"【留灯】案件 {case.id}（{case.subject_name}，「{self._group(case)}」）"
                "一个星期没有动静了。\n"
                f"还在陪着，回「备注 {case.id} 近况」；好些了，回「完结 {case.id} 结果」；"
                f"想换人，回「转交 {case.id} QQ号」。"
            )
            await self._office.tell(
                connection, person, f"desk:{timer.key}", text, case.id, _LAPSE_MS
            )
        return None

    async def handed(self, connection: AsyncConnection, timer: Timer) -> Again | None:
        """Half an hour after a case was handed over: has its heir done anything?"""
        case = await self._office.casebook.case(connection, timer.case_id or 0)
        heir, since = (int(part) for part in timer.detail.split())
        if case is None or case.state is not CaseState.CLAIMED or case.claimed_by != heir:
            return None
        if self._office.must_wait_for(case):
            return self._office.later(timer)
        events = await self._office.casebook.timeline(connection, case.id)
        if any(event.actor == str(heir) and event.at_ms >= since for event in events):
            return None
        name = self._office.name(case, heir)
        text = (
            f"【留灯】案件 {case.id} 转交给 {name} 半小时了，TA 还没有打开。\n"
            f"问问 TA，或者自己先看着：回「转交 {case.id} 另一位的QQ号」可以再换人。"
        )
        await self._office.tell(
            connection, timer.person or 0, f"desk:{timer.key}", text, case.id, _DAY_MS
        )
        return None

    async def _who_asks(self, connection: AsyncConnection, case: Case, wanted: int) -> int | None:
        """Return who had the case if they are there, else a lead, else anybody."""
        standings = await self._office.duty.standings(connection, case)
        there = [one for one in standings if one.friend and one.free]
        there = there or [one for one in standings if one.friend]
        there.sort(key=lambda one: (one.user_id != wanted, not one.leads, one.load))
        return there[0].user_id if there else None

    def _group(self, case: Case) -> str:
        return self._office.names(case).group
