"""What the FAQ matcher learns: a conditional logit that ranks, a small network that decides."""

from collections.abc import Callable, Sequence

import numpy as np

from liudeng.faq.matching.features import Features
from liudeng.faq.matching.weights import Network

_UNITS = 32
_TOGETHER = 2
"""So many networks are fitted and averaged, which is one network with all their units."""
_STEPS, _BATCH = 1_500, 512
_DROPPED = 0.2
_FURTHEST = 5.0
_DIGITS = 4


def fit_ranking(asked: Sequence[tuple[Features, int]]) -> np.ndarray:
    """Fit a conditional logit: the right entry against the others that were looked at."""
    usable = [(found, right) for found, right in asked if right in found.order]
    size = max(len(found.order) for found, _ in usable)
    usable = [(found, right) for found, right in usable if len(found.order) == size]
    rows = np.stack([found.rows for found, _ in usable]).astype(float)
    right = np.array([list(found.order).index(right) for found, right in usable])
    deviation = rows.reshape(-1, rows.shape[-1]).std(0) + 1e-9
    scaled = rows / deviation

    def gradient(weights: np.ndarray) -> np.ndarray:
        scores = scaled @ weights
        chance = np.exp(scores - scores.max(1, keepdims=True))
        chance /= chance.sum(1, keepdims=True)
        expected = np.einsum("nef,ne->f", scaled, chance)
        return (expected - scaled[np.arange(len(right)), right].sum(0)) / len(right)

    return _descend(gradient, rows.shape[-1], decay=2e-3) / deviation


def _descend(
    gradient: Callable[[np.ndarray], np.ndarray], size: int, decay: float, steps: int = 1500
) -> np.ndarray:
    """Descend with Adam."""
    weights, first, second = np.zeros(size), np.zeros(size), np.zeros(size)
    for step in range(1, steps + 1):
        slope = gradient(weights) + decay * weights
        first = 0.9 * first + 0.1 * slope
        second = 0.99 * second + 0.01 * slope**2
        scale = np.sqrt(second / (1 - 0.99**step)) + 1e-8
        weights -= 0.03 * first / (1 - 0.9**step) / scale
    return weights


def fit_decision(rows: np.ndarray, labels: np.ndarray, counts: np.ndarray) -> Network:
    """Fit the network; `counts` is how much each row counts."""
    mean, deviation = rows.mean(0), rows.std(0) + 1e-6
    scaled = np.clip((rows - mean) / deviation, -_FURTHEST, _FURTHEST)
    fitted = [_network(scaled, labels, counts, seed) for seed in range(_TOGETHER)]
    hidden, hidden_bias, out, bias = (
        np.concatenate([each[part] for each in fitted], axis=-1) for part in range(4)
    )
    return Network(
        mean=_listed(mean),
        deviation=_listed(deviation, digits=6),
        hidden=tuple(_listed(row) for row in hidden),
        hidden_bias=_listed(hidden_bias),
        out=_listed(out / _TOGETHER),
        bias=float(round(bias.mean(), _DIGITS)),
    )


def _network(
    rows: np.ndarray, labels: np.ndarray, counts: np.ndarray, seed: int
) -> list[np.ndarray]:
    """Fit one layer of tanh units with dropout, and a logistic unit, by Adam."""
    random = np.random.default_rng(seed)
    size, decay = rows.shape[1], np.array([3e-3, 0.0, 3e-3, 0.0])
    weights = [
        random.normal(0, size**-0.5, (size, _UNITS)),
        np.zeros(_UNITS),
        random.normal(0, _UNITS**-0.5, _UNITS),
        np.zeros(1),
    ]
    first = [np.zeros_like(each) for each in weights]
    second = [np.zeros_like(each) for each in weights]
    drawn = random.choice(len(rows), (_STEPS, _BATCH), p=counts / counts.sum())
    for step, batch in enumerate(drawn, 1):
        some = rows[batch]
        units = np.tanh(some @ weights[0] + weights[1])
        kept = (random.random(units.shape) > _DROPPED) / (1 - _DROPPED)
        chance = 1 / (1 + np.exp(-((units * kept) @ weights[2] + weights[3])))
        error = (chance - labels[batch]) / _BATCH
        back = np.outer(error, weights[2]) * kept * (1 - units**2)
        slopes = [some.T @ back, back.sum(0), (units * kept).T @ error, np.array([error.sum()])]
        rate = 0.01 * (1 - step / _STEPS) + 1e-4
        for part, slope in enumerate(slopes):
            steep = slope + decay[part] * weights[part]
            first[part] = 0.9 * first[part] + 0.1 * steep
            second[part] = 0.99 * second[part] + 0.01 * steep**2
            scale = np.sqrt(second[part] / (1 - 0.99**step)) + 1e-8
            weights[part] = weights[part] - rate * first[part] / (1 - 0.9**step) / scale
    return weights


def _listed(numbers: np.ndarray, digits: int = _DIGITS) -> tuple[float, ...]:
    return tuple(round(float(number), digits) for number in numbers)
