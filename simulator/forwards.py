"""Merged forwards: an event carries only an id, the content is asked for later."""

import hashlib
from collections import OrderedDict
from typing import Any

from simulator import cqcode
from simulator.cqcode import Segment
from simulator.payloads import FORWARD_PLACEHOLDER_GROUP
from simulator.world import Person, short_id

Node = dict[str, Any]

KEPT = 2000


class Forwards:
    """The newest merged forwards by id."""

    def __init__(self, self_id: int) -> None:
        self._self_id = self_id
        self._kept: OrderedDict[str, list[Node]] = OrderedDict()

    def node(self, sender: Person, segments: list[Segment], time: int) -> Node:
        """One inner message, as ``get_forward_msg`` shows it."""
        number = short_id(f"f{sender.user_id}:{cqcode.render(segments)}", time)
        return {
            "self_id": self._self_id,
            "user_id": sender.user_id,
            "time": time,
            "message_id": number,
            "message_seq": number,
            "real_id": number,
            "message_type": "group",
            "sender": {"user_id": sender.user_id, "nickname": sender.nickname, "card": ""},
            "raw_message": cqcode.render(segments),
            "font": 14,
            "sub_type": "normal",
            "message": segments,
            "message_format": "array",
            "post_type": "message",
            "group_id": FORWARD_PLACEHOLDER_GROUP,
        }

    def add(self, nodes: list[Node]) -> str:
        """Keep a forward; returns its id."""
        digest = hashlib.sha256(repr((len(self._kept), nodes)).encode()).digest()
        forward_id = str(7_400_000_000_000_000_000 + int.from_bytes(digest[:6], "big"))
        self._kept[forward_id] = nodes
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return forward_id

    def get(self, forward_id: str) -> list[Node] | None:
        """The inner messages, or None for an unknown (or forgotten, or inner) id."""
        return self._kept.get(forward_id)
