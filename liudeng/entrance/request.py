"""Requests: somebody asks to join a group, or the bot is invited into one."""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive.reading import clean, one_line
from liudeng.entrance.tables import requests

MOST_OPEN = 500
"""Requests of a group that wait at a time. NapCat itself finds only the newest hundred again."""
_LONGEST_COMMENT = 300
_LONGEST_FLAG = 300
_ANSWER = re.compile(r"答案\s*[：:](.*)$", re.DOTALL)


class Kind(StrEnum):
    """What is asked."""

    JOIN = "join"
    INVITED = "invited"
    """Somebody wants the bot in a group."""


class State(StrEnum):
    """Where a request stands."""

    NEW = "new"
    """Nobody has looked at it yet."""
    WAITING = "waiting"
    """People decide."""
    ADMITTING = "admitting"
    """Decided; QQ is to be told. Telling it twice does no harm."""
    REFUSING = "refusing"
    ADMITTED = "admitted"
    REFUSED = "refused"
    FAILED = "failed"
    """Decided, and QQ did not take it."""
    LEFT = "left"
    """Nobody has answered in time: left to QQ."""
    ELSEWHERE = "elsewhere"
    """They came in by another way."""


OPEN = (State.NEW, State.WAITING, State.ADMITTING, State.REFUSING)


class Request(BaseModel):
    """A request as it came."""

    model_config = ConfigDict(frozen=True)

    group_id: int
    user_id: int
    """0: the implementation does not tell."""
    kind: Kind
    flag: str
    comment: str = ""
    """In one line, without what cannot be seen."""


class KeptRequest(Request):
    """A request as it is kept; `id` is the number that moderators type."""

    id: int
    state: State
    about: str = ""
    why: str = ""
    """Why it was decided so, or why people are asked."""
    reply: str = ""
    """What the applicant is told with a refusal."""
    decided_by: int | None = None
    trouble: str | None = None
    created_ms: int
    told_ms: int | None = None
    reminded_ms: int | None = None
    settled_ms: int | None = None


def parse_request(payload: Mapping[str, Any], known_groups: Mapping[int, str]) -> Request | None:
    """Read a request about a group; None for any other, and for what is malformed.

    An "invite" into a group the bot is in already is somebody else's: a request like others.
    """
    if payload.get("request_type") != "group":
        return None
    try:
        group_id, user_id = int(payload["group_id"]), int(payload.get("user_id") or 0)
        flag = str(payload["flag"])
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    if not 0 < group_id < 1 << 62 or not 0 <= user_id < 1 << 62 or not flag:
        return None
    if len(flag) > _LONGEST_FLAG or clean(flag) != flag:
        return None
    invited = payload.get("sub_type") == "invite" and group_id not in known_groups
    return Request(
        group_id=group_id,
        user_id=user_id,
        kind=Kind.INVITED if invited else Kind.JOIN,
        flag=flag,
        comment=comment_of(payload.get("comment")),
    )


def comment_of(told: object) -> str:
    """What an applicant wrote: of a question and its answer the answer alone, in one line."""
    text = clean(str(told or "")[:_LONGEST_COMMENT])
    answer = _ANSWER.search(text)
    return one_line(answer[1] if answer else text)


async def keep(connection: AsyncConnection, request: Request, at_ms: int) -> bool:
    """Keep a request; False when it is known already, or too many wait.

    Implementations repeat requests; whoever asks again while they wait still asks once.
    """
    mine = (requests.c.group_id == request.group_id) & (requests.c.kind == request.kind.value)
    same = select(requests.c.id).where(mine, requests.c.flag == request.flag).limit(1)
    if (await connection.execute(same)).first() is not None:
        return False
    waiting = mine & requests.c.state.in_([State.NEW.value, State.WAITING.value])
    if request.user_id:
        again = update(requests).where(waiting, requests.c.user_id == request.user_id)
        told = await connection.execute(again.values(flag=request.flag, comment=request.comment))
        if told.rowcount:
            return False
    count = select(func.count()).select_from(requests).where(waiting)
    if (await connection.scalar(count) or 0) >= MOST_OPEN:
        return False
    blank = {"about": "", "why": "", "reply": "", "state": State.NEW.value}
    values = request.model_dump(mode="json") | blank | {"created_ms": at_ms}
    await connection.execute(insert(requests).values(**values))
    return True


async def find(connection: AsyncConnection, number: int) -> KeptRequest | None:
    """Return a request by its number."""
    row = (await connection.execute(select(requests).where(requests.c.id == number))).first()
    return KeptRequest(**row._mapping) if row else None


async def in_states(
    connection: AsyncConnection, states: Sequence[State], limit: int
) -> list[KeptRequest]:
    """Return the first requests in these states, oldest first."""
    query = select(requests).where(requests.c.state.in_([state.value for state in states]))
    rows = await connection.execute(query.order_by(requests.c.id).limit(limit))
    return [KeptRequest(**row._mapping) for row in rows]


async def open_in(
    connection: AsyncConnection, group_id: int, states: Sequence[State]
) -> list[KeptRequest]:
    """Return a group's requests in these states, oldest first: no more than may wait there."""
    mine = requests.c.group_id == group_id
    query = select(requests).where(mine, requests.c.state.in_([state.value for state in states]))
    rows = await connection.execute(query.order_by(requests.c.id).limit(len(Kind) * MOST_OPEN))
    return [KeptRequest(**row._mapping) for row in rows]


async def groups_with(connection: AsyncConnection, state: State) -> list[int]:
    """Return the groups that have requests in a state."""
    query = select(requests.c.group_id).where(requests.c.state == state.value).distinct()
    return list(await connection.scalars(query.order_by(requests.c.group_id)))


async def waiting_in(
    connection: AsyncConnection, groups: Sequence[int], limit: int = MOST_OPEN
) -> list[KeptRequest]:
    """Return who waits for a decision of people in these groups, oldest first."""
    mine = requests.c.group_id.in_(groups) & (requests.c.kind == Kind.JOIN.value)
    query = select(requests).where(mine, requests.c.state == State.WAITING.value)
    rows = await connection.execute(query.order_by(requests.c.id).limit(limit))
    return [KeptRequest(**row._mapping) for row in rows]


async def count_since(connection: AsyncConnection, group_id: int, since_ms: int) -> int:
    """Count how many have asked to join a group since then."""
    mine = (requests.c.group_id == group_id) & (requests.c.created_ms >= since_ms)
    return await connection.scalar(select(func.count()).select_from(requests).where(mine)) or 0


async def told_since(connection: AsyncConnection, group_id: int, since_ms: int) -> int:
    """Count of how many requests the moderators were told since then."""
    mine = (requests.c.group_id == group_id) & (requests.c.told_ms >= since_ms)
    return await connection.scalar(select(func.count()).select_from(requests).where(mine)) or 0


async def change(
    connection: AsyncConnection, numbers: Sequence[int], **values: str | int | None
) -> None:
    """Change requests."""
    query = update(requests).where(requests.c.id.in_(numbers))
    await connection.execute(query.values(**values))
