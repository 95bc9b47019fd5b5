"""What is remembered of each member in each group; lost at a stop, recomputed at a start."""

from bisect import insort
from collections.abc import Iterator
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from liudeng.archive import StoredMessage
from liudeng.watch.assessment import Assessment
from liudeng.watch.trajectory import (
    MOST,
    WINDOW_MS,
    Observation,
    Outlook,
    observe,
    outlook,
    went_silent,
)

MEMBERS = 20_000
"""Members remembered at once; those heard longest ago are forgotten first."""

Key = tuple[int, str]
"""Group and member."""


@dataclass(slots=True)
class _Member:
    name: str
    heard_ms: int
    observations: list[Observation] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Silence:
    """Somebody whose last words worried us has not been heard since."""

    group_id: int
    user_id: str
    name: str
    row: int
    """The last message that counted."""


class Memory:
    """Observations by group and member. Noting a message a second time changes nothing."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._members: dict[Key, _Member] = {}
        self._told: set[int] = set()

    def note(self, message: StoredMessage, assessment: Assessment, text: str) -> Outlook:
        """Remember a message; return how its writer's last days look up to it."""
        member = self._member(message)
        one = observe(assessment, text, message.id, message.time_ms, self._zone)
        return self._keep(member, one)

    def signs(self, message: StoredMessage) -> int:
        """Return how many messages count in the last days of a message's writer."""
        member = self._members.get((message.group_id, message.user_id))
        return len(member.observations) if member else 0

    def silences(self, group_id: int, now_ms: int) -> Iterator[Silence]:
        """Who fell silent in a group after worrying words; `now_ms` is the group's clock."""
        for (group, user_id), member in self._members.items():
            if group != group_id or not member.observations:
                continue
            last = member.observations[-1].row
            if last in self._told:
                continue
            if went_silent(member.observations, member.heard_ms, now_ms):
                yield Silence(group, user_id, member.name, last)

    def told(self, silence: Silence) -> None:
        """People were told of this silence: once is enough."""
        self._told.add(silence.row)

    def _keep(self, member: _Member, one: Observation) -> Outlook:
        if not one.matters:
            return Outlook(0.0)
        kept = [
            other
            for other in member.observations
            if other.row != one.row and one.time_ms - other.time_ms <= WINDOW_MS
        ]
        insort(kept, one, key=lambda other: (other.time_ms, other.row))
        member.observations = kept[-MOST:]
        return outlook(kept[: kept.index(one) + 1])

    def _member(self, message: StoredMessage) -> _Member:
        key = (message.group_id, message.user_id)
        member = self._members.pop(key, None) or _Member(message.display_name, message.time_ms)
        self._members[key] = member
        member.name = message.display_name
        member.heard_ms = max(member.heard_ms, message.time_ms)
        if len(self._members) > MEMBERS:
            self._members.pop(next(iter(self._members)))
        return member
