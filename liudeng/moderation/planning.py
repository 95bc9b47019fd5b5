"""From findings to actions: consequences, the ladder, the budget and who may be acted upon."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive import StoredMessage
from liudeng.db import now_ms
from liudeng.desk import CaseKind, Desk, Signal
from liudeng.moderation import texts
from liudeng.moderation.action import Action, Kind, State, automatic_since, of_member, plan
from liudeng.moderation.audit import Entry, last_time_of, record
from liudeng.moderation.groups import switch
from liudeng.moderation.judging import Verdict
from liudeng.moderation.ladder import Step, points_of, step_at
from liudeng.moderation.rules import Consequence, Finding
from liudeng.moderation.standing import Standing
from liudeng.outbox import Kind as LetterKind
from liudeng.outbox import Letter, Target, post, text_segment
from liudeng.roster import Roster

HOUR_MS = 3_600_000
_HARSH = (Consequence.RECALL, Consequence.MUTE)
_UNSEEN = frozenset({Consequence.NOTE, Consequence.DESK})
"""What the member is not told of: nothing happened to them."""
_SCAM_SETS = frozenset({"防诈骗"})


@dataclass(frozen=True, slots=True)
class Limits:
    """What an operator may set."""

    hourly_budget: int = 30
    """Automatic recalls and mutes a group and hour; then the bot stops and asks."""
    raid_budget: int = 600
    """The same while a raid lasts, against those who came with it."""


class Planner:
    """Plans what follows from findings, in the transaction that moves the reader's bookmark."""

    def __init__(
        self,
        desk: Desk,
        roster: Roster,
        standing: Standing,
        zone: ZoneInfo,
        limits: Limits,
    ) -> None:
        self._desk = desk
        self._roster = roster
        self._standing = standing
        self._zone = zone
        self._limits = limits

    async def carry_out(
        self, connection: AsyncConnection, verdict: Verdict, *, in_raid: bool = False
    ) -> bool:
        """Plan what follows from one verdict; returns whether the group was told to stop."""
        message = verdict.message
        user_id = int(message.user_id) if message.user_id.isdecimal() else 0
        if self._standing.is_protected(message.group_id, user_id, message.role):
            return False
        for finding in verdict.dry:
            await self._note(connection, message, finding, State.DRY)
        if not verdict.armed:
            return False
        chief = max(verdict.armed, key=lambda one: one.rule.points)
        wanted, mute_s = await self._wanted(connection, message, verdict, chief)
        if wanted & set(_HARSH) and await self._is_spent(connection, message, in_raid=in_raid):
            return True
        await self._act(connection, message, chief, _Wanted(wanted, mute_s, in_raid))
        return False

    async def _wanted(
        self,
        connection: AsyncConnection,
        message: StoredMessage,
        verdict: Verdict,
        chief: Finding,
    ) -> tuple[set[Consequence], int]:
        wanted = {what for one in verdict.armed for what in one.rule.then}
        mute_s = max(
            (one.rule.mute_for for one in verdict.armed if Consequence.MUTE in one.rule.then),
            default=0,
        )
        if chief.rule.points and not wanted <= _UNSEEN:
            before = await of_member(connection, message.group_id, int(message.user_id), 100)
            step: Step = step_at(points_of(before, now_ms()) + chief.rule.points)
            wanted |= step.consequences
            mute_s = max(mute_s, step.mute_s)
        return wanted, mute_s

    async def _act(
        self,
        connection: AsyncConnection,
        message: StoredMessage,
        chief: Finding,
        wanted: "_Wanted",
    ) -> None:
        if wanted.consequences <= _UNSEEN:
            await self._note(connection, message, chief, State.DONE)
            await self._to_the_desk(connection, message, chief, wanted.consequences)
            return
        able = self._standing.bot_can_act(message.group_id)
        muted = await self._is_muted(connection, message, wanted.mute_s)
        kinds = [Kind.RECALL] if Consequence.RECALL in wanted.consequences else []
        if Consequence.MUTE in wanted.consequences and not muted:
            kinds.append(Kind.MUTE)
        first = await self._plan_all(connection, message, chief, kinds, wanted.mute_s, able)
        if kinds and not able:
            await self._say_not_admin(connection, message.group_id)
        if not wanted.in_raid:
            done = texts.done_to(kinds if able else [], wanted.mute_s)
            await self._tell(connection, message, chief, done, first)
            await self._to_the_desk(connection, message, chief, wanted.consequences)

    async def _plan_all(
        self,
        connection: AsyncConnection,
        message: StoredMessage,
        chief: Finding,
        kinds: list[Kind],
        mute_s: int,
        able: bool,
    ) -> int:
        """Keep an action for each kind, a warning where there is none; the first's number."""
        numbers: list[int] = []
        for kind in kinds or [Kind.WARN]:
            harsh = kind is not Kind.WARN
            state = State.DONE if not harsh else State.PLANNED if able else State.REFUSED
            action = _action(message, chief, kind, state).model_copy(
                update={
                    "points": 0.0 if numbers else chief.rule.points,
                    "seconds": mute_s if kind is Kind.MUTE else 0,
                }
            )
            numbers.append(await plan(connection, action))
            await record(connection, _entry(message, chief, kind.value, numbers[-1], state))
        return numbers[0]

    async def _is_muted(
        self, connection: AsyncConnection, message: StoredMessage, seconds: int
    ) -> bool:
        until = now_ms() + seconds * 1000
        return any(
            one.kind is Kind.MUTE
            and one.state in (State.PLANNED, State.DOING, State.DONE)
            and one.created_ms + one.seconds * 1000 >= until - 60_000
            for one in await of_member(connection, message.group_id, int(message.user_id))
        )

    async def _is_spent(
        self, connection: AsyncConnection, message: StoredMessage, *, in_raid: bool
    ) -> bool:
        group_id = message.group_id
        count = await automatic_since(connection, group_id, now_ms() - HOUR_MS)
        budget = self._limits.raid_budget if in_raid else self._limits.hourly_budget
        if count < budget:
            return False
        resumed_ms = await last_time_of(connection, group_id, "resumed")
        if resumed_ms > now_ms() - HOUR_MS:  # people have looked at what was done before that
            count = await automatic_since(connection, group_id, resumed_ms)
            if count < budget:
                return False
        await switch(connection, group_id, stopped=True)
        await record(connection, Entry(group_id, 0, "stopped", 0, 0, (("count", str(count)),)))
        group = self._roster.group_name(group_id)
        words = texts.BUDGET_SPENT.format(group=group, count=count, group_id=group_id)
        await self.to_moderators(
            connection, group_id, f"spent:{now_ms() // HOUR_MS}:{resumed_ms}", words
        )
        return True

    async def _say_not_admin(self, connection: AsyncConnection, group_id: int) -> None:
        today = datetime.now(self._zone).date().isoformat()
        words = texts.NOT_ADMIN.format(group=self._roster.group_name(group_id))
        await self.to_moderators(connection, group_id, f"not-admin:{today}", words)

    async def _note(
        self, connection: AsyncConnection, message: StoredMessage, finding: Finding, state: State
    ) -> None:
        number = await plan(connection, _action(message, finding, Kind.NOTE, state))
        if state is not State.DRY:
            await record(connection, _entry(message, finding, Kind.NOTE.value, number, state))

    async def _tell(
        self,
        connection: AsyncConnection,
        message: StoredMessage,
        chief: Finding,
        done: str,
        number: int,
    ) -> None:
        user_id = int(message.user_id)
        words = texts.notice_to_member(
            self._roster.group_name(message.group_id),
            chief.rule.why,
            rule_name(chief),
            done,
            number,
            message.spoken if done.startswith("撤回") else None,
        )
        await self.to_member(connection, user_id, f"action:{number}", words)

    async def _to_the_desk(
        self,
        connection: AsyncConnection,
        message: StoredMessage,
        chief: Finding,
        wanted: set[Consequence],
    ) -> None:
        if not wanted & {Consequence.DESK, Consequence.PROPOSE_KICK}:
            return
        why = f"{chief.set_name}·{chief.rule.name}：{'、'.join(chief.evidence) or chief.rule.why}"
        proposal = ("建议移出：要移出请在群里发「踢」，不用就「完结」",)
        await self._desk.receive(
            connection,
            Signal(
                group_id=message.group_id,
                subject_id=message.user_id,
                subject_name=message.display_name,
                kind=CaseKind.SCAM if chief.set_name in _SCAM_SETS else CaseKind.CONDUCT,
                level=2,
                message_row=message.id,
                time_ms=message.time_ms,
                received_ms=message.received_ms,
                reasons=(why, *(proposal if Consequence.PROPOSE_KICK in wanted else ())),
                room="群管",
            ),
            message,
        )

    async def to_member(
        self, connection: AsyncConnection, user_id: int, key: str, words: str
    ) -> bool:
        """Write to a member privately; False when they are no friend and cannot be told."""
        if not self._roster.is_friend(user_id):
            return False
        letter = Letter(
            key=f"moderation:{key}",
            kind=LetterKind.NOTICE,
            target=Target.PRIVATE,
            target_id=user_id,
            segments=(text_segment(words),),
        )
        return await post(connection, letter)

    async def to_moderators(
        self, connection: AsyncConnection, group_id: int, key: str, words: str
    ) -> None:
        """Write privately to the moderators of a group who are friends; a key is written once."""
        for user_id in self._roster.moderators(group_id):
            told = f"{group_id}:{key}:{user_id}"
            await self.to_member(connection, user_id, told, f"【留灯】{words}")


@dataclass(frozen=True, slots=True)
class _Wanted:
    consequences: set[Consequence]
    mute_s: int
    in_raid: bool


def rule_name(finding: Finding) -> str:
    """By which name a rule is kept with its actions, and told."""
    return f"{finding.set_name}·{finding.rule.name}"


def _action(message: StoredMessage, finding: Finding, kind: Kind, state: State) -> Action:
    return Action(
        group_id=message.group_id,
        user_id=int(message.user_id) if message.user_id.isdecimal() else 0,
        kind=kind,
        state=state,
        rule=rule_name(finding),
        version=finding.version,
        reason="、".join(finding.evidence)[:200],
        message_row=message.id,
        message_id=message.message_id,
    )


def _entry(
    message: StoredMessage, finding: Finding, event: str, number: int, state: State
) -> Entry:
    detail = (
        ("rule", finding.rule.id),
        ("set", finding.set_name),
        ("version", str(finding.version)),
        ("message", str(message.id)),
        ("state", state.value),
    )
    return Entry(message.group_id, 0, event, int(message.user_id), number, detail)
