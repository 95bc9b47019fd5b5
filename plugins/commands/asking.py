"""A command as a NoneBot matcher, who asks, and the answer by way of the outbox."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import monotonic
from typing import Annotated, Any

from nonebot import on_message
from nonebot.adapters.onebot.v11 import GroupMessageEvent, MessageEvent
from nonebot.matcher import Matcher
from nonebot.params import Depends
from nonebot.rule import Rule

from liudeng.commands import Addressed, Audience, Command
from liudeng.outbox import Kind, Letter, Segments, Target, reply_segment, text_segment
from plugins.recorder import house

from .budget import AnswerBudget

Draw = Callable[[], Awaitable[bytes | None]]
"""Makes a PNG, or nothing."""
ANSWER_LIFETIME_MS = 60_000
"""An answer that could not be sent within a minute answers nobody."""
_HINT_EVERY_S = 600.0
_HINTS_REMEMBERED = 1_000
_hinted: OrderedDict[int, float] = OrderedDict()
_budget = AnswerBudget()


@dataclass(frozen=True)
class Asker:
    """Who asks, where, and what followed the command."""

    self_id: int
    user_id: int
    group_id: int | None
    """None in private chat."""
    message_id: int
    time: int
    rest: str
    name: str = ""
    """Group card, else nickname."""
    quoted: str | None = None
    """`message_id` of the message that was quoted."""
    mentioned: bool = False
    """Whether the bot was mentioned instead of the command being typed."""

    @property
    def groups(self) -> tuple[int, ...]:
        """The archived groups whose messages the asker may see from here."""
        if self.group_id is not None:
            candidates = [self.group_id]
        else:
            candidates = house.roster.groups_of(self.user_id)
        return tuple(group for group in candidates if house.settings.archives(group))

    @property
    def place(self) -> tuple[int, int]:
        """Key for what is remembered of this person here."""
        return (self.user_id, self.group_id or 0)

    @property
    def is_moderator(self) -> bool:
        """Whether the asker moderates this group; in private and among staff, any group."""
        moderated = house.roster.moderated_by(self.user_id)
        if self.group_id is None or self.group_id == house.settings.staff_group:
            return bool(moderated)
        return self.group_id in moderated

    @property
    def is_operator(self) -> bool:
        """Whether the asker runs the bot."""
        return self.user_id in house.settings.operators

    async def answer(self, text: str, quoting: str | None = None) -> None:
        """Answer where the question was asked; the same event is never answered twice.

        Whoever asks without end is not answered without end: what the bot may say is limited.
        In a group the answer quotes the question, or the message with the id `quoting`.
        """
        if _budget.allows(self.user_id):
            await self._say((text_segment(text),), quoting)

    async def answer_untraced(self, text: str) -> None:
        """Answer without a row in the outbox where that would keep the asker's number."""
        if self.group_id is not None:
            await self.answer(text)
        elif _budget.allows(self.user_id):
            await house.privacy.mail.tell(self.user_id, text)

    async def show(self, draw: Draw, text: str, listing: str = "", above: str = "") -> None:
        """Answer with a picture above the text, and words above it where there are some.

        Where none can be drawn or sent, `listing` says what it would have shown.
        """
        if not _budget.allows(self.user_id):
            return
        words = f"{listing}\n" if listing else ""
        picture = await house.enclosures.picture_or_words(await draw(), words)
        heading = [text_segment(f"{above}\n")] if above else []
        below = [text_segment(text)] if text else []
        await self._say((*heading, picture, *below))

    async def _say(self, said: Segments, quoting: str | None = None) -> None:
        if self.group_id is None:
            target, target_id = Target.PRIVATE, self.user_id
        else:
            target, target_id = Target.GROUP, self.group_id
            said = (reply_segment(quoting or str(self.message_id)), *said)
        await house.sender.say(
            Letter(
                key=f"reply:{self.self_id}:{target_id}:{self.message_id}:{self.time}",
                kind=Kind.REPLY,
                target=target,
                target_id=target_id,
                segments=said,
                lifetime_ms=ANSWER_LIFETIME_MS,
            )
        )

    async def answer_now_and_then(self, text: str) -> None:
        """Answer, unless this person was told so minutes ago."""
        now = monotonic()
        if now - _hinted.get(self.user_id, -_HINT_EVERY_S) < _HINT_EVERY_S:
            return
        _hinted[self.user_id] = now
        _hinted.move_to_end(self.user_id)
        if len(_hinted) > _HINTS_REMEMBERED:
            _hinted.popitem(last=False)
        await self.answer(text)


class _Reader:
    """Reads each event once, though every command's rule asks for the same."""

    def __init__(self) -> None:
        self._event: MessageEvent | None = None
        self._addressed: Addressed | None = None

    def read(self, event: MessageEvent) -> Addressed | None:
        """Read the command from the message as it was sent: the adapter has stripped `message`."""
        if self._event is not event:
            segments = [{"type": part.type, "data": part.data} for part in event.original_message]
            self._addressed = house.ear.command_of(
                segments, group_id=_group_of(event), self_id=event.self_id
            )
            self._event = event
        return self._addressed


_addressed = _Reader().read


def _group_of(event: MessageEvent) -> int | None:
    return event.group_id if isinstance(event, GroupMessageEvent) else None


async def _asker(event: MessageEvent) -> Asker:
    """A coroutine only so that NoneBot calls it here and not in a thread."""
    return asker_of(event)


def asker_of(event: MessageEvent) -> Asker:
    """Return who asks by a message, where, and what."""
    addressed = _addressed(event)
    return Asker(
        self_id=event.self_id,
        user_id=event.user_id,
        group_id=_group_of(event),
        message_id=event.message_id,
        time=event.time,
        rest=addressed.rest if addressed else "",
        name=event.sender.card or event.sender.nickname or "",
        quoted=_quoted(event),
        mentioned=addressed.mentioned if addressed else False,
    )


def _quoted(event: MessageEvent) -> str | None:
    first = next(iter(event.original_message), None)
    return str(first.data.get("id", "")) or None if first and first.type == "reply" else None


def quoted_words(event: MessageEvent) -> str:
    """Return the text of the bot's own message that is quoted: it tells what is meant."""
    reply = event.reply
    if reply is None or reply.sender.user_id != event.self_id:
        return ""
    return reply.message.extract_plain_text()


async def _quoted_words(event: MessageEvent) -> str:
    """A coroutine only so that NoneBot calls it here and not in a thread."""
    return quoted_words(event)


Asked = Annotated[Asker, Depends(_asker)]
QuotedWords = Annotated[str, Depends(_quoted_words)]
"""What the bot said in the message that is quoted; nothing if it is somebody else's."""


def on_chat_command(command: Command) -> type[Matcher]:
    """Register a command: the gate lets it through, 帮助 lists it, the matcher handles it."""
    house.commands.add(command)

    async def is_meant_and_allowed(event: MessageEvent) -> bool:
        """One coroutine: all commands are asked, and plain functions would go to threads."""
        addressed = _addressed(event)
        if addressed is None or addressed.command != command:
            return False
        if command.audience is Audience.OPERATOR:
            return asker_of(event).is_operator
        return command.audience is Audience.MEMBER or asker_of(event).is_moderator

    options: dict[str, Any] = {"priority": 10, "block": True}
    return on_message(rule=Rule(is_meant_and_allowed), **options)
