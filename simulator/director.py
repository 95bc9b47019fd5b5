"""Turns a line of a scenario into something that happens on the stage."""

import json

from simulator.cqcode import Segment
from simulator.forwards import Forwards
from simulator.media import Media
from simulator.scenario import (
    AnyEvent,
    BanEvent,
    Card,
    KickEvent,
    MemberEvent,
    MessageEvent,
    PokeEvent,
    RecallEvent,
)
from simulator.segments import text_segment
from simulator.stage import Stage
from simulator.world import ChatMessage, Person, WorldError


class Director:
    """Knows the names scenario lines give to messages."""

    def __init__(self, stage: Stage, media: Media, forwards: Forwards) -> None:
        self._stage = stage
        self._media = media
        self._forwards = forwards
        self._refs: dict[str, ChatMessage] = {}

    def perform(self, event: AnyEvent) -> None:
        """Make an event happen. Raises WorldError when the platform does not allow it."""
        if isinstance(event, MessageEvent):
            self._speak(event)
        elif isinstance(event, RecallEvent):
            self._stage.recall(self._referred(event.ref).message_id, event.who)
        else:
            self._move(event, self._stage.group_or_first(event.group).group_id)

    def _move(self, event: MemberEvent | KickEvent | BanEvent | PokeEvent, group_id: int) -> None:
        if isinstance(event, KickEvent):
            self._stage.kick(group_id, event.who, event.by)
        elif isinstance(event, BanEvent):
            self._stage.ban(group_id, event.who, event.by, event.duration)
        elif isinstance(event, PokeEvent):
            self._stage.poke(event.who, event.target, group_id)
        elif event.kind == "join":
            self._stage.join(group_id, self._person(event.who))
        else:
            self._stage.leave(group_id, event.who)

    def _speak(self, event: MessageEvent) -> None:
        group_id = None
        if not event.private:
            group_id = self._stage.group_or_first(event.group).group_id
        message = self._stage.say(
            event.who, self._segments(event), group_id=group_id, expect=event.expect
        )
        if event.ref is not None:
            self._refs[event.ref] = message

    def _referred(self, ref: str) -> ChatMessage:
        try:
            return self._refs[ref]
        except KeyError:
            raise WorldError(f"消息 {ref} 没有发出去") from None

    def _person(self, who: str) -> Person:
        return self._stage.world.person(who)

    def _segments(self, event: MessageEvent) -> list[Segment]:
        segments: list[Segment] = []
        if event.reply_to is not None:
            target = str(self._referred(event.reply_to).message_id)
            segments.append({"type": "reply", "data": {"id": target}})
        for who in event.at:
            number = "all" if who == "all" else str(self._person(who).user_id)
            segments.append({"type": "at", "data": {"qq": number}})
        if event.text:
            segments.append(text_segment(f" {event.text}" if event.at else event.text))
        segments.extend({"type": "face", "data": {"id": str(number)}} for number in event.face)
        segments.extend(self._attachments(event))
        return segments

    def _attachments(self, event: MessageEvent) -> list[Segment]:
        found: list[Segment] = []
        if event.image is not None:
            sticker = event.image.sticker is not None
            data = {
                "summary": "[动画表情]" if sticker else "",
                "file": self._media.remember(event.image),
                "sub_type": 1 if sticker else 0,
            }
            found.append({"type": "image", "data": data})
        if event.card is not None:
            found.append(card_segment(event.card))
        if event.forward:
            nodes = [
                self._forwards.node(self._person(n.who), [text_segment(n.text)], self._time())
                for n in event.forward
            ]
            found.append({"type": "forward", "data": {"id": self._forwards.add(nodes)}})
        return found

    def _time(self) -> int:
        return self._stage.clock.now()


def card_segment(card: Card) -> Segment:
    """A shared link, laid out as QQ's structured messages are."""
    content = {
        "app": "com.tencent.structmsg",
        "desc": "新闻",
        "view": "news",
        "ver": "0.0.0.1",
        "prompt": card.prompt or f"[分享]{card.title}",
        "meta": {
            "news": {
                "title": card.title,
                "desc": card.desc,
                "jumpUrl": card.url,
                "preview": "",
                "tag": "链接",
            }
        },
    }
    data = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return {"type": "json", "data": {"data": data}}
