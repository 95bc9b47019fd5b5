"""An answer as a card."""

from collections.abc import Sequence
from datetime import date
from typing import Literal

from liudeng.faq import texts
from liudeng.faq.entry import Entry
from liudeng.pictures import AnswerCard, Hint

LONG = 90
"""Characters from which on an answer is easier to read as a card than as a grey bubble."""


def answer_card(
    entry: Entry, today: date, *, similar: Sequence[Entry] = (), counts: tuple[int, int] = (0, 0)
) -> AnswerCard:
    """Return an entry as it is drawn."""
    about = filter(None, (f"问答 {entry.id}", "、".join(entry.body.tags)))
    return AnswerCard(
        question=entry.body.question,
        answer=entry.body.answer,
        kicker=" · ".join(about),
        facts=texts.facts_text(entry, today, counts),
        similar=tuple(f"{one.id} {one.body.question}" for one in similar),
        hints=(
            Hint(command="有用", summary="帮到了你"),
            Hint(command="没用", summary="不对、不够"),
        ),
    )


def reads_better_drawn(card: AnswerCard, wanted: Literal["long", "always", "never"]) -> bool:
    """Tell whether a card is shown instead of words."""
    return wanted == "always" or (wanted == "long" and len(card.answer) >= LONG)
