"""CQ strings, the other form in which implementations send a message."""

import re

from liudeng.archive.message import Segment

_CODE = re.compile(r"\[CQ:(?P<type>[A-Za-z0-9._-]+)(?P<params>(?:,[^\[\],=]+=[^\[\],]*)*),?\]")
_ESCAPES = (("&#91;", "["), ("&#93;", "]"), ("&#44;", ","), ("&amp;", "&"))


def parse_cq(raw: str) -> list[Segment]:
    """Split a CQ string into segments; whatever is no valid code stays text.

    Source: the OneBot v11 specification, message/string. `&amp;` is unescaped last.
    """
    segments: list[Segment] = []
    position = 0
    for code in _CODE.finditer(raw):
        _append_text(segments, raw[position : code.start()])
        segments.append({"type": code["type"], "data": _parameters(code["params"])})
        position = code.end()
    _append_text(segments, raw[position:])
    return segments


def _append_text(segments: list[Segment], raw: str) -> None:
    if raw:
        segments.append({"type": "text", "data": {"text": _unescape(raw)}})


def _parameters(raw: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in raw.split(",") if part)
    return {key.strip(): _unescape(value) for key, _, value in pairs}


def _unescape(raw: str) -> str:
    for escaped, char in _ESCAPES:
        raw = raw.replace(escaped, char)
    return raw
