"""Reach: whether the bot could call somebody tonight, known before the night comes."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.desk.office import Office
from liudeng.desk.tables import desk_reach
from liudeng.desk.timers import Again, Timer
from liudeng.outbox import last_refused

_LOOK_EVERY_MS = 10 * 60_000


@dataclass(frozen=True, slots=True)
class Unreachable:
    """A moderator whom an alert would not find."""

    user_id: int
    name: str
    group_name: str
    refused: bool
    """They are a friend, but the last letter to them was refused."""

    @property
    def why(self) -> str:
        """In Chinese, for whoever can do something about it."""
        return "上次私聊被拒绝" if self.refused else "还没加机器人为好友"

    def __str__(self) -> str:
        return f"{self.name}（「{self.group_name}」，{self.why}）"


@dataclass(frozen=True, slots=True)
class ReachReport:
    """Whom an alert finds, and whom it does not."""

    reachable: int
    unreachable: Sequence[Unreachable]
    deaf_groups: Sequence[str]
    """Groups of which no moderator at all can be told privately."""


class Reach:
    """Notes who moderates what and who is a friend, for `liudeng doctor` and the self-test."""

    def __init__(self, office: Office) -> None:
        self._office = office

    async def look(self, connection: AsyncConnection, timer: Timer) -> Again:
        """Note it, and look again in a while."""
        await self.note(connection)
        return Again(self._office.now() + _LOOK_EVERY_MS, timer.detail)

    async def note(self, connection: AsyncConnection) -> None:
        """Bring the table up to what the roster knows now."""
        roster, now = self._office.roster, self._office.now()
        rows = [
            {
                "group_id": group_id,
                "user_id": user_id,
                "name": roster.member_name(group_id, user_id),
                "group_name": roster.group_name(group_id),
                "friend": roster.is_friend(user_id),
                "checked_ms": now,
            }
            for group_id in roster.moderated_groups()
            if group_id != self._office.staff_group
            for user_id in sorted(roster.moderators(group_id))
        ]
        await connection.execute(delete(desk_reach))
        if rows:
            await connection.execute(insert(desk_reach), rows)


async def reach_report(connection: AsyncConnection) -> ReachReport:
    """Return who can be told privately, as the bot noted it last."""
    rows = list(await connection.execute(select(desk_reach).order_by(desk_reach.c.group_id)))
    refused = await last_refused(connection, {row.user_id for row in rows})
    found: list[Unreachable] = []
    heard: dict[int, bool] = defaultdict(bool)
    names = {row.group_id: row.group_name for row in rows}
    for row in rows:
        reachable = row.friend and row.user_id not in refused
        heard[row.group_id] |= reachable
        if not reachable:
            found.append(Unreachable(row.user_id, row.name, row.group_name, row.friend))
    deaf = [names[group_id] for group_id, anybody in heard.items() if not anybody]
    return ReachReport(len(rows) - len(found), found, deaf)
