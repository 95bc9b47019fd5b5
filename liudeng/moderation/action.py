"""What moderation does: a row each, from the plan to its outcome and its undoing."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import case, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.db import now_ms
from liudeng.moderation.tables import actions

BOT = 0
"""The actor of what rules did."""


class Kind(StrEnum):
    """What is done."""

    NOTE = "note"
    WARN = "warn"
    RECALL = "recall"
    MUTE = "mute"
    UNMUTE = "unmute"
    KICK = "kick"
    WHOLE_MUTE = "whole_mute"
    WHOLE_UNMUTE = "whole_unmute"


class State(StrEnum):
    """Where an action stands."""

    DRY = "dry"
    """A rule in its dry run: nothing was done."""
    PLANNED = "planned"
    DOING = "doing"
    """Handed to the implementation, no answer yet; after a crash this means unknown."""
    DONE = "done"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"
    """Stopped before it was done."""
    UNDONE = "undone"


COUNTED = (State.PLANNED, State.DOING, State.DONE, State.UNKNOWN)
"""What adds to a member's ladder: not what was undone, refused or never meant."""


_WITHOUT_EFFECT = (State.REFUSED.value, State.CANCELLED.value)


class Action(BaseModel):
    """One action, as it is planned."""

    model_config = ConfigDict(frozen=True)

    group_id: int
    user_id: int
    kind: Kind
    state: State = State.PLANNED
    actor: int = BOT
    rule: str = ""
    """Name of the rule; empty for what moderators did by hand."""
    version: int = 0
    reason: str = ""
    points: float = 0.0
    message_row: int | None = None
    message_id: str | None = None
    seconds: int = 0


class KeptAction(Action):
    """An action as it is kept."""

    id: int
    created_ms: int
    done_ms: int | None = None
    trouble: str | None = None
    undone_by: int | None = None


async def plan(connection: AsyncConnection, action: Action) -> int:
    """Keep an action; returns its number."""
    values = action.model_dump(mode="json") | {"created_ms": now_ms()}
    result = await connection.execute(insert(actions).values(**values))
    assert result.inserted_primary_key is not None
    return int(result.inserted_primary_key[0])


async def find(connection: AsyncConnection, number: int) -> KeptAction | None:
    """Return an action by its number."""
    row = (await connection.execute(select(actions).where(actions.c.id == number))).first()
    return _kept(row) if row else None


async def in_state(
    connection: AsyncConnection, states: Sequence[State], limit: int
) -> list[KeptAction]:
    """Return actions in these states: what stops a raid first, then oldest first."""
    urgency = case(
        (actions.c.kind.in_((Kind.WHOLE_MUTE.value, Kind.WHOLE_UNMUTE.value)), 0),
        (actions.c.kind.in_((Kind.MUTE.value, Kind.UNMUTE.value, Kind.KICK.value)), 1),
        else_=2,
    )
    chosen = select(actions).where(actions.c.state.in_(states))
    query = chosen.order_by(urgency, actions.c.id).limit(limit)
    return [_kept(row) for row in await connection.execute(query)]


async def move(
    connection: AsyncConnection, number: int, state: State, **values: int | str | None
) -> None:
    """Put an action into another state."""
    done = {"done_ms": now_ms()} if state in (State.DONE, State.REFUSED) else {}
    change = update(actions).where(actions.c.id == number)
    await connection.execute(change.values(state=state.value, **done, **values))


async def of_member(
    connection: AsyncConnection, group_id: int, user_id: int, limit: int = 20
) -> list[KeptAction]:
    """Return what was done about a member, newest first."""
    query = (
        select(actions)
        .where(actions.c.group_id == group_id, actions.c.user_id == user_id)
        .where(actions.c.state != State.DRY.value)
        .order_by(actions.c.id.desc())
        .limit(limit)
    )
    return [_kept(row) for row in await connection.execute(query)]


async def automatic_since(connection: AsyncConnection, group_id: int, since_ms: int) -> int:
    """Count what rules did to members of a group, warnings aside."""
    harsh = (Kind.RECALL.value, Kind.MUTE.value)
    query = (
        select(func.count())
        .select_from(actions)
        .where(actions.c.group_id == group_id, actions.c.actor == BOT)
        .where(actions.c.kind.in_(harsh), actions.c.created_ms >= since_ms)
        .where(actions.c.state.in_([state.value for state in COUNTED]))
    )
    return int((await connection.execute(query)).scalar() or 0)


async def left_whole_muted(connection: AsyncConnection) -> list[int]:
    """Return the groups in which the bot by itself muted everybody, and nobody has ended it."""
    whole = (Kind.WHOLE_MUTE.value, Kind.WHOLE_UNMUTE.value)
    newest = (
        select(func.max(actions.c.id))
        .where(actions.c.kind.in_(whole), actions.c.state.not_in(_WITHOUT_EFFECT))
        .group_by(actions.c.group_id)
    )
    query = select(actions.c.group_id).where(
        actions.c.id.in_(newest),
        actions.c.actor == BOT,
        actions.c.kind == Kind.WHOLE_MUTE.value,
        actions.c.state.in_([state.value for state in COUNTED]),
    )
    return list(await connection.scalars(query))


async def cancel_planned(connection: AsyncConnection, group_id: int) -> int:
    """Call off what is planned in a group and not yet begun; returns how many.

    That everybody may speak again is not called off.
    """
    change = (
        update(actions)
        .where(actions.c.group_id == group_id, actions.c.state == State.PLANNED.value)
        .where(actions.c.actor == BOT, actions.c.kind != Kind.WHOLE_UNMUTE.value)
        .values(state=State.CANCELLED.value)
    )
    return (await connection.execute(change)).rowcount


def _kept(row: Any) -> KeptAction:
    return KeptAction(**row._mapping)
