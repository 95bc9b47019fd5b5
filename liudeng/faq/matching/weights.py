"""What the matcher learnt: how much each piece of evidence counts (`python -m training.faq`)."""

from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

_FILE = Path(__file__).with_name("weights.json")


class Judgement(BaseModel):
    """One way to rank entries, and to tell whether the first of them is what was meant."""

    model_config = ConfigDict(frozen=True)

    rank: tuple[float, ...]
    """A weight for each column of the evidence."""
    decide: tuple[float, ...]
    """A weight for each feature of the decision."""
    bias: float
    answer_from: float
    """From this probability on, the first entry is the answer."""
    suggest_from: float
    """From this one on, it is worth asking 你是不是想问."""
    unasked_from: float
    """From this one on, nobody need ask the bot."""
    unasked_lead: float
    """How far the first entry must then be ahead of the second."""


class Weights(BaseModel):
    """With sentence vectors and without."""

    model_config = ConfigDict(frozen=True)

    words: Judgement
    meaning: Judgement


@cache
def load_weights() -> Weights:
    """Return the weights that are shipped."""
    return Weights.model_validate_json(_FILE.read_bytes())
