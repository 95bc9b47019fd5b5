"""Cases, signals and what can happen to them, as values."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

GROUP_AS_SUBJECT = "group"
"""`subject_id` of a case that is about the mood of a whole group."""


class CaseKind(StrEnum):
    """What a case is about."""

    DISTRESS = "distress"
    """The subject seems to be in danger: by their own words, or a friend is worried."""
    WORRY = "worry"
    """The member who wrote worries about somebody else."""
    REPORT = "report"
    """Members have reported what the subject said."""
    SCAM = "scam"
    """The subject seems to be after others' money or accounts."""
    CONDUCT = "conduct"
    """What the subject said or did may have hurt others."""
    APPEAL = "appeal"
    """The subject objects to what moderation did to them."""
    MOOD = "mood"
    """The group as a whole: its subject is `GROUP_AS_SUBJECT`."""


class CaseState(StrEnum):
    """Who has a case."""

    OPEN = "open"
    CLAIMED = "claimed"
    CLOSED = "closed"


class Alarm(StrEnum):
    """What a signal calls for."""

    NONE = "none"
    """It joins its case in silence."""
    FULL = "full"
    """People are alerted, and others after them until somebody comes."""
    REPEATED = "repeated"
    """All had been called and nobody came: it is said again, and the staff group told."""


class Verdict(StrEnum):
    """What a moderator said of the alert itself."""

    TRUE = "true"
    FALSE = "false"


class EventKind(StrEnum):
    """What happened to a case."""

    SIGNAL = "signal"
    REPORT = "report"
    """A member told the desk; the actor is who did."""
    ALERT = "alert"
    VIEW = "view"
    """Somebody opened it; the detail is their `Role`."""
    CLAIM = "claim"
    TRANSFER = "transfer"
    """The detail is the number of whoever has it now."""
    RELEASE = "release"
    """Its moderator gave it back."""
    NOTE = "note"
    ESCALATION = "escalation"
    VERDICT = "verdict"
    MESSAGE = "message"
    """The team wrote to the subject."""
    CHECK_IN = "check-in"
    CLOSE = "close"
    REOPENED = "reopened"


class Signal(BaseModel):
    """Something that calls for a person: a message, or what a member told the desk."""

    model_config = ConfigDict(frozen=True)

    group_id: int
    subject_id: str
    subject_name: str
    kind: CaseKind
    level: int
    message_row: int | None = None
    """`id` of the message in the archive; None where there is none."""
    time_ms: int
    """When it was said."""
    received_ms: int
    reasons: tuple[str, ...]
    """Chinese explanations, for moderators."""
    reporter: int | None = None
    """The member who told the desk; None when none did."""
    room: str = ""
    """The room that asked for a case, in Chinese; empty for the watcher and for members."""
    rules: tuple[str, ...] = ()
    """Names of the watcher's rules that spoke, for its report."""
    score: float | None = None
    """What the watcher gave the message alone, 0..1; None when no single message alerted."""

    @property
    def told_by(self) -> str:
        """Who is behind it, as a timeline keeps it: a member's number, a room, the subject."""
        return self.room or str(self.reporter or self.subject_id)


class Case(BaseModel):
    """A case as it stands."""

    model_config = ConfigDict(frozen=True)

    id: int
    group_id: int
    subject_id: str
    subject_name: str
    kind: CaseKind
    level: int
    state: CaseState
    claimed_by: int | None
    alerts: int
    opened_ms: int
    closed_ms: int | None
    outcome: str | None
    verdict: Verdict | None = None


class CaseEvent(BaseModel):
    """An entry of a case's timeline."""

    model_config = ConfigDict(frozen=True)

    at_ms: int
    kind: EventKind
    actor: str
    detail: str
    message_row: int | None
