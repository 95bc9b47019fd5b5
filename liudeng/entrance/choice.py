"""What a group has chosen for its entrance. Nothing is chosen until somebody does."""

import json
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.db import now_ms
from liudeng.entrance.tables import groups

HOUR_MS = 3_600_000


class Mode(StrEnum):
    """Who decides about requests to join."""

    OFF = "off"
    """The bot does not touch them."""
    PEOPLE = "people"
    WORDS = "words"
    """Who knows a word, or has an account old enough, comes in; people decide the rest."""


class Otherwise(StrEnum):
    """What becomes of a wrong answer or an account that is too young."""

    PEOPLE = "people"
    REFUSE = "refuse"


class Silence(StrEnum):
    """What becomes of a request that nobody has answered in time."""

    LEAVE = "leave"
    """It is left to QQ, where any admin can still decide."""
    ADMIT = "admit"


class Choice(BaseModel):
    """A group's entrance."""

    model_config = ConfigDict(frozen=True)

    group_id: int
    mode: Mode = Mode.OFF
    words: tuple[str, ...] = ()
    min_level: int = 0
    """QQ level an account must have; 0: any."""
    min_days: int = 0
    """Days an account must be old; 0: any."""
    otherwise: Otherwise = Otherwise.PEOPLE
    wait_ms: int = 6 * HOUR_MS
    """After so long moderators are reminded, after twice as long it is over."""
    on_silence: Silence = Silence.LEAVE
    welcome: str = ""
    house_rules: str = ""

    @property
    def can_decide(self) -> bool:
        """Whether there is anything by which nobody's eyes are needed."""
        return bool(self.words or self.min_level or self.min_days)


async def choice_of(connection: AsyncConnection, group_id: int) -> Choice:
    """Return what a group has chosen."""
    query = select(groups).where(groups.c.group_id == group_id)
    row = (await connection.execute(query)).mappings().first()
    if row is None:
        return Choice(group_id=group_id)
    return Choice(**{**row, "words": tuple(json.loads(row["words"]))})


async def choose(
    connection: AsyncConnection, group_id: int, actor: int, **values: Any
) -> tuple[Choice, Choice]:
    """Change a group's choice; returns what it was and what it is now."""
    before = await choice_of(connection, group_id)
    after = Choice(**before.model_dump() | values)
    row = after.model_dump(mode="json") | {"changed_by": actor, "changed_ms": now_ms()}
    row["words"] = json.dumps(after.words, ensure_ascii=False)
    await connection.execute(delete(groups).where(groups.c.group_id == group_id))
    await connection.execute(insert(groups).values(**row))
    return before, after
