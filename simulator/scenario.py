"""Scenario files: JSON Lines in, a checked play out. Errors name the line."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator

from simulator.config import GroupSpec, PersonSpec
from simulator.pictures import PictureSpec
from simulator.world import BOT_KEY, groups_of

Expect = Literal["danger", "worry", "joke", "scam", "link", "question", "abuse"]
_MOST_ERRORS = 20


class ScenarioError(ValueError):
    """The file is no valid scenario; ``problems`` is a list of "第 N 行：…"."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Header(_Line):
    """The first line."""

    kind: Literal["scenario"]
    id: str
    title: str
    start: AwareDatetime
    self_id: int = 10001
    bot_nickname: str = "留灯"


class GroupLine(GroupSpec):
    """A group."""

    kind: Literal["group"]


class MemberLine(PersonSpec):
    """A named person."""

    kind: Literal["member"]


class Card(_Line):
    """A json card, such as a shared link."""

    title: str
    desc: str = ""
    url: str = ""
    prompt: str = ""


class ForwardNode(_Line):
    """One message inside a merged forward."""

    who: str
    text: str


class Event(_Line):
    """Anything that happens; ``t`` is in seconds from the scenario's start."""

    t: float = Field(ge=0)
    group: int | None = None


class MessageEvent(Event):
    """Somebody says something."""

    kind: Literal["message"] = "message"
    who: str
    text: str = ""
    private: bool = False
    ref: str | None = None
    reply_to: str | None = None
    at: tuple[str, ...] = ()
    face: tuple[int, ...] = ()
    image: PictureSpec | None = None
    card: Card | None = None
    forward: tuple[ForwardNode, ...] = ()
    expect: Expect | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "MessageEvent":
        if not (self.text or self.at or self.face or self.image or self.card or self.forward):
            raise ValueError("这条消息什么也没说")
        if self.private and self.group is not None:
            raise ValueError("private 和 group 只能有一个")
        return self


class RecallEvent(Event):
    """A message is taken back, by its sender or by ``who``."""

    kind: Literal["recall"]
    ref: str
    who: str | None = None


class MemberEvent(Event):
    """Somebody comes or goes."""

    kind: Literal["join", "leave"]
    who: str


class KickEvent(Event):
    """Somebody is removed."""

    kind: Literal["kick"]
    who: str
    by: str


class BanEvent(Event):
    """Somebody is muted for ``duration`` seconds (0 lifts it)."""

    kind: Literal["ban"]
    who: str
    by: str
    duration: int = Field(ge=0)


class PokeEvent(Event):
    """Somebody nudges somebody."""

    kind: Literal["poke"]
    who: str
    target: str


AnyEvent = MessageEvent | RecallEvent | MemberEvent | KickEvent | BanEvent | PokeEvent

_KINDS: dict[str, type[BaseModel]] = {
    "scenario": Header,
    "group": GroupLine,
    "member": MemberLine,
    "message": MessageEvent,
    "recall": RecallEvent,
    "join": MemberEvent,
    "leave": MemberEvent,
    "kick": KickEvent,
    "ban": BanEvent,
    "poke": PokeEvent,
}


@dataclass(frozen=True)
class Scenario:
    """A checked scenario."""

    header: Header
    groups: tuple[GroupSpec, ...]
    people: tuple[PersonSpec, ...]
    events: tuple[AnyEvent, ...]

    @property
    def start(self) -> datetime:
        """When it begins."""
        return self.header.start


