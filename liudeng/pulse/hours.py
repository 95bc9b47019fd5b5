"""Counting by the hour: who spoke is known while an hour is counted, and never written down."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from liudeng.pulse.mood import MOODS, Mood

HOUR_MS = 3_600_000
ALL = "all"
"""Stands for every mood and none in the table."""
_HOURS = 256
"""Hours held at once, over all groups; an older one is read again from the archive."""

Key = tuple[int, int]
"""Group, and the hour's begin in UTC epoch milliseconds."""
Rows = tuple[tuple[str, int, int], ...]
"""Mood, messages, voices."""


@dataclass(frozen=True, slots=True)
class Said:
    """A message, boiled down to what is counted."""

    seq: int
    group_id: int
    user_id: str
    time_ms: int
    moods: Mood

    @property
    def key(self) -> Key:
        """The hour it counts in."""
        return self.group_id, self.time_ms // HOUR_MS * HOUR_MS


@dataclass(slots=True)
class Hour:
    """One hour of one group."""

    seq: int = 0
    """The last message counted, by commit: one that comes a second time is not counted again."""
    voices: dict[str, Mood] = field(default_factory=dict)
    messages: dict[str, int] = field(default_factory=dict)

    def count(self, said: Said) -> None:
        """Count a message once."""
        if said.seq <= self.seq:
            return
        self.seq = said.seq
        self.voices[said.user_id] = self.voices.get(said.user_id, Mood.NONE) | said.moods
        self.messages[ALL] = self.messages.get(ALL, 0) + 1
        for mood in said.moods:
            self.messages[mood.key] = self.messages.get(mood.key, 0) + 1

    def rows(self) -> Iterator[tuple[str, int, int]]:
        """Return (mood, messages, voices), also for every mood that was heard."""
        yield ALL, self.messages.get(ALL, 0), len(self.voices)
        for mood in MOODS:
            if mood.key in self.messages:
                voices = sum(bool(heard & mood) for heard in self.voices.values())
                yield mood.key, self.messages[mood.key], voices


class HourBook:
    """The hours that are being counted."""

    def __init__(self) -> None:
        self._hours: OrderedDict[Key, Hour] = OrderedDict()

    def missing(self, said: Iterable[Said]) -> set[Key]:
        """Return the hours that must be read from the archive before these can be counted."""
        return {one.key for one in said if one.key not in self._hours}

    def fill(self, key: Key, earlier: Iterable[Said]) -> Rows:
        """Begin an hour with what the archive already has of it; return its rows."""
        hour = self._hours[key] = Hour()
        for one in earlier:
            hour.count(one)
        return tuple(hour.rows())

    def count(self, said: Iterable[Said]) -> dict[Key, Rows]:
        """Count messages; return the whole rows of every hour they touch."""
        touched: dict[Key, Hour] = {}
        for one in said:
            hour = self._hours.setdefault(one.key, Hour())
            self._hours.move_to_end(one.key)
            hour.count(one)
            touched[one.key] = hour
        while len(self._hours) > max(_HOURS, len(touched)):
            self._hours.popitem(last=False)
        return {key: tuple(hour.rows()) for key, hour in touched.items()}
