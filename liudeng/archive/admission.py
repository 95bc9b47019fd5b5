"""Admission: who may be kept is asked at the one way into the archive, and again at the disk."""

from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive.message import Message, Recall


class Admission(Protocol):
    """Decides what is kept. It answers on the event loop for every message, so from memory."""

    def admit(self, message: Message) -> Message | None:
        """Return what may be kept of a message; None for nothing at all."""
        ...

    def admit_recall(self, recall: Recall) -> Recall:
        """Return a recall without whom must not be noted. It takes effect in any case."""
        ...

    async def refresh(self, connection: AsyncConnection) -> None:
        """Learn what has changed, in the transaction that is about to store."""
        ...


class AdmitsAll:
    """Everybody is kept, as in tests and tools that know of no consent."""

    def admit(self, message: Message) -> Message | None:
        return message

    def admit_recall(self, recall: Recall) -> Recall:
        return recall

    async def refresh(self, connection: AsyncConnection) -> None:
        return None
