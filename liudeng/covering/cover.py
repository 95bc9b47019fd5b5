"""What is covered in a picture, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from liudeng.ocr import Box


class Why(StrEnum):
    """What a cover hides, or a span of text gives away."""

    AVATAR = "avatar"
    NAME = "name"
    """A title bar, a nickname above a bubble, a notice, or a known name within words."""
    NUMBER = "number"
    """Of a phone, of QQ, of an identity card or the like."""
    EMAIL = "email"
    ACCOUNT = "account"
    """A WeChat id, or a name on another platform."""


@dataclass(frozen=True, slots=True)
class Cover:
    """A rectangle that is painted over, in pixels of the upright picture."""

    box: Box
    why: Why


class Span(NamedTuple):
    """A part of a text that must not be seen; `end` is the index behind it."""

    start: int
    end: int
    why: Why


class NotReadYet(Exception):
    """The picture's words are not known, so nobody can say what must be covered."""


def grown(box: Box, by: float, limit: tuple[int, int]) -> Box:
    """Return the box with a margin of `by` pixels, within a picture of this width and height."""
    return Box(
        max(0, round(box.left - by)),
        max(0, round(box.top - by)),
        min(limit[0], round(box.right + by)),
        min(limit[1], round(box.bottom + by)),
    )


def around(boxes: Iterable[Box]) -> Box:
    """Return the smallest box that holds them all; there must be one."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return Box(min(lefts), min(tops), max(rights), max(bottoms))


def overlap(one: Box, other: Box) -> bool:
    """Tell whether two boxes share a pixel."""
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    return across > 0 and down > 0
