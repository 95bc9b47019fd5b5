"""The notices' words, from a file that operators can edit."""

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, model_validator

_PLACES = {"group": "", "keeps": "", "moderators": "", "hours": ""}


class Facts(BaseModel):
    """What is filled in."""

    model_config = ConfigDict(frozen=True)

    group: str = ""
    days: int = 0
    """For how long messages are kept; 0 for ever."""
    wipe_hours: int = 24
    """After how many hours a recalled message is wiped."""
    moderators: str = "群主和管理"

    @property
    def filled(self) -> dict[str, str]:
        """What stands in the place of each name."""
        keeps = f"存 {self.days} 天，到期就删。" if self.days else "没有定期限，会一直留着。"
        return {
            "group": self.group,
            "keeps": keeps,
            "moderators": self.moderators,
            "hours": str(self.wipe_hours),
        }


class Wording(BaseModel):
    """What the bot says about itself."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    joined: str
    joined_asked: str
    welcome: str
    welcome_in_group: str
    greeting: str
    greeting_asked: str
    greeting_in_group: str
    greeting_in_group_asked: str
    about: str

    @model_validator(mode="after")
    def _can_be_filled_in(self) -> "Wording":
        try:
            for text in self.model_dump().values():
                text.format(**_PLACES)
        except (KeyError, IndexError, ValueError) as error:
            raise ValueError(f"there is nothing to put in the place of {error}") from None
        return self


def load_wording(folder: Path) -> Wording:
    """Read `notices.toml`.

    Raises:
        OSError: it cannot be read.
        ValueError: it is not what it should be.
    """
    told = tomllib.loads((folder / "notices.toml").read_text("utf-8"))
    return Wording.model_validate({name: str(text).strip() for name, text in told.items()})
