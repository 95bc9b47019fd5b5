"""What the matcher learnt: how much each piece of evidence counts (`python -m training.faq`)."""

from functools import cache, cached_property
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict

_FILE = Path(__file__).with_name("weights.json")
_FURTHEST = 5.0
"""Deviations from the mean beyond which a feature says nothing more."""


class Network(BaseModel):
    """A layer of tanh units and a logistic one: whether the first entry is what was meant."""

    model_config = ConfigDict(frozen=True)

    mean: tuple[float, ...] = ()
    deviation: tuple[float, ...] = ()
    hidden: tuple[tuple[float, ...], ...] = ()
    """A row for each feature, a column for each unit."""
    hidden_bias: tuple[float, ...] = ()
    out: tuple[float, ...] = ()
    bias: float = 0.0

    def probability(self, features: np.ndarray) -> float:
        """Return how likely it is, from 0 to 1; without weights nothing is."""
        if not self.out:
            return 0.0
        mean, deviation, hidden, hidden_bias, out = self._arrays
        scaled = np.clip((features - mean) / deviation, -_FURTHEST, _FURTHEST)
        logit = np.tanh(scaled @ hidden + hidden_bias) @ out + self.bias
        return float(1 / (1 + np.exp(-np.clip(logit, -30, 30))))

    @cached_property
    def _arrays(self) -> tuple[np.ndarray, ...]:
        held = (self.mean, self.deviation, self.hidden, self.hidden_bias, self.out)
        return tuple(np.array(each, np.float64) for each in held)


class Judgement(BaseModel):
    """One way to rank entries, and to tell whether the first of them is what was meant."""

    model_config = ConfigDict(frozen=True)

    rank: tuple[float, ...]
    """A weight for each column of the evidence."""
    decide: Network = Network()
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
