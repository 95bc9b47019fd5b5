"""Handing over: a case goes to another moderator, who is told, or it stays where it is."""

from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.desk import texts
from liudeng.desk.alerting import Alerting
from liudeng.desk.case import Case, CaseState
from liudeng.desk.duty import Role
from liudeng.desk.follow_up import FollowUp
from liudeng.desk.office import NO_CASE, Office
from liudeng.outbox import Kind, Letter, Target, post, text_segment

_LIFETIME_MS = 24 * 3600_000
_WATCHED = "TA 半小时没打开，我来告诉你。"


class Handing:
    """Gives cases to people who can be told of them."""

    def __init__(self, office: Office, alerting: Alerting, follow_up: FollowUp) -> None:
        self._office = office
        self._alerting = alerting
        self._follow_up = follow_up

    async def hand_over(self, case_id: int, actor: int, heir: int | None, words: str) -> str:
        """转交: give the case to another moderator of the group; return the answer in Chinese."""
        async with self._office.database.write() as connection:
            case = await self._office.case(connection, case_id, actor)
            if case is None:
                return NO_CASE.format(case_id=case_id)
            if heir is None:
                return f"转交给谁？写上 QQ 号，或者 @ TA：转交 {case_id} QQ号。"
            if problem := await self._problem(connection, case, actor, heir):
                return problem
            name = self._office.name(case, heir)
            if heir == actor:
                answer = f"案件 {case_id} 现在在你手里了，谢谢你。"
            elif await self._tell_privately(connection, case, (actor, heir), words):
                answer = f"案件 {case_id} 转交给 {name} 了，也私聊告诉了 TA。{_WATCHED}"
            elif await self._tell_in_staff(connection, case, actor, heir):
                answer = f"案件 {case_id} 转交给 {name} 了，已经在值班群里 @ 了 TA。{_WATCHED}"
            else:
                return (
                    f"{name} 没有加我为好友，我找不到 TA，案件 {case_id} 先不转。"
                    "请 TA 加我为好友，或者转给别人。"
                )
            await self._move(connection, case, actor, heir)
        return answer

    async def _move(self, connection: AsyncConnection, case: Case, actor: int, heir: int) -> None:
        await self._office.casebook.hand_over(connection, case, actor, heir)
        if heir != actor:
            await self._follow_up.watch_handing(connection, case, actor, heir)
        if case.claimed_by is None:
            await self._alerting.call_off(connection, case, heir)
        elif case.claimed_by != actor:
            giver, taker = self._office.name(case, actor), self._office.name(case, heir)
            text = texts.taken_over_notice(case, giver, taker)
            key = f"desk:taken-over:{case.id}:{self._office.now()}"
            await self._office.tell(connection, case.claimed_by, key, text, case.id)

    async def _problem(
        self, connection: AsyncConnection, case: Case, actor: int, heir: int
    ) -> str | None:
        if case.state is CaseState.CLOSED:
            state = texts.state_text(case, self._office.names(case))
            return f"案件 {case.id} {state}，不用转交了。"
        if not self._office.allows(case, heir):
            return f"{self._office.name(case, heir)} 不能接案件 {case.id}：只能转给这个群的管理。"
        if case.claimed_by == heir:
            whose = "你" if heir == actor else f" {self._office.name(case, heir)} "
            return f"案件 {case.id} 已经在{whose}手里了。"
        if case.claimed_by in (None, actor):
            return None
        role = await self._office.duty.role(connection, case.group_id, actor)
        if role is Role.MODERATOR:
            name = self._office.names(case).claimed_by
            return f"案件 {case.id} 在 {name} 手里，请 TA 自己转，或者找群主、组长。"
        return None

    async def _tell_privately(
        self, connection: AsyncConnection, case: Case, who: tuple[int, int], words: str
    ) -> bool:
        actor, heir = who
        giver, names = self._office.name(case, actor), self._office.names(case)
        text = texts.handed_notice(case, names, giver, texts.in_short(words))
        return await self._office.tell(connection, heir, self._key(case, heir), text, case.id)

    async def _tell_in_staff(
        self, connection: AsyncConnection, case: Case, actor: int, heir: int
    ) -> bool:
        group_id = self._office.staff_group_for(case)
        if group_id is None or group_id not in self._office.roster.groups_of(heir):
            return False
        text = texts.handed_in_staff(case, self._office.name(case, actor))
        letter = Letter(
            key=self._key(case, heir),
            kind=Kind.NOTICE,
            target=Target.GROUP,
            target_id=group_id,
            segments=({"type": "at", "data": {"qq": str(heir)}}, text_segment(text)),
            case_id=case.id,
            lifetime_ms=_LIFETIME_MS,
        )
        return await post(connection, letter)

    def _key(self, case: Case, heir: int) -> str:
        return f"desk:handed:{case.id}:{heir}:{self._office.now()}"
