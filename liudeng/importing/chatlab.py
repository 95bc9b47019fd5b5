"""ChatLab's exchange format, as one JSON document and as JSON Lines.

Source: hellodigua/ChatLab, docs/cn/chatlab-format.md (0.0.2) and its own readers in
electron/main/parser/formats.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from liudeng.archive import Segment
from liudeng.importing.draft import (
    Draft,
    NotImported,
    first_identifier,
    identifier,
    reply_segment,
    text_segment,
)
from liudeng.importing.records import Record
from liudeng.importing.report import RecordRefused

_NOTICES = frozenset({"80", "81"})
_KINDS = {
    "1": "image",
    "2": "record",
    "3": "video",
    "4": "file",
    "5": "mface",
    "8": "location",
    "26": "forward",
}
"""Message types that are no words, and the OneBot segment that stands for them."""
# 「[图片]」, 「[文件: 名单.pdf]」: what exporters write where there are no words.
_PLACEHOLDER = re.compile(r"\[(?P<kind>[^\[\]:：]*)(?:[:：]\s*(?P<name>[^\[\]]*))?\]")
_RECALLED = "[已撤回] "
"""ChatLab's own QQ reader puts it before what was recalled."""
_MOST_MEMBERS = 100_000


@dataclass
class ChatLab:
    """The records of a ChatLab export; members come before the messages that need their names."""

    name: str = "ChatLab"
    members: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    """Account name and group nickname by id."""

    def read(self, record: Record) -> Draft | NotImported:
        """Turn a record into a draft, or learn a member's names from it."""
        line_kind = record.get("_type", "message")
        if line_kind == "member":
            self.learn(record)
        if line_kind != "message":
            return NotImported.NO_MESSAGE
        content = record.get("content")
        if identifier(record.get("type")) in _NOTICES or _is_recalled(content):
            return NotImported.LEFT_OUT
        sender = identifier(record.get("sender"))
        known_name, known_card = self.members.get(sender or "", (None, None))
        return Draft(
            user=sender,
            time=record.get("timestamp"),
            segments=_segments(record, content),
            message_id=record.get("platformMessageId"),
            name=record.get("accountName") or known_name,
            card=record.get("groupNickname") or known_card,
        )

    def learn(self, member: Record) -> None:
        """Remember a member's names for messages that lack them."""
        member_id = identifier(member.get("platformId"))
        if member_id and len(self.members) < _MOST_MEMBERS:
            self.members[member_id] = (member.get("accountName"), member.get("groupNickname"))


def _is_recalled(content: Any) -> bool:
    return isinstance(content, str) and content.startswith(_RECALLED)


def _segments(record: Record, content: Any) -> list[Segment]:
    if content is not None and not isinstance(content, str):
        raise RecordRefused("content 不是文字")
    reply_to = first_identifier(record.get("replyToMessageId"))
    segments = [reply_segment(reply_to)] if reply_to else []
    kind = _KINDS.get(identifier(record.get("type")) or "")
    if kind is not None:
        return segments + _of_kind(kind, content or "")
    if content is None:
        raise RecordRefused("content 是空的")
    return [*segments, text_segment(content)]


def _of_kind(kind: str, content: str) -> list[Segment]:
    """Return the segment, with its words only where they say more than what it is."""
    placeholder = _PLACEHOLDER.fullmatch(content.strip())
    if placeholder is None and content:
        if kind == "file":
            return [{"type": kind, "data": {"name": content}}]
        return [{"type": kind, "data": {}}, text_segment(content)]
    name = placeholder["name"] if placeholder else None
    if kind == "mface":
        return [{"type": kind, "data": {"summary": content}}]
    key = "name" if kind == "file" else "file"
    return [{"type": kind, "data": {key: name} if name else {}}]
