"""What is done about raids: rests for those who came with them, one summary at the end."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive import StoredMessage
from liudeng.db import now_ms
from liudeng.moderation.action import Action, Kind, automatic_since, left_whole_muted, plan
from liudeng.moderation.audit import Entry, record
from liudeng.moderation.floods import Level, Raid, RaidWatch, Talk, bare_words
from liudeng.moderation.groups import Arming
from liudeng.moderation.planning import HOUR_MS, Limits, Planner
from liudeng.moderation.standing import Standing
from liudeng.moderation.state import Choices
from liudeng.roster import Roster

SET = "防炸群"
"""The set a group switches on to have raids contained."""
REST_S = 3600
_LEVELS = {
    Level.WATCHFUL: "一分钟里进来了很多人，我先盯着。",
    Level.SLOW: "像是有人来炸群：跟着这一波进来又连发、或说同样话的人，我先请他们休息一小时。",
    Level.STORM: "来的人和消息太多了。要全员禁言，回「全员禁言 {group_id}」；不用就不回。",
}
_STORM_DONE = "来的人和消息太多了，我按你们的设置开了全员禁言，平静三分钟后自动解除。"
_OVER = (
    "刚才那一波过去了：进来 {joins} 人，新人发了 {messages} 条，请 {muted} 人先休息。"
    "逐条记录在「审计」里。\n"
    "自动处理的额度（炸群时一小时 {budget} 次）用了 {spent} 次{unmuted}。"
)
_UNMUTED = "，用完以后该请休息的还有 {count} 人没有请，请你们看看"
_OVER_SINCE_BEFORE = "我重启前开的全员禁言，平静下来就解除。逐条记录在「审计」里。"


@dataclass(slots=True)
class _Group:
    watch: RaidWatch
    whole_mute: bool = False


class Raids:
    """Watches every group that has the set armed."""

    def __init__(
        self,
        planner: Planner,
        standing: Standing,
        choices: Choices,
        roster: Roster,
        limits: Limits,
    ) -> None:
        self._planner = planner
        self._standing = standing
        self._choices = choices
        self._roster = roster
        self._limits = limits
        self._groups: dict[int, _Group] = {}

    def is_on(self, group_id: int) -> bool:
        """Whether a raid goes on."""
        group = self._groups.get(group_id)
        return group is not None and group.watch.raid is not None

    async def joined(
        self, connection: AsyncConnection, group_id: int, user_id: int, at_ms: int
    ) -> None:
        """Somebody came."""
        if self._watches(group_id, at_ms):
            risen = self._group(group_id).watch.joined(user_id, at_ms)
            await self._told(connection, group_id, risen)

    async def heard(self, connection: AsyncConnection, message: StoredMessage) -> bool:
        """Note a message; returns whether its author was asked to rest for it."""
        group_id, at_ms = message.group_id, message.time_ms
        user_id = int(message.user_id) if message.user_id.isdecimal() else 0
        if not self._watches(group_id, at_ms):
            return False
        joined = self._choices.joined.get((group_id, user_id))
        watch = self._group(group_id).watch
        newcomer = joined is not None and at_ms - joined < HOUR_MS
        if not newcomer or self._standing.is_protected(group_id, user_id, message.role):
            return False
        answer = watch.said(Talk(user_id, at_ms, bare_words(message.spoken)))
        await self._told(connection, group_id, answer.risen)
        for one in answer.must_rest:
            said = message if one == user_id else None
            if watch.came_with_it(self._choices.joined.get((group_id, one))):
                await self._rest(connection, group_id, one, said)
        return watch.raid is not None and user_id in watch.raid.muted

    async def remember(self, connection: AsyncConnection) -> None:
        """Take up whole mutes that were on when the process ended: they end by themselves too."""
        for group_id in await left_whole_muted(connection):
            group = self._group(group_id)
            group.whole_mute = True
            group.watch.raid = Raid(now_ms(), Level.STORM, last_ms=now_ms())

    async def pass_time(self, connection: AsyncConnection) -> bool:
        """End what is over; returns whether anything was."""
        ended = False
        for group_id, group in self._groups.items():
            over = group.watch.ended(now_ms())
            if over is not None:
                ended = True
                await self._ended(connection, group_id, group, over)
        return ended

    async def _rest(
        self,
        connection: AsyncConnection,
        group_id: int,
        user_id: int,
        message: StoredMessage | None,
    ) -> None:
        """Ask somebody to rest, and take back the message by which it was noticed."""
        if not self._standing.bot_can_act(group_id):
            return
        watch, since = self._group(group_id).watch, now_ms() - HOUR_MS
        if await automatic_since(connection, group_id, since) >= self._limits.raid_budget:
            watch.goes_on(user_id)
            return
        watch.rests(user_id)
        mute = Action(
            group_id=group_id,
            user_id=user_id,
            kind=Kind.MUTE,
            rule=f"{SET}·跟着炸群的一波进来",
            reason="一波里进来，连发或说同样的话",
            points=3.0,
            seconds=REST_S,
        )
        planned = [mute]
        if message is not None:
            seen = {"message_row": message.id, "message_id": message.message_id}
            planned = [mute.model_copy(update=seen)]
            recall = {"kind": Kind.RECALL, "points": 0.0, "seconds": 0}
            planned.append(planned[0].model_copy(update=recall))
        watch.spends(len(planned))
        for action in planned:
            number = await plan(connection, action)
            entry = Entry(group_id, 0, action.kind.value, user_id, number, (("set", SET),))
            await record(connection, entry)

    async def _told(self, connection: AsyncConnection, group_id: int, risen: Level | None) -> None:
        if risen is None:
            return
        group, words = self._group(group_id), _LEVELS[risen].format(group_id=group_id)
        may_act = self._standing.bot_can_act(group_id)
        if risen is Level.STORM and self._choices.of(group_id).whole_mute_allowed and may_act:
            group.whole_mute = True
            words = _STORM_DONE
            await self._whole(connection, group_id, Kind.WHOLE_MUTE)
        await record(connection, Entry(group_id, 0, "raid", 0, 0, (("level", risen.name.lower()),)))
        assert group.watch.raid is not None
        key = f"raid:{group.watch.raid.began_ms}:{risen}"
        name = self._roster.group_name(group_id)
        await self._planner.to_moderators(connection, group_id, key, f"「{name}」{words}")

    async def _ended(
        self, connection: AsyncConnection, group_id: int, group: _Group, over: Raid
    ) -> None:
        if group.whole_mute:
            group.whole_mute = False
            if group_id in await left_whole_muted(connection):  # else people have seen to it
                await self._whole(connection, group_id, Kind.WHOLE_UNMUTE)
        if over.level < Level.SLOW:
            return
        words = self._summary(over)
        if not over.joins and not over.messages:  # it was taken up after a restart
            words = _OVER_SINCE_BEFORE
        name = self._roster.group_name(group_id)
        key = f"raid:{over.began_ms}:over"
        await self._planner.to_moderators(connection, group_id, key, f"「{name}」{words}")

    def _summary(self, over: Raid) -> str:
        return _OVER.format(
            joins=over.joins,
            messages=over.messages,
            muted=len(over.muted),
            budget=self._limits.raid_budget,
            spent=over.spent,
            unmuted=_UNMUTED.format(count=len(over.unmuted)) if over.unmuted else "",
        )

    async def _whole(self, connection: AsyncConnection, group_id: int, kind: Kind) -> None:
        action = Action(group_id=group_id, user_id=0, kind=kind, rule=SET)
        number = await plan(connection, action)
        await record(connection, Entry(group_id, 0, kind.value, 0, number))

    def _watches(self, group_id: int, at_ms: int) -> bool:
        choice = self._choices.of(group_id)
        armed = choice.armings.get(SET) is Arming.ARMED
        return armed and not choice.stopped and not choice.in_memorial(at_ms)

    def _group(self, group_id: int) -> _Group:
        return self._groups.setdefault(group_id, _Group(RaidWatch()))
