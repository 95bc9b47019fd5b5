"""OneBot v11 JSON, in the shape NapCat gives it."""

from typing import Any, Literal

from simulator import cqcode
from simulator.cqcode import Segment
from simulator.media import Media
from simulator.world import ChatMessage, World

Payload = dict[str, Any]

# NapCat cannot tell the group of a message inside a merged forward and writes this one.
FORWARD_PLACEHOLDER_GROUP = 284840486
_FONT = 14
_TEMP_NICKNAME = "临时会话"


class Payloads:
    """Builds events and message bodies out of what the world holds."""

    def __init__(
        self, world: World, media: Media, message_format: Literal["array", "string"]
    ) -> None:
        self._world = world
        self._media = media
        self._format = message_format
        self._self_id = world.bot.user_id

    def message(self, message: ChatMessage, message_id: int | None = None) -> Payload:
        """The event of a message, which is also what ``get_msg`` and histories answer."""
        number = message.message_id if message_id is None else message_id
        segments = self.segments(message.segments)
        raw = cqcode.render(segments)
        payload: Payload = {
            "self_id": self._self_id,
            "user_id": message.user_id,
            "time": message.time,
            "message_id": number,
            "message_seq": number,
            "real_id": number,
            "real_seq": str(message.seq),
            "message_type": "private" if message.group_id is None else "group",
            "sender": self._sender(message),
            "raw_message": raw,
            "font": _FONT,
            "sub_type": "normal",
            "message": segments if self._format == "array" else raw,
            "message_format": self._format,
            "post_type": "message",
        }
        if message.group_id is None:
            self._make_private(payload, message)
        else:
            payload["group_id"] = message.group_id
            payload["group_name"] = self._world.groups[message.group_id].name
        if message.is_self:
            payload["post_type"] = "message_sent"
            payload["message_sent_type"] = "self"
            payload["target_id"] = message.group_id or message.peer
        return payload

    def _sender(self, message: ChatMessage) -> Payload:
        sender: Payload = {"user_id": message.user_id, "nickname": message.nickname}
        if message.temp_group is not None:
            sender["nickname"] = _TEMP_NICKNAME
        sender["card"] = message.card
        if message.group_id is not None:
            sender["role"] = message.role
        return sender

    def _make_private(self, payload: Payload, message: ChatMessage) -> None:
        payload["sub_type"] = "friend"
        payload["target_id"] = message.peer
        if message.temp_group is not None:
            payload["sub_type"] = "group"
            payload["group_id"] = payload["temp_source"] = message.temp_group

    def segments(self, segments: list[Segment], base: str | None = None) -> list[Segment]:
        """Segments as sent out: pictures get a fresh URL (under ``base`` if given)."""
        if all(segment["type"] != "image" for segment in segments):
            return segments
        return [self._with_url(s, base) if s["type"] == "image" else s for s in segments]

    def _with_url(self, segment: Segment, base: str | None) -> Segment:
        data = segment["data"]
        name = data["file"]
        if not self._media.knows(name):
            return segment
        fresh = {
            "summary": data.get("summary", ""),
            "file": name,
            "sub_type": data.get("sub_type", 0),
            "url": self._media.url(name, base),
            "file_size": str(self._media.size(name)),
        }
        return {"type": "image", "data": fresh}

    def notice(self, time: int, notice_type: str, **fields: Any) -> Payload:
        """A notice event."""
        return self._event(time, "notice", {"notice_type": notice_type} | fields)

    def request(self, time: int, request_type: str, **fields: Any) -> Payload:
        """A request event."""
        return self._event(time, "request", {"request_type": request_type} | fields)

    def lifecycle(self, time: int) -> Payload:
        """The first thing said on a new connection."""
        fields = {"meta_event_type": "lifecycle", "sub_type": "connect"}
        return self._event(time, "meta_event", fields)

    def heartbeat(self, time: int, interval_ms: int) -> Payload:
        """A sign of life."""
        status = {"online": True, "good": True}
        fields = {"meta_event_type": "heartbeat", "status": status, "interval": interval_ms}
        return self._event(time, "meta_event", fields)

    def _event(self, time: int, post_type: str, fields: Payload) -> Payload:
        return {"time": time, "self_id": self._self_id, "post_type": post_type} | fields
