"""Counting: how much is kept of a person, by what it is."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive.people import count_said
from liudeng.holding import Held, Holder
from liudeng.media.personal import count_files


@dataclass(frozen=True, slots=True)
class Inventory:
    """What is kept of somebody."""

    groups: dict[int, int]
    """Messages by group."""
    files: int
    """Pictures and files that came with them."""
    rooms: tuple[tuple[str, str, Held], ...]
    """Title, unit and number of what other rooms keep."""

    @property
    def messages(self) -> int:
        """All messages."""
        return sum(self.groups.values())

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing at all."""
        return not (self.groups or self.files or any(held.count for _, _, held in self.rooms))


async def take_stock(
    connection: AsyncConnection, user_id: str, holders: Sequence[Holder]
) -> Inventory:
    """Count everything that is kept of somebody."""
    rooms = [(each.title, each.unit, await each.held(connection, user_id)) for each in holders]
    return Inventory(
        await count_said(connection, user_id), await count_files(connection, user_id), tuple(rooms)
    )
