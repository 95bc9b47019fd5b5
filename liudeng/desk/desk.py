"""The desk: turns signals into cases and alerts, and answers the moderators' commands."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive import StoredMessage, messages_by_id, neighbours
from liudeng.db import Database, now_ms
from liudeng.desk import texts
from liudeng.desk.case import (
    Case,
    CaseState,
    EventKind,
    Signal,
    case_by_id,
    claim,
    close,
    note,
    open_cases,
    open_or_join,
    signals_of,
)
from liudeng.outbox import (
    Kind,
    Letter,
    PostedLetter,
    Target,
    others_on_their_way,
    post,
    text_segment,
    told_privately,
)
from liudeng.roster import Roster

CONTEXT_BEFORE = 5
_OUTCOME_LIMIT = 200
_ROSTER_PATIENCE_MS = 60_000
"""How long an alert waits for the list of members before it goes to whoever is known."""
_NOTICE_LIFETIME_MS = 10 * 60_000
_NO_CASE = "没有案件 {case_id}，或者它不归你管。发「案件」看看你能处理的。"


class Desk:
    """Where alerts go out and moderators answer them."""

    def __init__(
        self, database: Database, roster: Roster, staff_group: int | None, zone: ZoneInfo
    ) -> None:
        self._database = database
        self._roster = roster
        self._staff_group = staff_group
        self._zone = zone

    async def receive(
        self, connection: AsyncConnection, signal: Signal, message: StoredMessage
    ) -> None:
        """Put a signal on its case and post an alert if people must know, in one transaction."""
        case, must_alert = await open_or_join(connection, signal)
        if not must_alert:
            return
        around = await neighbours(connection, message, before=CONTEXT_BEFORE, after=0)
        text = texts.alert_text(
            case,
            self._roster.group_name(case.group_id),
            around,
            message,
            signal.reasons,
            self._zone,
        )
        await post(
            connection,
            Letter(
                key=f"alert:{case.id}:{case.alerts}",
                kind=Kind.ALERT,
                target=Target.MODERATORS,
                target_id=case.group_id,
                segments=(text_segment(text),),
                case_id=case.id,
                origin_ms=signal.received_ms,
            ),
        )
        await note(connection, case.id, EventKind.ALERT, actor="liudeng")

    async def route(self, letter: PostedLetter) -> list[Letter] | None:
        """Address an alert: each friendly moderator privately; the staff group for the others.

        Whom a case is about is not among those told, even if they are a moderator.

        Returns:
            None while it is not known yet who the moderators are.
        """
        known = self._roster.knows(letter.target_id)
        if not known and now_ms() - letter.created_ms < _ROSTER_PATIENCE_MS:
            return None
        case = await self._case_of(letter)
        moderators = {
            user_id
            for user_id in self._roster.moderators(case.group_id)
            if str(user_id) != case.subject_id
        }
        friends = sorted(user_id for user_id in moderators if self._roster.is_friend(user_id))
        routed = [
            _addressed(letter, Target.PRIVATE, user_id, letter.segments) for user_id in friends
        ]
        if friends and len(friends) < len(moderators):
            routed.extend(self._staff_notice(letter, case))
        return routed or self._full_to_staff(letter, case)

    async def fall_back(self, letter: PostedLetter) -> list[Letter] | None:
        """Find another way for an alert that was refused: the staff group.

        It gets the member's words only when no moderator could be told privately.

        Returns:
            Empty when others have been told or are about to be; None when nobody has.
        """
        case = await self._case_of(letter)
        privately = f"{_alert_key(letter)}|{Target.PRIVATE}:"
        if await others_on_their_way(self._database, letter, privately):
            return self._staff_notice(letter, case) if letter.target is Target.PRIVATE else []
        if letter.target is Target.PRIVATE and (instead := self._full_to_staff(letter, case)):
            return instead
        return None

    async def _case_of(self, letter: PostedLetter) -> Case:
        async with self._database.read() as connection:
            case = await case_by_id(connection, letter.case_id or 0)
        if case is None:
            raise LookupError("an alert without a case")
        return case

    def _staff_notice(self, letter: PostedLetter, case: Case) -> list[Letter]:
        group_id = self._reachable_staff_group(case)
        if group_id is None:
            return []
        text = texts.staff_notice(case, self._roster.group_name(case.group_id))
        return [_addressed(letter, Target.GROUP, group_id, (text_segment(text),))]

    def _full_to_staff(self, letter: PostedLetter, case: Case) -> list[Letter]:
        group_id = self._reachable_staff_group(case)
        if group_id is None:
            return []
        addressed = _addressed(letter, Target.GROUP, group_id, letter.segments)
        return [addressed.model_copy(update={"key": f"{addressed.key}:full"})]

    def _reachable_staff_group(self, case: Case) -> int | None:
        """Only a group that is not watched, that the bot is in and the subject is not."""
        group_id = self._staff_group
        if group_id is None or group_id not in self._roster.groups:
            return None
        subject = int(case.subject_id) if case.subject_id.isdecimal() else 0
        return None if group_id in self._roster.groups_of(subject) else group_id

    async def claim(self, case_id: int, actor: int) -> str:
        """接手: give the case to `actor`; return the answer."""
        async with self._database.write() as connection:
            case = await self._visible(connection, case_id, actor)
            if case is None:
                return _NO_CASE.format(case_id=case_id)
            if await claim(connection, case, actor):
                await self._tell_others(connection, case, actor)
                return (
                    f"案件 {case_id} 由你接手了，谢谢你。\n"
                    f"处理好了回「完结 {case_id} 结果」；看错了回「误报 {case_id}」。"
                )
        if case.state is CaseState.CLOSED:
            return f"案件 {case_id} {texts.state_text(case, self._names(case))}，不用再接手。"
        if case.claimed_by == actor:
            return f"案件 {case_id} 本来就在你手里。处理好了回「完结 {case_id} 结果」。"
        name = self._names(case).claimed_by
        return f"案件 {case_id} 已经由 {name} 接手，可以直接问问 TA 需不需要帮忙。"

    async def dismiss(self, case_id: int, actor: int) -> str:
        """误报: close the case as a false alarm; return the answer."""
        return await self._close(case_id, actor, "误报")

    async def resolve(self, case_id: int, actor: int, outcome: str) -> str:
        """完结: close the case with its outcome; return the answer."""
        return await self._close(case_id, actor, outcome.strip()[:_OUTCOME_LIMIT] or "已处理")

    async def show(self, case_id: int, actor: int) -> str:
        """案件 <编号>: return the case's card, and note who looked."""
        async with self._database.write() as connection:
            case = await self._visible(connection, case_id, actor)
            if case is None:
                return _NO_CASE.format(case_id=case_id)
            signals = await signals_of(connection, case.id)
            quoted = await messages_by_id(connection, [row for row, _ in signals[-3:]])
            await note(connection, case.id, EventKind.VIEW, actor=str(actor))
        reasons = [reason for _, detail in signals for reason in detail.split("；")]
        return texts.case_text(case, self._names(case), quoted[::-1], reasons, self._zone)

    async def overview(self, actor: int) -> str:
        """案件: return the open cases this moderator may handle."""
        groups = self._roster.moderated_by(actor)
        if not groups:
            return "案件只给群主和管理看。想提醒管理留意谁，可以直接私聊他们。"
        async with self._database.read() as connection:
            found = await open_cases(connection, groups)
        cases = [case for case in found if case.subject_id != str(actor)]
        if not cases:
            return "现在没有未完结的案件。"
        lines = [texts.case_line(case, self._names(case), self._zone) for case in cases]
        return "\n".join([f"未完结的案件（{len(cases)}）：", *lines, "发「案件 编号」看详情。"])

    async def _close(self, case_id: int, actor: int, outcome: str) -> str:
        async with self._database.write() as connection:
            case = await self._visible(connection, case_id, actor)
            if case is None:
                return _NO_CASE.format(case_id=case_id)
            if await close(connection, case, actor, outcome):
                return f"案件 {case_id} 已完结：{outcome}。谢谢你照看大家。"
        return f"案件 {case_id} 之前就{texts.state_text(case, self._names(case))}。"

    def _names(self, case: Case) -> texts.CaseNames:
        claimed_by = case.claimed_by or 0
        return texts.CaseNames(
            group=self._roster.group_name(case.group_id),
            claimed_by=self._roster.member_name(case.group_id, claimed_by),
        )

    async def _visible(self, connection: AsyncConnection, case_id: int, actor: int) -> Case | None:
        case = await case_by_id(connection, case_id)
        if case is None or actor not in self._roster.moderators(case.group_id):
            return None
        return None if case.subject_id == str(actor) else case

    async def _tell_others(self, connection: AsyncConnection, case: Case, actor: int) -> None:
        """Tell those who were alerted that one of them has it: nobody is contacted five times."""
        name = self._roster.member_name(case.group_id, actor)
        for user_id in await told_privately(connection, case.id):
            if user_id == actor:
                continue
            await post(
                connection,
                Letter(
                    key=f"claimed:{case.id}:{case.alerts}:{user_id}",
                    kind=Kind.NOTICE,
                    target=Target.PRIVATE,
                    target_id=user_id,
                    segments=(text_segment(texts.claimed_notice(case, name)),),
                    case_id=case.id,
                    lifetime_ms=_NOTICE_LIFETIME_MS,
                ),
            )


def _addressed(
    letter: PostedLetter, target: Target, target_id: int, segments: Sequence[dict]
) -> Letter:
    """Readdress an alert. One key per alert and recipient: nobody is told twice."""
    return Letter(
        key=f"{_alert_key(letter)}|{target}:{target_id}",
        kind=letter.kind,
        target=target,
        target_id=target_id,
        segments=tuple(segments),
        case_id=letter.case_id,
        origin_ms=letter.origin_ms,
    )


def _alert_key(letter: Letter) -> str:
    return letter.key.partition("|")[0]
