"""From judged signs to two scales and a level. Plain arithmetic, so that a reason can be shown."""

from collections.abc import Iterable, Sequence
from typing import Literal

from liudeng.watch.context import Judged

Level = Literal[0, 1, 2, 3]

DANGER_URGENT = 0.6
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
    danger = _noisy_or([sign for sign in signs if sign.match.rule.cls.kind == "danger"])
    if danger < SUPPORT_NEEDS:
        return danger
    support = _noisy_or([sign for sign in signs if sign.match.rule.cls.kind == "support"])
    return 1 - (1 - danger) * (1 - support) * (1 - PAIN_SHARE * pain_of(signs))


def pain_of(signs: Iterable[Judged]) -> float:
    """Pain in 0..1, counted like danger but without support."""
    return _noisy_or([sign for sign in signs if sign.match.rule.cls.kind == "pain"])


def worry_of(signs: Iterable[Judged]) -> float:
    """How strongly somebody else is said to be in danger, 0..1."""
    return _noisy_or(
        [
            sign
            for sign in signs
            if sign.match.rule.cls.kind == "worry" or sign.other
        ]
    )


def level_of(danger: float, pain: float) -> Level:
    """The level 0..3 of two scales; see DESIGN for what the levels mean."""
    if danger >= DANGER_URGENT:
        return 3
    if danger >= DANGER_MARKED or pain >= PAIN_MARKED:
        return 2
    return 1 if danger >= DANGER_LOW or pain >= PAIN_LOW else 0


def _noisy_or(signs: Sequence[Judged]) -> float:
    """Combine signs from the strongest down; the same words are never counted twice."""
    rest = 1.0
    counted: list[Judged] = []
    shares: dict[str, float] = {}
    for sign in sorted(signs, key=lambda sign: (-sign.weight, sign.match.start)):
        if any(_overlap(sign, other) for other in counted):
            continue
        name = sign.match.rule.cls.name
        share = shares.get(name, 1.0)
        rest *= 1 - sign.weight * share
        shares[name] = REPEAT_SHARE if share == 1.0 else 0.0
        counted.append(sign)
    return 1 - rest


def _overlap(one: Judged, two: Judged) -> bool:
    return one.match.start < two.match.end and two.match.start < one.match.end
