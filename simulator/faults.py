"""The ways in which a real implementation fails, to be switched on one by one."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Faults(BaseModel):
    """What goes wrong at present. Assignments are checked; probabilities are 0–1."""

    model_config = ConfigDict(validate_assignment=True, extra="forbid")

    offline: bool = Field(default=False, description="events are lost, but stay in history")
    repeat: float = Field(default=0.0, ge=0, le=1, description="an event comes twice")
    reorder: float = Field(default=0.0, ge=0, le=1, description="an event is overtaken by the next")
    refuse_private: bool = Field(default=True, description="private sends to non-friends fail")
    rate_limit: int | None = Field(default=None, ge=0, description="sends per minute")
    answer_delay: float = Field(default=0.0, ge=0, le=600, description="seconds before an answer")
    swallow_answer: set[str] = Field(default_factory=set, description="done, never answered")
    refuse: dict[str, int] = Field(default_factory=dict, description="action -> retcode")
    say_ok_do_nothing: set[str] = Field(default_factory=set, description="ok, but not done")
    change_message_ids: bool = Field(
        default=False, description="repeats and histories carry another message_id"
    )
    history_limit: int | None = Field(
        default=None, ge=0, description="history reaches back this many messages only"
    )

    def reset(self) -> None:
        """Everything works again."""
        for name, value in Faults().model_dump().items():
            setattr(self, name, value)


class FaultOrder(BaseModel):
    """What ``POST /api/faults`` takes: lasting faults to set, and accidents that happen now."""

    model_config = ConfigDict(extra="forbid")

    drop_connection: bool = False
    reconnect_after: float | None = Field(default=None, ge=0, le=3600)
    malformed: int = Field(default=0, ge=0, le=10_000)
    reset: bool = False
    offline: bool | None = None
    repeat: float | None = None
    reorder: float | None = None
    refuse_private: bool | None = None
    rate_limit: int | None = None
    answer_delay: float | None = None
    swallow_answer: set[str] | None = None
    refuse: dict[str, int] | None = None
    say_ok_do_nothing: set[str] | None = None
    change_message_ids: bool | None = None
    history_limit: int | None = None

    def apply_to(self, faults: Faults) -> None:
        """Set the lasting faults that were named; null puts one back to its default.

        Raises pydantic.ValidationError, and changes nothing, when a value is out of range.
        """
        accidents = {"drop_connection", "reconnect_after", "malformed", "reset"}
        named = self.model_fields_set - accidents
        base = Faults() if self.reset else faults
        wanted: dict[str, Any] = base.model_dump()
        healthy = Faults().model_dump()
        for name in named:
            value = getattr(self, name)
            wanted[name] = healthy[name] if value is None else value
        checked = Faults.model_validate(wanted)
        for name in Faults.model_fields:
            setattr(faults, name, getattr(checked, name))


def malformed_frame(number: int, self_id: int) -> str:
    """The ``number``-th of a cycle of broken frames; every fifth is not even JSON."""
    frames = (
        f'{{"self_id":{self_id},"post_type":"message","message_type":"group"}}',
        f'{{"time":"yesterday","self_id":{self_id},"post_type":"notice","notice_type":7}}',
        f'{{"time":1,"self_id":{self_id},"post_type":"message","message_type":"group",'
        '"sub_type":"normal","message_id":null,"group_id":"x","user_id":{},"message":[[]],'
        '"raw_message":null,"font":0,"sender":[]}',
        f'{{"time":1,"self_id":{self_id},"post_type":"no_such_thing"}}',
        '{"post_type":"message","message":[{"type":"te',
    )
    return frames[number % len(frames)]
