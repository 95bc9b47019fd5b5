"""`assess(text) -> Assessment`: what one message says about its writer, and why we think so."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from liudeng.watch.evidence import Evidence, gather
from liudeng.watch.explaining import Reason, model_reasons, rule_reasons
from liudeng.watch.lexicon import Lexicon, load_lexicon
from liudeng.watch.model import Model, Scores, load_model
from liudeng.watch.parts import hear
from liudeng.watch.rules import Level, level_of

LEXICON_DIRECTORY = Path(__file__).resolve().parents[2] / "data" / "lexicon"
MAX_REASONS = 12
SPEAKS = 0.5
"""A calibrated score from which a head speaks."""
HALF_WAY = 0.35
"""A danger that does not alert alone, but that nobody should call nothing."""
HINTS = 0.3

About = Literal["self", "other", "none"]


class Assessment(BaseModel):
    """The watcher's opinion on one message; people decide."""

    model_config = ConfigDict(frozen=True)

    level: Level
    """0 none, 1 low, 2 marked distress, 3 danger: the state of whoever `about` says."""
    pain: float = Field(ge=0, le=1)
    danger: float = Field(ge=0, le=1)
    """0.5 and more alerts: of the writer, or of somebody else if `about` is `other`."""
    about: About
    """`other`: the writer worries about somebody else; with level 3 this opens a worry alert."""
    reasons: tuple[Reason, ...] = ()


class _Opinion(NamedTuple):
    """Levels and scales of the writer and of somebody else."""

    own: Level
    other: Level
    danger: float
    pain: float
    worry: float


class Watcher:
    """Assesses messages by a lexicon and, if given, a model. Stateless, thread-safe, offline."""

    def __init__(self, lexicon: Lexicon, model: Model | None = None) -> None:
        self._lexicon = lexicon
        self._model = model

    def by_rules(self) -> "Watcher":
        """Return the same watcher without its model."""
        return Watcher(self._lexicon)

    def assess(self, text: str) -> Assessment:
        """Assess one message; of an over-long one the head and the tail. Never raises."""
        return self.assess_many([text])[0]

    def assess_many(self, texts: Sequence[str]) -> list[Assessment]:
        """Assess messages together, in order: cheaper than one by one."""
        if self._model is None or not texts:
            evidence: Sequence[Evidence] = [gather(self._lexicon, text) for text in texts]
            opinions = [_of_rules(one) for one in evidence]
        else:
            heard = hear(self._lexicon, texts)
            evidence = heard.whole
            opinions = list(map(_of_both, evidence, self._model.score(heard)))
        return [
            self._conclude(text, one, opinion)
            for text, one, opinion in zip(texts, evidence, opinions, strict=True)
        ]

    def _conclude(self, text: str, evidence: Evidence, opinion: _Opinion) -> Assessment:
        is_other = _is_about_other(evidence, opinion)
        level = opinion.other if is_other else opinion.own
        danger = opinion.worry if is_other else opinion.danger
        reasons = rule_reasons(text, evidence)
        if self._model is not None and level >= 2:
            reasons += model_reasons(text, evidence, self._model, level, is_other=is_other)
        about: About = "other" if is_other else "self" if level else "none"
        return Assessment(
            level=level,
            pain=round(opinion.pain, 4),
            danger=round(danger, 4),
            about=about,
            reasons=reasons[:MAX_REASONS] if level or evidence.signs else (),
        )


def _of_rules(evidence: Evidence) -> _Opinion:
    return _Opinion(
        level_of(evidence.danger, evidence.pain),
        level_of(evidence.worry, 0.0),
        evidence.danger,
        evidence.pain,
        evidence.worry,
    )


def _of_both(evidence: Evidence, scores: Scores) -> _Opinion:
    """The model decides what alerts; below that the rules keep their say."""
    rules = _of_rules(evidence)
    danger, worry = scores.danger, scores.worry
    if evidence.is_of_other and rules.own < 3 and danger >= SPEAKS:
        # What the model heard is somebody else's: n-grams do not know who they speak of.
        danger, worry = HINTS, max(danger, worry)
    elif rules.own == 3 and rules.other < 2 and worry >= HINTS:
        # The rules know who is meant: 跟我朋友说不想活了 is no word of a friend's.
        danger, worry = max(danger, worry, SPEAKS), HINTS
    # The model is about marked distress; that somebody weeps is not nothing.
    pain = max(scores.pain, min(evidence.pain, HINTS))
    return _Opinion(
        _level(danger, scores.pain, rules.own),
        _level(worry, 0.0, rules.other),
        danger,
        pain,
        worry,
    )


def _is_about_other(evidence: Evidence, opinion: _Opinion) -> bool:
    """Whose state the level tells; where both speak, rules that name one only decide."""
    if opinion.other != opinion.own or opinion.own < 2:
        return opinion.other > opinion.own
    own_rules, _, other_rules = evidence.verdicts()
    if own_rules != other_rules:
        return other_rules > own_rules
    return opinion.worry > opinion.danger


def _level(danger: float, pain: float, by_rules: Level) -> Level:
    if danger >= SPEAKS:
        return 3
    if pain >= SPEAKS or danger >= HALF_WAY:
        return 2
    return 1 if by_rules or pain >= HINTS else 0


@cache
def default_watcher() -> Watcher:
    """The watcher with the lexicon and the model of this repository, loaded once."""
    return Watcher(load_lexicon(LEXICON_DIRECTORY), load_model())


def assess(text: str) -> Assessment:
    """Assess one message with the packaged lexicon and model."""
    return default_watcher().assess(text)
