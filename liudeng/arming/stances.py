"""Which groups are armed: what a group's moderators decided last, else the operator's setting."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive.tables import groups
from liudeng.arming.tables import watch_stances
from liudeng.db import Database, now_ms


@dataclass(frozen=True, slots=True)
class Stance:
    """Whether a group's alerts go out, since when, and by whose decision."""

    armed: bool
    since_ms: int | None = None
    """None: nobody ever decided, the setting holds."""
    actor: str = ""


async def groups_in_dry_run(connection: AsyncConnection, *, start_armed: bool) -> list[int]:
    """Return the archived groups whose alerts are held back."""
    decided = select(watch_stances.c.group_id, watch_stances.c.armed).order_by(watch_stances.c.id)
    armed = {row.group_id: row.armed for row in await connection.execute(decided)}
    known = await connection.scalars(select(groups.c.group_id).order_by(groups.c.group_id))
    return [group for group in known if not armed.get(group, start_armed)]


class Stances:
    """Every group's stance, kept in memory; each change is a row that stays."""

    def __init__(
        self, database: Database, *, start_armed: bool, clock: Callable[[], int] = now_ms
    ) -> None:
        self._database = database
        self._default = Stance(armed=start_armed)
        self._clock = clock
        self._known: dict[int, Stance] = {}

    async def load(self) -> None:
        """Read what was decided; call once before the first question."""
        query = select(watch_stances).order_by(watch_stances.c.id)
        async with self._database.read() as connection:
            for row in await connection.execute(query):
                self._known[row.group_id] = Stance(row.armed, row.at_ms, row.actor)

    def of(self, group_id: int) -> Stance:
        """Return a group's stance."""
        return self._known.get(group_id, self._default)

    async def decide(self, group_id: int, actor: int, *, armed: bool) -> bool:
        """Arm or disarm a group; False when it was so already by somebody's decision."""
        if group_id in self._known and self._known[group_id].armed == armed:
            return False
        stance = Stance(armed, self._clock(), str(actor))
        async with self._database.write() as connection:
            await connection.execute(
                insert(watch_stances).values(
                    group_id=group_id, armed=armed, actor=stance.actor, at_ms=stance.since_ms
                )
            )
        self._known[group_id] = stance
        return True
