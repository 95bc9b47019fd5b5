"""The ladder: what a member did before counts, less with every week, and decides what follows."""

from collections.abc import Iterable
from dataclasses import dataclass

from liudeng.moderation.action import COUNTED, KeptAction
from liudeng.moderation.rules import Consequence

HALF_LIFE_MS = 7 * 86_400_000
"""After a week an offence counts half."""
RECALL_FROM = 3.0
MUTE_FROM = 8.0
KICK_FROM = 14.0
FIRST_MUTE_S = 600
SECOND_MUTE_S = 86_400


@dataclass(frozen=True, slots=True)
class Step:
    """A rung: what it adds to a rule's own consequences."""

    consequences: frozenset[Consequence]
    mute_s: int = 0


def points_of(actions: Iterable[KeptAction], now_ms: int) -> float:
    """What a member's record weighs now."""
    return sum(
        action.points * 0.5 ** (max(0, now_ms - action.created_ms) / HALF_LIFE_MS)
        for action in actions
        if action.state in COUNTED
    )


def step_at(points: float) -> Step:
    """The rung for so many points, the new offence's included."""
    points = round(points, 1)  # what faded in a minute must not save a step
    if points >= KICK_FROM:
        wanted = {Consequence.RECALL, Consequence.MUTE, Consequence.PROPOSE_KICK}
        return Step(frozenset(wanted), SECOND_MUTE_S)
    if points >= MUTE_FROM:
        return Step(frozenset({Consequence.RECALL, Consequence.MUTE}), SECOND_MUTE_S)
    if points >= RECALL_FROM:
        return Step(frozenset({Consequence.RECALL, Consequence.MUTE}), FIRST_MUTE_S)
    return Step(frozenset({Consequence.WARN}))
