"""A flood: within half an hour so many people speak in anger or despair that it is the group's.

Sorrow is none: on the night of a farewell everybody is sad, and that is what they came for. Voices
are counted, not messages, so one person who writes a hundred angry lines is one voice.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum

from liudeng.pulse.hours import Said
from liudeng.pulse.mood import MOODS, Mood

FLOODING = (Mood.ANGER, Mood.DESPAIR)
WINDOW_MS = 30 * 60_000
VOICES = 8
"""So many people at least, however small the group."""
SHARE = 0.15
"""Of all who spoke in the window: words are found in one angry line of five or six, so this is
most of a group (`docs/watcher.md` has the measurement)."""
TIMES_USUAL = 3.0
"""Against the mood's share in the group's last week; never more than half-way from it to all."""
CALM_MS = 60 * 60_000
"""A flood is over once it was not even half as high for so long; only then can another begin."""
_MOST = 6_000
"""Messages of a window; of a faster chat its newest part is looked at."""
_GROUPS = 500


class Tide(Enum):
    """How high a mood stands."""

    LOW = "low"
    HALF = "half"
    """It starts no flood, and keeps one going."""
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Reading:
    """A mood in a group's last half hour."""

    group_id: int
    mood: Mood
    time_ms: int
    received_ms: int
    voices: int
    speakers: int
    beside: tuple[tuple[Mood, int], ...]
    """The other moods of the same half hour with their voices."""

    @property
    def share(self) -> float:
        """Of those who spoke."""
        return self.voices / max(1, self.speakers)

    def tide(self, usual: float) -> Tide:
        """Judge it; `usual` is the mood's share in an ordinary hour of this group, 0..1."""
        bar = max(SHARE, min(TIMES_USUAL * usual, (1 + usual) / 2))
        if self.voices >= VOICES and self.share >= bar:
            return Tide.HIGH
        if self.voices * 2 >= VOICES and self.share * 2 >= bar:
            return Tide.HALF
        return Tide.LOW


@dataclass(slots=True)
class _Window:
    seq: int = 0
    said: deque[Said] = field(default_factory=lambda: deque(maxlen=_MOST))


class Windows:
    """The last half hour of each group, in memory; read back from the archive at a start."""

    def __init__(self) -> None:
        self._windows: dict[int, _Window] = {}

    def add(self, said: Iterable[Said]) -> None:
        """Remember messages; one that comes a second time changes nothing."""
        for one in said:
            window = self._windows.pop(one.group_id, None) or _Window()
            self._windows[one.group_id] = window
            if one.seq > window.seq:
                window.seq = one.seq
                window.said.append(one)
        while len(self._windows) > _GROUPS:
            self._windows.pop(next(iter(self._windows)))

    def read(self, group_id: int, now_ms: int, received_ms: int) -> list[Reading]:
        """Return how each mood that can flood stands at `now_ms`, the group's own time."""
        window = self._windows.get(group_id)
        if window is None:
            return []
        while window.said and window.said[0].time_ms <= now_ms - WINDOW_MS:
            window.said.popleft()
        heard: dict[str, Mood] = {}
        for one in window.said:
            if now_ms - WINDOW_MS < one.time_ms <= now_ms:
                heard[one.user_id] = heard.get(one.user_id, Mood.NONE) | one.moods
        voices = {mood: sum(bool(one & mood) for one in heard.values()) for mood in MOODS}
        return [
            Reading(
                group_id,
                mood,
                now_ms,
                received_ms,
                voices[mood],
                len(heard),
                tuple((other, voices[other]) for other in MOODS if other is not mood),
            )
            for mood in FLOODING
        ]
