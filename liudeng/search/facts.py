"""What the log index knows of a message besides its words, as tokens of letters and digits."""

import json
import re
from typing import Any

from liudeng.search.query import Kind

_SEGMENT_KINDS = {
    "mface": Kind.STICKER,
    "file": Kind.FILE,
    "forward": Kind.FORWARD,
    "record": Kind.VOICE,
    "video": Kind.VIDEO,
    "share": Kind.LINK,
}
_LINK = re.compile(r"https?://|\bwww\.", re.IGNORECASE)
_STICKER_SUMMARY = "动画表情"

REPLIES = "reply"
"""The token of a message that quotes another."""


def group_token(group_id: int) -> str:
    """Return the token of a group; some implementations number groups below zero."""
    return f"g{group_id}" if group_id >= 0 else f"gn{-group_id}"


def sender_token(user_id: str) -> str:
    """Return the token of a person. Ids of other origins may hold any character."""
    return f"u{user_id.encode().hex()}"


def kind_token(kind: Kind) -> str:
    """Return the token of what a message carries."""
    return f"has{kind.value}"


def fact_tokens(group_id: int, user_id: str, segments: str, text: str) -> str:
    """Return the tokens of a message from its columns, none of which ever changes."""
    tokens = [group_token(group_id), sender_token(user_id)]
    kinds = {Kind.LINK} if _LINK.search(text) else set[Kind]()
    for segment in json.loads(segments) if segments else ():
        if segment["type"] == "reply" and REPLIES not in tokens:
            tokens.append(REPLIES)
        elif kind := _kind(segment):
            kinds.add(kind)
    return " ".join([*tokens, *sorted(map(kind_token, kinds))])


def _kind(segment: dict[str, Any]) -> Kind | None:
    if segment["type"] == "image":
        return Kind.STICKER if _is_sticker(segment.get("data") or {}) else Kind.IMAGE
    return _SEGMENT_KINDS.get(segment["type"])


def _is_sticker(data: dict[str, Any]) -> bool:
    """Implementations send stickers as images of another sub-type, or with a package."""
    sub_type = str(data.get("sub_type", data.get("subType", 0)) or 0)
    named = _STICKER_SUMMARY in str(data.get("summary") or "")
    return sub_type not in ("0", "") or named or bool(data.get("emoji_package_id"))
