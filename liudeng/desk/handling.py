"""Handling: what moderators do with a case, each as one answer in Chinese."""

from datetime import timedelta

from liudeng.desk import texts
from liudeng.desk.alerting import Alerting
from liudeng.desk.care import Care
from liudeng.desk.case import Case, CaseKind, CaseState, EventKind, Verdict
from liudeng.desk.follow_up import FollowUp
from liudeng.desk.hours import parse_span
from liudeng.desk.office import NO_CASE, Office
from liudeng.desk.texts import in_short

_HIGHEST = 3
_CHECK_IN = timedelta(hours=24)
_LATEST_CHECK_IN = timedelta(days=60)


class Handling:
    """Claims, notes, judges and closes cases."""

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
                await self._alerting.call_off(connection, case, actor)
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

    async def note(self, case_id: int, actor: int, words: str) -> str:
        """备注: write something down on the case."""
        words = in_short(words)
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
            why = f"{why}：{in_short(words)}" if words.strip() else why
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
        span = parse_span(words) if words.strip() else _CHECK_IN
        if span is None or not timedelta() < span <= _LATEST_CHECK_IN:
            return f"多久以后回访？例如：回访 {case_id} 24h，或者 回访 {case_id} 3天。"
        async with self._office.database.write() as connection:
            case = await self._office.case(connection, case_id, actor)
            if case is None:
                return NO_CASE.format(case_id=case_id)
            due = await self._follow_up.check_in_after(connection, case, actor, span)
        when = texts.clock(due, self._office.zone)
        return f"好，{when} 我私聊提醒你问问 TA（案件 {case_id}）。"

    async def dismiss(self, case_id: int, actor: int) -> str:
        """误报: close the case as a false alarm."""
        return await self._close(case_id, actor, "误报", Verdict.FALSE)

    async def resolve(self, case_id: int, actor: int, outcome: str) -> str:
        """完结: close the case with its outcome."""
        return await self._close(case_id, actor, in_short(outcome) or "已处理", None)

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

    def _state(self, case: Case) -> str:
        return texts.state_text(case, self._office.names(case))
