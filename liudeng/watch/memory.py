"""What is remembered of each member in each group; lost at a stop, recomputed at a start."""

from bisect import insort
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from liudeng.archive import StoredMessage
from liudeng.watch.assessment import Assessment
from liudeng.watch.trajectory import (
    MOST,
    WINDOW_MS,
    Observation,
    Outlook,
    counts,
    is_long_silence,
    observe,
    outlook,
    silence_would_matter,
)

MEMBERS = 20_000
"""Members remembered at once; those heard longest ago are forgotten first."""

Key = tuple[int, str]
"""Group and member."""


@dataclass(slots=True)
class _Member:
    heard_ms: int
    observations: list[Observation] = field(default_factory=list)


class Memory:
    """Observations by group and member. Noting a message a second time changes nothing."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._members: dict[Key, _Member] = {}
        self._worrying: dict[int, dict[str, Observation]] = {}
        """By group: the last words of those whose silence would matter."""

    def note(self, message: StoredMessage, assessment: Assessment, text: str) -> Outlook:
        """Remember a message; return how its writer's last days look up to it."""
        member = self._member(message)
        one = observe(assessment, text, message.id, message.time_ms, self._zone)
        found = self._keep(member, one)
        self._listen((message.group_id, message.user_id), member)
        return found

    def signs(self, message: StoredMessage) -> int:
        """Return how many messages count in the last days of a message's writer."""
        member = self._members.get((message.group_id, message.user_id))
        return sum(map(counts, member.observations)) if member else 0

    def silences(self, group_id: int, now_ms: int) -> list[int]:
        """Return the last messages of those who fell silent after worrying words.

        `now_ms` is the group's clock. They are told again and again until `silence_is_known`.
        """
        last_words = self._worrying.get(group_id, {}).values()
        return [last.row for last in last_words if is_long_silence(last, now_ms)]

    def forget(self, user_id: str, group_id: int | None = None) -> None:
        """Forget somebody's days, in one group or in all."""
        for key in [key for key in self._members if key[1] == user_id]:
            if group_id in (None, key[0]):
                del self._members[key]
                self._worrying.get(key[0], {}).pop(user_id, None)

    def silence_is_known(self, message: StoredMessage) -> None:
        """It is on record that nothing followed this message, or that something did."""
        silent = self._worrying.get(message.group_id, {})
        last = silent.get(message.user_id)
        if last is not None and last.row == message.id:
            del silent[message.user_id]

    def _listen(self, key: Key, member: _Member) -> None:
        group_id, user_id = key
        if silence_would_matter(member.observations, member.heard_ms):
            self._worrying.setdefault(group_id, {})[user_id] = member.observations[-1]
        else:
            self._worrying.get(group_id, {}).pop(user_id, None)

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
        member = self._members.pop(key, None) or _Member(message.time_ms)
        self._members[key] = member
        member.heard_ms = max(member.heard_ms, message.time_ms)
        if len(self._members) > MEMBERS:
            group_id, user_id = forgotten = next(iter(self._members))
            del self._members[forgotten]
            self._worrying.get(group_id, {}).pop(user_id, None)
        return member
