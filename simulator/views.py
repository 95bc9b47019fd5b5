"""What the control API shows of the world."""

from bisect import bisect_left
from typing import Any

from simulator.cqcode import Segment
from simulator.forwards import Forwards
from simulator.media import Media
from simulator.payloads import Payloads
from simulator.segments import plain_text, reply_target, summary
from simulator.world import Chat, ChatMessage, Group, Person, World, WorldError

View = dict[str, Any]


def truth_line(message: ChatMessage, media: Media) -> View:
    """A group message as it really was; `drawn` is what is said in its drawn pictures."""
    return {
        "message_id": message.message_id,
        "real_seq": str(message.seq),
        "group_id": message.group_id,
        "user_id": message.user_id,
        "name": message.card or message.nickname,
        "time": message.time,
        "text": plain_text(message.segments),
        "segments": message.segments,
        "drawn": [
            words
            for segment in message.segments
            if segment["type"] == "image"
            for words in media.words_in(str(segment["data"].get("file", "")))
        ],
        "recalled": message.recalled,
        "expect": message.expect,
        "sent_at": message.sent_at,
        "self": message.is_self,
    }


class ChatView:
    """Chats as the page shows them."""

    def __init__(self, world: World, payloads: Payloads, forwards: Forwards) -> None:
        self._world = world
        self._payloads = payloads
        self._forwards = forwards

    def message(self, message: ChatMessage, base: str | None) -> View:
        """One message; pictures get URLs under ``base`` that work now."""
        segments = self._payloads.segments(message.segments, base)
        return {
            "index": message.index,
            "message_id": message.message_id,
            "group_id": message.group_id,
            "peer": message.peer,
            "user_id": message.user_id,
            "name": message.card or message.nickname,
            "role": "bot" if message.is_self else message.role,
            "time": message.time,
            "segments": [self._opened(segment) for segment in segments],
            "recalled": message.recalled,
            "reply": self._quote(message),
        }

    def _opened(self, segment: Segment) -> Segment:
        """A forward with its lines, which only the page may see at once."""
        if segment["type"] != "forward":
            return segment
        nodes = self._forwards.get(segment["data"]["id"]) or []
        content = [
            {
                "user_id": node["user_id"],
                "nickname": node["sender"]["nickname"],
                "content": self._payloads.segments(node["message"]),
            }
            for node in nodes
        ]
        return {"type": "forward", "data": segment["data"] | {"content": content}}

    def _quote(self, message: ChatMessage) -> View | None:
        target = reply_target(message.segments)
        if target is None:
            return None
        try:
            quoted = self._world.message(target)
        except WorldError:
            return {"message_id": target, "name": "", "text": "消息不存在"}
        text = "消息已撤回" if quoted.recalled else summary(quoted.segments)
        return {"message_id": target, "name": quoted.card or quoted.nickname, "text": text}

    def page(self, chat: Chat, limit: int, before: int | None, base: str | None) -> list[View]:
        """The newest ``limit`` messages of a chat (before an index), oldest first."""
        end = len(chat.messages)
        if before is not None:
            end = bisect_left(chat.messages, before, key=lambda m: m.index)
        return [self.message(m, base) for m in chat.messages[max(0, end - limit) : end]]


def group_view(group: Group) -> View:
    """A group in the list of groups."""
    return {
        "group_id": group.group_id,
        "name": group.name,
        "member_count": len(group.members),
    }


def person_view(world: World, person: Person) -> View:
    """A named person; card and role are those in their first group."""
    groups = world.groups_with(person.user_id)
    member = groups[0].members[person.user_id] if groups else None
    return {
        "user_id": person.user_id,
        "nickname": person.nickname,
        "card": member.card if member else "",
        "role": member.role if member else "member",
        "friend": person.friend,
        "groups": [group.group_id for group in groups],
    }


def member_views(group: Group) -> list[View]:
    """Every member of a group."""
    return [
        {
            "user_id": member.person.user_id,
            "nickname": member.person.nickname,
            "card": member.card,
            "role": member.role,
            "friend": member.person.friend,
        }
        for member in group.members.values()
    ]
