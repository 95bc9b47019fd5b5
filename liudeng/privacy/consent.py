"""Consent: what members and groups have said, and what may be kept because of it.

A message is kept if it may be kept now and might have been kept in the second it was said. So
nothing comes in after a refusal, and what was said while a refusal held stays out for ever, by
whatever way it comes. Messages tell whole seconds: the second in which somebody changed their
mind belongs to the stricter side.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

EVERYWHERE = 0
"""The `group_id` of what somebody said about all groups."""
_SECOND = 1000
_STANDINGS = 50_000


class Keeping(StrEnum):
    """What of a member is kept."""

    ALL = "all"
    WALL = "wall"
    """Only what they put on the wall themselves."""
    NONE = "none"


class Watching(StrEnum):
    """What the watcher makes of a member's words."""

    FULL = "full"
    DANGER = "danger"
    """Plain danger alone: one message at a time, by rule."""


class Mode(StrEnum):
    """Whom a group keeps where a member has said nothing."""

    OPEN = "open"
    """Everybody who has not refused."""
    ASKED = "asked"
    """Only those who asked for it."""
    OFF = "off"
    """Nobody, whatever they asked for."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a member said at one time; None is what was not spoken of."""

    person: str
    group_id: int
    at_ms: int
    keeping: Keeping | None = None
    watching: Watching | None = None


@dataclass(frozen=True, slots=True)
class ModeChange:
    """A group decided at one time whom it keeps."""

    group_id: int
    at_ms: int
    mode: Mode


@dataclass(frozen=True, slots=True)
class Standing:
    """How a member stands in a group."""

    keeping: Keeping
    watching: Watching
    always: bool
    """Whether they were kept at all times, so that the time of a message makes no difference."""
    refused: bool
    """Whether they themselves said no: their number is covered where others typed it."""


class ConsentBook:
    """What was said, in memory. It answers within microseconds and never asks anybody."""

    def __init__(
        self,
        choices: Iterable[Choice] = (),
        modes: Iterable[ModeChange] = (),
        erased: Iterable[tuple[str, int]] = (),
        default: Mode = Mode.OPEN,
    ) -> None:
        """Of `choices` and `modes` of one time, the later in order was made later."""
        self._choices: defaultdict[str, list[Choice]] = defaultdict(list)
        for choice in sorted(choices, key=lambda one: one.at_ms):
            self._choices[choice.person].append(choice)
        self._modes: defaultdict[int, list[ModeChange]] = defaultdict(list)
        for change in sorted(modes, key=lambda one: one.at_ms):
            self._modes[change.group_id].append(change)
        self._erased = dict(erased)
        self._default = default
        self._standings: dict[tuple[int, str], Standing] = {}

    @property
    def is_open(self) -> bool:
        """Whether nobody has ever said anything that keeps a message out."""
        return not (self._choices or self._modes or self._erased) and self._default is Mode.OPEN

    def knows(self, person: str) -> bool:
        """Tell whether somebody ever said anything about being kept."""
        return person in self._choices

    def standing(self, group_id: int, person: str) -> Standing:
        """Return how somebody stands in a group now."""
        key = (group_id, person)
        standing = self._standings.get(key)
        if standing is None:
            if len(self._standings) >= _STANDINGS:
                self._standings.clear()
            standing = self._standings[key] = self._look_up(group_id, person)
        return standing

    def mode(self, group_id: int) -> Mode:
        """Return whom a group keeps now."""
        changes = self._modes.get(group_id)
        return changes[-1].mode if changes else self._default

    def keeps(self, group_id: int, person: str, time_ms: int) -> bool:
        """Tell whether what somebody said at a time may be kept."""
        standing = self.standing(group_id, person)
        if standing.keeping is not Keeping.ALL:
            return False
        return standing.always or self._kept_then(group_id, person, time_ms)

    def keeps_on_request(self, group_id: int, person: str, time_ms: int) -> bool:
        """Tell whether a message may be kept because its author just asked for it."""
        if self.standing(group_id, person).keeping is Keeping.NONE:
            return False
        return not self._was_erased(person, time_ms)

    def _look_up(self, group_id: int, person: str) -> Standing:
        own = self._of(group_id, person)
        keeping = [choice.keeping for choice in own if choice.keeping is not None]
        watching = [choice.watching for choice in own if choice.watching is not None]
        now = keeping[-1] if keeping else None
        modes = {change.mode for change in self._modes.get(group_id, ())} or {self._default}
        always = modes == {Mode.OPEN} and set(keeping) <= {Keeping.ALL}
        return Standing(
            _effective(self.mode(group_id), now),
            watching[-1] if watching else Watching.FULL,
            always=always and person not in self._erased,
            refused=now is not None and now is not Keeping.ALL,
        )

    def _of(self, group_id: int, person: str) -> list[Choice]:
        return [
            choice
            for choice in self._choices.get(person, ())
            if choice.group_id in (EVERYWHERE, group_id)
        ]

    def _kept_then(self, group_id: int, person: str, time_ms: int) -> bool:
        """Tell whether they were kept throughout the second, and just before it."""
        if self._was_erased(person, time_ms):
            return False
        begin = time_ms // _SECOND * _SECOND
        end = begin + _SECOND - 1
        own = [choice for choice in self._of(group_id, person) if choice.keeping is not None]
        modes = self._modes.get(group_id, [])
        changes = {
            moment
            for moment in (*(one.at_ms for one in own), *(one.at_ms for one in modes))
            if begin <= moment <= end
        }
        return all(
            _effective(self._mode_at(modes, moment), _keeping_at(own, moment)) is Keeping.ALL
            for moment in (begin - 1, *changes)
        )

    def _mode_at(self, modes: list[ModeChange], moment: int) -> Mode:
        at = bisect_right([change.at_ms for change in modes], moment)
        return modes[at - 1].mode if at else self._default

    def _was_erased(self, person: str, time_ms: int) -> bool:
        erased = self._erased.get(person)
        return erased is not None and time_ms // _SECOND <= erased // _SECOND


def _keeping_at(choices: list[Choice], moment: int) -> Keeping | None:
    at = bisect_right([choice.at_ms for choice in choices], moment)
    return choices[at - 1].keeping if at else None


def _effective(mode: Mode, said: Keeping | None) -> Keeping:
    if mode is Mode.OFF:
        return Keeping.NONE
    if said is not None:
        return said
    return Keeping.ALL if mode is Mode.OPEN else Keeping.NONE
