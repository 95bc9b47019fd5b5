"""Concerns: what another room wants moderators to look at."""

from pydantic import BaseModel, ConfigDict, Field, model_validator

from liudeng.archive import StoredMessage
from liudeng.desk.case import GROUP_AS_SUBJECT, CaseKind, Signal

EVERYBODY = "全群"
"""What a case about a whole group has for its subject's name."""


class Concern(BaseModel):
    """What a room asks the desk to take up: a member, or the mood of a whole group.

    `Desk.take_up` makes a case of it. Several concerns of one kind about one member in one group
    are one case: a rise in `level` alerts again, a repeat joins the timeline silently.
    """

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    room: str = Field(min_length=1, max_length=20)
    """Who asks, in Chinese, as moderators read it: 群管, 群气象."""
    kind: CaseKind
    group_id: int
    subject_id: int | None = None
    """The member it is about; None for the whole group, and only then the kind is `MOOD`."""
    text: str = Field(min_length=1, max_length=300)
    """Why people should look, one plain Chinese sentence."""
    level: int = Field(default=2, ge=1, le=3)
    """How pressing it is; 3 is somebody's safety and calls the next moderator sooner."""
    message: StoredMessage | None = None
    """The message it is about, where there is one: quoted in the alert, its context sealed."""

    @model_validator(mode="after")
    def _has_a_subject(self) -> "Concern":
        if (self.subject_id is None) != (self.kind is CaseKind.MOOD):
            raise ValueError("a mood is a group's, everything else a member's")
        return self

    def signal(self, subject_name: str, now_ms: int) -> Signal:
        """Return the signal it is; `now_ms` is when it came up if no message tells."""
        message = self.message
        return Signal(
            group_id=self.group_id,
            subject_id=GROUP_AS_SUBJECT if self.subject_id is None else str(self.subject_id),
            subject_name=subject_name,
            kind=self.kind,
            level=self.level,
            message_row=message.id if message else None,
            time_ms=message.time_ms if message else now_ms,
            received_ms=message.received_ms if message else now_ms,
            reasons=(self.text,),
            room=self.room,
        )
