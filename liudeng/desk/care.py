"""Care: the words for members and for moderators, from a file that moderators can edit."""

import tomllib
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, model_validator


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Hotline(_Frozen):
    """Somebody who can be called."""

    number: str
    name: str
    hours: str
    """What is known of when it answers."""
    source: str
    checked: date
    """When the source was last read."""


class Care(_Frozen):
    """What is said gently, and where else help is."""

    to_subject: str
    """The drafted message: `{name}`, `{hotlines}`, `{group}` and `{by_bot}` are filled in."""
    by_bot: str = ""
    """The line that says who writes; left out of what a person sends by hand."""
    debrief: str
    """Offered to whoever has closed a case of danger."""
    rest: str
    hotlines: tuple[Hotline, ...]

    @model_validator(mode="after")
    def _can_be_filled_in(self) -> "Care":
        try:
            self.draft("", "", by_hand=False)
            self.rest.format(until="")
        except (KeyError, IndexError) as error:
            raise ValueError(f"there is nothing to put in the place of {error}") from None
        return self

    def draft(self, name: str, group: str, *, by_hand: bool) -> str:
        """Return the message to a member, signed as the team."""
        words = self.to_subject.replace("{by_bot}\n", "") if by_hand else self.to_subject
        lines = "\n".join(f"· {line.number} {line.name}（{line.hours}）" for line in self.hotlines)
        return words.strip().format(name=name, group=group, hotlines=lines, by_bot=self.by_bot)


def load_care(folder: Path) -> Care:
    """Read `care.toml`.

    Raises:
        OSError: it cannot be read.
        ValueError: it is not what it should be.
    """
    return Care.model_validate(tomllib.loads((folder / "care.toml").read_text("utf-8")))
