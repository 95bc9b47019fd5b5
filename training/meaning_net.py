"""The small net over sentence vectors: one hidden layer, all heads at once, the same every time."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from liudeng.watch.model.meaning import Meaning

HIDDEN = 64
SEEDS = (0, 1)
"""Nets that are fitted apart and averaged: one alone depends on where it began."""
EPOCHS = 10
BATCH = 256
RATE = 1e-3
DECAY = 1e-5
DROPPED = 0.3
"""Share of the hidden numbers silenced in each step, so that none is leant on alone."""
SCALE = np.float32(16.0)
"""The numbers of a vector of length 1 are small; larger ones are learnt from faster."""
_BEGINS_AT = -3.0
"""The outer bias at first: hardly any message is in danger."""
_MOMENTUM, _SQUARES = 0.9, 0.999
_TINY = 1e-8
_LAST_RATE = 0.02

Singles = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Lessons:
    """Sentence vectors, what each head should say of them, and what each counts for it."""

    vectors: Singles
    labels: Singles
    weights: Singles


def fit_meaning(lessons: Lessons) -> Meaning:
    """The average of the nets of all `SEEDS`."""
    nets = [_fitted(lessons, seed) for seed in SEEDS]
    return Meaning(
        np.concatenate([net[0] for net in nets], axis=1) * SCALE,
        np.concatenate([net[1] for net in nets]),
        np.concatenate([net[2] for net in nets]) / np.float32(len(nets)),
        np.mean([net[3] for net in nets], axis=0),
    )


def _fitted(lessons: Lessons, seed: int) -> list[Singles]:
    chance = np.random.default_rng(seed)
    net = _begun(chance, lessons.vectors.shape[1], lessons.labels.shape[1])
    slopes, squares = [np.zeros_like(part) for part in net], [np.zeros_like(part) for part in net]
    count = len(lessons.vectors)
    steps = EPOCHS * (count // BATCH)
    step = 0
    for _ in range(EPOCHS):
        order = chance.permutation(count)
        for start in range(0, count - BATCH + 1, BATCH):
            step += 1
            rows = order[start : start + BATCH]
            kept = (chance.random((BATCH, HIDDEN)) > DROPPED).astype(np.float32) / (1 - DROPPED)
            rate = RATE * (1 - step / steps + _LAST_RATE)
            for part, slope, square, gradient in zip(
                net, slopes, squares, _gradients(net, lessons, rows, kept), strict=True
            ):
                slope += (1 - _MOMENTUM) * (gradient - slope)
                square += (1 - _SQUARES) * (gradient * gradient - square)
                along = slope / (1 - _MOMENTUM**step)
                part -= rate * along / (np.sqrt(square / (1 - _SQUARES**step)) + _TINY)
    return net


def _begun(chance: np.random.Generator, width: int, heads: int) -> list[Singles]:
    return [
        chance.normal(0, np.sqrt(2 / width), (width, HIDDEN)).astype(np.float32),
        np.zeros(HIDDEN, np.float32),
        chance.normal(0, np.sqrt(1 / HIDDEN), (HIDDEN, heads)).astype(np.float32),
        np.full(heads, _BEGINS_AT, np.float32),
    ]


def _gradients(
    net: list[Singles], lessons: Lessons, rows: NDArray[np.int64], kept: Singles
) -> tuple[Singles, ...]:
    """Slopes of the weighted log loss of a batch, for each part of the net."""
    seen = lessons.vectors[rows] * SCALE
    felt = seen @ net[0] + net[1]
    passed = np.maximum(felt, 0) * kept
    said = 1 / (1 + np.exp(-(passed @ net[2] + net[3])))
    wrong = (said - lessons.labels[rows]) * lessons.weights[rows] / np.float32(BATCH)
    back = (wrong @ net[2].T) * kept * (felt > 0)
    slopes = (
        seen.T @ back + np.float32(DECAY) * net[0],
        back.sum(axis=0),
        passed.T @ wrong + np.float32(DECAY) * net[2],
        wrong.sum(axis=0),
    )
    return tuple(slope.astype(np.float32, copy=False) for slope in slopes)
