"""The duty desk: what moderators say about their own time, each as one answer in Chinese."""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.desk import texts
from liudeng.desk.alerting import Alerting
from liudeng.desk.care import Care
from liudeng.desk.digest import Digest
from liudeng.desk.duty import ROLE_NAMES, Role
from liudeng.desk.hours import HoursProblem, parse_hours, parse_shift, parse_span
from liudeng.desk.office import Office

_AWAY, _REST = timedelta(hours=12), timedelta(hours=24)
_LONGEST_AWAY = timedelta(days=14)
_SHIFTS = 14
_NO_HOURS = "没看懂时间。像这样写：值班 20:00-02:00 周一至周五；不写星期就是每天。"


class DutyDesk:
    """Sets shifts, absences, quiet hours and leads; takes cases from who needs rest."""

    def __init__(self, office: Office, digest: Digest, alerting: Alerting, care: Care) -> None:
        self._office = office
        self._duty = office.duty
        self._digest = digest
        self._alerting = alerting
        self._care = care

    async def shift(self, actor: int, text: str) -> str:
        """值班: show or add or drop shifts."""
        if not text.strip():
            return await self._who_is_on(actor)
        async with self._office.database.write() as connection:
            if text.strip() in ("清空", "取消"):
                await self._duty.drop_shifts(connection, actor)
                return "你的班都取消了。没有人排班的时候，有事我会告诉每一位管理。"
            try:
                wanted = parse_shift(text)
            except HoursProblem:
                return _NO_HOURS
            if len(await self._duty.shifts(connection, [actor])) >= _SHIFTS:
                return f"一个人最多 {_SHIFTS} 个班。先发「值班 清空」再重新排。"
            await self._duty.add_shift(connection, actor, wanted)
            mine = await self._duty.shifts(connection, [actor])
            for shift in mine:
                await self._digest.arm_shift_end(connection, shift)
        return "排好了，你的班：" + "；".join(str(shift) for shift in mine) + "。"

    async def away(self, actor: int, text: str) -> str:
        """离岗: others are called for a while."""
        span = parse_span(text) if text.strip() else _AWAY
        if span is None or not timedelta() < span <= _LONGEST_AWAY:
            return "离开多久？像这样写：离岗 8h，或者 离岗 2天；最多 14 天。"
        until = self._office.after(span)
        async with self._office.database.write() as connection:
            await self._duty.set_away(connection, actor, until)
        when = texts.clock(until, self._office.zone)
        return f"好，{when} 之前有事我先叫别人。早回来了发「到岗」。"

    async def back(self, actor: int) -> str:
        """到岗: back before time."""
        async with self._office.database.write() as connection:
            await self._duty.set_away(connection, actor, None)
        return "欢迎回来，有事我会叫你。"

    async def quiet(self, actor: int, text: str) -> str:
        """免打扰: hours in which others are called first."""
        off = text.strip() in ("关", "关闭", "取消")
        try:
            hours = None if off else parse_hours(text)[0]
        except HoursProblem:
            return "没看懂时间。像这样写：免打扰 23:00-07:00；不要了发「免打扰 关」。"
        async with self._office.database.write() as connection:
            await self._duty.set_quiet(connection, actor, hours)
        if hours is None:
            return "好，夜里有事也会叫你。"
        return f"好，{hours} 我先叫别人。要是谁都找不到，还是会叫醒你。"

    async def lead(self, actor: int, member: int | None, *, leads: bool) -> str:
        """组长: the owner names who leads the moderators."""
        if member is None:
            return "谁来当组长？写 QQ 号或者 @ TA：组长 QQ号；不当了发「组长 取消 QQ号」。"
        roster = self._office.roster
        owned = [one for one in roster.moderated_by(actor) if roster.is_owner(one, actor)]
        groups = [one for one in owned if member in roster.moderators(one)]
        if not owned:
            return "组长由群主来定。"
        if not groups:
            return f"{member} 不是你群里的管理，当不了组长。"
        async with self._office.database.write() as connection:
            for group_id in groups:
                await self._duty.set_lead(connection, group_id, member, leads=leads)
        name = roster.member_name(groups[0], member)
        return (
            f"{name} 现在是组长。没有人值班的时候，先叫群主和组长。"
            if leads
            else f"{name} 不再是组长。"
        )

    async def rest(self, actor: int) -> str:
        """我需要休息: give all open cases back and call others for a day."""
        groups = self._office.roster.moderated_by(actor)
        async with self._office.database.write() as connection:
            until = self._office.after(_REST)
            await self._duty.set_away(connection, actor, until)
            held = await self._office.casebook.open_cases(connection, groups, claimed_by=actor)
            for case in held:
                await self._office.casebook.release(connection, case, actor)
                case = await self._office.casebook.case(connection, case.id) or case
                why = f"{self._office.name(case, actor)} 去休息了，需要有人接着陪"
                await self._alerting.again(connection, case, why, case.level)
        answer = self._care.rest.strip().format(until=texts.clock(until, self._office.zone))
        if not held:
            return answer
        numbers = "、".join(str(case.id) for case in held)
        return f"{answer}\n你手上的案件 {numbers} 已经请别人接手。"

    async def _who_is_on(self, actor: int) -> str:
        async with self._office.database.read() as connection:
            mine = await self._duty.shifts(connection, [actor])
            away = await self._duty.away_until(connection, actor)
            groups = self._office.roster.moderated_by(actor)
            lines = [await self._on_duty(connection, group_id) for group_id in groups]
        own = "；".join(str(shift) for shift in mine) or "还没有排"
        lines.append(f"你的班：{own}。")
        if away is not None:
            lines.append(f"你离岗到 {texts.clock(away, self._office.zone)}。")
        lines.append("排班发「值班 20:00-02:00 周一至周五」。")
        return "\n".join(line for line in lines if line)

    async def _on_duty(self, connection: AsyncConnection, group_id: int) -> str:
        roster = self._office.roster
        people = sorted(roster.moderators(group_id))
        standings = await self._duty.standings_of(connection, group_id, people)
        if not any(one.scheduled for one in standings):
            return ""
        names = [
            roster.member_name(group_id, one.user_id) + _role(one.role)
            for one in standings
            if one.on_duty and one.free
        ]
        on_duty = "、".join(names) or "没有人，有事先叫群主和组长"
        return f"「{roster.group_name(group_id)}」现在值班：{on_duty}。"


def _role(role: Role) -> str:
    return "" if role is Role.MODERATOR else f"（{ROLE_NAMES[role]}）"
