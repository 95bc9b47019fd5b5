"""What moderators do by hand, and its undoing: asked for, checked, done, recorded, answered."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive import StoredMessage, find_quoted, stored_message
from liudeng.archive.tables import messages
from liudeng.db import Database, now_ms
from liudeng.moderation import texts
from liudeng.moderation.action import Action, KeptAction, Kind, State, find, move, of_member, plan
from liudeng.moderation.audit import Entry, record
from liudeng.moderation.duration import in_words
from liudeng.moderation.hands import Hands
from liudeng.moderation.ladder import points_of
from liudeng.moderation.planning import Planner
from liudeng.moderation.standing import NOT_ADMIN, Standing
from liudeng.moderation.tables import notes
from liudeng.roster import Roster

ANSWER_S = 8.0
"""How long a command waits for QQ before it says that it is under way."""
MOST_RECALLED = 20
_POINTS = {Kind.WARN: 1.0, Kind.MUTE: 2.0, Kind.RECALL: 1.0, Kind.KICK: 0.0, Kind.UNMUTE: 0.0}
_NO_SUCH = "没有编号 {number} 的处置，或者它不是你管的群里的。"


@dataclass(frozen=True, slots=True)
class Order:
    """Who orders what about whom, where."""

    group_id: int
    actor: int
    user_id: int
    reason: str = ""


class ByHand:
    """Carries out moderators' orders."""

    def __init__(
        self,
        database: Database,
        roster: Roster,
        standing: Standing,
        planner: Planner,
        hands: Hands,
        zone: ZoneInfo,
    ) -> None:
        self._database = database
        self._roster = roster
        self._standing = standing
        self._planner = planner
        self._hands = hands
        self._zone = zone

    async def warn(self, order: Order) -> str:
        """警告: tell a member privately, and keep it."""
        if refusal := self._refusal(order, needs_admin=False):
            return refusal
        number, told = await self._begin(order, Kind.WARN, State.DONE)
        name = self._name(order)
        reached = "已私下提醒" if told else "对方不是我的好友，没法私下说，已记下"
        return f"{reached} {name}（编号 {number}）。弄错了回「撤销 {number}」。"

    async def mute(self, order: Order, seconds: int) -> str:
        """禁言."""
        if refusal := self._refusal(order):
            return refusal
        number, _ = await self._begin(order, Kind.MUTE, seconds=seconds)
        return await self._answer(number, f"{self._name(order)} 已禁言 {in_words(seconds)}")

    async def unmute(self, order: Order) -> str:
        """解禁."""
        if refusal := self._refusal(order):
            return refusal
        number, _ = await self._begin(order, Kind.UNMUTE)
        return await self._answer(number, f"{self._name(order)} 可以说话了", undo=False)

    async def kick(self, order: Order) -> str:
        """踢, once it was confirmed."""
        if refusal := self._refusal(order):
            return refusal
        number, _ = await self._begin(order, Kind.KICK)
        return await self._answer(number, f"{self._name(order)} 已移出", undo=False)

    async def recall_quoted(self, order: Order, message_id: str) -> str:
        """撤回 as a reply to the message."""
        message = await find_quoted(self._database, order.group_id, message_id)
        if message is not None and message.user_id.isdecimal():
            order = Order(order.group_id, order.actor, int(message.user_id), order.reason)
        if message is None:
            return "存档里没有这条消息，我撤不了，请直接在 QQ 里撤回。"
        return await self._recall(order, [message])

    async def recall_last(self, order: Order, count: int) -> str:
        """撤回 the last messages of a member."""
        query = (
            select(messages)
            .where(messages.c.group_id == order.group_id, messages.c.user_id == str(order.user_id))
            .where(messages.c.recalled_ms.is_(None))
            .order_by(messages.c.id.desc())
            .limit(max(1, min(count, MOST_RECALLED)))
        )
        async with self._database.read() as connection:
            found = [stored_message(row) for row in (await connection.execute(query)).mappings()]
        return await self._recall(order, found) if found else "没有找到 TA 还没撤回的消息。"

    async def _recall(self, order: Order, found: list[StoredMessage]) -> str:
        if refusal := self._refusal(order, gone_is_fine=True):
            return refusal
        numbers = [(await self._begin(order, Kind.RECALL, message=one))[0] for one in found]
        outcomes = [await self._hands.outcome(number, ANSWER_S) for number in numbers]
        done = sum(one is not None and one.state is State.DONE for one in outcomes)
        if done == len(numbers):
            return f"撤回了 {done} 条（编号 {numbers[0]}）。"
        trouble = next((one.trouble for one in outcomes if one and one.trouble), "QQ 还没答复")
        return f"撤回了 {done} 条，{len(numbers) - done} 条没成：{trouble}。"

    async def undo(self, actor: int, number: int) -> str:
        """撤销: reverse what QQ lets be reversed, and correct the record."""
        async with self._database.read() as connection:
            action = await find(connection, number)
        if action is None or action.group_id not in self._roster.moderated_by(actor):
            return _NO_SUCH.format(number=number)
        if action.state is State.UNDONE:
            return f"编号 {number} 已经撤销过了。"
        undone, reverse = await self._undone(number, actor)
        if undone is None:
            return f"编号 {number} 已经撤销过了。"
        action = undone
        if reverse is None:
            return f"编号 {number} 撤销了，不算在 TA 的记录里。{_CANNOT.get(action.kind, '')}"
        outcome = await self._hands.outcome(reverse, ANSWER_S)
        if outcome is not None and outcome.state is State.DONE:
            if not action.user_id:
                return f"编号 {number} 撤销了：全员禁言已解除。"
            return f"编号 {number} 撤销了：已解除禁言，也不算在 TA 的记录里。"
        trouble = (outcome.trouble if outcome else None) or "QQ 还没答复"
        return f"编号 {number} 的记录改好了，但解除禁言没成：{trouble}。请在 QQ 里手动解除。"

    async def _undone(self, number: int, actor: int) -> tuple[KeptAction | None, int | None]:
        """Correct the record; returns the action as it was and the number of what reverses it.

        None where somebody else was faster. It is read again here: the hands may have begun it.
        """
        async with self._database.write() as connection:
            action = await find(connection, number)
            if action is None or action.state is State.UNDONE:
                return None, None
            was = action.state
            await move(connection, action.id, State.UNDONE, undone_by=actor)
            entry = Entry(action.group_id, actor, "undo", action.user_id, action.id)
            await record(connection, entry)
            if was in (State.DRY, State.REFUSED, State.CANCELLED):
                return action, None
            if action.user_id and action.kind is not Kind.NOTE:
                words = texts.UNDONE_TO_MEMBER.format(
                    group=self._roster.group_name(action.group_id), number=action.id
                )
                await self._planner.to_member(
                    connection, action.user_id, f"undone:{action.id}", words
                )
            kind = _REVERSES.get(action.kind)
            if kind is None or was is State.PLANNED:
                return action, None
            back = Action(group_id=action.group_id, user_id=action.user_id, kind=kind, actor=actor)
            return action, await plan(connection, back)

    async def whole_mute(self, group_id: int, actor: int, *, enable: bool) -> str:
        """全员禁言 and its end."""
        if not self._standing.bot_can_act(group_id):
            return NOT_ADMIN
        kind = Kind.WHOLE_MUTE if enable else Kind.WHOLE_UNMUTE
        number, _ = await self._begin(Order(group_id, actor, 0), kind)
        said = "已开全员禁言，要解除回「解除全员禁言」" if enable else "全员禁言解除了"
        return await self._answer(number, said, undo=False)

    async def record_of(self, group_id: int, user_id: int) -> str:
        """记录: what was done about a member, and what moderators noted."""
        async with self._database.read() as connection:
            done = await of_member(connection, group_id, user_id)
            query = select(notes).where(notes.c.group_id == group_id, notes.c.user_id == user_id)
            kept = (await connection.execute(query.order_by(notes.c.id.desc()).limit(10))).all()
        name = self._roster.member_name(group_id, user_id)
        if not done and not kept:
            return f"{name} 没有记录。"
        lines = [f"{name} 的记录（现在 {points_of(done, now_ms()):.1f} 分，七天减半）："]
        lines += [self._line(action) for action in done]
        lines += [f"· 备注 {self._clock(one.created_ms)}：{one.text}" for one in kept]
        return "\n".join(lines)

    async def note(self, order: Order) -> str:
        """备注成员: a line among moderators."""
        if not order.reason.strip():
            return "要记什么？例如：备注成员 10001 是小满的同学，已核实"
        async with self._database.write() as connection:
            await connection.execute(
                insert(notes).values(
                    group_id=order.group_id,
                    user_id=order.user_id,
                    author=order.actor,
                    text=order.reason.strip()[:300],
                    created_ms=now_ms(),
                )
            )
            entry = Entry(order.group_id, order.actor, "note", order.user_id)
            await record(connection, entry)
        return f"记下了，关于 {self._name(order)}。看全部发「记录 {order.user_id}」。"

    def _refusal(
        self, order: Order, *, needs_admin: bool = True, gone_is_fine: bool = False
    ) -> str | None:
        if self._standing.is_protected(order.group_id, order.user_id):
            return "群主、管理员和机器人我都不动。"
        if not gone_is_fine and not self._standing.is_member(order.group_id, order.user_id):
            return "TA 已经不在群里了。"
        if needs_admin and not self._standing.bot_can_act(order.group_id):
            return NOT_ADMIN
        return None

    async def _begin(
        self,
        order: Order,
        kind: Kind,
        state: State = State.PLANNED,
        *,
        seconds: int = 0,
        message: StoredMessage | None = None,
    ) -> tuple[int, bool]:
        """Keep an order and tell its member; returns its number and whether they were told."""
        action = Action(
            group_id=order.group_id,
            user_id=order.user_id,
            kind=kind,
            state=state,
            actor=order.actor,
            reason=order.reason[:200],
            points=_POINTS.get(kind, 0.0),
            seconds=seconds,
            message_row=message.id if message else None,
            message_id=message.message_id if message else None,
        )
        async with self._database.write() as connection:
            number = await plan(connection, action)
            detail = (("seconds", str(seconds)),) if seconds else ()
            event = Entry(order.group_id, order.actor, kind.value, order.user_id, number, detail)
            await record(connection, event)
            told = await self._tell(connection, order, action, number)
        return number, told

    async def _tell(
        self, connection: AsyncConnection, order: Order, action: Action, number: int
    ) -> bool:
        if not order.user_id or action.kind not in _POINTS:
            return False
        group = self._roster.group_name(order.group_id)
        words = texts.by_hand_to_member(group, action.kind, action.seconds, order.reason, number)
        if action.kind is Kind.RECALL:
            words += await self._text_back(connection, action)
        return await self._planner.to_member(connection, order.user_id, f"action:{number}", words)

    async def _text_back(self, connection: AsyncConnection, action: Action) -> str:
        query = select(messages).where(messages.c.id == action.message_row)
        row = (await connection.execute(query)).mappings().first()
        spoken = stored_message(row).spoken if row else ""
        return f"\n原文还给你：\n{spoken[:500]}" if spoken else ""

    async def _answer(self, number: int, said: str, *, undo: bool = True) -> str:
        outcome = await self._hands.outcome(number, ANSWER_S)
        back = f"弄错了回「撤销 {number}」。" if undo else ""
        if outcome is not None and outcome.state is State.DONE:
            return f"{said}（编号 {number}）。{back}"
        if outcome is not None and outcome.state in (State.REFUSED, State.UNKNOWN):
            return f"没做成：{outcome.trouble}（编号 {number}）。请在 QQ 里手动处理。"
        return f"已经交给 QQ，还没等到答复（编号 {number}）。{back}"

    def _line(self, action: KeptAction) -> str:
        who = (
            "规则" if not action.actor else self._roster.member_name(action.group_id, action.actor)
        )
        why = action.rule or action.reason or "没写理由"
        length = f" {in_words(action.seconds)}" if action.seconds else ""
        kind, state = texts.KIND_NAMES[action.kind], texts.STATE_NAMES[action.state]
        clock = self._clock(action.created_ms)
        return f"· {action.id} {clock} {kind}{length}（{state}）{who}：{why}"

    def _clock(self, at_ms: int) -> str:
        return datetime.fromtimestamp(at_ms / 1000, self._zone).strftime("%m-%d %H:%M")

    def _name(self, order: Order) -> str:
        return self._roster.member_name(order.group_id, order.user_id)


_REVERSES = {Kind.MUTE: Kind.UNMUTE, Kind.WHOLE_MUTE: Kind.WHOLE_UNMUTE}
_CANNOT = {
    Kind.RECALL: "撤回的消息 QQ 不让放回去，请 TA 再发一次。",
    Kind.KICK: "移出的人要请 TA 重新申请进群。",
}
