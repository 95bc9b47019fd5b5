"""From judged signs to two scales and a level. Plain arithmetic, so that a reason can be shown."""

from collections.abc import Iterable
from typing import Literal

from liudeng.watch.context import Judged
from liudeng.watch.lexicon import Kind

Level = Literal[0, 1, 2, 3]

DANGER_URGENT = 0.5
DANGER_MARKED = 0.3
DANGER_LOW = 0.12
PAIN_MARKED = 0.5
PAIN_LOW = 0.2
SUPPORT_NEEDS = 0.25
"""Danger there must be before a date, a thank-you or sudden calm adds to it."""
PAIN_SHARE = 0.3
"""How much of the pain in the same message counts as support for its danger."""
REPEAT_SHARE = 0.5
"""What a second, different sign of the same class adds, compared with a sign of another class."""


def danger_of(signs: Iterable[Judged]) -> float:
    """Danger in 0..1: every class of signs is one independent argument (noisy-or)."""
    signs = list(signs)
    counted: list[Judged] = []
    danger = _noisy_or(_of_kind(signs, "danger"), counted)
    if danger < SUPPORT_NEEDS:
        return danger
    support = _noisy_or(_of_kind(signs, "support"), counted)
    return 1 - (1 - danger) * (1 - support) * (1 - PAIN_SHARE * pain_of(signs))


def pain_of(signs: Iterable[Judged]) -> float:
    """Pain in 0..1, counted like danger but without support."""
    return _noisy_or(_of_kind(signs, "pain"), [])


def worry_of(signs: Iterable[Judged]) -> float:
    """How strongly somebody else is said to be in danger, 0..1."""
    return _noisy_or([sign for sign in signs if sign.other or _kind(sign) == "worry"], [])


def level_of(danger: float, pain: float) -> Level:
    """The level 0..3 of two scales; see DESIGN for what the levels mean."""
    if danger >= DANGER_URGENT:
        return 3
    if danger >= DANGER_MARKED or pain >= PAIN_MARKED:
        return 2
    return 1 if danger >= DANGER_LOW or pain >= PAIN_LOW else 0


def _kind(sign: Judged) -> Kind:
    return sign.match.rule.cls.kind


def _of_kind(signs: Iterable[Judged], kind: Kind) -> list[Judged]:
    return [sign for sign in signs if _kind(sign) == kind]


def _noisy_or(signs: Iterable[Judged], counted: list[Judged]) -> float:
    """Combine signs from the strongest down; words in `counted` are not counted again.

    A second sign of a class counts `REPEAT_SHARE`, a third one or the same rule again nothing.
    """
    rest = 1.0
    ranked = sorted(signs, key=lambda sign: (-sign.weight, sign.match.start))
    for sign in ranked:
        peers = [one for one in counted if one.match.rule.cls is sign.match.rule.cls]
        repeated = any(one.match.rule is sign.match.rule for one in peers)
        if repeated or len(peers) > 1 or any(_overlap(sign, one) for one in counted):
            continue
        rest *= 1 - sign.weight * (REPEAT_SHARE if peers else 1.0)
        counted.append(sign)
    return 1 - rest


def _overlap(one: Judged, two: Judged) -> bool:
    return one.match.start < two.match.end and two.match.start < one.match.end
