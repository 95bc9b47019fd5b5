"""What a message is, to moderation, and why: scores, a label, and the words that speak for it."""

from collections.abc import Sequence
from dataclasses import dataclass

from liudeng.moderation.model import VERDICTS, Label, Model, Seen, see
from liudeng.moderation.model.features import shape_of

MOST_CHARS = 4_000
"""What stands behind is not read; no member reads it either."""
_SHAPES = {
    "shape:repeats": "大段重复",
    "shape:odd": "用了生僻字代替",
    "shape:tricks": "拆字或谐音",
    "shape:pinyin": "夹着拼音",
    "shape:url": "带网址",
    "shape:mentions": "一次提到很多人",
}
_SHAPE_LEAST = 0.3


@dataclass(frozen=True, slots=True)
class Reason:
    """Words of the original text that speak for the label; a shape has the whole text."""

    name: str
    start: int
    end: int
    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Assessment:
    """The label, the score of each other label (0.5 is its threshold) and the reasons."""

    label: Label
    scores: dict[Label, float]
    reasons: tuple[Reason, ...] = ()
    seen: Seen | None = None


class Assessor:
    """Assesses messages. Stateless, thread-safe, offline."""

    def __init__(self, model: Model) -> None:
        self.model = model

    def assess(self, text: str) -> Assessment:
        """Assess one message."""
        return self.assess_many([text])[0]

    def assess_many(self, texts: Sequence[str]) -> list[Assessment]:
        """Assess messages together, which is faster."""
        if not texts:
            return []
        seen = [see(text[:MOST_CHARS]) for text in texts]
        scored = self.model.score(seen)
        return [
            self._conclude(text, one, scores)
            for text, one, scores in zip(texts, seen, scored, strict=True)
        ]

    def _conclude(self, text: str, seen: Seen, scores: dict[Label, float]) -> Assessment:
        label = max(VERDICTS, key=lambda head: scores[head])
        if scores[label] < 0.5:
            return Assessment(Label.OK, scores, seen=seen)
        return Assessment(label, scores, self._reasons(text, seen, label), seen)

    def _reasons(self, text: str, seen: Seen, label: Label) -> tuple[Reason, ...]:
        plain = seen.message.plain
        found: list[Reason] = []
        for span in self.model.spans(seen, label):
            start, end = plain.span(span.start, span.end)
            weight = round(span.weight, 3)
            found.append(
                Reason(plain.text[span.start : span.end], start, end, text[start:end], weight)
            )
        shapes = shape_of(seen)
        for name, sentence in _SHAPES.items():
            if (value := shapes.get(name, 0.0)) >= _SHAPE_LEAST:
                found.append(Reason(sentence, 0, len(text), "", round(value, 3)))
        return tuple(found)
