"""A small net over n-grams, beside a model's linear heads: it hears what goes together.

A sum of words cannot say that 付费 is a swindle beside 加我 and a warning beside 别信; one hidden
layer can. Which words spoke is told by the linear heads, not by it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from liudeng.text.grams import BUCKETS, Grams

ABSENT = -1
"""In `places`: an n-gram the net never met."""


@dataclass(frozen=True)
class Net:
    """One hidden layer over n-grams and names, one output for nothing and each kind."""

    places: NDArray[np.int32]
    """For each bucket its row in `grams`, or `ABSENT`."""
    grams: NDArray[np.int8]
    """What an n-gram tells each hidden unit, in steps of `scale`."""
    scale: NDArray[np.float32]
    named: Mapping[str, NDArray[np.float32]]
    """What a feature that has a name tells each hidden unit."""
    hidden_bias: NDArray[np.float32]
    out: NDArray[np.float32]
    """Hidden units x (nothing, kinds)."""
    out_bias: NDArray[np.float32]

    @classmethod
    def stored_in(cls, stored: Mapping[str, NDArray[Any]], buckets: NDArray[np.uint32]) -> Self:
        """Read what `training.gram_net.fields` wrote into a file of weights.

        `buckets` are those of the file, in its order.
        """
        met = np.unpackbits(stored["net_met"], count=len(buckets)).astype(np.bool_)
        places = np.full(BUCKETS, ABSENT, dtype=np.int32)
        places[buckets[met]] = np.arange(int(met.sum()))
        names = [str(name) for name in stored["names"]]
        return cls(
            places,
            stored["net_grams"],
            stored["net_scale"],
            dict(zip(names, stored["net_named"].astype(np.float32), strict=True)),
            stored["net_hidden_bias"],
            stored["net_out"],
            stored["net_out_bias"],
        )

    def odds(
        self, grams: Grams, lengths: NDArray[np.float64], named: Sequence[Mapping[str, float]]
    ) -> NDArray[np.float64]:
        """Log odds of each kind, one row a message."""
        place = self.places[grams.buckets]
        met = place >= 0
        rows, values = grams.rows[met], grams.values[met] / lengths[grams.rows[met]]
        told = self.grams[place[met]] * values.astype(np.float32)[:, None]
        hidden = np.zeros((len(named), len(self.scale)), np.float32)
        firsts = np.flatnonzero(np.diff(rows, prepend=-1))  # rows come in order
        if len(firsts):
            hidden[rows[firsts]] = np.add.reduceat(told, firsts, axis=0) * self.scale
        for row, features in zip(hidden, named, strict=True):
            for name, value in features.items():
                if (told_by_name := self.named.get(name)) is not None:
                    row += value * told_by_name
        hidden += self.hidden_bias
        return log_odds(np.maximum(hidden, 0.0) @ self.out + self.out_bias)[:, 1:]


def log_odds(raised: NDArray[np.floating]) -> NDArray[np.float64]:
    """The log odds of each of several kinds of which one is true, from a net's outputs."""
    raised = raised.astype(np.float64)
    raised = raised - raised.max(axis=1, keepdims=True)
    each = np.exp(raised)
    others = each.sum(axis=1, keepdims=True) - each
    return raised - np.log(np.maximum(others, 1e-12))