@dataclass
class _Reader:
    """Collects lines and complaints; knows what has been named so far."""

    problems: list[str] = field(default_factory=list)
    header: Header | None = None
    groups: list[GroupSpec] = field(default_factory=list)
    people: list[PersonSpec] = field(default_factory=list)
    events: list[AnyEvent] = field(default_factory=list)
    names: set[str] = field(default_factory=lambda: {BOT_KEY})
    refs: set[str] = field(default_factory=set)

    def complain(self, line: int, text: str) -> None:
        self.problems.append(f"第 {line} 行：{text}")

    def read(self, number: int, text: str) -> None:
        try:
            raw = json.loads(text)
        except json.JSONDecodeError as error:
            return self.complain(number, f"不是 JSON（{error.msg}，第 {error.colno} 列）")
        kind = raw.get("kind", "message") if isinstance(raw, dict) else None
        model = _KINDS.get(kind) if isinstance(kind, str) else None
        if model is None:
            return self.complain(number, f"不认识的 kind：{kind!r}")
        try:
            parsed = model.model_validate(raw)
        except ValidationError as error:
            return self.complain(number, _explain(error))
        self._take(number, parsed)

    def _take(self, number: int, parsed: Any) -> None:
        if isinstance(parsed, Header):
            if self.header is not None:
                self.complain(number, "scenario 行只能有一行")
            self.header = parsed
        elif isinstance(parsed, GroupLine):
            if any(group.group_id == parsed.group_id for group in self.groups):
                self.complain(number, f"群 {parsed.group_id} 重复了")
            self.groups.append(parsed)
        elif isinstance(parsed, MemberLine):
            self._take_person(number, parsed)
        else:
            self._take_event(number, parsed)

    def _take_person(self, number: int, person: MemberLine) -> None:
        if person.id in self.names:
            self.complain(number, f"成员 {person.id} 重复了")
        if any(other.user_id == person.user_id for other in self.people):
            self.complain(number, f"QQ 号 {person.user_id} 重复了")
        for group_id in person.groups or ():
            self._check_group(number, group_id)
        self.names.add(person.id)
        self.people.append(person)

    def _take_event(self, number: int, event: AnyEvent) -> None:
        if self.header is None or not self.groups:
            self.complain(number, "事件之前要有 scenario 行和至少一个 group 行")
        if self.events and event.t < self.events[-1].t:
            self.complain(number, f"t={event.t:g} 比上一个事件的 t={self.events[-1].t:g} 还早")
        if event.group is not None:
            self._check_group(number, event.group)
        for name in _names_in(event):
            if name not in self.names:
                self.complain(number, f"没有 id 为 {name} 的成员")
        self._check_refs(number, event)
        self.events.append(event)

    def _check_group(self, number: int, group_id: int) -> None:
        if all(group.group_id != group_id for group in self.groups):
            self.complain(number, f"没有群 {group_id}")

    def _check_refs(self, number: int, event: AnyEvent) -> None:
        if isinstance(event, RecallEvent):
            used = event.ref
        else:
            used = event.reply_to if isinstance(event, MessageEvent) else None
        if used is not None and used not in self.refs:
            self.complain(number, f"前面没有 ref 为 {used} 的消息")
        if isinstance(event, MessageEvent) and event.ref is not None:
            if event.ref in self.refs:
                self.complain(number, f"ref {event.ref} 重复了")
            self.refs.add(event.ref)


def _names_in(event: AnyEvent) -> Iterable[str]:
    """Every member a line mentions."""
    for key in ("who", "by", "target"):
        name = getattr(event, key, None)
        if name is not None:
            yield name
    if isinstance(event, MessageEvent):
        yield from (name for name in event.at if name != "all")
        yield from (node.who for node in event.forward)


def _explain(error: ValidationError) -> str:
    parts = []
    for item in error.errors(include_url=False):
        where = ".".join(str(part) for part in item["loc"])
        parts.append(f"{where}：{item['msg']}" if where else item["msg"])
    return "；".join(parts)


def parse_scenario(lines: Iterable[str]) -> Scenario:
    """Check the lines of a scenario. Raises ScenarioError naming every bad line (up to 20)."""
    reader = _Reader()
    for number, line in enumerate(lines, start=1):
        text = line.strip().removeprefix("\ufeff")
        if text and not text.startswith("//"):
            reader.read(number, text)
    if reader.problems:
        raise ScenarioError(reader.problems[:_MOST_ERRORS])
    if reader.header is None or not reader.groups:
        raise ScenarioError(["缺少 scenario 行或 group 行"])
    people = tuple(_before_joining(person, reader) for person in reader.people)
    return Scenario(reader.header, tuple(reader.groups), people, tuple(reader.events))


def _before_joining(person: PersonSpec, reader: _Reader) -> PersonSpec:
    """Somebody whose first appearance in a group is to join it is not in it from the start."""
    joined: set[int] = set()
    seen: set[int] = set()
    for event in reader.events:
        group_id = event.group or reader.groups[0].group_id
        if getattr(event, "who", None) != person.id or group_id in seen:
            continue
        if isinstance(event, MessageEvent) and event.private:
            continue
        seen.add(group_id)
        if isinstance(event, MemberEvent) and event.kind == "join":
            joined.add(group_id)
    if not joined:
        return person
    groups = groups_of(person, tuple(reader.groups))
    return person.model_copy(update={"groups": tuple(g for g in groups if g not in joined)})


def load_scenario(path: Path) -> Scenario:
    """Read a scenario file (UTF-8). Raises ScenarioError, or OSError when it cannot be read."""
    with path.open(encoding="utf-8") as file:
        return parse_scenario(file)
