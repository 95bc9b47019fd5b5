"""CQ codes: the text form of a OneBot message."""

import re
from collections.abc import Iterable
from typing import Any

Segment = dict[str, Any]

_CODE = re.compile(r"\[CQ:([A-Za-z][\w.-]*)((?:,[^,\[\]=]+=[^,\[\]]*)*)\]")


def escape(text: str, *, inside: bool) -> str:
    """Escape ``text`` for use outside a CQ code, or ``inside`` one (where commas matter too)."""
    text = text.replace("&", "&amp;").replace("[", "&#91;").replace("]", "&#93;")
    return text.replace(",", "&#44;") if inside else text


def unescape(text: str) -> str:
    """Undo :func:`escape`."""
    text = text.replace("&#44;", ",").replace("&#91;", "[").replace("&#93;", "]")
    return text.replace("&amp;", "&")


def render(segments: Iterable[Segment]) -> str:
    """The CQ text of a message, as ``raw_message`` carries it."""
    return "".join(_render_one(segment) for segment in segments)


def _render_one(segment: Segment) -> str:
    data = segment["data"]
    if segment["type"] == "text":
        return escape(str(data["text"]), inside=False)
    pairs = "".join(
        f",{key}={escape(str(value), inside=True)}"
        for key, value in data.items()
        if value is not None and value != "" and not isinstance(value, (dict, list))
    )
    return f"[CQ:{segment['type']}{pairs}]"


def parse(text: str) -> list[Segment]:
    """Split CQ text into segments; what is no valid code stays text."""
    segments: list[Segment] = []
    end = 0
    for match in _CODE.finditer(text):
        _append_text(segments, text[end : match.start()])
        pairs = (pair.split("=", 1) for pair in match[2].split(",")[1:])
        data = {key: unescape(value) for key, value in pairs}
        segments.append({"type": match[1], "data": data})
        end = match.end()
    _append_text(segments, text[end:])
    return segments


def _append_text(segments: list[Segment], text: str) -> None:
    if text:
        segments.append({"type": "text", "data": {"text": unescape(text)}})
