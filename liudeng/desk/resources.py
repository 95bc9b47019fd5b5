"""Resources: a gentle message to a member, shown first, sent only when a moderator confirms."""

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.desk.care import Care
from liudeng.desk.case import Case, CaseKind, CaseState, EventKind
from liudeng.desk.office import NO_CASE, Office
from liudeng.desk.seal import Seal
from liudeng.desk.tables import desk_drafts

_GOOD_FOR_MS = 30 * 60_000
_ABOUT_PEOPLE = (CaseKind.DISTRESS, CaseKind.WORRY, CaseKind.MOOD)


class Resources:
    """Drafts what the team may write to a member."""

    def __init__(self, office: Office, care: Care, seal: Seal | None = None) -> None:
        """With a `seal`, drafts are encrypted."""
        self._office = office
        self._care = care
        self._seal = seal

    async def draft(self, case_id: int, actor: int) -> str:
        """送上资源: show what would be sent; nothing is sent yet."""
        async with self._office.database.write() as connection:
            case = await self._office.case(connection, case_id, actor)
            if case is None:
                return NO_CASE.format(case_id=case_id)
            if problem := self._cannot_write(case):
                return problem
            by_hand = not self._office.roster.is_friend(int(case.subject_id))
            group = self._office.names(case).group
            text = self._care.draft(case.subject_name, group, by_hand=by_hand)
            if by_hand:
                return f"TA 还没有加我为好友，我发不过去。可以由你复制了私聊 TA：\n\n{text}"
            await self._keep(connection, case, actor, text)
        return (
            f"我会这样写给 {case.subject_name}：\n\n{text}\n\n"
            "合适就在半小时内回「确认」，不回就不发。"
        )

    async def confirm(self, actor: int) -> str:
        """确认: send the draft that was shown last."""
        async with self._office.database.write() as connection:
            query = select(desk_drafts).where(desk_drafts.c.user_id == actor)
            row = (await connection.execute(query)).first()
            await connection.execute(delete(desk_drafts).where(desk_drafts.c.user_id == actor))
            if row is None or self._office.now() - row.created_ms > _GOOD_FOR_MS:
                return "没有等着确认的内容。先发「送上资源 编号」，看过再确认。"
            case = await self._office.case(connection, row.case_id, actor)
            if case is None:
                return NO_CASE.format(case_id=row.case_id)
            if problem := self._cannot_write(case):
                return problem
            events = await self._office.casebook.timeline(connection, case.id)
            if any(one.kind is EventKind.MESSAGE and one.at_ms >= row.created_ms for one in events):
                return f"别的管理刚刚已经发给 TA 了，没有再发一次。（案件 {case.id}）"
            key = f"resource:{case.id}:{case.subject_id}:{row.created_ms}"
            subject = int(case.subject_id)
            # Without the case's number: quoting it must not make the member a moderator.
            if not await self._office.tell(connection, subject, key, self._words(row.text)):
                return "TA 已经不是我的好友了，没有发出去。"
            await self._office.casebook.note(
                connection, case.id, EventKind.MESSAGE, actor=str(actor)
            )
        return f"发出去了，署的是团队的名字。你也私聊 TA 一句，有人在就好。（案件 {case.id}）"

    def _cannot_write(self, case: Case) -> str | None:
        if case.state is CaseState.CLOSED:
            return f"案件 {case.id} 已经完结了，想问候 TA 的话直接私聊就好。"
        if case.kind not in _ABOUT_PEOPLE or not case.subject_id.isdecimal():
            return f"案件 {case.id} 用不上这段话，它是写给难过的人的。"
        return None

    def _words(self, kept: str) -> str:
        return self._seal.read_words(kept) if self._seal else kept

    async def _keep(self, connection: AsyncConnection, case: Case, actor: int, text: str) -> None:
        text = self._seal.words(text) if self._seal else text
        await connection.execute(delete(desk_drafts).where(desk_drafts.c.user_id == actor))
        await connection.execute(
            insert(desk_drafts).values(
                user_id=actor, case_id=case.id, text=text, created_ms=self._office.now()
            )
        )
