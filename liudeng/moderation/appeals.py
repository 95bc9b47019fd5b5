"""申诉: a member objects; people look at it, and the member gets their own words back."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive import messages_by_id
from liudeng.db import Database, now_ms
from liudeng.desk import CaseKind, Desk, Signal
from liudeng.moderation import texts
from liudeng.moderation.action import KeptAction, Kind, find, of_member
from liudeng.moderation.audit import Entry, record
from liudeng.moderation.tables import actions
from liudeng.roster import Roster

ROOM = "群管"
_SHOWN = 5
_WORDS = 200
NOTHING = "最近没有关于你的处置。有别的事想说，可以发「举报」或直接找管理。"


class Appeals:
    """Takes members' objections to the desk."""

    def __init__(self, database: Database, desk: Desk, roster: Roster, zone: ZoneInfo) -> None:
        self._database = database
        self._desk = desk
        self._roster = roster
        self._zone = zone

    async def appeal(self, user_id: int, number: int | None, words: str) -> str:
        """Open a case about one action, or list those there are."""
        if number is None:
            return await self._list(user_id)
        async with self._database.write() as connection:
            action = await find(connection, number)
            if action is None or action.user_id != user_id:
                return f"没有编号 {number} 的处置是关于你的。发「申诉」看看有哪些。"
            await self._to_the_desk(connection, action, words)
            text = await self._words_of(connection, action)
        back = f"\n你那条消息的原文：\n{text}" if text else ""
        return f"收到，已经交给管理，会有人来看编号 {number}，结果私下告诉你。{back}"

    async def _list(self, user_id: int) -> str:
        query = select(actions.c.group_id).where(actions.c.user_id == user_id).distinct().limit(50)
        async with self._database.read() as connection:
            groups = [group for (group,) in await connection.execute(query)]
            found = [
                action
                for group in groups
                for action in await of_member(connection, group, user_id, _SHOWN)
                if action.kind is not Kind.NOTE
            ]
        if not found:
            return NOTHING
        found.sort(key=lambda one: one.created_ms, reverse=True)
        lines = [self._line(action) for action in found[:_SHOWN]]
        return "\n".join(("最近关于你的处置：", *lines, "回「申诉 编号 想说的话」，会有管理来看。"))

    async def _to_the_desk(
        self, connection: AsyncConnection, action: KeptAction, words: str
    ) -> None:
        name = self._roster.member_name(action.group_id, action.user_id)
        kind = texts.KIND_NAMES[action.kind]
        said = words.strip()[:_WORDS] or "没有多说"
        source = action.rule or "管理所做"
        reason = f"申诉：觉得「{kind}」（编号 {action.id}，{source}）不对。TA 说：{said}"
        rows = [action.message_row] if action.message_row else []
        found = await messages_by_id(connection, rows)
        message = found[0] if found else None
        now = now_ms()
        await self._desk.receive(
            connection,
            Signal(
                group_id=action.group_id,
                subject_id=str(action.user_id),
                subject_name=name,
                kind=CaseKind.APPEAL,
                level=2,
                message_row=message.id if message else None,
                time_ms=now,
                received_ms=now,
                reasons=(reason, f"改判回「撤销 {action.id}」"),
                room=ROOM,
            ),
            message,
        )
        entry = Entry(action.group_id, action.user_id, "appeal", action.user_id, action.id)
        await record(connection, entry)

    async def _words_of(self, connection: AsyncConnection, action: KeptAction) -> str:
        if action.message_row is None:
            return ""
        found = await messages_by_id(connection, [action.message_row])
        return found[0].spoken[:500] if found else ""

    def _line(self, action: KeptAction) -> str:
        when = datetime.fromtimestamp(action.created_ms / 1000, self._zone).strftime("%m-%d %H:%M")
        group = self._roster.group_name(action.group_id)
        kind, state = texts.KIND_NAMES[action.kind], texts.STATE_NAMES[action.state]
        return f"· {action.id} {when}「{group}」{kind}（{state}）：{action.rule or action.reason}"
