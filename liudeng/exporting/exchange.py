"""The two exchange formats, one message a line in each.

ChatLab JSONL: hellodigua/ChatLab, docs/cn/chatlab-format.md (0.0.2).
qq-chat-exporter JSON: shuakami/qq-chat-exporter, lib/core/exporter/JsonExporter.ts (5.x).
"""

import json
from collections.abc import Iterable
from typing import Any

from liudeng.archive.reading import shown_text
from liudeng.exporting.elements import elements_of
from liudeng.exporting.model import Speaker, Spoken

GENERATOR = "留灯 Liudeng"
_CHATLAB_VERSION = "0.0.2"
_TYPES = {
    "image": 1,
    "record": 2,
    "video": 3,
    "file": 4,
    "mface": 5,
    "face": 5,
    "json": 7,
    "location": 8,
    "forward": 26,
}
_TEXT, _REPLY = 0, 25


def chatlab_head(
    group_id: str, name: str, exported_s: int, speakers: Iterable[Speaker]
) -> Iterable[str]:
    """Yield the first lines: the header, then the members."""
    yield line(
        {
            "_type": "header",
            "chatlab": {
                "version": _CHATLAB_VERSION,
                "exportedAt": exported_s,
                "generator": GENERATOR,
            },
            "meta": {"name": name, "platform": "qq", "type": "group", "groupId": group_id},
        }
    )
    for speaker in speakers:
        yield line(
            {
                "_type": "member",
                "platformId": speaker.user_id,
                "accountName": speaker.name or speaker.user_id,
                **({"groupNickname": speaker.card} if speaker.card else {}),
            }
        )


def chatlab_line(spoken: Spoken) -> str:
    """Return a message as ChatLab reads it."""
    record: dict[str, Any] = {
        "_type": "message",
        "platformMessageId": spoken.message_id,
        "sender": spoken.user_id,
        "accountName": spoken.name or spoken.user_id,
        "timestamp": spoken.time_ms // 1000,
        "type": _chatlab_type(spoken),
        "content": shown_text(spoken.segments) or spoken.text,
    }
    if spoken.card:
        record["groupNickname"] = spoken.card
    if spoken.reply_to:
        record["replyToMessageId"] = spoken.reply_to
    return line(record)


def qce_head(group_id: str, name: str, exported: str, total: int) -> str:
    """Return the document up to its first message."""
    parts = {
        "metadata": {"name": f"QQChatExporter V5 / {GENERATOR}", "version": "5.0.0"},
        "chatInfo": {"name": name, "type": "group", "id": group_id},
        "statistics": {"totalMessages": total},
        "exportOptions": {"exportedAt": exported},
    }
    written = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    return f'{written.removesuffix("}")},"messages":[\n'


QCE_TAIL = "\n]}\n"


def qce_line(spoken: Spoken, *, is_first: bool) -> str:
    """Return a message of the document, on a line of its own."""
    record = {
        "id": spoken.message_id,
        "seq": str(spoken.platform_seq),
        "timestamp": spoken.time_ms,
        "sender": {
            "uin": spoken.user_id,
            "uid": spoken.user_id,
            "name": spoken.display_name,
            "nickname": spoken.name,
            "groupCard": spoken.card,
        },
        "content": {
            "text": shown_text(spoken.segments),
            "elements": elements_of(spoken.segments, spoken.files),
            "resources": [
                {"type": file.mime, "filename": file.name, "localPath": file.path}
                for file in spoken.files
            ],
        },
        "recalled": False,
        "system": False,
    }
    return ("" if is_first else ",\n") + _json(record)


def line(record: dict[str, Any]) -> str:
    """Return one line of JSON Lines."""
    return f"{_json(record)}\n"


def _json(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def _chatlab_type(spoken: Spoken) -> int:
    """A message with words is text, whatever else it carries: its content says the rest."""
    kinds = [segment["type"] for segment in spoken.segments]
    if any(kind == "text" and _has_words(segment) for kind, segment in _typed(spoken)):
        return _REPLY if spoken.reply_to else _TEXT
    return next((_TYPES[kind] for kind in kinds if kind in _TYPES), _TEXT)


def _typed(spoken: Spoken) -> Iterable[tuple[str, dict[str, Any]]]:
    return ((segment["type"], segment) for segment in spoken.segments)


def _has_words(segment: dict[str, Any]) -> bool:
    return bool(str(segment.get("data", {}).get("text", "")).strip())
