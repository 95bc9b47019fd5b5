"""The gate: what of a message or a recall may be kept. Asked on the event loop for each of them."""

from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive import Message, Recall, Segment, Source, readable_text
from liudeng.privacy.consent import Keeping
from liudeng.privacy.register import Register
from liudeng.privacy.scrubbing import Scrubber, may_name_somebody

UNKEPT_MARK = "🔕"
"""A message that begins so is not kept."""


class Gate:
    """Admits what consent allows; fits `liudeng.archive.admission.Admission`."""

    def __init__(self, register: Register) -> None:
        self._register = register

    async def refresh(self, connection: AsyncConnection) -> None:
        """Learn what another process has changed."""
        await self._register.refresh(connection)

    def keeps_forwarded(self, group_id: int, user_id: str) -> bool:
        """Tell whether a copy of somebody's message, inside a forward, may be kept."""
        if self._register.book.is_open or not user_id:
            return True
        return self._register.standing(group_id, user_id).keeping is Keeping.ALL

    def admit(self, message: Message) -> Message | None:
        """Return what may be kept of a message; None for nothing."""
        if _is_marked(message.segments):
            return None
        book = self._register.book
        if book.is_open:
            return message
        if not self._may_keep(message):
            return None
        return self._scrubbed(message)

    def _may_keep(self, message: Message) -> bool:
        book = self._register.book
        person = self._register.person(message.user_id)
        if message.by_request:
            return book.keeps_on_request(message.group_id, person, message.time_ms)
        if message.time_is_guessed and message.source is not Source.LIVE:
            # Nobody knows when it was said, so it must not matter.
            return book.keeps(message.group_id, person, message.time_ms) and (
                book.standing(message.group_id, person).always
            )
        return book.keeps(message.group_id, person, message.time_ms)

    def _scrubbed(self, message: Message) -> Message:
        if not may_name_somebody(message.segments):
            return message
        scrubber = Scrubber(
            lambda user_id: self._is_unkept(message.group_id, user_id),
            lambda number: self._register.is_refusers(message.group_id, number),
        )
        segments = scrubber.segments(message.segments)
        if segments is message.segments:
            return message
        return message.model_copy(update={"segments": segments, "text": readable_text(segments)})

    def _is_unkept(self, group_id: int, user_id: str) -> bool:
        if not user_id.isdecimal():
            return False  # everybody, for one
        return self._register.standing(group_id, user_id).keeping is not Keeping.ALL

    def admit_recall(self, recall: Recall) -> Recall:
        """Return a recall as it may be noted: who recalled what, only of those who are kept.

        It takes effect in any case, on what was kept before.
        """
        if self._register.book.is_open:
            return recall
        group_id = recall.group_id
        changes: dict[str, object] = {}
        for user_id in (recall.operator_id, recall.user_id):
            if not user_id:
                continue
            if self._register.standing(group_id, user_id).keeping is not Keeping.ALL:
                changes["awaits"] = False
                changes["operator_id"] = ""
        return recall.model_copy(update={**changes, "user_id": ""}) if changes else recall


def _is_marked(segments: tuple[Segment, ...]) -> bool:
    """Tell whether the first words of a message ask not to be kept."""
    for segment in segments:
        if segment["type"] == "text":
            words = segment["data"].get("text", "").lstrip()
            if words:
                return words.startswith(UNKEPT_MARK)
    return False
