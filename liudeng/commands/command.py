"""One command, declared once: the gate, the matcher and 帮助 all read it."""

import re
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Audience(StrEnum):
    """Who may use a command."""

    MEMBER = "member"
    MODERATOR = "moderator"
    OPERATOR = "operator"
    """Whoever runs the bot, as the settings name them."""


class Place(StrEnum):
    """Where a command is answered."""

    ANYWHERE = "anywhere"
    PRIVATE = "private"
    """In private chat alone: the answer is nobody else's business."""
    STAFF = "staff"
    """In private chat and in the staff group."""


class Command(BaseModel):
    """A command of the chat."""

    model_config = ConfigDict(frozen=True)

    name: str
    aliases: tuple[str, ...] = ()
    usage: str
    """The command with its arguments, as a member types it."""
    summary: str
    """What it does, in one Chinese clause."""
    topic: str = "大家都能用"
    """Under which heading 帮助 lists it."""
    audience: Audience = Audience.MEMBER
    place: Place = Place.ANYWHERE
    takes_text: bool = False
    """Whether text may follow; without it the bare word alone is the command."""
    untraced: bool = False
    """Whether the message that says it is not archived: a refusal, for one."""
    expects: str = ""
    """A regular expression: text that does not begin so is ordinary talk, as in 看 这个好笑."""

    def accepts(self, rest: str) -> bool:
        """Tell whether text behind the bare word makes it a command."""
        return self.takes_text and re.match(self.expects, rest) is not None

    @property
    def words(self) -> tuple[str, ...]:
        """The name and its aliases."""
        return (self.name, *self.aliases)
