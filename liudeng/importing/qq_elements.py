"""What qq-chat-exporter makes of a message's content, turned into OneBot segments.

Its two parsers write two shapes. One lists the elements in the order they were sent. The other
puts the whole message into one text element, with 「[图片: a.jpg]」 where a picture was, and the
pictures, mentions and stickers behind it; there each is put back to where its mark stands, so
that nobody who searches for 图片 finds marks instead of words.
"""

import re
from typing import Any

from liudeng.archive import Segment, parse_segments
from liudeng.importing.draft import first_identifier, reply_segment, text_segment

_MOST_ELEMENTS = 1_000
_FORWARD_DEPTH = 3
_MOST_FORWARDED = 200
_KINDS = {"image": "image", "video": "video", "audio": "record", "voice": "record"}
_NOTICES = frozenset({"system", "inline_keyboard", "action_bar"})
# Marks whose words are not repeated among the elements.
_LOOSE_MARKS = {
    "reply": re.compile(r"\A\[回复[^\n]*\]\n?"),
    "audio": re.compile(r"\[语音[^\[\]\n]*\]"),
}
_CQ = "[CQ:"

Data = dict[str, Any]


def content_segments(content: Data, depth: int = _FORWARD_DEPTH) -> list[Segment]:
    """Return the segments of a message's `content`."""
    elements = _elements(content)
    text = content.get("text")
    if not elements:
        return [text_segment(text)] if isinstance(text, str) else []
    if isinstance(text, str) and _is_flattened(elements, text):
        # Where it asked an OneBot implementation, the text is a CQ string.
        cq = list(parse_segments(text)) if _CQ in text else None
        return cq or _unflattened(text, elements[1:], depth)
    found = (_segment(kind, data, depth) for kind, data in elements)
    return [segment for segment in found if segment is not None]


def _elements(content: Data) -> list[tuple[str, Data]]:
    raw = content.get("elements")
    found: list[tuple[str, Data]] = []
    for element in raw[:_MOST_ELEMENTS] if isinstance(raw, list) else ():
        if isinstance(element, dict) and isinstance(element.get("type"), str):
            data = element.get("data")
            found.append((element["type"], data if isinstance(data, dict) else {}))
    return found


def _is_flattened(elements: list[tuple[str, Data]], text: str) -> bool:
    kind, data = elements[0]
    return kind == "text" and bool(text) and data.get("text") == text and len(elements) > 1


def _unflattened(text: str, elements: list[tuple[str, Data]], depth: int) -> list[Segment]:
    """Put each element where its mark stands in the text; the rest of the text stays words."""
    placed: list[tuple[int, int, Segment]] = []
    unplaced: list[Segment] = []
    searched: dict[str, int] = {}
    for kind, data in elements:
        segment = _segment(kind, data, depth)
        if segment is None:
            continue
        span = _span_of_mark(text, kind, data, searched)
        if span is not None:
            placed.append((*span, segment))
        elif kind == "reply":
            unplaced.insert(0, segment)
        elif kind != "at":  # without its mark a mention stands in the text already
            unplaced.append(segment)
    return _interleaved(text, placed, unplaced)


def _interleaved(
    text: str, placed: list[tuple[int, int, Segment]], unplaced: list[Segment]
) -> list[Segment]:
    placed.sort(key=lambda entry: entry[0])
    quotes = [segment for segment in unplaced if segment["type"] == "reply"]
    segments: list[Segment] = list(quotes)
    position = 0
    for start, end, segment in placed:
        if start < position:
            continue
        if start > position:
            segments.append(text_segment(text[position:start]))
        segments.append(segment)
        position = end
    if position < len(text):
        segments.append(text_segment(text[position:]))
    return segments + [segment for segment in unplaced if segment["type"] != "reply"]


def _span_of_mark(
    text: str, kind: str, data: Data, searched: dict[str, int]
) -> tuple[int, int] | None:
    for mark in _marks(kind, data):
        start = text.find(mark, searched.get(mark, 0))
        if start >= 0:
            searched[mark] = start + len(mark)
            return start, start + len(mark)
    loose = _LOOSE_MARKS.get(kind)
    found = loose.search(text) if loose else None
    return found.span() if found else None


