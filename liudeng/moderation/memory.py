"""What members said in the last minutes: how fast, and how often the same."""

import hashlib
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from functools import lru_cache

SPAN_MS = 5 * 60_000
_MEMBERS = 5_000
"""Members remembered at once; the one silent for longest is forgotten first."""
_MESSAGES = 60
_ALIKE_BITS = 6
"""Two messages are alike when their 64-bit hashes differ in at most so many bits."""
_SHORTEST = 6
"""Shorter ones are said again and again by everybody: 晚安, 签了, +1."""


@dataclass(slots=True)
class _Said:
    at_ms: int
    likeness: int | None


@dataclass(slots=True)
class _Member:
    said: deque[_Said] = field(default_factory=lambda: deque(maxlen=_MESSAGES))


@dataclass(frozen=True, slots=True)
class Recently:
    """One member's last minutes, this message included."""

    ago_s: tuple[float, ...]
    same: int


class Memory:
    """Remembers times and likenesses, no words."""

    def __init__(self) -> None:
        self._members: OrderedDict[tuple[int, int], _Member] = OrderedDict()

    def add(self, group_id: int, user_id: int, at_ms: int, plain: str) -> Recently:
        """Note a message; return what this member has said lately."""
        key = (group_id, user_id)
        member = self._members.setdefault(key, _Member())
        self._members.move_to_end(key)
        if len(self._members) > _MEMBERS:
            self._members.popitem(last=False)
        likeness = likeness_of(plain)
        member.said.append(_Said(at_ms, likeness))
        recent = [one for one in member.said if 0 <= at_ms - one.at_ms <= SPAN_MS]
        same = sum(_are_alike(one.likeness, likeness) for one in recent) or 1
        return Recently(tuple((at_ms - one.at_ms) / 1000 for one in recent), same)


def likeness_of(plain: str) -> int | None:
    """A 64-bit hash that differs little for texts that differ little; None for short ones."""
    told = "".join(char for char in plain if char.isalnum())
    if len(told) < _SHORTEST:
        return None
    counts = [0] * 64
    for start in range(len(told) - 2):
        hashed = _hashed(told[start : start + 3])
        for bit in range(64):
            counts[bit] += 1 if hashed >> bit & 1 else -1
    return sum(1 << bit for bit in range(64) if counts[bit] > 0)


@lru_cache(maxsize=16_384)
def _hashed(gram: str) -> int:
    return int.from_bytes(hashlib.blake2b(gram.encode(), digest_size=8).digest(), "big")


def _are_alike(one: int | None, other: int | None) -> bool:
    return one is not None and other is not None and (one ^ other).bit_count() <= _ALIKE_BITS
