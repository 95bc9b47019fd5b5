"""Reasons: which words spoke, for or against, so that moderators see it with their own eyes."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from liudeng.watch.context import Judged
from liudeng.watch.evidence import Evidence
from liudeng.watch.lexicon import Match, RuleClass
from liudeng.watch.model import Head, Model
from liudeng.watch.quoted import QUOTED_FACTOR
from liudeng.watch.rules import DANGER_URGENT

_DANGER = RuleClass(
    "model_danger", "danger", "整句的说法", "机器学过的例句里，危险时常有这样的说法"
)
_PAIN = RuleClass("model_pain", "pain", "整句的说法", "机器学过的例句里，痛苦时常有这样的说法")
_WORRY = RuleClass(
    "model_worry", "worry", "整句的说法", "机器学过的例句里，替别人着急时常有这样的说法"
)
_LOWERED = RuleClass(
    "model_harmless", "context", "整句看不像", "有吓人的字眼，但整句更像机器学过的玩笑、转述或闲谈"
)
_MIN_WEIGHT = 0.05


class Reason(BaseModel):
    """What spoke, with the words it saw."""

    model_config = ConfigDict(frozen=True)

    name: str
    """Class of the rule, such as `wish_to_die`, or `model_…`."""
    start: int
    end: int
    """`[start, end)` in the original message."""
    text: str
    """Exactly `message[start:end]`."""
    speaks: Literal["for", "against"]
    explanation: str
    """Chinese, for moderators."""
    weight: float
    """For: what the sign counts, after its contexts. Against: the share it took away."""


def rule_reasons(text: str, evidence: Evidence) -> tuple[Reason, ...]:
    """Every sign, the strongest first, each followed by what weakened it."""
    found: dict[tuple[str, int, int], Reason] = {}
    for sign in sorted(evidence.signs, key=lambda sign: -sign.weight):
        for reason in (_for(text, evidence, sign), *_against(text, evidence, sign)):
            found.setdefault((reason.name, reason.start, reason.end), reason)
    return tuple(found.values())


def model_reasons(
    text: str, evidence: Evidence, model: Model, level: int, *, is_other: bool
) -> tuple[Reason, ...]:
    """The words that moved the model, or that it does not believe the rules."""
    rules_said_three = max(evidence.danger, evidence.worry) >= DANGER_URGENT
    if level < 3 and rules_said_three:
        whole = (0, len(evidence.folded.text))
        return (_reason(text, evidence, _LOWERED, whole, 1.0),)
    head = Head.WORRY if is_other else Head.DANGER if level == 3 else Head.PAIN
    cls = {Head.DANGER: _DANGER, Head.PAIN: _PAIN, Head.WORRY: _WORRY}[head]
    return tuple(
        _reason(text, evidence, cls, (span.start, span.end), span.weight)
        for span in model.spans(evidence.folded.text, head)
        if span.weight >= _MIN_WEIGHT
    )


def _for(text: str, evidence: Evidence, sign: Judged) -> Reason:
    match = sign.match
    return _reason(text, evidence, match.rule.cls, (match.start, match.end), sign.weight)


def _against(text: str, evidence: Evidence, sign: Judged) -> list[Reason]:
    reasons: list[Reason] = []
    for context in sign.against:
        if isinstance(context, Match):
            factor = context.rule.reach.factor if context.rule.reach else 1.0
            cls, span = context.rule.cls, (context.start, context.end)
        else:
            cls, start, end = context
            span, factor = (start, end), QUOTED_FACTOR
        reasons.append(_reason(text, evidence, cls, span, 1 - factor))
    return reasons


def _reason(
    text: str, evidence: Evidence, cls: RuleClass, span: tuple[int, int], weight: float
) -> Reason:
    start, end = evidence.folded.span(*span)
    return Reason(
        name=cls.name,
        start=start,
        end=end,
        text=text[start:end],
        speaks="against" if cls.kind == "context" else "for",
        explanation=f"{cls.title}：{cls.explain}",
        weight=round(weight, 3),
    )
