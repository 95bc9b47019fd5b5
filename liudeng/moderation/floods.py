"""Raids: many who come at once and talk at once. Levels rise with them and end by themselves."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum

from liudeng.text import fold

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
RUSH_MS = 10_000
RUSH_MESSAGES = 60
"""So many of newcomers within `RUSH_MS`, and a wave is no crowd that says hello."""
RUSH_STORM_MESSAGES = 100
ECHO_MS = 30_000
ECHO_MESSAGES = 8
ECHO_PEOPLE = 4
"""The same words by so many newcomers: the next who says them need not say them twice."""
ECHO_CHARS = 6
"""Shorter ones everybody says: 大家好, 晚安."""
BEFORE_MS = 10 * 60_000
"""Who came so shortly before a wave came with it."""
_KEPT = 5_000
_READ, _WORDS = 200, 40


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
    spent: int = 0
    """What was done by itself: rests and messages taken back."""
    unmuted: set[int] = field(default_factory=set)
    """Who should have rested, when the budget of a raid was spent."""


@dataclass(frozen=True, slots=True)
class Talk:
    """A newcomer's message: who, when, and its words without what varies."""

    user_id: int
    at_ms: int
    words: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a message leads to: a risen level, and who must rest now."""

    risen: Level | None
    must_rest: tuple[int, ...] = ()


def bare_words(text: str) -> str:
    """A text's letters alone: numbers and signs are what spammers vary."""
    return "".join(char for char in fold(text[:_READ]) if char.isalpha())[:_WORDS]


class RaidWatch:
    """Counts joins and newcomers' messages of one group."""

    def __init__(self) -> None:
        self.raid: Raid | None = None
        self._joins: deque[tuple[int, int]] = deque(maxlen=_KEPT)
        self._said: deque[Talk] = deque(maxlen=_KEPT)

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

    def said(self, talk: Talk) -> Answer:
        """Note a newcomer's message; who speaks with many others' words rests at once."""
        self._said.append(talk)
        echoing = self._echoing(talk)
        risen = self._rise(talk.at_ms, echoes=bool(echoing))
        if self.raid is None:
            return Answer(risen)
        self.raid.messages += 1
        if self.raid.level < Level.SLOW:
            return Answer(risen)
        who = {*echoing, *([talk.user_id] if self._talks_on(talk) else [])} - self.raid.muted
        return Answer(risen, tuple(sorted(who)))

    def rests(self, user_id: int) -> None:
        """Somebody was asked to rest: not twice in one raid."""
        if self.raid is not None:
            self.raid.muted.add(user_id)
            self.raid.unmuted.discard(user_id)

    def goes_on(self, user_id: int) -> None:
        """Somebody should rest, and may not be asked to any more."""
        if self.raid is not None:
            self.raid.unmuted.add(user_id)

    def spends(self, actions: int) -> None:
        """So much was done by itself."""
        if self.raid is not None:
            self.raid.spent += actions

    def _echoing(self, talk: Talk) -> set[int]:
        """Everybody who has just said these words, where that are many; else nobody."""
        if len(talk.words) < ECHO_CHARS:
            return set()
        same = [one.user_id for one in self._lately(talk.at_ms, ECHO_MS) if one.words == talk.words]
        people = set(same)
        return people if len(same) >= ECHO_MESSAGES and len(people) >= ECHO_PEOPLE else set()

    def _talks_on(self, talk: Talk) -> bool:
        """Whether somebody has said more than a newcomer in a raid needs to; less in a rush."""
        mine = sum(1 for one in self._lately(talk.at_ms, WINDOW_MS) if one.user_id == talk.user_id)
        gentle = GENTLE_MESSAGES - 1 if self._rush(talk.at_ms) >= RUSH_MESSAGES else GENTLE_MESSAGES
        return mine > gentle

    def _rush(self, at_ms: int) -> int:
        return sum(1 for _ in self._lately(at_ms, RUSH_MS))

    def _lately(self, at_ms: int, span_ms: int) -> Iterator[Talk]:
        for one in reversed(self._said):
            if at_ms - one.at_ms > span_ms:
                return
            yield one

    def ended(self, now_ms: int) -> Raid | None:
        """Return the raid that is over by now, once."""
        if self.raid is None or now_ms - self.raid.last_ms < QUIET_MS:
            return None
        over, self.raid = self.raid, None
        return over

    def _rise(self, at_ms: int, *, echoes: bool = False) -> Level | None:
        while self._joins and at_ms - self._joins[0][0] > WINDOW_MS:
            self._joins.popleft()
        while self._said and at_ms - self._said[0].at_ms > WINDOW_MS:
            self._said.popleft()
        level = self._level(at_ms, echoes=echoes)
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

    def _level(self, at_ms: int, *, echoes: bool) -> Level:
        joins, said = len(self._joins), len(self._said)
        if joins < WAVE_JOINS:
            return Level.CALM
        if joins >= STORM_JOINS and said >= STORM_MESSAGES:
            return Level.STORM
        rush = self._rush(at_ms)
        if joins >= RAID_JOINS and rush >= RUSH_STORM_MESSAGES:
            return Level.STORM
        if joins >= RAID_JOINS or said >= RAID_MESSAGES or echoes:
            return Level.SLOW
        return Level.WATCHFUL
