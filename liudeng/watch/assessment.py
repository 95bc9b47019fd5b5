"""`assess(text) -> Assessment`: what one message says about its writer, and why we think so."""

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from liudeng.watch.context import Judged, judge
from liudeng.watch.lexicon import Lexicon, Match, RuleClass, load_lexicon
from liudeng.watch.normalise import Normalised, normalise
from liudeng.watch.quoted import QUOTED_FACTOR
from liudeng.watch.rules import Level, danger_of, level_of, pain_of, worry_of

LEXICON_DIRECTORY = Path(__file__).resolve().parents[2] / "data" / "lexicon"
MAX_REASONS = 12

About = Literal["self", "other", "none"]


class Reason(BaseModel):
    """One rule that spoke, with the words it saw, for a moderator to check with their own eyes."""

    model_config = ConfigDict(frozen=True)

    name: str
    """Class of the rule, such as `wish_to_die`."""
    start: int
    end: int
    """`[start, end)` in the original message."""
    text: str
    """Exactly `message[start:end]`."""
    speaks: Literal["for", "against"]
    explanation: str
    """Chinese, for moderators."""
    weight: float
    """For: what the sign counts, 0..1, after its contexts. Against: the share it took away."""


class Assessment(BaseModel):
    """The watcher's opinion on one message; people decide."""

    model_config = ConfigDict(frozen=True)

    level: Level
    """0 none, 1 low, 2 marked distress, 3 danger: the state of whoever `about` says."""
    pain: float = Field(ge=0, le=1)
    danger: float = Field(ge=0, le=1)
    about: About
    """`other`: the writer worries about somebody else; with level 3 this opens a worry alert."""
    reasons: tuple[Reason, ...] = ()


NOTHING = Assessment(level=0, pain=0.0, danger=0.0, about="none")


class Watcher:
    """Assesses messages with one lexicon. Stateless, thread-safe, offline."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def assess(self, text: str) -> Assessment:
        """Assess one message; of an over-long one the head and the tail. Never raises."""
        folded = normalise(text)
        matches = self._lexicon.find(folded.text)
        if not matches:
            return NOTHING
        signs = judge(folded.text, matches)
        if not signs:
            return NOTHING
        return _conclude(text, folded, signs)


def _conclude(text: str, folded: Normalised, signs: list[Judged]) -> Assessment:
    own = [sign for sign in signs if not sign.other and sign.match.rule.cls.kind != "worry"]
    danger, pain = danger_of(own), pain_of(own)
    level = level_of(danger, pain)
    worry = worry_of(signs)
    worry_level = level_of(worry, 0.0)
    reasons = _reasons(text, folded, signs)
    if worry_level > level:
        return Assessment(
            level=worry_level,
            pain=_round(pain),
            danger=_round(worry),
            about="other",
            reasons=reasons,
        )
    about: About = "self" if level else "none"
    return Assessment(
        level=level, pain=_round(pain), danger=_round(danger), about=about, reasons=reasons
    )


def _reasons(text: str, folded: Normalised, signs: list[Judged]) -> tuple[Reason, ...]:
    found: dict[tuple[str, int, int], Reason] = {}
    for sign in sorted(signs, key=lambda sign: -sign.weight):
        match = sign.match
        reason = _reason(text, folded, match.rule.cls, (match.start, match.end), sign.weight)
        found.setdefault((reason.name, reason.start, reason.end), reason)
        for context in sign.against:
            reason = _against(text, folded, context)
            found.setdefault((reason.name, reason.start, reason.end), reason)
    return tuple(list(found.values())[:MAX_REASONS])


def _against(text: str, folded: Normalised, context: Match | tuple[RuleClass, int, int]) -> Reason:
    if isinstance(context, Match):
        factor = context.rule.reach.factor if context.rule.reach else 1.0
        cls, span = context.rule.cls, (context.start, context.end)
    else:
        cls, *ends = context
        span, factor = (ends[0], ends[1]), QUOTED_FACTOR
    return _reason(text, folded, cls, span, 1 - factor)


def _reason(
    text: str, folded: Normalised, cls: RuleClass, span: tuple[int, int], weight: float
) -> Reason:
    start, end = folded.span(*span)
    return Reason(
        name=cls.name,
        start=start,
        end=end,
        text=text[start:end],
        speaks="against" if cls.kind == "context" else "for",
        explanation=f"{cls.title}：{cls.explain}",
        weight=_round(weight),
    )


def _round(value: float) -> float:
    return round(value, 3)


@cache
def default_watcher() -> Watcher:
    """The watcher with the lexicon of this repository, loaded once."""
    return Watcher(load_lexicon(LEXICON_DIRECTORY))


def assess(text: str) -> Assessment:
    """Assess one message with the packaged lexicon."""
    return default_watcher().assess(text)
