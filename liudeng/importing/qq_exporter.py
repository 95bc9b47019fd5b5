"""The JSON of qq-chat-exporter: one document, or the lines of its chunks.

Source: shuakami/qq-chat-exporter, lib/core/exporter/JsonExporter.ts and ChunkedJsonlWriter.ts
(5.x), NapCatQQ/…/JsonExporter.ts (4.x). The older `messageId`, `isRecalled` and `rawMessage`
are known from ChatLab's reader of it.
"""

from typing import Any

from liudeng.importing.draft import Draft, NotImported, first_identifier
from liudeng.importing.qq_elements import content_segments
from liudeng.importing.records import Record
from liudeng.importing.report import RecordRefused

_LEFT_OUT = ("recalled", "isRecalled", "system", "isSystemMessage")


class QQChatExporter:
    """The records of a qq-chat-exporter export, versions 4 and 5."""

    name = "qq-chat-exporter"

    @staticmethod
    def matches(record: Record) -> bool:
        """Tell whether a line is a message of this format."""
        return isinstance(record.get("sender"), dict) and isinstance(record.get("content"), dict)

    def read(self, record: Record) -> Draft | NotImported:
        """Turn a record into a draft; what its author recalled is not brought back."""
        if any(record.get(key) is True for key in _LEFT_OUT):
            return NotImported.LEFT_OUT
        sender, content = record.get("sender"), record.get("content")
        if not isinstance(sender, dict):
            raise RecordRefused("没有 sender")
        if not isinstance(content, dict):
            raise RecordRefused("没有 content")
        raw = _raw_message(record)
        return Draft(
            # The number is what the bot hears too; the uid is all there is for some.
            user=first_identifier(
                sender.get("uin"), raw.get("senderUin"), sender.get("uid"), raw.get("senderUid")
            ),
            time=record.get("timestamp"),
            segments=content_segments(content),
            message_id=first_identifier(record.get("id"), record.get("messageId")),
            name=sender.get("nickname") or raw.get("sendNickName") or sender.get("name"),
            card=sender.get("groupCard") or raw.get("sendMemberName"),
            seq=first_identifier(record.get("seq"), record.get("messageSeq"), raw.get("msgSeq")),
        )


def _raw_message(record: Record) -> dict[str, Any]:
    raw = record.get("rawMessage")
    return raw if isinstance(raw, dict) else {}
