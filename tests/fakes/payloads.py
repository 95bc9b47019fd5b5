"""OneBot v11 payloads as NapCat sends them, with any field replaced."""

from itertools import count
from typing import Any

from liudeng.archive import Message, Source, parse_message

SELF_ID = 2_710_828_182
GROUP = 731_415_926
OTHER_GROUP = 716_180_339
STAFF_GROUP = 550_100_200
OWNER = 1_414_213_562
ADMIN = 1_732_050_807
MEMBER = 2_236_067_977
OTHER_MEMBER = 2_645_751_311
STRANGER = 1_618_033_988

NOW_S = 1_790_000_000
NOW_MS = NOW_S * 1000

_ids = count(1_000_000)
_seqs = count(5_000)


def segment(kind: str, **data: Any) -> dict[str, Any]:
    """Return a message segment."""
    return {"type": kind, "data": data}


def text(words: str) -> dict[str, Any]:
    """Return a text segment."""
    return segment("text", text=words)


def group_message(message: Any = "晚安", **fields: Any) -> dict[str, Any]:
    """Return a group message event; `message` is text or the raw `message` field."""
    number = next(_ids)
    user_id = fields.get("user_id", MEMBER)
    return {
        "self_id": SELF_ID,
        "user_id": user_id,
        "time": NOW_S,
        "message_id": number,
        "message_seq": number,
        "real_id": number,
        "real_seq": str(next(_seqs)),
        "message_type": "group",
        "sender": {"user_id": user_id, "nickname": "小满", "card": "满月", "role": "member"},
        "raw_message": "",
        "font": 14,
        "sub_type": "normal",
        "message": [text(message)] if isinstance(message, str) else message,
        "message_format": "array",
        "post_type": "message",
        "group_id": GROUP,
        **fields,
    }


def private_message(message: Any = "帮助", **fields: Any) -> dict[str, Any]:
    """Return a private message event of a friend."""
    payload = group_message(message, **fields)
    for field in ("group_id", "real_seq"):
        if field not in fields:
            payload.pop(field)
    user_id = payload["user_id"]
    return {
        **payload,
        "message_type": "private",
        "sub_type": fields.get("sub_type", "friend"),
        "sender": {"user_id": user_id, "nickname": "小满", "card": ""},
        "target_id": user_id,
    }


def group_recall(message_id: Any, **fields: Any) -> dict[str, Any]:
    """Return the notice of a recall."""
    return {
        "time": NOW_S + 30,
        "self_id": SELF_ID,
        "post_type": "notice",
        "notice_type": "group_recall",
        "group_id": GROUP,
        "user_id": MEMBER,
        "operator_id": MEMBER,
        "message_id": message_id,
        **fields,
    }


def group_notice(notice_type: str, sub_type: str, **fields: Any) -> dict[str, Any]:
    """Return a notice about a group."""
    return {
        "time": NOW_S,
        "self_id": SELF_ID,
        "post_type": "notice",
        "notice_type": notice_type,
        "sub_type": sub_type,
        "group_id": GROUP,
        "user_id": MEMBER,
        "operator_id": OWNER,
        **fields,
    }


def said(message: Any = "晚安", *, source: Source = Source.LIVE, **fields: Any) -> Message:
    """Return a message as the archive takes it."""
    received_ms = fields.pop("received_ms", NOW_MS)
    return parse_message(group_message(message, **fields), received_ms, source)
