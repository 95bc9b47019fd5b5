"""What the rules found in one message, before anybody concludes anything from it."""

from collections.abc import Mapping
from dataclasses import dataclass

from liudeng.text.normalise import Normalised, normalise
from liudeng.watch.context import Judged, judge, speaks_of_other
from liudeng.watch.lexicon import Lexicon, Match
from liudeng.watch.respell import respell
from liudeng.watch.rules import DANGER_URGENT, PAIN_MARKED, danger_of, pain_of, worry_of

DENIED_BELOW = 0.6
"""What is left of a sign that is taken back, joked about or quoted."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The signs of a message, judged by their contexts, and what they add up to (each 0..1)."""

    folded: Normalised
    signs: tuple[Judged, ...] = ()
    contexts: tuple[Match, ...] = ()
    danger: float = 0.0
    pain: float = 0.0
    worry: float = 0.0
    is_of_other: bool = False
    """The message is about somebody else, and its writer tells nothing of themselves."""

    @property
    def is_denied(self) -> bool:
        """Something takes most of the weight off what sounds grave: 我不想死 is no wish to die."""
        return any(
            sign.against and sign.factor < DENIED_BELOW and sign.match.rule.cls.kind == "danger"
            for sign in self.signs
        )

    @property
    def is_qualified(self) -> bool:
        """Something takes the edge off what sounds grave; a part of the message would lose it."""
        return any(sign.against and sign.match.rule.cls.kind == "danger" for sign in self.signs)

    @property
    def gravity(self) -> float:
        """The worst that the rules say, of anybody."""
        return max(self.danger, self.worry)

    def features(self) -> Mapping[str, float]:
        """The same by name, for the model: classes it never met simply carry no weight."""
        named = {f"context:{match.rule.cls.name}": 1.0 for match in self.contexts}
        for sign in self.signs:
            name = f"{'other' if sign.other else 'own'}:{sign.match.rule.cls.name}"
            named[name] = max(named.get(name, 0.0), sign.weight)
        named |= {"danger": self.danger, "pain": self.pain, "worry": self.worry}
        named |= zip(("is_danger", "is_pain", "is_worry"), self.verdicts(), strict=True)
        return {name: value for name, value in named.items() if value}

    def verdicts(self) -> tuple[float, float, float]:
        """1 where the rules alone would speak: of danger, of pain, of worry."""
        return (
            float(self.danger >= DANGER_URGENT),
            float(self.pain >= PAIN_MARKED),
            float(self.worry >= DANGER_URGENT),
        )


def gather(lexicon: Lexicon, text: str) -> Evidence:
    """Fold a message and let every rule speak; of two spellings the graver one counts."""
    folded = normalise(text)
    found = _heard(lexicon, folded)
    spelled_out = respell(folded)
    if spelled_out is None:
        return found
    other = _heard(lexicon, spelled_out)
    return other if other.gravity > found.gravity else found


def _heard(lexicon: Lexicon, folded: Normalised) -> Evidence:
    matches = lexicon.find(folded.text)
    if not matches:
        return Evidence(folded)
    signs = judge(folded.text, matches)
    contexts = tuple(match for match in matches if match.rule.reach is not None)
    own = [sign for sign in signs if not sign.other and sign.match.rule.cls.kind != "worry"]
    return Evidence(
        folded,
        tuple(signs),
        contexts,
        danger_of(own),
        pain_of(own),
        worry_of(signs),
        speaks_of_other(folded.text, matches),
    )
