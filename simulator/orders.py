"""What the control API can be asked to do."""

from typing import Any, Literal

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, model_validator

from simulator.requests import Requests
from simulator.stage import Stage
from simulator.world import Person, WorldError

# An account number, or the name a scenario gives to a person.
Who = int | str


class _Order(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class SayOrder(_Order):
    """Say something as somebody."""

    who: Who = Field(alias="as")
    group_id: int | None = None
    private: bool = False
    segments: list[dict[str, Any]] | None = Field(default=None, max_length=200)
    text: str | None = Field(default=None, max_length=10_000)
    reply_to: int | None = None

    @model_validator(mode="after")
    def _one_content(self) -> "SayOrder":
        if (self.segments is None) == (self.text is None):
            raise ValueError("segments 和 text 要有且只有一个")
        return self


class RecallOrder(_Order):
    """Take a message back as somebody."""

    who: Who = Field(alias="as")
    message_id: int


class FriendOrder(_Order):
    """Befriend the bot, or end it."""

    who: Who = Field(alias="user_id")
    friend: bool


class PlayOrder(_Order):
    """Steer the scenario."""

    action: Literal["start", "pause", "resume", "speed"]
    speed: float | None = Field(default=None, ge=0, le=100_000)

    @model_validator(mode="after")
    def _speed_given(self) -> "PlayOrder":
        if self.action == "speed" and self.speed is None:
            raise ValueError("缺少 speed")
        return self


class FloodOrder(_Order):
    """Many messages; ``wait`` answers only when all were said."""

    group_id: int | None = None
    count: int = Field(ge=1, le=1_000_000)
    rate: float = Field(default=0.0, ge=0)
    wait: bool = False


class EventOrder(_Order):
    """Something other than a message; which fields matter depends on ``kind``."""

    kind: Literal[
        "join", "leave", "kick", "ban", "ban_all", "admin", "poke", "request", "friend_request"
    ]
    who: Who | None = Field(default=None, validation_alias=AliasChoices("user_id", "who"))
    group_id: int | None = None
    by: Who | None = Field(default=None, validation_alias=AliasChoices("by", "operator_id"))
    target: Who | None = Field(default=None, validation_alias=AliasChoices("target", "target_id"))
    duration: int = Field(default=600, ge=0, le=30 * 86400)
    enable: bool = True
    nickname: str = ""
    comment: str = ""
    request: Literal["group", "friend"] = "group"

    def perform(self, stage: Stage, requests: Requests) -> dict[str, Any]:
        """Make it happen. Raises WorldError when the platform does not allow it."""
        if self.kind in ("request", "friend_request"):
            return {"flag": self._ask(stage, requests)}
        group_id = stage.group_or_first(self.group_id).group_id
        if self.kind == "ban_all":
            stage.ban_all(group_id, self._operator(stage, group_id), enable=self.enable)
        elif self.kind in ("kick", "ban"):
            self._discipline(stage, group_id)
        else:
            self._move(stage, group_id)
        return {}

    def _ask(self, stage: Stage, requests: Requests) -> str:
        if self.kind == "friend_request" or self.request == "friend":
            return requests.ask_friend(self._account(stage).user_id, self.comment)
        group_id = stage.group_or_first(self.group_id).group_id
        return requests.ask_group(group_id, self._account(stage).user_id, self.comment)

    def _discipline(self, stage: Stage, group_id: int) -> None:
        operator = self._operator(stage, group_id)
        if self.kind == "kick":
            stage.kick(group_id, self._who(), operator)
        else:
            stage.ban(group_id, self._who(), operator, self.duration)

    def _move(self, stage: Stage, group_id: int) -> None:
        if self.kind == "join":
            stage.join(group_id, self._account(stage))
        elif self.kind == "leave":
            stage.leave(group_id, self._who())
        elif self.kind == "admin":
            stage.set_admin(group_id, self._who(), enable=self.enable)
        else:
            target = stage.world.bot.user_id if self.target is None else self.target
            stage.poke(self._who(), target, group_id)

    def _who(self) -> Who:
        if self.who is None:
            raise WorldError("缺少 user_id")
        return self.who

    def _account(self, stage: Stage) -> Person:
        """The person, made up if the number is nobody's yet."""
        who = self._who()
        if isinstance(who, int):
            return stage.world.newcomer(who, self.nickname)
        return stage.world.person(who)

    def _operator(self, stage: Stage, group_id: int) -> Who:
        """Who does it; the group's owner if nobody was named."""
        if self.by is not None:
            return self.by
        for member in stage.world.group(group_id).members.values():
            if member.role == "owner":
                return member.person.user_id
        raise WorldError("缺少 by：这个群没有群主")
