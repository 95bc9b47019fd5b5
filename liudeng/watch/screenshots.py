"""Words in a screenshot are quoted words: at most a soft sign, and only what its maker said."""

from liudeng.ocr import Reading, Side, quoted_turns
from liudeng.watch.assessment import HALF_WAY, Assessment, Level, Watcher

SOFT_LEVEL: Level = 2
"""No screenshot alerts by itself: it may be old, staged, or someone else's."""


def assess_screenshot(watcher: Watcher, reading: Reading) -> Assessment | None:
    """The worst that the maker of a screenshot said in it, softened; None if they said nothing.

    What the companion said is nobody's state and is not looked at.
    """
    own = [turn.text for turn in quoted_turns(reading) if turn.side is Side.ME]
    if not own:
        return None
    found = watcher.assess_many(own)
    worst = max(found, key=lambda one: (one.level, one.danger, one.pain))
    if worst.level <= SOFT_LEVEL:
        return worst
    return worst.model_copy(update={"level": SOFT_LEVEL, "danger": min(worst.danger, HALF_WAY)})
