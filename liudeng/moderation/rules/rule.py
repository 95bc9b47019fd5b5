"""A rule as values: when it speaks, what follows, and whom it passes over."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from liudeng.moderation.duration import LONGEST_S, parse_duration
from liudeng.moderation.model import Label


def _seconds(value: object) -> object:
    if isinstance(value, str):
        seconds = parse_duration(value)
        if seconds is None:
            raise ValueError("duration")
        return seconds
    return value


Duration = Annotated[int, BeforeValidator(_seconds), Field(ge=1)]
"""Seconds, written as people write lengths of time."""
Score = Annotated[float, Field(ge=0.5, le=1)]
"""At least the model's own threshold: below it is no evidence."""


class Consequence(StrEnum):
    """What a rule may lead to, mildest first."""

    NOTE = "note"
    WARN = "warn"
    RECALL = "recall"
    MUTE = "mute"
    DESK = "desk"
    PROPOSE_KICK = "propose_kick"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Rate(_Strict):
    """So many messages of one member within a span."""

    messages: int = Field(ge=3, le=1000)
    within: Duration


class When(_Strict):
    """Conditions; all that are given must hold. In a list one suffices."""

    words: tuple[str, ...] | None = None
    patterns: tuple[str, ...] | None = None
    links: bool | None = None
    domains: tuple[str, ...] | None = None
    lookalike: bool | None = None
    mentions: int | None = Field(default=None, ge=2, le=500)
    repeats: float | None = Field(default=None, ge=0.3, le=1)
    """Share of the message that says again what was just said."""
    same: int | None = Field(default=None, ge=2, le=100)
    """So many messages alike by one member within five minutes."""
    rate: Rate | None = None
    joined_within: Duration | None = None
    forward: bool | None = None
    files: tuple[str, ...] | None = None
    score: dict[Label, Score] | None = None
    qr: bool | None = None
    """A picture of it holds a QR code that can be read."""
    images: tuple[str, ...] | None = None
    """Perceptual hashes (64 hex digits); a picture of it looks like one of these."""

    @property
    def given(self) -> tuple[str, ...]:
        """Names of the conditions that are given."""
        return tuple(name for name, value in self if value is not None)


class Exemptions(_Strict):
    """Whom and what a rule passes over. Owners, admins, moderators and bots are never acted on."""

    members: tuple[int, ...] = ()
    in_group_for: Duration | None = None
    """Members who have been in the group this long."""
    warning: bool = True
    """Messages that warn of what they quote."""


class Rule(_Strict):
    """One rule."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{1,40}$")
    name: str = Field(min_length=2, max_length=30)
    why: str = Field(min_length=4, max_length=120)
    """What the member is told, as in 这条消息…… ."""
    when: When
    then: tuple[Consequence, ...] = Field(alias="do", min_length=1)
    mute_for: Annotated[Duration, Field(le=LONGEST_S)] = 600
    points: float = Field(default=1.0, ge=0, le=10)
    """What it adds to the member's ladder."""
    pictures: bool = False
    """Whether it also reads the words in pictures; with `qr` or `images` it does."""
    flood: bool = False
    """Whether 纪念模式 lifts it: a farewell night is no raid."""
    exempt: Exemptions = Exemptions()

    @property
    def sees_pictures(self) -> bool:
        """Whether a message's pictures are its business: not unless it says so."""
        return self.pictures or self.when.qr is not None or self.when.images is not None


class RuleSet(_Strict):
    """A file of rules."""

    name: str = Field(min_length=2, max_length=20)
    summary: str = Field(min_length=4, max_length=120)
    version: int = Field(default=1, ge=1)
    rules: tuple[Rule, ...] = Field(alias="rule", min_length=1, max_length=2_000)
