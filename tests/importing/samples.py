"""Small exports in each format, written by hand."""

import json
from typing import Any

from tests.fakes.payloads import MEMBER, NOW_S, OTHER_MEMBER

UID = "u_3kXq7s0LmPZt1a9VbYcD2w"


def lines(*records: Any) -> str:
    """Return JSON Lines; a string stays the line it is."""
    written = [
        record if isinstance(record, str) else json.dumps(record, ensure_ascii=False)
        for record in records
    ]
    return "".join(f"{line}\n" for line in written)


def own(text: Any = "晚安", **fields: Any) -> dict[str, Any]:
    """Return a record of Liudeng's own format; a field that is None is left out."""
    record = {"user": MEMBER, "name": "小满", "time": NOW_S, "text": text, **fields}
    return {key: value for key, value in record.items() if value is not None}


CHATLAB_HEADER = {
    "chatlab": {"version": "0.0.2", "exportedAt": NOW_S, "generator": "a converter"},
    "meta": {"name": "夜航船", "platform": "qq", "type": "group", "groupId": "778948910"},
}
CHATLAB_MEMBERS = [
    {"platformId": str(MEMBER), "accountName": "小满", "groupNickname": "满月"},
    {"platformId": str(OTHER_MEMBER), "accountName": "南风", "roles": [{"id": "admin"}]},
]


def chatlab_message(content: Any = "晚安", kind: int = 0, **fields: Any) -> dict[str, Any]:
    """Return a message of ChatLab's format."""
    return {
        "sender": str(MEMBER),
        "accountName": "小满",
        "groupNickname": "满月",
        "timestamp": NOW_S,
        "type": kind,
        "content": content,
        **fields,
    }


def chatlab_document(*messages: Any, **parts: Any) -> str:
    """Return a ChatLab JSON document."""
    document = {**CHATLAB_HEADER, "members": CHATLAB_MEMBERS, "messages": messages, **parts}
    return json.dumps(document, ensure_ascii=False, indent=2)


def chatlab_lines(*messages: Any) -> str:
    """Return ChatLab JSON Lines."""
    return lines(
        {"_type": "header", **CHATLAB_HEADER},
        "# a comment",
        *({"_type": "member", **member} for member in CHATLAB_MEMBERS),
        *({"_type": "message", **message} for message in messages),
    )


def element(kind: str, **data: Any) -> dict[str, Any]:
    """Return an element of a qq-chat-exporter message."""
    return {"type": kind, "data": data}


def qq_message(text: str = "晚安", *elements: Any, **fields: Any) -> dict[str, Any]:
    """Return a message of qq-chat-exporter 5; without elements, its text is the only one."""
    return {
        "id": "7600672345327336312",
        "seq": "790",
        "timestamp": NOW_S * 1000,
        "time": "2026-09-21 22:13:20",
        "sender": {
            "uid": UID,
            "uin": str(MEMBER),
            "name": "满月",
            "nickname": "小满",
            "groupCard": "满月",
        },
        "type": "type_1",
        "content": {
            "text": text,
            "html": "",
            "elements": list(elements) or [element("text", text=text)],
            "resources": [],
            "mentions": [],
        },
        "recalled": False,
        "system": False,
        **fields,
    }


def flattened(text: str, *elements: Any) -> tuple[Any, ...]:
    """Return a text and its elements as the exporter's other parser writes them."""
    return (text, element("text", text=text), *elements)


def qq_document(*messages: Any, chat_type: str = "group") -> str:
    """Return a qq-chat-exporter document."""
    document = {
        "metadata": {
            "name": "QQChatExporter V5 / https://github.com/shuakami/qq-chat-exporter",
            "copyright": "本软件是免费的开源项目",
            "version": "5.5.1",
        },
        "chatInfo": {"name": "夜航船", "type": chat_type, "selfUid": UID},
        "statistics": {"totalMessages": len(messages), "senders": [{"uid": UID}]},
        "messages": messages,
        "avatars": {str(MEMBER): "data:image/jpeg;base64,/9j/4AAQ"},
        "exportOptions": {"options": {"encoding": "utf-8"}},
    }
    return json.dumps(document, ensure_ascii=False, indent=2)
