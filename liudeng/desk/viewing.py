"""Viewing: what moderators may look at, every look noted, and who has looked."""

from collections.abc import Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive import StoredMessage, messages_by_id
from liudeng.desk import texts
from liudeng.desk.case import Case, CaseEvent, EventKind
from liudeng.desk.case_page import CaseStory, TimelineEntry, case_page, context_page
from liudeng.desk.duty import ROLE_NAMES, Role
from liudeng.desk.office import NO_CASE, Office
from liudeng.desk.page import Page
from liudeng.desk.seal import Seal
from liudeng.desk.withheld import as_told_now

_QUOTED = 3
_SEEN_MS = 90 * 24 * 3600_000
_NOT_YOURS = "案件只给群主和管理看。想提醒管理留意谁，可以私聊我「我担心 QQ号 发生了什么」。"


class Viewing:
    """Shows cases to those who may see them."""

    def __init__(self, office: Office, seal: Seal | None) -> None:
        self._office = office
        self._casebook = office.casebook
        self._seal = seal

    async def show(self, case_id: int, actor: int) -> Page:
        """案件 <编号>: return the case, and note who looked."""
        async with self._office.database.write() as connection:
            case = await self._office.case(connection, case_id, actor)
            if case is None:
                return Page(NO_CASE.format(case_id=case_id))
            happened = await self._casebook.timeline(connection, case.id)
            events = await as_told_now(connection, case.id, happened)
            signals = [one for one in events if one.kind in (EventKind.SIGNAL, EventKind.REPORT)]
            quoted = await _quoted(connection, signals)
            await self._note_view(connection, case, actor)
        story = CaseStory(
            names=self._office.names(case),
            quoted=quoted,
            reasons=[reason for signal in signals for reason in signal.detail.split("；")],
            timeline=[entry for event in events if (entry := self._entry(case, event))],
        )
        return case_page(case, story, self._office.zone)

    async def context(self, case_id: int, actor: int) -> Page:
        """前后文: return what was said around the case's signals, and note who looked."""
        async with self._office.database.write() as connection:
            case = await self._office.case(connection, case_id, actor)
            if case is None:
                return Page(NO_CASE.format(case_id=case_id))
            contexts = await self._seal.open(connection, case.id) if self._seal else []
            await self._note_view(connection, case, actor)
        if not contexts:
            return Page(f"案件 {case_id} 没有封存的前后文，或者已经到期清掉了。")
        return context_page(case, contexts, self._office.zone)

    async def overview(self, actor: int) -> str:
        """案件: return the open cases this moderator may handle."""
        groups = self._office.roster.moderated_by(actor)
        if not groups:
            return _NOT_YOURS
        async with self._office.database.read() as connection:
            found = await self._casebook.open_cases(connection, groups)
        cases = [case for case in found if self._office.allows(case, actor)]
        if not cases:
            return "现在没有未完结的案件。"
        return "\n".join(
            [f"未完结的案件（{len(cases)}）：", *self._lines(cases), "发「案件 编号」看详情。"]
        )

    async def mine(self, actor: int) -> str:
        """我的案件: return the open cases this moderator has."""
        groups = self._office.roster.moderated_by(actor)
        async with self._office.database.read() as connection:
            found = await self._casebook.open_cases(connection, groups, claimed_by=actor)
        cases = [case for case in found if self._office.allows(case, actor)]
        if not cases:
            return "你手里现在没有案件。发「案件」看看还有谁需要人。"
        return "\n".join(
            [
                f"在你手里的案件（{len(cases)}）：",
                *self._lines(cases),
                "累了就发「我需要休息」，我来转给别人。",
            ]
        )

    async def who_saw_me(self, user_id: int) -> str:
        """谁看过我: tell a member how often their cases were opened, and by which role."""
        since = self._office.now() - _SEEN_MS
        async with self._office.database.read() as connection:
            counts = await self._casebook.seen(connection, str(user_id), since)
        told = counts.get(EventKind.ALERT.value, 0)
        roles = {name: counts.get(role.value, 0) for role, name in ROLE_NAMES.items()}
        if not any(counts.values()):
            return "这 90 天里，没有管理打开过关于你的记录，我也没有请他们留意过你。"
        return "\n".join(
            [
                _looked_at(roles),
                *([f"我请管理留意过你 {told} 次，有时会带上你当时说的话。"] if told else []),
                "是谁看的我不说，他们是来帮忙的。有话想问，直接找群主。",
            ]
        )

    async def _note_view(self, connection: AsyncConnection, case: Case, actor: int) -> None:
        role: Role = await self._office.duty.role(connection, case.group_id, actor)
        await self._casebook.note(
            connection, case.id, EventKind.VIEW, actor=str(actor), detail=role.value
        )

    def _lines(self, cases: Sequence[Case]) -> list[str]:
        zone = self._office.zone
        return [texts.case_line(case, self._office.names(case), zone) for case in cases]

    def _entry(self, case: Case, event: CaseEvent) -> TimelineEntry | None:
        name, heir = (
            self._office.name(case, int(number)) if number.isdecimal() else number
            for number in (event.actor, event.detail)
        )
        what = texts.what_happened(event, name, heir)
        return TimelineEntry(texts.clock(event.at_ms, self._office.zone), what) if what else None


def _looked_at(roles: Mapping[str, int]) -> str:
    if not any(roles.values()):
        return "这 90 天里，还没有管理打开过关于你的记录。"
    by = "、".join(f"{name} {number} 次" for name, number in roles.items() if number)
    return f"这 90 天里，关于你的记录被打开过 {sum(roles.values())} 次：{by}。"


async def _quoted(connection: AsyncConnection, signals: Sequence[CaseEvent]) -> list[StoredMessage]:
    rows = [one.message_row for one in signals if one.message_row is not None]
    found = await messages_by_id(connection, rows[-_QUOTED:])
    return [message for message in reversed(found) if message.recalled_ms is None]
