"""放行 and 婉拒: what people decide, whom they may decide about, and what became of it."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.db import Database
from liudeng.entrance import texts
from liudeng.entrance.doorkeeper import Doorkeeper
from liudeng.entrance.request import KeptRequest, Kind, State, change, find, waiting_in
from liudeng.moderation import Entry, record
from liudeng.roster import Roster

ANSWER_S = 8.0
"""How long a command waits for QQ before it says that it is under way."""
MOST_AT_ONCE = 20
_ALL = "全部"
_NUMBER = re.compile(r"[#＃]?(\d{1,8})号?(?:[\s,，、]+|$)(?![次个天年条遍岁分月点块元句人])")
"""One that counts something is no request's: 婉拒 3 5 次了 refuses one."""
_NO_SUCH = "没有申请 {number} 号，或者它不是你管的群里的。看等着的：入群 待办"
_REPLY_CHARS = 30
"""QQ shows an applicant no more of a reason."""


@dataclass(frozen=True, slots=True)
class _Answer:
    numbers: tuple[int, ...]
    reason: str
    everybody: bool = False


class Answers:
    """Takes decisions of moderators, and of operators about invitations of the bot itself."""

    def __init__(
        self,
        database: Database,
        roster: Roster,
        doorkeeper: Doorkeeper,
        operators: Collection[int] = (),
    ) -> None:
        self._database = database
        self._roster = roster
        self._doorkeeper = doorkeeper
        self._operators = operators

    async def admit(self, actor: int, typed: str) -> str:
        """放行 3 5."""
        answer = _read(typed)
        if not answer.numbers:
            return "要放行谁？写上编号：放行 3。看等着的：入群 待办"
        return await self._decide(actor, answer, State.ADMITTING, Kind.JOIN)

    async def refuse(self, actor: int, typed: str) -> str:
        """婉拒 3 理由; 婉拒 全部."""
        answer = _read(typed)
        if answer.everybody:
            return await self._refuse_all(actor, answer.reason)
        if not answer.numbers:
            return "要婉拒谁？写上编号：婉拒 3 理由。看等着的：入群 待办"
        return await self._decide(actor, answer, State.REFUSING, Kind.JOIN)

    async def accept_invitation(self, actor: int, typed: str, *, accept: bool) -> str:
        """应邀 3, 谢绝 3: whether the bot goes into a group."""
        answer = _read(typed)
        if not answer.numbers:
            return "哪个邀请？写上编号：应邀 3"
        state = State.ADMITTING if accept else State.REFUSING
        return await self._decide(actor, answer, state, Kind.INVITED)

    async def waiting(self, group_id: int) -> str:
        """入群 待办: who waits in a group."""
        async with self._database.read() as connection:
            found = await waiting_in(connection, [group_id])
        group = self._roster.group_name(group_id)
        if not found:
            return f"「{group}」没有等着的入群申请。"
        shown = [texts.line(request) for request in found[:MOST_AT_ONCE]]
        more = [f"……还有 {len(found) - len(shown)} 个"] if len(found) > len(shown) else []
        how = "回「放行 编号」或「婉拒 编号 理由」。"
        return "\n".join((f"「{group}」等着的入群申请：", *shown, *more, how))

    async def _refuse_all(self, actor: int, reason: str) -> str:
        groups = self._roster.moderated_by(actor)
        async with self._database.write() as connection:
            found = await waiting_in(connection, groups)
            if len({request.group_id for request in found}) > 1:
                return "你管的好几个群都有人等着，请写编号：婉拒 3 4 5 理由。"
            for request in found:
                await self._take(connection, request, actor, State.REFUSING, reason)
        self._doorkeeper.wake()
        if not found:
            return "没有等着的入群申请。"
        return f"好，{len(found)} 个申请都在婉拒。记录在「审计」里。"

    async def _decide(self, actor: int, answer: _Answer, state: State, kind: Kind) -> str:
        told: list[str] = []
        taken: list[int] = []
        async with self._database.write() as connection:
            for number in answer.numbers[:MOST_AT_ONCE]:
                request = await find(connection, number)
                if request is None or not self._may(actor, request, kind):
                    told.append(_NO_SUCH.format(number=number))
                elif request.state not in (State.NEW, State.WAITING, State.LEFT, State.FAILED):
                    told.append(self._too_late(request))
                else:
                    await self._take(connection, request, actor, state, answer.reason)
                    taken.append(number)
        told += [await self._outcome(number) for number in taken]
        return "\n".join(told)

    def _may(self, actor: int, request: KeptRequest, kind: Kind) -> bool:
        if request.kind is not kind:
            return False
        if kind is Kind.INVITED:
            return actor in self._operators
        return request.group_id in self._roster.moderated_by(actor)

    async def _take(
        self,
        connection: AsyncConnection,
        request: KeptRequest,
        actor: int,
        state: State,
        reason: str,
    ) -> None:
        values = {"state": state.value, "decided_by": actor, "reply": reason[:_REPLY_CHARS]}
        await change(connection, [request.id], trouble=None, settled_ms=None, **values)
        event = "join_admit" if state is State.ADMITTING else "join_refuse"
        detail = (("request", str(request.id)), ("kind", request.kind.value))
        await record(connection, Entry(request.group_id, actor, event, request.user_id, 0, detail))

    async def _outcome(self, number: int) -> str:
        request = await self._doorkeeper.outcome(number, ANSWER_S)
        if request is None:
            return _NO_SUCH.format(number=number)
        if request.state is State.FAILED:
            return f"{number} 号没办成：{request.trouble}。请在 QQ 的群通知里点一下。"
        if request.state in (State.ADMITTING, State.REFUSING):
            return f"{number} 号已经交给 QQ，还没等到答复。"
        return f"{number} 号{texts.DECIDED[request.state]}：{texts.who(request)}。"

    def _too_late(self, request: KeptRequest) -> str:
        by = request.decided_by
        name = self._roster.member_name(request.group_id, by) if by else "规则"
        who = "" if request.state is State.ELSEWHERE else f"，{name}办的"
        return f"{request.id} 号{texts.DECIDED[request.state]}{who}。"


def _read(typed: str) -> _Answer:
    """Read numbers and the reason behind them: 3 5 和群没关系."""
    typed = typed.strip()
    if typed.startswith(_ALL):
        return _Answer((), typed.removeprefix(_ALL).strip(), everybody=True)
    numbers: list[int] = []
    at = 0
    while match := _NUMBER.match(typed, at):
        numbers.append(int(match[1]))
        at = match.end()
    return _Answer(tuple(dict.fromkeys(numbers)), typed[at:].strip(" ，,：:"))
