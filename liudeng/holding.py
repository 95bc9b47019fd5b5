"""Holders: every room that keeps something of people says so through one door.

A room that is added later adds a holder, and 我的数据, 删掉我 and the end of a group's archive
reach it without anything else being changed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncConnection


@dataclass(frozen=True, slots=True)
class Held:
    """What a room keeps of somebody."""

    count: int
    withheld: int = 0
    """How much of it stays even if they are erased, because somebody's safety needs it."""


class Holder(Protocol):
    """A room that keeps something of people. All of it inside the caller's transaction."""

    @property
    def title(self) -> str:
        """What it keeps, in Chinese, as in 告别墙 3 封."""
        ...

    @property
    def unit(self) -> str:
        """How it is counted, as 封."""
        ...

    async def held(self, connection: AsyncConnection, user_id: str) -> Held:
        """Count what is kept of somebody."""
        ...

    async def people(self, connection: AsyncConnection) -> set[str]:
        """Return the numbers of those of whom something is kept."""
        ...

    async def hand_out(self, connection: AsyncConnection, user_id: str) -> list[dict[str, Any]]:
        """Return what is kept of somebody, as JSON can hold it, for them alone."""
        ...

    async def erase(self, connection: AsyncConnection, user_id: str) -> None:
        """Erase what is kept of somebody, but for what is withheld."""
        ...

    async def forget_messages(self, connection: AsyncConnection, rows: Sequence[int]) -> None:
        """Forget what hangs on messages, by `messages.id`, that are being erased themselves."""
        ...

    async def erase_group(self, connection: AsyncConnection, group_id: int) -> None:
        """Erase what is kept of a group whose archive comes to its end."""
        ...
