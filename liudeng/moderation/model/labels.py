"""What a message can be, to moderation."""

from enum import StrEnum


class Label(StrEnum):
    """`ok` is everything nobody should act upon: warnings, grief, anger, jokes, questions."""

    OK = "ok"
    SCAM = "scam"
    AD = "ad"
    ABUSE = "abuse"
    INCITE = "incite"
    FLOOD = "flood"
    OUTSIDER = "outsider"
    OFFENSIVE = "offensive"
    """A score alone, learnt from COLD: contempt for whole groups of people. Never a verdict."""


VERDICTS = (Label.SCAM, Label.AD, Label.ABUSE, Label.INCITE, Label.FLOOD, Label.OUTSIDER)
"""What a message can be called besides `ok`."""
HEADS = (*VERDICTS, Label.OFFENSIVE)
"""The order of the model's weights."""
