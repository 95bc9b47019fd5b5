"""From a raw OneBot v11 payload to a `Message` or a `Recall`.

It reads the raw payload because the adapter strips replies, mentions and nicknames from the
event it builds, and because implementations send what the adapter has no class for. All of it
is hostile until it has passed through here.
"""

import json
from typing import Any

from liudeng.archive.cqcode import parse_cq
from liudeng.archive.message import Message, Recall, Segment, Source
from liudeng.archive.reading import clean, one_line, readable_text

MAX_TEXT = 100_000
"""Characters kept of one message; QQ itself allows a few thousand."""
MAX_SEGMENTS = 1_000
MAX_SEGMENTS_BYTES = 400_000
"""A message whose segments are larger as JSON keeps its text and the kinds of its segments."""
MAX_DEPTH = 20
_MAX_NAME = 120
_MAX_ID = 128
_FUTURE_TOLERANCE_MS = 24 * 3600 * 1000
_EARLIEST_MS = 915_148_800_000  # 1999-01-01: QQ did not exist before
_MAX_INT64 = 2**63 - 1


class PayloadRefused(ValueError):
    """The payload cannot be archived; the text says why without quoting the message."""


def is_group_message(payload: dict[str, Any]) -> bool:
    """Tell whether the payload is a message that somebody said in a group."""
    return payload.get("post_type") == "message" and payload.get("message_type") == "group"


def parse_message(
    payload: dict[str, Any], received_ms: int, source: Source = Source.LIVE
) -> Message:
    """Read a group message event, or an entry of `get_group_msg_history`.

    Raises:
        PayloadRefused: an id is missing or malformed, or the message is no message.
    """
    raw_sender = payload.get("sender")
    sender: dict[str, Any] = raw_sender if isinstance(raw_sender, dict) else {}
    segments = parse_segments(payload.get("message"))
    told_ms = _told_time_ms(payload.get("time"), received_ms)
    text = readable_text(segments)[:MAX_TEXT]
    return Message(
        self_id=integer(payload, "self_id", default=0),
        group_id=integer(payload, "group_id"),
        message_id=_identifier(payload, "message_id"),
        platform_seq=_platform_seq(payload),
        time_ms=received_ms if told_ms is None else told_ms,
        received_ms=received_ms,
        time_is_guessed=told_ms is None,
        user_id=_identifier(payload if "user_id" in payload else sender, "user_id"),
        name=_name(sender.get("nickname")),
        card=_name(sender.get("card")),
        role=_role(sender.get("role")),
        text=text,
        segments=_bounded(segments),
        reply_to=_reply_to(segments),
        source=source,
    )


def parse_recall(payload: dict[str, Any], received_ms: int) -> Recall:
    """Read a `group_recall` notice.

    Raises:
        PayloadRefused: an id is missing or malformed.
    """
    return Recall(
        self_id=integer(payload, "self_id", default=0),
        group_id=integer(payload, "group_id"),
        message_id=_identifier(payload, "message_id"),
        operator_id=_words(payload.get("operator_id"))[:_MAX_ID],
        user_id=_words(payload.get("user_id"))[:_MAX_ID],
        time_ms=time_ms(payload.get("time"), received_ms),
    )


def parse_segments(message: Any) -> tuple[Segment, ...]:
    """Read a message in any of its forms: a list of segments, one segment, or a CQ string.

    The text of all its segments together is at most `MAX_TEXT` characters.

    Raises:
        PayloadRefused: it is none of these.
    """
    if isinstance(message, str):
        message = parse_cq(clean(message[:MAX_SEGMENTS_BYTES]))
    elif isinstance(message, dict):
        message = [message]
    if not isinstance(message, list):
        raise PayloadRefused("the message is neither text nor segments")
    segments: list[Segment] = []
    room = MAX_TEXT
    for item in message[:MAX_SEGMENTS]:
        segment = _segment(item, room)
        if segment["type"] == "text":
            if not room:
                continue
            room -= len(segment["data"]["text"])
        segments.append(segment)
    return tuple(segments)


