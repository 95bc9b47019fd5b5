"""Handling: what moderators do with a case, each as one answer in Chinese."""

import re

from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive.reading import clean
from liudeng.desk import texts
from liudeng.desk.alerting import Alerting
from liudeng.desk.care import Care
from liudeng.desk.case import Case, CaseKind, CaseState, EventKind, Verdict
from liudeng.desk.duty import Role
from liudeng.desk.escalation import UNANSWERED, key_of_alert
from liudeng.desk.follow_up import FollowUp
from liudeng.desk.office import NO_CASE, Office
from liudeng.outbox import (
    Kind,
    Letter,
    PostedLetter,
    Target,
    letters_under,
    post,
    text_segment,
    told_privately,
)

_TEXT_LIMIT = 200
_NOTICE_LIFETIME_MS = 10 * 60_000
_HIGHEST = 3
_DELAY = re.compile(r"([0-9]{1,3})\s*(小时|个小时|h|天|d|分钟|m)?(?:后|之后)?\s*$", re.IGNORECASE)
_MINUTES = {"天": 24 * 60, "d": 24 * 60, "分钟": 1, "m": 1}
_LONGEST_DELAY_MIN = 60 * 24 * 60


class Handling:
    """Claims, hands over, notes, judges and closes cases."""

    def __init__(self, office: Office, alerting: Alerting, follow_up: FollowUp, care: Care) -> None:
        self._office = office
        self._casebook = office.casebook
        self._alerting = alerting
        self._follow_up = follow_up
        self._care = care

    async def claim(self, case_id: int, actor: int) -> str:
        """接手: give the case to `actor`."""
        async with self._office.database.write() as connection:
            case = await self._office.case(connection, case_id, actor)
            if case is None:
                return NO_CASE.format(case_id=case_id)
            if await self._casebook.claim(connection, case, actor):
                await self._tell_others(connection, case, actor)
                return (
                    f"案件 {case_id} 由你接手了，谢谢你。\n"
                    f"处理好了回「完结 {case_id} 结果」；看错了回「误报 {case_id}」。"
                )
        if case.state is CaseState.CLOSED:
            return f"案件 {case_id} {self._state(case)}，不用再接手。"
        if case.claimed_by == actor:
            return f"案件 {case_id} 本来就在你手里。处理好了回「完结 {case_id} 结果」。"
        name = self._office.names(case).claimed_by
        return f"案件 {case_id} 已经由 {name} 接手，可以直接问问 TA 需不需要帮忙。"

    async def hand_over(self, case_id: int, actor: int, heir: int | None, words: str) -> str:
        """转交: give the case to another moderator of the group."""
        async with self._office.database.write() as connection:
            case = await self._office.case(connection, case_id, actor)
            if case is None:
                return NO_CASE.format(case_id=case_id)
            if heir is None:
                return f"转交给谁？写上 QQ 号，或者 @ TA：转交 {case_id} QQ号。"
            if problem := await self._cannot_hand_over(connection, case, actor, heir):
                return problem
            await self._casebook.hand_over(connection, case, actor, heir)
            told = await self._tell_heir(connection, case, actor, heir, words)
            if told:
                await self._follow_up.watch_handing(connection, case, actor, heir)
        name = self._office.name(case, heir)
        if told:
            return (
                f"案件 {case_id} 转交给 {name} 了，也私聊告诉了 TA。TA 半小时没打开，我来告诉你。"
            )
        return f"案件 {case_id} 转交给 {name} 了。TA 没有加我为好友，我说不上话，请你告诉 TA 一声。"

    async def note(self, case_id: int, actor: int, words: str) -> str:
        """备注: write something down on the case."""
        words = _short(words)
        if not words:
            return f"想记下什么？例如：备注 {case_id} 打过电话，约了明天再聊。"
        async with self._office.database.write() as connection:
            case = await self._office.case(connection, case_id, actor)
            if case is None:
                return NO_CASE.format(case_id=case_id)
            await self._casebook.note(
                connection, case_id, EventKind.NOTE, actor=str(actor), detail=words
            )
        return f"记下了，在案件 {case_id} 里。"

    async def escalate(self, case_id: int, actor: int, words: str) -> str:
        """升级: the case is more serious than it looked; alert again."""
        async with self._office.database.write() as connection:
            case = await self._office.case(connection, case_id, actor)
            if case is None:
                return NO_CASE.format(case_id=case_id)
            if case.state is CaseState.CLOSED:
                return f"案件 {case_id} {self._state(case)}。TA 再有动静，它会自己打开。"
            why = f"{self._office.name(case, actor)} 请大家一起看"
            why = f"{why}：{_short(words)}" if words.strip() else why
            await self._casebook.note(
                connection, case_id, EventKind.ESCALATION, actor=str(actor), detail=why
            )
            level = min(_HIGHEST, case.level + 1)
            await self._alerting.again(connection, case, why, level)
        return f"案件 {case_id} 升到 {level} 级，已经再叫一次管理。有马上的危险：打 110 或 120。"

    async def confirm(self, case_id: int, actor: int) -> str:
        """属实: the alert was right; the case stays open."""
        async with self._office.database.write() as connection:
            case = await self._office.case(connection, case_id, actor)
            if case is None:
                return NO_CASE.format(case_id=case_id)
            await self._casebook.judge(connection, case, actor, Verdict.TRUE)
        return f"记下了：案件 {case_id} 属实。处理好了回「完结 {case_id} 结果」。"

    async def check_in(self, case_id: int, actor: int, words: str) -> str:
        """回访: be reminded to ask how the member is; a day from now if nothing is said."""
        minutes = _delay_minutes(words)
        if minutes is None:
            return f"多久以后回访？例如：回访 {case_id} 24h，或者 回访 {case_id} 3天。"
        async with self._office.database.write() as connection:
            case = await self._office.case(connection, case_id, actor)
            if case is None:
                return NO_CASE.format(case_id=case_id)
            due = await self._follow_up.check_in_after(connection, case, actor, minutes)
        when = texts.clock(due, self._office.zone)
        return f"好，{when} 我私聊提醒你问问 TA（案件 {case_id}）。"

    async def dismiss(self, case_id: int, actor: int) -> str:
        """误报: close the case as a false alarm."""
        return await self._close(case_id, actor, "误报", Verdict.FALSE)

    async def resolve(self, case_id: int, actor: int, outcome: str) -> str:
        """完结: close the case with its outcome."""
        return await self._close(case_id, actor, _short(outcome) or "已处理", None)

    async def _close(self, case_id: int, actor: int, outcome: str, verdict: Verdict | None) -> str:
        async with self._office.database.write() as connection:
            case = await self._office.case(connection, case_id, actor)
            if case is None:
                return NO_CASE.format(case_id=case_id)
            if not await self._casebook.close(connection, case, actor, outcome):
                return f"案件 {case_id} 之前就{self._state(case)}。"
            if verdict is not None:
                await self._casebook.judge(connection, case, actor, verdict)
            was_danger = case.kind is CaseKind.DISTRESS and case.level >= _HIGHEST
            answer = f"案件 {case_id} 已完结：{outcome}。谢谢你照看大家。"
            if verdict is Verdict.FALSE or not was_danger:
                return answer
            await self._follow_up.after_closing(connection, case, actor)
        return f"{answer}\n24 小时和 72 小时的时候，我会提醒回访。\n\n{self._care.debrief.strip()}"

    async def _cannot_hand_over(
        self, connection: AsyncConnection, case: Case, actor: int, heir: int
    ) -> str | None:
        if case.state is CaseState.CLOSED:
            return f"案件 {case.id} {self._state(case)}，不用转交了。"
        if not self._office.allows(case, heir):
            return f"{self._office.name(case, heir)} 不能接案件 {case.id}：只能转给这个群的管理。"
        if case.claimed_by == heir:
            return f"案件 {case.id} 已经在 {self._office.name(case, heir)} 手里了。"
        if case.claimed_by in (None, actor):
            return None
        role = await self._office.duty.role(connection, case.group_id, actor)
        if role is Role.MODERATOR:
            name = self._office.names(case).claimed_by
            return f"案件 {case.id} 在 {name} 手里，请 TA 自己转，或者找群主、组长。"
        return None

    async def _tell_heir(
        self, connection: AsyncConnection, case: Case, actor: int, heir: int, words: str
    ) -> bool:
        giver = self._office.name(case, actor)
        text = texts.handed_notice(case, self._office.names(case), giver, _short(words))
        key = f"desk:handed:{case.id}:{heir}:{self._office.now()}"
        return heir == actor or await self._office.tell(connection, heir, key, text, case.id)

    async def _tell_others(self, connection: AsyncConnection, case: Case, actor: int) -> None:
        """Tell those who were alerted that one of them has it: nobody is contacted five times."""
        text = texts.claimed_notice(case, self._office.name(case, actor))
        for letter in await letters_under(connection, f"{key_of_alert(case)}|{Target.GROUP}:"):
            if letter.key.endswith(UNANSWERED):  # the staff group was asked for help
                await post(connection, _answer_to(letter, case, text))
        for user_id in await told_privately(connection, case.id):
            if user_id != actor:
                key = f"claimed:{case.id}:{case.alerts}:{user_id}"
                await self._office.tell(
                    connection, user_id, key, text, case.id, _NOTICE_LIFETIME_MS
                )

    def _state(self, case: Case) -> str:
        return texts.state_text(case, self._office.names(case))


def _answer_to(call: PostedLetter, case: Case, text: str) -> Letter:
    return Letter(
        key=f"claimed:{case.id}:{case.alerts}:staff",
        kind=Kind.NOTICE,
        target=Target.GROUP,
        target_id=call.target_id,
        segments=(text_segment(text),),
        case_id=case.id,
        lifetime_ms=_NOTICE_LIFETIME_MS,
    )


def _short(words: str) -> str:
    return " ".join(clean(words).split())[:_TEXT_LIMIT]


def _delay_minutes(words: str) -> int | None:
    words = words.strip()
    if not words:
        return 24 * 60
    match = _DELAY.match(words)
    if match is None:
        return None
    minutes = int(match[1]) * _MINUTES.get((match[2] or "h").lower(), 60)
    return minutes if 0 < minutes <= _LONGEST_DELAY_MIN else None
