"""规则 in the chat: which sets there are, switching them, testing a text, rules of one's own."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.db import Database, now_ms
from liudeng.moderation.action import cancel_planned
from liudeng.moderation.assessment import Assessor
from liudeng.moderation.audit import AuditRow, Entry, latest, record
from liudeng.moderation.duration import in_words, parse_duration
from liudeng.moderation.groups import (
    Arming,
    arm,
    switch,
)
from liudeng.moderation.judging import hosts_in, lookalikes_of, warns
from liudeng.moderation.model import Label
from liudeng.moderation.model.features import shape_of
from liudeng.moderation.rules import Engine, Heard, RuleSet
from liudeng.moderation.state import Choices
from liudeng.moderation.tables import actions
from liudeng.roster import Roster

_STATES = {Arming.DRY: "试运行（只记录，不动手）", Arming.ARMED: "生效"}
_LABELS = {
    Label.OK: "平常话",
    Label.SCAM: "诈骗",
    Label.AD: "广告",
    Label.ABUSE: "辱骂",
    Label.INCITE: "怂恿",
    Label.FLOOD: "刷屏",
    Label.OUTSIDER: "采访调研",
}
_EVENTS = {
    "warn": "提醒",
    "recall": "撤回",
    "mute": "禁言",
    "unmute": "解除禁言",
    "kick": "移出",
    "whole_mute": "全员禁言",
    "whole_unmute": "解除全员禁言",
    "note": "备注",
    "undo": "撤销",
    "appeal": "申诉",
    "arm": "改规则",
    "rule": "写规则",
    "stopped": "停手",
    "resumed": "重新开始",
    "memorial": "纪念模式",
    "raid": "炸群预警",
    "outcome": "结果",
    "join_asked": "交给人看入群申请",
    "join_admit": "放行入群",
    "join_refuse": "婉拒入群",
    "join_outcome": "入群申请的结果",
    "join_over": "入群申请过时",
    "join_block": "加入黑名单",
    "join_unblock": "移出黑名单",
    "entrance": "改入群设置",
}
_ERASED = "（已删除的人）"
_HOW_TO_SWITCH = (
    "启用：规则 启用 名字（先试运行）；看过记录再：规则 生效 名字；停：规则 停用 名字。"
    "看一套写了什么：规则 看 名字；自己写：规则 新增；拿一句话试：规则 测试 那句话。"
)


class Rulebook:
    """Answers moderators about rules and switches them."""

    def __init__(
        self, database: Database, roster: Roster, choices: Choices, zone: ZoneInfo
    ) -> None:
        self._database = database
        self._roster = roster
        self._choices = choices
        self._zone = zone
        self._assessor: Assessor | None = None
        self._sets: dict[str, RuleSet] = {}

    def use(self, assessor: Assessor, sets: Sequence[RuleSet]) -> None:
        """Take what was read at the start."""
        self._assessor = assessor
        self._sets = {one.name: one for one in sets}

    @property
    def sets(self) -> Mapping[str, RuleSet]:
        """The ready sets, by name."""
        return self._sets

    def state_in_words(self, group_id: int, name: str) -> str:
        """How far a set may go in a group."""
        arming = self._choices.of(group_id).armings.get(name)
        return _STATES[arming] if arming else "没有启用"

    def overview(self, group_id: int) -> str:
        """规则: every set and how far it may go in a group."""
        choice = self._choices.of(group_id)
        lines = [f"「{self._roster.group_name(group_id)}」的规则："]
        if choice.stopped:
            lines.append(f"⚠ 现在停手了，要继续回「开始群管 {group_id}」。")
        if choice.in_memorial(now_ms()):
            lines.append("🕯 纪念模式开着：刷屏类规则不生效。")
        for one in (*self._sets.values(), *choice.own):
            state = self.state_in_words(group_id, one.name)
            lines.append(f"· {one.name}：{state}。{one.summary}")
        lines.append(_HOW_TO_SWITCH)
        return "\n".join(lines)

    async def set_state(self, group_id: int, name: str, state: Arming | None, actor: int) -> str:
        """规则 启用, 生效, 停用."""
        own = [one.name for one in self._choices.of(group_id).own]
        if name not in self._sets and name not in own:
            known = "、".join((*self._sets, *own))
            return f"没有叫「{name}」的规则。现在有：{known}。"
        before = self._choices.of(group_id).armings.get(name)
        if state is Arming.ARMED and before is None:
            state = Arming.DRY
        async with self._database.write() as connection:
            await arm(connection, group_id, name, state, actor)
            told = (("set", name), ("state", state.value if state else "off"))
            await record(connection, Entry(group_id, actor, "arm", 0, 0, told))
            await self._choices.read(connection)
        if state is None:
            return f"「{name}」停用了。"
        if state is Arming.ARMED:
            return f"「{name}」生效了：从现在起会动手。不对劲就发「停手」。"
        return (
            f"「{name}」开始试运行：只记下会怎么做，不动手。\n"
            f"过几天用「审计 试运行」看看准不准，再回「规则 生效 {name}」。"
        )

    async def test(self, group_id: int, text: str) -> str:
        """规则 测试: what all rules and the models say of a text, acting upon nobody."""
        return await asyncio.to_thread(self._test, group_id, text)

    def _test(self, group_id: int, text: str) -> str:
        assert self._assessor is not None
        found = self._assessor.assess(text)
        assert found.seen is not None
        shape = shape_of(found.seen)
        heard = Heard(
            found.seen.message.plain.text,
            found.scores,
            hosts=hosts_in(text),
            lookalikes=lookalikes_of(hosts_in(text)),
            repeats=shape.get("shape:repeats", 0.0),
            warns=warns(found),
        )
        engine = Engine([*self._sets.values(), *self._choices.of(group_id).own])
        findings = engine.judge(heard)
        words = "、".join(f"「{one.text}」" for one in found.reasons if one.text)
        lines = [f"读作：{_LABELS[found.label]}" + (f"，因为 {words}" if words else "")]
        lines += [
            f"· {one.set_name}·{one.rule.name}：{'、'.join(one.evidence)}" for one in findings
        ]
        if not findings:
            lines.append("没有规则会动它（次数、速度、进群时间要在群里才看得出）。")
        return "\n".join(lines)

    async def stop(self, group_id: int, actor: int) -> str:
        """停手: the panic switch."""
        async with self._database.write() as connection:
            await switch(connection, group_id, stopped=True)
            off = await cancel_planned(connection, group_id)
            told = (("cancelled", str(off)),)
            await record(connection, Entry(group_id, actor, "stopped", 0, 0, told))
            await self._choices.read(connection)
        tail = f"，还没做的 {off} 件也取消了" if off else ""
        return f"停手了{tail}。你们亲手发的命令照常。要继续回「开始群管 {group_id}」。"

    async def resume(self, group_id: int, actor: int) -> str:
        """开始群管: after 停手."""
        async with self._database.write() as connection:
            await switch(connection, group_id, stopped=False)
            await record(connection, Entry(group_id, actor, "resumed", 0))
            await self._choices.read(connection)
        return "好，规则继续生效。"

    async def memorial(self, group_id: int, typed: str, actor: int) -> str:
        """纪念模式: flood rules rest for a while; rules about scams do not."""
        seconds = 0 if typed in ("关", "关闭", "结束") else parse_duration(typed or "12小时", "h")
        if seconds is None:
            return "要开多久？例如：纪念模式 8小时；关掉发「纪念模式 关」。"
        until = now_ms() + seconds * 1000 if seconds else 0
        async with self._database.write() as connection:
            await switch(connection, group_id, memorial_until_ms=until)
            told = (("seconds", str(seconds)),)
            await record(connection, Entry(group_id, actor, "memorial", 0, 0, told))
            await self._choices.read(connection)
        if not seconds:
            return "纪念模式关了，刷屏类规则恢复。"
        return f"纪念模式开 {in_words(seconds)}：大家尽管说，刷屏类规则不动；防诈骗照常。"

    async def allow_whole_mute(self, group_id: int, actor: int, *, allowed: bool) -> str:
        """Let the bot mute everybody in a storm, or only propose it."""
        async with self._database.write() as connection:
            await switch(connection, group_id, whole_mute_allowed=allowed)
            told = (("whole_mute_allowed", str(allowed)),)
            await record(connection, Entry(group_id, actor, "arm", 0, 0, told))
            await self._choices.read(connection)
        return "炸群时我会自己开全员禁言，平静后解除。" if allowed else "炸群时我只提议，不自己开。"

    async def audit_of(self, group_id: int, limit: int = 15) -> str:
        """审计: what happened lately."""
        async with self._database.read() as connection:
            rows = await latest(connection, [group_id], limit)
        if not rows:
            return "还没有记录。"
        return "\n".join(("最近的记录（新的在前）：", *map(self._line, rows)))

    async def dry_of(self, group_id: int, limit: int = 15) -> str:
        """审计 试运行: what rules in their dry run would have done."""
        async with self._database.read() as connection:
            found = await dry_runs(connection, group_id, limit)
        if not found:
            return "试运行的规则还没有说过话。"
        return "\n".join(("试运行里会动的（新的在前）：", *found))

    def _line(self, row: AuditRow) -> str:
        when = datetime.fromtimestamp(row.time_ms / 1000, self._zone).strftime("%m-%d %H:%M")
        who = self._name(row.group_id, row.actor) if row.actor else "规则"
        whom = f" {self._name(row.group_id, row.subject)}" if row.subject else ""
        number = f" 编号 {row.action_id}" if row.action_id else ""
        detail = json.loads(row.detail)
        told = [str(detail[key]) for key in ("set", "rule", "state") if detail.get(key)]
        why = f"（{'，'.join(told)}）" if told else ""
        return f"· {when} {who} {_EVENTS.get(row.event, row.event)}{whom}{number}{why}"

    def _name(self, group_id: int, user_id: int) -> str:
        return self._roster.member_name(group_id, user_id) if user_id > 0 else _ERASED


async def dry_runs(connection: AsyncConnection, group_id: int, limit: int) -> list[str]:
    """Return a line for each of the newest things that a dry run would have acted upon."""
    query = (
        select(actions.c.rule, actions.c.reason, actions.c.message_row)
        .where(actions.c.group_id == group_id, actions.c.state == "dry")
        .order_by(actions.c.id.desc())
        .limit(limit)
    )
    return [f"· {row.rule}：{row.reason or '—'}" for row in await connection.execute(query)]
