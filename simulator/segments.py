"""Messages as a list of segments: reading what a bot sent, and what people would see of it."""

from collections.abc import Iterable
from typing import Any

from simulator import cqcode
from simulator.cqcode import Segment


class BadMessageError(ValueError):
    """The message is neither CQ text, nor a segment, nor a list of segments."""


def text_segment(text: str) -> Segment:
    """A plain text segment."""
    return {"type": "text", "data": {"text": text}}


def normalise(message: Any, *, auto_escape: bool = False) -> list[Segment]:
    """Turn CQ text, one segment or a list of segments into a list of well-formed segments.

    Raises BadMessageError when the shape is wrong or nothing is left to say.
    """
    if isinstance(message, str):
        found = [text_segment(message)] if auto_escape else cqcode.parse(message)
    elif isinstance(message, dict):
        found = [_checked(message)]
    elif isinstance(message, list):
        found = [_checked(item) for item in message]
    else:
        raise BadMessageError("message 应为数组、消息段或 CQ 码字符串")
    kept = [s for s in found if s["type"] != "text" or s["data"]["text"] != ""]
    if not kept:
        raise BadMessageError("消息体无法解析, 请检查是否发送了不支持的消息类型")
    return kept


def _checked(item: Any) -> Segment:
    if isinstance(item, str):
        return text_segment(item)
    if not isinstance(item, dict) or not isinstance(item.get("type"), str):
        raise BadMessageError("消息段缺少 type")
    data = item.get("data")
    if not isinstance(data, dict):
        raise BadMessageError(f"消息段 {item['type']} 缺少 data")
    data = {key: value for key, value in data.items() if value is not None}
    if item["type"] == "text":
        data = {"text": str(data.get("text", ""))}
    for key in ("qq", "id"):
        if item["type"] != "node" and key in data:
            data[key] = str(data[key])
    return {"type": item["type"], "data": data}


def plain_text(segments: Iterable[Segment]) -> str:
    """The text segments joined; everything else is left out."""
    return "".join(s["data"]["text"] for s in segments if s["type"] == "text")


_LABELS = {
    "image": "[图片]",
    "face": "[表情]",
    "forward": "[聊天记录]",
    "json": "[卡片]",
    "file": "[文件]",
    "record": "[语音]",
    "video": "[视频]",
}


def summary(segments: Iterable[Segment], limit: int = 60) -> str:
    """A one-line preview, as a quoted message shows it."""
    parts = (
        s["data"]["text"] if s["type"] == "text" else _LABELS.get(s["type"], "") for s in segments
    )
    line = " ".join("".join(parts).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def reply_target(segments: Iterable[Segment]) -> int | None:
    """The message id a message answers, if it answers one."""
    for segment in segments:
        if segment["type"] == "reply":
            number = str(segment["data"].get("id", ""))
            return int(number) if number.lstrip("-").isdigit() else None
    return None
