"""What a simulator can be told before it starts."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Role = Literal["owner", "admin", "member"]

VERSION = "0.1.0"
DEFAULT_GROUP_ID = 714400213


class GroupSpec(BaseModel):
    """One simulated group; it is filled up to ``members`` with generated quiet members."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    group_id: int = Field(gt=0)
    name: str = Field(min_length=1)
    members: int = Field(default=0, ge=0, le=5000)
    bot_role: Role = "admin"


class PersonSpec(BaseModel):
    """A named person; ``groups`` left out means the first group only."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(min_length=1)
    user_id: int = Field(gt=0)
    nickname: str = Field(min_length=1)
    card: str = ""
    role: Role = "member"
    friend: bool = False
    groups: tuple[int, ...] | None = None


DEFAULT_GROUPS = (GroupSpec(group_id=DEFAULT_GROUP_ID, name="四月的灯 · 守夜群", members=30),)

DEFAULT_PEOPLE = (
    PersonSpec(
        id="atang",
        user_id=2840011001,
        nickname="阿棠",
        card="阿棠｜值夜",
        role="owner",
        friend=True,
    ),
    PersonSpec(
        id="laozhou",
        user_id=2840011002,
        nickname="老周",
        card="老周｜管理",
        role="admin",
        friend=True,
    ),
    PersonSpec(id="xiaoman", user_id=2840011003, nickname="小满"),
    PersonSpec(id="hezi", user_id=2840011004, nickname="盒子"),
)


class SimulatorConfig(BaseModel):
    """Everything that is fixed for the life of a simulator.

    ``url`` None means: connect to no bot (the page and the control API still work).
    ``clock`` None means the scenario's clock when there is a scenario, else real time.
    ``groups`` and ``people`` are used only without a scenario. Durations are in seconds.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str | None = "ws://127.0.0.1:8080/onebot/v11/ws"
    token: str = Field(default="", repr=False)
    host: str = "127.0.0.1"
    port: int = Field(default=0, ge=0, le=65535)
    self_id: int = Field(default=10001, gt=0)
    nickname: str = "留灯"
    scenario: Path | None = None
    speed: float = Field(default=1.0, ge=0)
    clock: Literal["scenario", "wall"] | None = None
    seed: int = 1
    heartbeat: float = Field(default=30.0, gt=0)
    reconnect_first: float = Field(default=0.2, gt=0)
    reconnect_longest: float = Field(default=3.0, gt=0)
    report_self: bool = False
    message_format: Literal["array", "string"] = "array"
    image_ttl: float = Field(default=7200.0, ge=0)
    groups: tuple[GroupSpec, ...] = DEFAULT_GROUPS
    people: tuple[PersonSpec, ...] = DEFAULT_PEOPLE
