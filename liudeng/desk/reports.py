"""Reports: what members tell the desk about others, in private, many of one thing one case."""

import re
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive import StoredMessage
from liudeng.archive.reading import clean
from liudeng.desk.case import CaseKind, EventKind, Signal
from liudeng.desk.intake import Intake
from liudeng.desk.office import Office
from liudeng.desk.withheld import may_quote

_HOUR_MS = 3600_000
_PER_HOUR, _PER_DAY = 3, 10
_MANY = 3
"""So many members telling the same make it more urgent; it gets no more urgent than that."""
_WORDS_LIMIT = 200
_NUMBER = re.compile(r"[@＠]?\s*([0-9]{5,12})(?![0-9])\s*(.*)", re.DOTALL)
_REPORTED = "收到了，已经转告管理。TA 不会知道是谁说的，只有管理看得到。谢谢你开口。"
_WORRIED = (
    "谢谢你告诉我们。已经私下转告管理，TA 不会知道是你说的。\n"
    "要是现在就有危险、又知道 TA 在哪里，先打 110 或 120。你自己也别一个人扛着。"
)
_ENOUGH = "你已经告诉我们好几件了，管理都会看到。着急的话，直接私聊群主。"
_WHICH = "找不到那条消息。长按它选「回复」，再发「举报 理由」；或者私聊我「举报 QQ号 理由」。"
_YOURSELF = (
    "是在说自己吗？愿意的话，私聊一位管理，说一句「我不太好」就够了。"
    "也可以打心理援助热线 12356；现在就有危险，打 120 或 110。"
)


@dataclass(frozen=True, slots=True)
class Reporter:
    """Who tells the desk something."""

    user_id: int
    groups: tuple[int, ...]
    """The archived groups they are in."""


@dataclass(frozen=True, slots=True)
class _Told:
    """What is told, about whom."""

    group_id: int
    subject_id: int
    subject_name: str
    kind: CaseKind
    words: str
    message: StoredMessage | None = None


class Reports:
    """Takes reports and worries to the desk."""

    def __init__(self, office: Office, intake: Intake) -> None:
        self._office = office
        self._intake = intake

    async def of_message(
        self, reporter: Reporter, message: StoredMessage | None, words: str
    ) -> str:
        """举报, replying to a message."""
        if message is None:
            return _WHICH
        if message.user_id in (str(reporter.user_id), str(message.self_id)):
            return "这句不用举报。想撤下自己说的话，在 QQ 里长按它撤回。"
        subject = int(message.user_id) if message.user_id.isdecimal() else 0
        told = _Told(
            message.group_id, subject, message.display_name, CaseKind.REPORT, words, message
        )
        return await self._tell(reporter, told, _REPORTED)

    async def of_person(self, reporter: Reporter, text: str) -> str:
        """举报 <QQ号> <理由>, in private."""
        told = self._read(reporter, text, CaseKind.REPORT)
        if isinstance(told, str):
            return told
        return await self._tell(reporter, told, _REPORTED)

    async def worry(self, reporter: Reporter, text: str) -> str:
        """我担心 <QQ号> <发生了什么>, in private."""
        told = self._read(reporter, text, CaseKind.DISTRESS)
        if isinstance(told, str):
            return told
        if told.subject_id == reporter.user_id:
            return _YOURSELF
        return await self._tell(reporter, told, _WORRIED)

    def _read(self, reporter: Reporter, text: str, kind: CaseKind) -> "_Told | str":
        command = "举报" if kind is CaseKind.REPORT else "我担心"
        if not text.strip():
            return (
                f"说的是谁？写 QQ 号或群里的名字，再写发生了什么：{command} 123456 今晚的话不太对。"
            )
        found, words = self._find(reporter, text.strip())
        if not found:
            return "我在你的群里没找到这个人。换成 QQ 号试试；不在同一个群里，我就转告不了。"
        people = {user_id for _, user_id, _ in found}
        if len(people) > 1:
            numbers = "、".join(str(number) for number in sorted(people))
            return f"叫这个名字的有 {len(people)} 位（{numbers}），请写 QQ 号再发一次。"
        group_id, subject, name = found[0]
        return _Told(group_id, subject, name, kind, words)

    def _find(self, reporter: Reporter, text: str) -> tuple[list[tuple[int, int, str]], str]:
        """Return (group, number, name) of everybody who may be meant, and what was told."""
        roster = self._office.roster
        if match := _NUMBER.match(text):
            number = int(match[1])
            groups = [group for group in reporter.groups if group in roster.groups_of(number)]
            return [(one, number, roster.member_name(one, number)) for one in groups], match[2]
        name, _, words = text.lstrip("@＠").partition(" ")
        found = [
            (group_id, member.user_id, member.name)
            for group_id in reporter.groups
            for member in roster.members_named(group_id, name.strip())
        ]
        return found, words

    async def _tell(self, reporter: Reporter, told: _Told, thanks: str) -> str:
        async with self._office.database.write() as connection:
            if await self._has_told_enough(connection, reporter):
                return _ENOUGH
            signal = _signal(reporter, told, self._office.now(), 2)
            if told.kind is CaseKind.REPORT:
                others = await self._reporters(connection, signal) - {reporter.user_id}
                level = 2 if len(others) + 1 >= _MANY else 1
                signal = signal.model_copy(update={"level": level})
            message = await self._still_said(connection, signal, told.message)
            await self._intake.receive(connection, signal, message)
        return thanks

    async def _has_told_enough(self, connection: AsyncConnection, reporter: Reporter) -> bool:
        now, who = self._office.now(), reporter.user_id
        casebook = self._office.casebook
        return (
            await casebook.reports_by(connection, who, now - _HOUR_MS) >= _PER_HOUR
            or await casebook.reports_by(connection, who, now - 24 * _HOUR_MS) >= _PER_DAY
        )

    async def _still_said(
        self, connection: AsyncConnection, signal: Signal, message: StoredMessage | None
    ) -> StoredMessage | None:
        """What was recalled is reported without its words, unless the case knows them already."""
        if message is None:
            return None
        case = await self._office.casebook.open_case(connection, signal)
        return message if await may_quote(connection, case and case.id, message) else None

    async def _reporters(self, connection: AsyncConnection, signal: Signal) -> set[int]:
        case = await self._office.casebook.open_case(connection, signal)
        if case is None:
            return set()
        events = await self._office.casebook.timeline(connection, case.id)
        return {int(event.actor) for event in events if event.kind is EventKind.REPORT}


def _signal(reporter: Reporter, told: _Told, now: int, level: int) -> Signal:
    words = " ".join(clean(told.words).split())[:_WORDS_LIMIT]
    what = "有成员举报" if told.kind is CaseKind.REPORT else "有人私下说担心 TA"
    return Signal(
        group_id=told.group_id,
        subject_id=str(told.subject_id),
        subject_name=told.subject_name,
        kind=told.kind,
        level=level,
        message_row=told.message.id if told.message else None,
        time_ms=told.message.time_ms if told.message else now,
        received_ms=now,
        reasons=(f"{what}：{words}" if words else what,),
        reporter=reporter.user_id,
    )