def integer(payload: dict[str, Any], field: str, default: int | None = None) -> int:
    """Read an id that some implementations send as a string.

    Raises:
        PayloadRefused: it is missing (and there is no default) or no 64-bit integer.
    """
    value = payload.get(field, default)
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise PayloadRefused(f"{field} is missing or no number")
    try:
        number = int(value)
    except ValueError:
        raise PayloadRefused(f"{field} is no number") from None
    if abs(number) > _MAX_INT64:
        raise PayloadRefused(f"{field} is too large")
    return number


def time_ms(value: Any, received_ms: int) -> int:
    """Seconds (or milliseconds) of the implementation; the time of receipt if it is nonsense."""
    told_ms = _told_time_ms(value, received_ms)
    return received_ms if told_ms is None else told_ms


def _told_time_ms(value: Any, received_ms: int) -> int | None:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    if not abs(number) < 1e15:  # also NaN
        return None
    moment = int(number if number > 1e11 else number * 1000)
    in_range = _EARLIEST_MS <= moment <= received_ms + _FUTURE_TOLERANCE_MS
    return moment if in_range else None


def _identifier(payload: dict[str, Any], field: str) -> str:
    value = payload.get(field)
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise PayloadRefused(f"{field} is missing")
    text = clean(str(value)).strip()
    if not text or len(text) > _MAX_ID:
        raise PayloadRefused(f"{field} is empty or too long")
    return text


def _platform_seq(payload: dict[str, Any]) -> int:
    """NapCat puts the group's number into `real_seq` and repeats the short id elsewhere."""
    for field in ("real_seq", "message_seq"):
        value = payload.get(field)
        if not isinstance(value, (int, str)) or str(value) == str(payload.get("message_id")):
            continue
        try:
            return max(0, integer(payload, field))
        except PayloadRefused:
            continue
    return 0


def _role(value: Any) -> str:
    return value if value in ("owner", "admin") else "member"


def _segment(item: Any, room: int) -> Segment:
    """Read one segment; of its text, as much as there is room for."""
    if isinstance(item, str):
        return {"type": "text", "data": {"text": clean(item[:room])}}
    if not isinstance(item, dict) or not isinstance(item.get("type"), str):
        return {"type": "unknown", "data": {}}
    data = item.get("data")
    if not isinstance(data, dict) or _deeper_than(data, MAX_DEPTH):
        data = {}
    if item["type"] == "text":
        data = {"text": clean(str(data.get("text", ""))[:room])}
    return {"type": item["type"][:32], "data": data}


def _deeper_than(node: Any, limit: int) -> bool:
    """Measure nesting level by level: no recursion on input from outside."""
    level = [node]
    for _ in range(limit):
        level = [
            child
            for parent in level
            for child in (parent.values() if isinstance(parent, dict) else parent)
            if isinstance(child, (dict, list))
        ]
        if not level:
            return False
    return True


def _bounded(segments: tuple[Segment, ...]) -> tuple[Segment, ...]:
    """Keep segments whole unless they are huge; then keep what they were and their words."""
    if all(segment["type"] == "text" for segment in segments):
        return segments
    size = sum(len(json.dumps(segment, ensure_ascii=False, default=str)) for segment in segments)
    if size <= MAX_SEGMENTS_BYTES:
        return segments
    return tuple(
        segment if segment["type"] == "text" else {"type": segment["type"], "data": {}}
        for segment in segments
    )


def _reply_to(segments: tuple[Segment, ...]) -> str | None:
    for segment in segments:
        if segment["type"] == "reply" and (quoted := _words(segment["data"].get("id"))):
            return quoted[:_MAX_ID]
    return None


def _name(value: Any) -> str:
    return one_line(_words(value)[:_MAX_NAME])


def _words(value: Any) -> str:
    """Read a name or a loose id: whatever is neither text nor a number says nothing."""
    return clean(str(value)).strip() if isinstance(value, (str, int)) else ""
