"""Fits the net over n-grams: Adam on sparse rows, numpy alone, the dice loaded."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from liudeng.text.net import log_odds
from training.fit import Floats, Ints, Rows

HIDDEN = 16
EPOCHS = 6
BATCH = 64
RATE = 2e-3
DECAY = 1e-3
"""Of what a step adds to the loss for large weights, shared out over the messages."""
INPUT_SCALE = 2.0
"""Rows have a length near 1; the net learns faster from longer ones. Folded into its weights."""
LEAST_MET = 2
"""A column of fewer messages is not learnt from: it would know one message by heart."""
STEPS = 127
"""Weights are kept in a byte each."""
_SEED = 20_260_213
_FIRST, _SECOND, _TINY = 0.9, 0.999, 1e-8

Singles = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class NetWeights:
    """What fitting found; rows of columns that were not met are 0."""

    columns: Singles
    """Columns x hidden units."""
    hidden_bias: Singles
    out: Singles
    out_bias: Singles

    def odds(self, rows: Rows) -> Floats:
        """Log odds of each kind but the first, one row a message."""
        hidden = np.stack([rows.times(each.astype(float)) for each in self.columns.T], axis=1)
        raised = np.maximum(hidden + self.hidden_bias, 0.0) @ self.out + self.out_bias
        return log_odds(raised)[:, 1:]


class _Adam:
    """One array of weights and how its slope has moved."""

    def __init__(self, weights: Singles) -> None:
        self.weights = weights
        self._mean = np.zeros_like(weights)
        self._square = np.zeros_like(weights)

    def step(
        self, slope: NDArray[np.floating], rate: float, at: Ints | slice = slice(None)
    ) -> None:
        """Move against the slope; with `at`, only those rows, which is what makes it fast."""
        mean = _FIRST * self._mean[at] + (1 - _FIRST) * slope
        square = _SECOND * self._square[at] + (1 - _SECOND) * slope * slope
        self._mean[at], self._square[at] = mean, square
        self.weights[at] -= np.float32(rate) * mean / (np.sqrt(square) + np.float32(_TINY))


class _Fitting:
    """The net while it learns."""

    def __init__(self, rows: Rows, kinds: Ints, weights: Floats, outputs: int) -> None:
        order = np.argsort(rows.rows, kind="stable")
        met = np.bincount(rows.columns, minlength=rows.width) >= LEAST_MET
        order = order[met[rows.columns[order]]]
        self.columns = rows.columns[order]
        self.values = (rows.values[order] * INPUT_SCALE).astype(np.float32)
        self.ends = np.cumsum(np.bincount(rows.rows[order], minlength=rows.height))
        self.kinds, self.weights = kinds, weights.astype(np.float32)
        self.dice = np.random.default_rng(_SEED)
        self.words = _Adam(self._drawn(int(met.sum()), HIDDEN, rows.width, met))
        self.hidden_bias = _Adam(np.zeros(HIDDEN, np.float32))
        self.out = _Adam(self._drawn(HIDDEN, outputs))
        self.out_bias = _Adam(np.zeros(outputs, np.float32))
        self.steps = 0

    def _drawn(
        self, inputs: int, outputs: int, height: int = 0, at: NDArray[np.bool_] | None = None
    ) -> Singles:
        reach = (6 / (inputs + outputs)) ** 0.5
        drawn = self.dice.uniform(-reach, reach, (inputs, outputs)).astype(np.float32)
        if at is None:
            return drawn
        placed = np.zeros((height, outputs), np.float32)
        placed[at] = drawn
        return placed

    def epoch(self) -> None:
        """Read every message once, in a new order."""
        order = self.dice.permutation(len(self.kinds))
        for start in range(0, len(order), BATCH):
            self._learn(order[start : start + BATCH])

    def _learn(self, rows: Ints) -> None:
        """One step against the slope of the log loss of some messages."""
        self.steps += 1
        rate = RATE * (1 - _SECOND**self.steps) ** 0.5 / (1 - _FIRST**self.steps)
        columns, values, owners = self._entries(rows)
        hidden = np.zeros((len(rows), HIDDEN), np.float32)
        firsts = np.flatnonzero(np.diff(owners, prepend=-1))
        told = self.words.weights[columns] * values[:, None]
        hidden[owners[firsts]] = np.add.reduceat(told, firsts, axis=0)
        hidden = np.maximum(hidden + self.hidden_bias.weights, 0)
        slope = self._output_slope(hidden, rows)
        back = (slope @ self.out.weights.T) * (hidden > 0)
        share = np.float32(DECAY / len(self.kinds))
        self.out.step(hidden.T @ slope + share * self.out.weights, rate)
        self.out_bias.step(slope.sum(axis=0), rate)
        self.hidden_bias.step(back.sum(axis=0), rate)
        order = np.argsort(columns, kind="stable")
        starts = np.flatnonzero(np.diff(columns[order], prepend=-1))
        touched = columns[order][starts]
        each = (back[owners] * values[:, None])[order]
        summed = np.add.reduceat(each, starts, axis=0) + share * self.words.weights[touched]
        self.words.step(summed.astype(np.float32), rate, touched)

    def _entries(self, rows: Ints) -> tuple[Ints, Singles, Ints]:
        """Columns and values of some messages, and which of these messages each is of."""
        begins = np.where(rows > 0, self.ends[rows - 1], 0)
        sizes = self.ends[rows] - begins
        owners = np.repeat(np.arange(len(rows)), sizes)
        offsets = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        places = np.repeat(begins, sizes) + offsets
        return self.columns[places], self.values[places], owners

    def _output_slope(self, hidden: Singles, rows: Ints) -> Singles:
        raised = hidden @ self.out.weights + self.out_bias.weights
        shares = np.exp(raised - raised.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        shares[np.arange(len(rows)), self.kinds[rows]] -= 1.0
        return shares * (self.weights[rows] / BATCH)[:, None]


def fit_net(rows: Rows, kinds: Ints, weights: Floats, outputs: int) -> NetWeights:
    """Fit the net: `kinds` is 0 for nothing, else the number of the output from 1 on."""
    fitting = _Fitting(rows, kinds, weights, outputs)
    for _ in range(EPOCHS):
        fitting.epoch()
    columns = fitting.words.weights * np.float32(INPUT_SCALE)
    return NetWeights(
        columns, fitting.hidden_bias.weights, fitting.out.weights, fitting.out_bias.weights
    )


def fields(net: NetWeights, buckets: int) -> dict[str, Any]:
    """The net's part of a file of weights; the first `buckets` columns are n-grams."""
    met = net.columns[:buckets].any(axis=1)
    grams, scale = in_bytes(net.columns[:buckets][met])
    return {
        "net_met": np.packbits(met),
        "net_grams": grams,
        "net_scale": scale,
        "net_named": net.columns[buckets:].astype(np.float16),
        "net_hidden_bias": net.hidden_bias,
        "net_out": net.out,
        "net_out_bias": net.out_bias,
    }


def in_bytes(weights: NDArray[np.floating]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Weights in a byte each, and the step of each column."""
    scale = np.abs(weights).max(axis=0) / STEPS
    return np.round(weights / scale).astype(np.int8), scale.astype(np.float32)
