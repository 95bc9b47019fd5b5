"""What can be read in a message: the text it is searched by and shown as."""

import json
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from liudeng.archive.message import Segment

_CARD_KEYS = frozenset({"prompt", "title", "desc", "summary", "qqdocurl", "jumpUrl", "url"})
_CARD_DEPTH = 6
_CARD_TEXTS = 12

_JOINERS = "\u200c\u200d"
_TAGS = range(0xE0020, 0xE0080)

_PLACEHOLDERS = {
    "image": "[图片]",
    "mface": "[表情]",
    "face": "[表情]",
    "record": "[语音]",
    "video": "[视频]",
    "forward": "[合并转发]",
    "poke": "[戳一戳]",
    "shake": "[窗口抖动]",
    "rps": "[猜拳]",
    "dice": "[骰子]",
    "location": "[位置]",
    "music": "[音乐]",
    "share": "[链接]",
    "json": "[卡片]",
    "xml": "[卡片]",
    "file": "[文件]",
}


def readable_text(segments: Iterable[Segment]) -> str:
    """Return the text a message is searched by: nothing in it that the group could not read."""
    return clean("".join(_readable(segment) for segment in segments))


def shown_text(segments: Iterable[Segment]) -> str:
    """Return a one-line rendering for people: text with placeholders for what is no text."""
    return clean("".join(_shown(segment) for segment in segments)).strip()


def clean(text: str) -> str:
    """Drop NUL, at which some tools end a text, and lone surrogates, which no file can hold."""
    if text.isascii() and "\0" not in text:
        return text
    return text.replace("\0", "").encode("utf-8", "ignore").decode("utf-8")


def one_line(name: str) -> str:
    """Return a name that cannot pass for more than a name where people read it.

    Line breaks and controls become spaces. What turns or hides text goes, but for the joiners
    and tags that emoji are made of.
    """
    return "".join(map(_in_line, name)).strip()


def _in_line(char: str) -> str:
    category = unicodedata.category(char)
    if category in ("Cc", "Zl", "Zp"):
        return " "
    if category == "Cf" and char not in _JOINERS and ord(char) not in _TAGS:
        return ""
    return char


def _readable(segment: Segment) -> str:
    reader = _READERS.get(segment["type"])
    return reader(segment["data"]) if reader else ""


def _shown(segment: Segment) -> str:
    kind = segment["type"]
    placeholder = _PLACEHOLDERS.get(kind, "")
    if kind in ("image", "face", "reply"):
        return placeholder
    words = _readable(segment).strip() if placeholder else _readable(segment)
    return f"{placeholder}{words}" if placeholder else words


def _text(data: dict[str, Any]) -> str:
    return str(data.get("text", ""))


def _at(data: dict[str, Any]) -> str:
    target = str(data.get("qq", ""))
    name = "全体成员" if target == "all" else str(data.get("name") or target)
    return f"@{name.removeprefix('@')} " if name else ""


def _file(data: dict[str, Any]) -> str:
    return str(data.get("name") or data.get("file") or "")


def _share(data: dict[str, Any]) -> str:
    return " ".join(str(data[key]) for key in ("title", "content", "url") if data.get(key))


def _card(data: dict[str, Any]) -> str:
    raw = data.get("data", "")
    try:
        card = json.loads(raw) if isinstance(raw, str) else raw
    except (ValueError, RecursionError):
        return ""
    found: list[str] = []
    for text in _card_texts(card, _CARD_DEPTH):
        if text not in found:
            found.append(text)
        if len(found) == _CARD_TEXTS:
            break
    return " ".join(found)


def _card_texts(node: Any, depth: int) -> Iterator[str]:
    """Walk a JSON card for titles and links; cards are the only place some links stand in."""
    if depth == 0:
        return
    children: Iterable[Any] = ()
    if isinstance(node, dict):
        yield from (
            value
            for key, value in node.items()
            if key in _CARD_KEYS and isinstance(value, str) and value.strip()
        )
        children = node.values()
    elif isinstance(node, list):
        children = node
    for child in children:
        yield from _card_texts(child, depth - 1)


def _markdown(data: dict[str, Any]) -> str:
    return str(data.get("content", ""))


_READERS: dict[str, Callable[[dict[str, Any]], str]] = {
    "text": _text,
    "at": _at,
    "file": _file,
    "share": _share,
    "json": _card,
    "markdown": _markdown,
}
