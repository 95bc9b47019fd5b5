"""An entry: a question, its answer, and what is known of both."""

from datetime import date, timedelta
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

EVERY_GROUP = 0
"""The `group_id` of entries that all groups share."""
STALE_AFTER = timedelta(days=180)
"""So long an answer is taken for true after somebody looked whether it is."""
MOST_PHRASINGS = 40


class State(StrEnum):
    """Where an entry stands."""

    DRAFT = "draft"
    """Written, but nobody has published it yet."""
    LIVE = "live"
    OFF = "off"
    """停用: it answers nobody, and can be published again."""
    MERGED = "merged"
    """Its ways to ask belong to another entry now."""


class Change(StrEnum):
    """What was done to an entry."""

    ADDED = "added"
    PUBLISHED = "published"
    EDITED = "edited"
    MERGED = "merged"
    SWITCHED_OFF = "switched-off"
    VERIFIED = "verified"
    UNDONE = "undone"
    FORKED = "forked"


class Body(BaseModel):
    """What a version of an entry says; kept whole for every version."""

    model_config = ConfigDict(frozen=True)

    question: str = Field(min_length=1, max_length=200)
    answer: str = Field(min_length=1, max_length=2_000)
    variants: tuple[str, ...] = ()
    """Ways to ask it that are shown with it."""
    phrasings: tuple[str, ...] = ()
    """More ways to ask it, for matching alone."""
    tags: tuple[str, ...] = ()
    source: str = ""
    """Where the answer is from: an address, or who said so."""
    state: State = State.LIVE
    verified_on: date | None = None
    """When somebody last looked whether the answer is true."""
    expires_on: date | None = None
    """From this day on it answers nobody."""

    @property
    def asked(self) -> tuple[str, ...]:
        """Every way to ask it, the question first."""
        return tuple(dict.fromkeys((self.question, *self.variants, *self.phrasings)))


class Entry(BaseModel):
    """An entry as it is kept."""

    model_config = ConfigDict(frozen=True)

    id: int
    group_id: int
    """The group whose entry it is, or `EVERY_GROUP`."""
    code: str | None = None
    """Its name in the seed or in the file it came from: FAQ001."""
    origin_id: int | None = None
    """The shared entry in whose place it stands, for its group."""
    merged_into: int | None = None
    owner: str = ""
    """Who wrote it, as the group knows them."""
    version: int
    body: Body
    pending: Body | None = None
    """A change that nobody has published yet."""
    created_on: date

    @property
    def is_shared(self) -> bool:
        """Whether every group has it."""
        return self.group_id == EVERY_GROUP

    def answers_on(self, today: date) -> bool:
        """Tell whether it may answer somebody on a day."""
        expired = self.body.expires_on is not None and self.body.expires_on <= today
        return self.body.state is State.LIVE and not expired

    def is_stale(self, today: date) -> bool:
        """Tell whether it is time that somebody looked at it again."""
        return (self.body.verified_on or self.created_on) + STALE_AFTER <= today
