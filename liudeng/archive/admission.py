"""Admission: who may be kept is asked at the one way into the archive, and again at the disk."""

from typing import Protocol, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive.message import Message, Recall

E = TypeVar("E", Message, Recall)


class Admission(Protocol):
    """Decides what of an entry is kept. It answers on the event loop, so from memory."""

    def admit(self, entry: E) -> E | None:
        """Return what may be kept of an entry; None for nothing at all."""
        ...

    async def refresh(self, connection: AsyncConnection) -> None:
        """Learn what has changed, in the transaction that is about to store."""
        ...


class AdmitsAll:
    """Everybody is kept, as in tests and tools that know of no consent."""

    def admit(self, entry: E) -> E | None:
        return entry

    async def refresh(self, connection: AsyncConnection) -> None:
        return None
