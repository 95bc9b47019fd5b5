"""Opens merged forwards: flattened in reading order, to a depth and a number of messages."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from liudeng.archive import PayloadRefused, Segment, parse_segments, readable_text
from liudeng.archive.payload import MAX_TEXT, time_ms
from liudeng.archive.reading import clean
from liudeng.db import now_ms
from liudeng.media.limits import MediaLimits
from liudeng.outbox import Gateway, Refused

log = logging.getLogger(__name__)

_MAX_NAME = 120
_MAX_ID = 128


@dataclass(frozen=True, slots=True)
class Node:
    """One message inside a merged forward."""

    depth: int
    user_id: str
    name: str
    time_ms: int
    text: str
    segments: tuple[Segment, ...]


class AskedTooOften(Exception):
    """The implementation was asked for so many forwards within an hour that this one waits."""


@dataclass
class ForwardOpener:
    """Opens one merged forward."""

    gateway: Gateway
    limits: MediaLimits
    may_ask: Callable[[], bool] = lambda: True
    """Whether the hour leaves room to ask once more."""
    nodes: list[Node] = field(default_factory=list)
    cut: bool = False
    """Whether something inside lies beyond the limits."""
    _seen: set[str] = field(default_factory=set)
    """What was asked for."""

    async def open(self, data: dict[str, Any], message_id: str) -> None:
        """Read what is inside a `forward` segment of a message into `nodes`.

        The archive drops the data of a segment that is nested beyond reason, and with it the
        forward's own id: it is then asked for by the message's.

        Raises:
            Refused: the implementation does not have it (any more).
            NotConnected, OutcomeUnknown: nobody could be asked.
            AskedTooOften: it has to wait.
        """
        bare = not data.get("id") and not data.get("content")
        await self._open({"id": message_id} if bare else data, 1)

    async def _open(self, data: dict[str, Any], depth: int) -> None:
        for raw in await self._content(data):
            if len(self.nodes) >= self.limits.forward_nodes:
                self.cut = True
                return
            node = _node(raw, depth)
            if node is None:
                continue
            self.nodes.append(node)
            await self._open_nested(raw, depth)

    async def _content(self, data: dict[str, Any]) -> list[Any]:
        inline = data.get("content")
        if isinstance(inline, list):
            return inline
        number = str(data.get("id") or "")
        if not number or number in self._seen:
            return []
        if len(self._seen) >= self.limits.forward_asks:
            self.cut = True
            return []
        if not self.may_ask():
            if not self._seen:
                raise AskedTooOften
            self.cut = True
            return []
        self._seen.add(number)
        answer = await self.gateway.call("get_forward_msg", id=number, message_id=number)
        return _entries(answer)

    async def _open_nested(self, raw: dict[str, Any], depth: int) -> None:
        for data in _forwards_in(raw):
            if depth >= self.limits.forward_depth:
                self.cut = True
                return
            try:
                await self._open(data, depth + 1)
            except Refused as refused:  # NapCat rejects ids of inner forwards
                log.debug("an inner forward stays closed: retcode %d", refused.retcode)


def _entries(answer: Any) -> list[Any]:
    """Implementations call the list `messages`, `message` or `content`, or send it bare."""
    if isinstance(answer, dict):
        answer = next(
            (answer[key] for key in ("messages", "message", "content") if key in answer), []
        )
    return answer if isinstance(answer, list) else []


def _fields(raw: Any) -> dict[str, Any]:
    """Return an entry's fields; go-cqhttp and Lagrange wrap them into a `node` segment."""
    if not isinstance(raw, dict):
        return {}
    data = raw.get("data")
    return data if raw.get("type") == "node" and isinstance(data, dict) else raw


def _said(raw: dict[str, Any]) -> Any:
    fields = _fields(raw)
    return fields["message"] if "message" in fields else fields.get("content")


def _forwards_in(raw: dict[str, Any]) -> Iterator[dict[str, Any]]:
    said = _said(raw)
    for segment in said if isinstance(said, list) else ():
        if isinstance(segment, dict) and segment.get("type") == "forward":
            data = segment.get("data")
            if isinstance(data, dict):
                yield data


def _node(raw: Any, depth: int) -> Node | None:
    fields = _fields(raw)
    try:
        segments = tuple(_without_content(part) for part in parse_segments(_said(raw)))
    except PayloadRefused:
        return None
    sender = fields.get("sender")
    sender = sender if isinstance(sender, dict) else {}
    user_id = sender.get("user_id") or fields.get("user_id") or fields.get("uin") or ""
    name = sender.get("card") or sender.get("nickname") or fields.get("nickname")
    return Node(
        depth=depth,
        user_id=clean(str(user_id))[:_MAX_ID],
        name=clean(str(name or fields.get("name") or user_id))[:_MAX_NAME],
        time_ms=time_ms(fields.get("time"), now_ms()),
        text=readable_text(segments)[:MAX_TEXT],
        segments=segments,
    )


def _without_content(segment: Segment) -> Segment:
    """An inner forward's messages are nodes of their own."""
    if segment["type"] != "forward":
        return segment
    return {"type": "forward", "data": {"id": str(segment["data"].get("id") or "")[:_MAX_ID]}}
