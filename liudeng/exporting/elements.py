"""OneBot segments as the elements of qq-chat-exporter: `importing.qq_elements` read backwards."""

from collections.abc import Callable, Iterable
from typing import Any

from liudeng.archive import Segment
from liudeng.exporting.model import FileRef

Data = dict[str, Any]
Element = dict[str, Any]

_FORWARD_DEPTH = 3


def elements_of(
    segments: Iterable[Segment], files: Iterable[FileRef] = (), depth: int = _FORWARD_DEPTH
) -> list[Element]:
    """Return segments as elements; `files` say where what they carry lies in the export."""
    carried = {file.position: file for file in files}
    return [
        _element(segment, carried.get(position), depth) for position, segment in enumerate(segments)
    ]


def _element(segment: Segment, file: FileRef | None, depth: int) -> Element:
    kind, data = str(segment["type"]), segment.get("data", {})
    if kind == "forward":
        return {"type": "forward", "data": _forward(data, depth)}
    if kind in _FILES:
        return {"type": _FILES[kind], "data": _file(data, file)}
    convert = _OTHERS.get(kind, _unknown)
    return {"type": _NAMES.get(kind, kind), "data": convert(data)}


def _file(data: Data, file: FileRef | None) -> Data:
    found: Data = {"filename": str(data.get("name") or data.get("file") or "")}
    if data.get("file_size"):
        found["size"] = str(data["file_size"])
    if file is not None:
        found["localPath"] = file.path
    return found


def _mention(data: Data) -> Data:
    target = str(data.get("qq", ""))
    if target == "all":
        return {"uid": "all", "name": "全体成员"}
    return {"uin": target, "name": str(data.get("name") or "")}


def _forward(data: Data, depth: int) -> Data:
    found: Data = {"resId": str(data.get("id", ""))}
    found |= {key: str(data[key]) for key in ("title", "summary") if data.get(key)}
    nested = data.get("content")
    if depth > 0 and isinstance(nested, list):
        found["messages"] = [
            _forwarded(entry, depth - 1) for entry in nested if isinstance(entry, dict)
        ]
    return found


def _forwarded(entry: Data, depth: int) -> Data:
    sender, message = entry.get("sender"), entry.get("message")
    nickname = str(sender.get("nickname", "")) if isinstance(sender, dict) else ""
    segments = [part for part in message if _is_segment(part)] if isinstance(message, list) else []
    seconds = entry.get("time")
    return {
        "sender": {"uin": str(entry.get("user_id", "")), "name": nickname},
        "timestamp": seconds * 1000 if isinstance(seconds, int) else 0,
        "content": {"elements": elements_of(segments, depth=depth)},
    }


def _is_segment(part: Any) -> bool:
    return isinstance(part, dict) and isinstance(part.get("type"), str)


def _unknown(data: Data) -> Data:
    return {key: str(data[key]) for key in ("title", "summary") if data.get(key)}


_FILES = {"image": "image", "video": "video", "record": "audio", "file": "file"}
_NAMES = {"mface": "market_face"}
_OTHERS: dict[str, Callable[[Data], Data]] = {
    "text": lambda data: {"text": str(data.get("text", ""))},
    "at": _mention,
    "reply": lambda data: {"referencedMessageId": str(data.get("id", ""))},
    "face": lambda data: {key: str(data[key]) for key in ("id", "name") if data.get(key)},
    "mface": lambda data: {"name": str(data.get("summary", ""))},
    "json": lambda data: {"content": str(data.get("data", ""))},
    "markdown": lambda data: {"content": str(data.get("content", ""))},
}
