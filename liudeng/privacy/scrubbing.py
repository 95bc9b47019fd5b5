"""Scrubbing: what leads to one person, taken out of what others said.

A mention, a quotation's details and a number are replaced; a copy of somebody's message inside a
forward goes. Words that others typed stay: a name may be any word, and whoever called themselves
我们 could otherwise black out the archive.
"""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from liudeng.archive import Segment

NOBODY = "某位成员"
"""What stands for somebody who is not to be named."""
_COVERED = "＊＊＊"
_NUMBER = re.compile(r"(?<!\d)\d{5,12}(?!\d)")
_DEPTH = 20
_SPEAKER = ("user_id", "uin", "sender_id", "senderUin", "sender_uin")
_PLAIN = frozenset({"text", "face", "rps", "dice"})


@dataclass(frozen=True, slots=True)
class Scrubber:
    """Takes people out of what others said."""

    is_hidden: Callable[[str], bool]
    """Tells of a QQ number whether its owner is not to be named or copied."""
    is_covered: Callable[[str], bool]
    """Tells of digits in a text whether they are such a number."""
    names: Collection[str] = ()
    """Names after an @ that somebody typed."""

    def segments(self, segments: tuple[Segment, ...]) -> tuple[Segment, ...]:
        """Return a message's segments without them; the very same where there is nothing."""
        scrubbed = tuple(self._segment(segment, _DEPTH) for segment in segments)
        same = all(one is other for one, other in zip(scrubbed, segments, strict=True))
        return segments if same else scrubbed

    def text(self, text: str) -> str:
        """Return words without their numbers."""
        if any(self.is_covered(number) for number in _NUMBER.findall(text)):
            text = _NUMBER.sub(self._number, text)
        for name in self.names:
            text = text.replace(f"@{name}", f"@{NOBODY}").replace(f"＠{name}", f"＠{NOBODY}")
        return text

    def _segment(self, segment: Segment, depth: int) -> Segment:
        kind, data = segment["type"], segment.get("data") or {}
        if kind == "text":
            words = str(data.get("text", ""))
            scrubbed = self.text(words)
            return segment if scrubbed == words else {"type": kind, "data": {"text": scrubbed}}
        if kind == "at":
            if not self.is_hidden(str(data.get("qq", ""))):
                return segment
            return {"type": "at", "data": {"qq": "0", "name": NOBODY}}
        if kind == "reply":
            if not any(self.is_hidden(str(data.get(field))) for field in ("qq", *_SPEAKER)):
                return segment
            return {"type": "reply", "data": {"id": data.get("id")}}
        if kind in _PLAIN:
            return segment
        scrubbed = self._node(data, depth)
        return segment if scrubbed == data else {"type": kind, "data": scrubbed}

    def _node(self, node: Any, depth: int) -> Any:
        if depth == 0:
            return None
        if isinstance(node, str):  # it may be JSON, where a digit stays a digit
            return _NUMBER.sub(lambda match: "0" if self.is_covered(match[0]) else match[0], node)
        if isinstance(node, list):
            return [self._node(each, depth - 1) for each in node if not self._speaks(each)]
        if isinstance(node, dict):
            if isinstance(node.get("type"), str) and isinstance(node.get("data"), dict):
                return self._segment(node, depth - 1)
            return {key: self._node(value, depth - 1) for key, value in node.items()}
        if isinstance(node, int) and not isinstance(node, bool) and self.is_covered(str(node)):
            return 0
        return node

    def _speaks(self, node: Any) -> bool:
        """Tell whether an entry of a list is a message of somebody hidden."""
        if not isinstance(node, dict):
            return False
        inner = node.get("data") if node.get("type") == "node" else node
        places = [inner, inner.get("sender")] if isinstance(inner, dict) else []
        return any(
            self.is_hidden(str(place[field]))
            for place in places
            if isinstance(place, dict)
            for field in _SPEAKER
            if place.get(field)
        )

    def _number(self, match: re.Match[str]) -> str:
        return _COVERED if self.is_covered(match[0]) else match[0]


def may_name_somebody(segments: Iterable[Segment]) -> bool:
    """Tell whether there is anything to look into; most messages are a few words."""
    return any(
        segment["type"] not in _PLAIN
        or (segment["type"] == "text" and _NUMBER.search(segment["data"].get("text", "")))
        for segment in segments
    )
