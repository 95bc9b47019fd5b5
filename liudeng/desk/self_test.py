"""The self-test: before the night, operators hear whether an alert would find somebody."""

import logging
from datetime import time

from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.desk.office import Office
from liudeng.desk.reach import Reach, ReachReport, reach_report
from liudeng.desk.timers import Timer, TimerKind, arm

log = logging.getLogger(__name__)

TESTED_AT = time(17, 30)
"""Early enough that whoever is missing can befriend the bot before the night."""
_MONDAY = 1
_NAMED = 10
_LIFETIME_MS = 6 * 3600_000


class SelfTest:
    """Tells operators in the evening what is newly amiss, and on Mondays how things stand.

    A group of which nobody can be called is told every evening.
    """

    def __init__(self, office: Office, reach: Reach, operators: frozenset[int]) -> None:
        self._office = office
        self._reach = reach
        self._operators = operators

    async def arm(self, connection: AsyncConnection, known: str = "") -> None:
        """Arrange the next self-test, unless it is; `known` is what was amiss this time."""
        due = self._office.duty.next_at(TESTED_AT)
        day = self._office.duty.local(due).date()
        await arm(connection, f"self-test:{day}", TimerKind.SELF_TEST, due, detail=known)

    async def run(self, connection: AsyncConnection, timer: Timer) -> None:
        """Look, and tell operators; without any, whoever leads the moderators."""
        await self._reach.note(connection)
        report = await reach_report(connection)
        problems = self._problems(report)
        known = "\n".join(problems)
        await self.arm(connection, known)
        is_news = known != timer.detail or bool(report.deaf_groups)
        is_monday = self._office.duty.local().isoweekday() == _MONDAY
        if not is_monday and not (problems and is_news):
            return
        text = _text(report, problems)
        people = self._operators or await self._leads(connection)
        told = [
            await self._office.tell(connection, one, f"desk:{timer.key}:{one}", text)
            for one in sorted(people)
        ]
        if problems:
            log.warning("夜间自检：有 %d 处要处理，运行 liudeng doctor 查看。", len(problems))
        if not any(told):
            log.warning("夜间自检没有人可告诉：请运维加机器人为好友，并写进 SUPERUSERS。")

    async def _leads(self, connection: AsyncConnection) -> set[int]:
        return set(await self._office.duty.leads(connection, self._office.staff_group))

    def _problems(self, report: ReachReport) -> list[str]:
        problems = [f"叫不到 {one}" for one in report.unreachable[:_NAMED]]
        if len(report.unreachable) > _NAMED:
            problems.append(f"还有 {len(report.unreachable) - _NAMED} 位叫不到，见 liudeng doctor")
        problems += [f"「{name}」没有一位管理能私聊" for name in report.deaf_groups]
        staff, roster = self._office.staff_group, self._office.roster
        if staff is not None and staff not in roster.groups:
            problems.append("我不在值班群里，或者 STAFF_GROUP 写错了")
        elif not self._office.knows_staff:
            problems.append("读不到值班群的成员，警报暂时不会发到那里")
        return problems


def _text(report: ReachReport, problems: list[str]) -> str:
    if not problems:
        return f"【留灯】每周自检：夜里有事，{report.reachable} 位管理我都叫得到。"
    lines = ["【留灯】夜间自检：今晚要是有事，有人我找不到。", *(f"· {one}" for one in problems)]
    return "\n".join([*lines, "请 TA 们天黑前加我为好友；被拒绝的，给我发一句话试试。"])
