"""The ear: hears every payload, hands messages to the writer and says who else must hear it.

It runs on the event loop for every event, so it only parses and queues.
"""

import logging
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from liudeng.archive.message import Message, Segment, Source
from liudeng.archive.payload import (
    PayloadRefused,
    is_group_message,
    parse_message,
    parse_recall,
    parse_segments,
    time_ms,
)
from liudeng.archive.writer import LogWriter
from liudeng.commands import Addressed, CommandTable, Place
from liudeng.db import now_ms

log = logging.getLogger(__name__)

_COMMANDS_REMEMBERED = 1_000


class Ear:
    """Takes payloads to the archive, and tells which of them NoneBot must handle (the gate)."""

    def __init__(
        self,
        writer: LogWriter,
        commands: CommandTable,
        archives: Callable[[int], bool],
        *,
        staff_group: int | None = None,
        pass_all: bool = False,
    ) -> None:
        self.writer = writer
        self._commands = commands
        self._archives = archives
        self._staff_group = staff_group
        self._pass_all = pass_all
        self._heard_commands: OrderedDict[tuple[Any, ...], None] = OrderedDict()
        self.refused = 0
        """Payloads that could not be archived."""
        self.connected_at_ms: int | None = None
        """The implementation's clock when the connection began; None before its first event."""

    def new_connection(self) -> None:
        """Forget the last connection; the next event begins a new one."""
        self.connected_at_ms = None

    def hear(self, payload: dict[str, Any]) -> bool:
        """Archive a payload if it is a message or a recall. Never raises.

        Returns:
            Whether NoneBot must handle it. An ordinary group message ends here, before an event
            object, a task or a single matcher is made for it.
        """
        try:
            return self._hear(payload)
        except PayloadRefused as error:
            self.refused += 1
            log.warning("一条消息或通知格式不对，没有存档：%s", error)
        except Exception as error:  # whatever a hostile payload provokes, the next one is heard
            self.refused += 1
            log.warning("一条消息或通知读不懂，没有存档：%s", type(error).__name__)
        return False

    def _hear(self, payload: dict[str, Any]) -> bool:
        if self.connected_at_ms is None and "time" in payload:
            self.connected_at_ms = time_ms(payload["time"], now_ms())
        post_type = payload.get("post_type")
        if post_type == "message_sent":
            return False
        if is_group_message(payload):
            return self._hear_message(payload)
        if post_type == "notice" and payload.get("notice_type") == "group_recall":
            self._hear_recall(payload)
        if post_type == "message":
            return self._is_new(payload)
        return True

    def understand(self, payload: dict[str, Any], source: Source) -> Message:
        """Read a message as it would have been heard.

        Raises:
            PayloadRefused: it is malformed.
        """
        return self._understood(payload, source)[0]

    def _understood(
        self, payload: dict[str, Any], source: Source
    ) -> tuple[Message, Addressed | None]:
        message = parse_message(payload, now_ms(), source)
        addressed = self._addressed(message)
        if addressed is not None:
            message = message.model_copy(update={"addressed": True})
        return message, addressed

    def command_of(
        self, payload_message: Any, *, group_id: int | None, self_id: int | None = None
    ) -> Addressed | None:
        """Return the command that a raw message addresses in this place, if any.

        Without `self_id`, the account that heard it, a mention of anybody may precede it.

        Raises:
            PayloadRefused: the message is no message.
        """
        return self._in_place(self._meant(parse_segments(payload_message), self_id), group_id)

    def _hear_message(self, payload: dict[str, Any]) -> bool:
        message, addressed = self._understood(payload, Source.LIVE)
        untraced = addressed is not None and addressed.command.untraced
        if self._archives(message.group_id) and not untraced:
            self.writer.offer(message)
        return self._pass_all or (message.addressed and self._is_new(payload))

    def _hear_recall(self, payload: dict[str, Any]) -> None:
        recall = parse_recall(payload, now_ms())
        if self._archives(recall.group_id):
            self.writer.offer(recall)

    def _addressed(self, message: Message) -> Addressed | None:
        meant = self._meant(message.segments, message.self_id or None)
        return self._in_place(meant, message.group_id)

    def _meant(self, segments: tuple[Segment, ...], self_id: int | None) -> Addressed | None:
        """Return the command a message opens with, or the one for mentions of the bot."""
        text = _opening_text(segments, self_id)
        command = self._commands.match(text) if text else None
        if command is None and self_id is not None and _calls(segments, self_id):
            return self._commands.mentioned(_spoken(segments))
        return command

    def _in_place(self, addressed: Addressed | None, group_id: int | None) -> Addressed | None:
        """In a watched group the desk's commands do not exist: nothing there hints at a case.

        The staff group has the desk's alone, and a group that is not archived has none.
        """
        if addressed is None or group_id is None:
            return addressed
        if group_id == self._staff_group:
            return addressed if addressed.command.place is Place.STAFF else None
        if addressed.command.place is not Place.ANYWHERE:
            return None
        return addressed if self._archives(group_id) else None

    def _is_new(self, payload: dict[str, Any]) -> bool:
        """Implementations repeat events on reconnect; a command is obeyed once."""
        key = tuple(
            str(payload.get(field))
            for field in ("self_id", "group_id", "user_id", "message_id", "time")
        )
        if key in self._heard_commands:
            return False
        self._heard_commands[key] = None
        if len(self._heard_commands) > _COMMANDS_REMEMBERED:
            self._heard_commands.popitem(last=False)
        return True


def _opening_text(segments: tuple[Segment, ...], self_id: int | None) -> str:
    """Return the text a message opens with, behind a quotation and mentions of the bot.

    QQ itself puts a mention of the quoted member behind a quotation: that one says nothing.
    """
    quoting = False
    for segment in segments:
        kind = segment["type"]
        if kind == "text":
            text = segment["data"]["text"]
            if text.strip():
                return text
        elif kind == "reply":
            quoting = True
        elif kind == "at" and (quoting or _mentions(segment, self_id)):
            quoting = False
        else:
            return ""
    return ""


def _calls(segments: tuple[Segment, ...], self_id: int) -> bool:
    """Tell whether somebody mentions the bot, other than by quoting it."""
    quoting = False
    for segment in segments:
        if segment["type"] == "at" and _mentions(segment, self_id) and not quoting:
            return True
        quoting = segment["type"] == "reply" or (quoting and _is_blank(segment))
    return False


def _is_blank(segment: Segment) -> bool:
    return segment["type"] == "text" and not segment["data"]["text"].strip()


def _spoken(segments: tuple[Segment, ...]) -> str:
    return "".join(part["data"]["text"] for part in segments if part["type"] == "text")


def _mentions(segment: Segment, self_id: int | None) -> bool:
    return self_id is None or str(segment["data"].get("qq")) == str(self_id)