def _marks(kind: str, data: Data) -> list[str]:
    """Return the marks the exporter may have written for an element, the likeliest first."""
    name = _text(data, "filename")
    match kind:
        case "image":
            return [f"[图片: {name}]", "[图片]"]
        case "video":
            return [f"[视频: {name}]", "[视频]"]
        case "file":
            return [f"[文件: {name}]", "[文件]"]
        case "face" | "market_face":
            face = _text(data, "name")
            return [f"[{face}]", face] if face else []
        case "at":
            return [f"@{_text(data, 'name').removeprefix('@')}"] if data.get("name") else []
        case "reply":
            return [f"[回复 {_text(data, 'senderName')}: {_text(data, 'content')}]\n"]
    return []


def _segment(kind: str, data: Data, depth: int) -> Segment | None:
    """Return an element as a OneBot segment; None for what is no part of a message."""
    if kind in _NOTICES:
        return None
    if kind == "text":
        return text_segment(_text(data, "text"))
    if kind == "reply":
        quoted = first_identifier(data.get("referencedMessageId"), data.get("messageId"))
        return reply_segment(quoted) if quoted else None
    if kind == "forward":
        return {"type": "forward", "data": _forward(data, depth)}
    if kind in _KINDS:
        return {"type": _KINDS[kind], "data": _media(data, "file")}
    return _other_segment(kind, data)


def _other_segment(kind: str, data: Data) -> Segment:
    match kind:
        case "at":
            return {"type": "at", "data": _mention(data)}
        case "face":
            return {"type": "face", "data": _some(data, "id", "name")}
        case "market_face":
            return {"type": "mface", "data": {"summary": _text(data, "name")}}
        case "file":
            return {"type": "file", "data": _media(data, "name")}
        case "json":
            return {"type": "json", "data": {"data": _text(data, "content")}}
        case "markdown":
            return {"type": "markdown", "data": {"content": _text(data, "content")}}
        case _:
            return {"type": kind, "data": _some(data, "title", "summary")}


def _mention(data: Data) -> Data:
    if data.get("uid") == "all":
        return {"qq": "all"}
    target = first_identifier(data.get("uin"), data.get("uid")) or ""
    return {"qq": target, "name": _text(data, "name")}


def _media(data: Data, name_key: str) -> Data:
    found: Data = {name_key: _text(data, "filename")}
    if data.get("size"):
        found["file_size"] = str(data["size"])
    url = data.get("url")
    # A relative address leads into the exporter's own folders.
    if isinstance(url, str) and url.startswith(("http://", "https://")):
        found["url"] = url
    return found


def _forward(data: Data, depth: int) -> Data:
    """Return a forwarded conversation with what is in it, in the form NapCat inlines it."""
    found: Data = {"id": _text(data, "resId"), **_some(data, "title", "summary")}
    nested = data.get("messages")
    if depth > 0 and isinstance(nested, list):
        found["content"] = [
            _forwarded(entry, depth - 1)
            for entry in nested[:_MOST_FORWARDED]
            if isinstance(entry, dict)
        ]
    return found


def _forwarded(entry: Data, depth: int) -> Data:
    raw_sender, raw_content = entry.get("sender"), entry.get("content")
    sender: Data = raw_sender if isinstance(raw_sender, dict) else {}
    content: Data = raw_content if isinstance(raw_content, dict) else {}
    return {
        "user_id": first_identifier(sender.get("uin"), sender.get("uid")) or "",
        "sender": {"nickname": _text(sender, "name")},
        "time": _seconds(entry.get("timestamp")),
        "message": content_segments(content, depth),
    }


def _seconds(value: Any) -> int:
    return int(value) // 1000 if isinstance(value, int) else 0


def _some(data: Data, *keys: str) -> Data:
    return {key: str(data[key]) for key in keys if data.get(key)}


def _text(data: Data, key: str) -> str:
    value = data.get(key)
    return value if isinstance(value, str) else ""
