"""What each group has chosen: which sets and rules, in dry run or in earnest, and its switches."""

import logging
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.db import now_ms
from liudeng.moderation.rules import RuleProblem, RuleSet, parse_set
from liudeng.moderation.tables import armings, groups, own_rules

log = logging.getLogger(__name__)

OWN = "自己的规则"


class Arming(StrEnum):
    """How far a set of rules may go."""

    DRY = "dry"
    ARMED = "armed"


class GroupChoice(BaseModel):
    """A group's switches and what it has switched on."""

    model_config = ConfigDict(frozen=True)

    group_id: int
    stopped: bool = False
    """停手: nothing is done by rules until a person says so."""
    memorial_until_ms: int = 0
    """纪念模式: until then rules about floods do not speak."""
    whole_mute_allowed: bool = False
    armings: dict[str, Arming] = {}
    own: tuple[RuleSet, ...] = ()

    def in_memorial(self, at_ms: int) -> bool:
        """Whether 纪念模式 holds."""
        return at_ms < self.memorial_until_ms


async def choice_of(connection: AsyncConnection, group_id: int) -> GroupChoice:
    """Return what a group has chosen."""
    row = (await connection.execute(select(groups).where(groups.c.group_id == group_id))).first()
    chosen = select(armings.c.name, armings.c.state).where(armings.c.group_id == group_id)
    bodies = select(own_rules.c.body).where(own_rules.c.group_id == group_id)
    own = await connection.execute(bodies.order_by(own_rules.c.id))
    switches: dict[str, Any] = dict(row._mapping) if row else {"group_id": group_id}
    return GroupChoice(
        armings={name: Arming(state) for name, state in await connection.execute(chosen)},
        own=tuple(one for (body,) in own if (one := _loaded(body)) is not None),
        **switches,
    )


def _loaded(body: str) -> RuleSet | None:
    """Read a group's own rule; None for one that was kept before it was known to do harm."""
    try:
        return parse_set(body, OWN)
    except RuleProblem:
        log.warning("有一条群里自己写的规则读不了，先不用它；请管理发「规则 新增」重写。")
        return None


async def choices(connection: AsyncConnection) -> dict[int, GroupChoice]:
    """Return the choices of every group that has made any."""
    found = {number for (number,) in await connection.execute(select(groups.c.group_id))}
    found |= {number for (number,) in await connection.execute(select(armings.c.group_id))}
    return {number: await choice_of(connection, number) for number in found}


async def switch(connection: AsyncConnection, group_id: int, **values: bool | int) -> None:
    """Set switches of a group."""
    mine = groups.c.group_id == group_id
    if (await connection.execute(select(groups.c.group_id).where(mine))).first() is None:
        blank = GroupChoice(group_id=group_id).model_dump(exclude={"armings", "own"})
        await connection.execute(insert(groups).values(**blank))
    await connection.execute(update(groups).where(mine).values(**values))


async def arm(
    connection: AsyncConnection, group_id: int, name: str, state: Arming | None, actor: int
) -> None:
    """Switch a set on (dry run or armed) or, with None, off."""
    mine = (armings.c.group_id == group_id) & (armings.c.name == name)
    await connection.execute(delete(armings).where(mine))
    if state is not None:
        await connection.execute(
            insert(armings).values(
                group_id=group_id,
                name=name,
                state=state.value,
                changed_by=actor,
                changed_ms=now_ms(),
            )
        )


async def keep_own(
    connection: AsyncConnection, group_id: int, name: str, body: str, actor: int
) -> None:
    """Keep a group's own rule; one of the same name is replaced."""
    await forget_own(connection, group_id, name)
    await connection.execute(
        insert(own_rules).values(
            group_id=group_id, name=name, body=body, created_by=actor, created_ms=now_ms()
        )
    )


async def forget_own(connection: AsyncConnection, group_id: int, name: str) -> bool:
    """Delete a group's own rule; False when there is none of this name."""
    mine = (own_rules.c.group_id == group_id) & (own_rules.c.name == name)
    return (await connection.execute(delete(own_rules).where(mine))).rowcount > 0
