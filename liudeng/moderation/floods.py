"""Raids: many who come at once and talk at once. Levels rise with them and end by themselves."""

from collections import deque
from dataclasses import dataclass, field
from enum import IntEnum

WINDOW_MS = 60_000
QUIET_MS = 3 * 60_000
"""After so long without a wave it is over."""
WAVE_JOINS = 10
RAID_JOINS = 30
RAID_MESSAGES = 60
STORM_JOINS = 100
STORM_MESSAGES = 300
GENTLE_MESSAGES = 2
"""What a newcomer may say in a raid within a minute before they are asked to rest."""
BEFORE_MS = 10 * 60_000
"""Who came so shortly before a wave came with it."""
_KEPT = 5_000


class Level(IntEnum):
    """How bad it is."""

    CALM = 0
    WATCHFUL = 1
    """关注: moderators are told."""
    SLOW = 2
    """慢速: who came with the wave and talks fast is muted."""
    STORM = 3
    """全员禁言 is proposed, or done where the group allowed it."""


@dataclass(slots=True)
class Raid:
    """A raid as it goes on; afterwards what is told of it."""

    began_ms: int
    level: Level = Level.CALM
    last_ms: int = 0
    joins: int = 0
    messages: int = 0
    muted: set[int] = field(default_factory=set)


class RaidWatch:
    """Counts joins and newcomers' messages of one group."""

    def __init__(self) -> None:
        self.raid: Raid | None = None
        self._joins: deque[tuple[int, int]] = deque(maxlen=_KEPT)
        self._said: deque[tuple[int, int]] = deque(maxlen=_KEPT)

    def joined(self, user_id: int, at_ms: int) -> Level | None:
        """Note an arrival; returns the level if it has risen."""
        self._joins.append((at_ms, user_id))
        if self.raid is not None:
            self.raid.joins += 1
        return self._rise(at_ms)

    def came_with_it(self, joined_ms: int | None) -> bool:
        """Whether somebody who came then came with the wave."""
        return (
            self.raid is not None
            and joined_ms is not None
            and joined_ms >= self.raid.began_ms - BEFORE_MS
        )

    def said(self, user_id: int, at_ms: int) -> tuple[Level | None, bool]:
        """Note a newcomer's message; returns a risen level, and whether they must rest now."""
        self._said.append((at_ms, user_id))
        risen = self._rise(at_ms)
        if self.raid is None:
            return risen, False
        self.raid.messages += 1
        if self.raid.level < Level.SLOW or user_id in self.raid.muted:
            return risen, False
        mine = sum(1 for ms, who in self._said if who == user_id and at_ms - ms <= WINDOW_MS)
        if mine <= GENTLE_MESSAGES:
            return risen, False
        self.raid.muted.add(user_id)
        return risen, True

    def ended(self, now_ms: int) -> Raid | None:
        """Return the raid that is over by now, once."""
        if self.raid is None or now_ms - self.raid.last_ms < QUIET_MS:
            return None
        over, self.raid = self.raid, None
        return over

    def _rise(self, at_ms: int) -> Level | None:
        while self._joins and at_ms - self._joins[0][0] > WINDOW_MS:
            self._joins.popleft()
        while self._said and at_ms - self._said[0][0] > WINDOW_MS:
            self._said.popleft()
        level = _level(len(self._joins), len(self._said))
        if level is Level.CALM:
            return None
        if self.raid is None:
            first = self._joins[0][0] if self._joins else at_ms
            self.raid = Raid(first, joins=len(self._joins), messages=len(self._said))
        self.raid.last_ms = at_ms
        if level <= self.raid.level:
            return None
        self.raid.level = level
        return level


def _level(joins: int, said: int) -> Level:
    if joins >= STORM_JOINS and said >= STORM_MESSAGES:
        return Level.STORM
    if joins >= RAID_JOINS or (joins >= WAVE_JOINS and said >= RAID_MESSAGES):
        return Level.SLOW
    return Level.WATCHFUL if joins >= WAVE_JOINS else Level.CALM
