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


HEADS = (Label.SCAM, Label.AD, Label.ABUSE, Label.INCITE, Label.FLOOD, Label.OUTSIDER)
"""The order of the model's weights."""
