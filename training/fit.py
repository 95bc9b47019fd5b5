"""Logistic regression on sparse rows with numpy alone, the same to the last bit on every run."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MEMORY = 10
STEPS = 150
TOLERANCE = 1e-5
_SHORTEST = 1e-9
_SUFFICIENT = 1e-4


@dataclass(frozen=True, slots=True)
class Rows:
    """A sparse matrix as (row, column, value) triples."""

    rows: Ints
    columns: Ints
    values: Floats
    height: int
    width: int

    def times(self, weights: Floats) -> Floats:
        """Each row's product with the weights."""
        products = self.values * weights[self.columns]
        return np.bincount(self.rows, products, self.height).astype(np.float64)

    def transposed_times(self, per_row: Floats) -> Floats:
        """Each column's product with one number per row."""
        products = self.values * per_row[self.rows]
        return np.bincount(self.columns, products, self.width).astype(np.float64)

    def take(self, chosen: NDArray[np.bool_]) -> "Rows":
        """The chosen rows only, renumbered."""
        number = np.cumsum(chosen) - 1
        kept = chosen[self.rows]
        return Rows(
            number[self.rows[kept]],
            self.columns[kept],
            self.values[kept],
            int(chosen.sum()),
            self.width,
        )


def fit(
    rows: Rows,
    labels: Floats,
    sample_weights: Floats,
    strength: float,
    steps: int = STEPS,
) -> Floats:
    """Weights, the bias last, that minimise strength * weighted log loss + half their square."""

    def loss(weights: Floats) -> tuple[float, Floats]:
        margin = rows.times(weights[:-1]) + weights[-1]
        signed = np.where(labels > 0, margin, -margin)
        each = np.logaddexp(0.0, -signed)
        slope = 1.0 / (1.0 + np.exp(np.clip(-margin, -500, 500))) - labels
        slope = strength * sample_weights * slope
        gradient = np.append(rows.transposed_times(slope) + weights[:-1], slope.sum())
        value = strength * float(sample_weights @ each) + 0.5 * float(weights[:-1] @ weights[:-1])
        return value, gradient

    return _minimise(loss, np.zeros(rows.width + 1), steps)


def _minimise(loss: Callable[[Floats], tuple[float, Floats]], at: Floats, steps: int) -> Floats:
    """L-BFGS with a backtracking line search."""
    value, gradient = loss(at)
    goal = TOLERANCE * max(1.0, float(np.abs(gradient).max()))
    history: deque[tuple[Floats, Floats, float]] = deque(maxlen=MEMORY)
    for _ in range(steps):
        if np.abs(gradient).max() < goal:
            break
        direction = _direction(gradient, history)
        descent = float(direction @ gradient)
        step = 1.0 if history else 1.0 / float(np.abs(gradient).max())
        reached = at + step * direction
        new_value, new_gradient = loss(reached)
        while new_value > value + _SUFFICIENT * step * descent and step > _SHORTEST:
            step *= 0.5
            reached = at + step * direction
            new_value, new_gradient = loss(reached)
        moved, turned = reached - at, new_gradient - gradient
        curvature = float(moved @ turned)
        if curvature > 1e-12:
            history.append((moved, turned, 1.0 / curvature))
        at, value, gradient = reached, new_value, new_gradient
    return at


def _direction(gradient: Floats, history: deque[tuple[Floats, Floats, float]]) -> Floats:
    direction = -gradient
    shares: list[float] = []
    for moved, turned, inverse in reversed(history):
        share = inverse * float(moved @ direction)
        shares.append(share)
        direction = direction - share * turned
    if history:
        moved, turned, inverse = history[-1]
        direction = direction / (inverse * float(turned @ turned))
    for (moved, turned, inverse), share in zip(history, reversed(shares), strict=True):
        direction = direction + (share - inverse * float(turned @ direction)) * moved
    return direction
