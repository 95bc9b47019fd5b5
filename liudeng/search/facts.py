"""What the log index knows of a message besides its words, as tokens of letters and digits."""

import json
import re
from functools import lru_cache
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

MARK_LENGTH = 8
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"

REPLIES = "reply"
"""The token of a message that quotes another."""


@lru_cache
def group_mark(group_id: int) -> str:
    """Return what every token of a group's messages begins with, of one length for all groups.

    So each group has postings of its own. With one token for the group that is intersected with
    the words, a search took ten times as long: it walked through all that the group ever said.
    Some implementations number groups below zero.
    """
    number = 2 * abs(group_id) + (group_id < 0)
    digits = ""
    for _ in range(MARK_LENGTH):
        number, digit = divmod(number, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return digits


def sender_token(user_id: str) -> str:
    """Return the token of a person. Ids of other origins may hold any character."""
    return f"u{user_id.encode().hex()}"


def kind_token(kind: Kind) -> str:
    """Return the token of what a message carries."""
    return f"has{kind.value}"


def fact_tokens(group_id: int, user_id: str, segments: str, text: str) -> str:
    """Return the tokens of a message from its columns, none of which ever changes.

    The group's mark alone is one of them: every message of the group has it.
    """
    facts = {sender_token(user_id)}
    if _LINK.search(text):
        facts.add(kind_token(Kind.LINK))
    for segment in json.loads(segments) if segments else ():
        if segment["type"] == "reply":
            facts.add(REPLIES)
        elif kind := _kind(segment):
            facts.add(kind_token(kind))
    mark = group_mark(group_id)
    return " ".join([mark, *(mark + fact for fact in sorted(facts))])


def _kind(segment: dict[str, Any]) -> Kind | None:
    if segment["type"] == "image":
        return Kind.STICKER if _is_sticker(segment.get("data") or {}) else Kind.IMAGE
    return _SEGMENT_KINDS.get(segment["type"])


def _is_sticker(data: dict[str, Any]) -> bool:
    """Implementations send stickers as images of another sub-type, or with a package."""
    sub_type = str(data.get("sub_type", data.get("subType", 0)) or 0)
    named = _STICKER_SUMMARY in str(data.get("summary") or "")
    return sub_type not in ("0", "") or named or bool(data.get("emoji_package_id"))
