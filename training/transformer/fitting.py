# pyright: reportMissingImports=false
"""Fine-tuning: AdamW over batches of texts of like length, two tasks at once."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from training.transformer.lessons import Lesson
from training.transformer.network import PADDING, Network

LAST_RATE = 0.02
WARM_UP = 0.05
DECAY = 0.01
BATCH_TOKENS = 1_280
MOST_TEXTS = 160
NORM = 64
"""What the losses of a batch are divided by, whatever its size."""
THREADS = 2
WATCH_OUTPUTS = 3
"""Outputs of the watch; those of moderation follow."""
_SORTED_TOGETHER = 3_200
_TOLD_EVERY = 200
_SEED = 0


@dataclass(frozen=True, slots=True)
class Course:
    """How often everything is read, and how fast the network changes at most."""

    epochs: int
    rate: float


FIRST = Course(5, 1.5e-4)
SECOND = Course(1, 4e-5)
"""A turn with torn lines and glued sentences among the others; new ones each time."""


class Tokenised:
    """Texts in tokens, and what is to be said of them."""

    def __init__(self, lessons: Sequence[Lesson], tokens: Sequence[Sequence[int]]) -> None:
        self.tokens = tokens
        self.lengths = np.array([len(each) for each in tokens])
        self.is_rare = np.array([one.is_rare for one in lessons])
        self.watch = torch.tensor([one.watch for one in lessons], dtype=torch.float32)
        self.watch_weights = torch.tensor([one.watch_weights for one in lessons])
        self.kinds = torch.tensor([one.kind for one in lessons])
        self.kind_weights = torch.tensor([one.kind_weight for one in lessons])

    def batches(self, dice: np.random.Generator, epoch: int) -> list[NDArray[np.int64]]:
        """The texts of an epoch, those of like length together, in a random order."""
        turn = (np.arange(len(self.tokens)) + epoch) % 2 == 0
        taken = dice.permutation(np.flatnonzero(~self.is_rare | turn))
        found = [
            batch
            for start in range(0, len(taken), _SORTED_TOGETHER)
            for batch in self._cut(taken[start : start + _SORTED_TOGETHER])
        ]
        return [found[number] for number in dice.permutation(len(found))]

    def _cut(self, rows: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
        rows = rows[np.argsort(self.lengths[rows], kind="stable")]
        start = 0
        for end in range(1, len(rows) + 1):
            size = end + 1 - start
            if (
                end == len(rows)
                or size > MOST_TEXTS
                or size * self.lengths[rows[end]] > BATCH_TOKENS
            ):
                yield rows[start:end]
                start = end

    def filled(self, rows: NDArray[np.int64]) -> Tensor:
        """The tokens of some texts, filled up."""
        filled = np.full((len(rows), int(self.lengths[rows].max())), PADDING)
        for at, row in enumerate(rows):
            filled[at, : self.lengths[row]] = self.tokens[row]
        return torch.tensor(filled)


def fit(network: Network, taught: Tokenised, course: Course, tell: Callable[[str], None]) -> None:
    """Teach the network; the same on one machine with as many threads, up to rounding."""
    torch.set_num_threads(THREADS)
    torch.manual_seed(_SEED)
    dice = np.random.default_rng(_SEED)
    plan = [batch for epoch in range(course.epochs) for batch in taught.batches(dice, epoch)]
    optimiser = _optimiser(network, course.rate)
    began, smoothed = time.monotonic(), 0.0
    network.train()
    for step, rows in enumerate(plan):
        _set_rate(optimiser, course.rate, step / len(plan))
        loss = _loss(network, taught, rows)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        smoothed = 0.98 * smoothed + 0.02 * loss.item()
        if step % _TOLD_EVERY == 0:
            passed = time.monotonic() - began
            tell(f"step {step} of {len(plan)}, loss {smoothed:.4f}, {passed:.0f} s")
    network.eval()


def _optimiser(network: Network, rate: float) -> torch.optim.Optimizer:
    matrices = [each for each in network.parameters() if each.ndim > 1]
    vectors = [each for each in network.parameters() if each.ndim <= 1]
    return torch.optim.AdamW(
        [{"params": matrices, "weight_decay": DECAY}, {"params": vectors, "weight_decay": 0.0}],
        lr=rate,
        betas=(0.9, 0.98),
        eps=1e-6,
        fused=True,
    )


def _set_rate(optimiser: torch.optim.Optimizer, rate: float, done: float) -> None:
    for group in optimiser.param_groups:
        group["lr"] = rate * min(1.0, done / WARM_UP + 1e-3) * max(LAST_RATE, 1 - done)


def _loss(network: Network, taught: Tokenised, rows: NDArray[np.int64]) -> Tensor:
    with torch.autocast("cpu", torch.bfloat16):
        said = network(taught.filled(rows))
    said, at = said.float(), torch.tensor(rows)
    each = functional.binary_cross_entropy_with_logits(
        said[:, :WATCH_OUTPUTS], taught.watch[at], reduction="none"
    )
    kinds = functional.cross_entropy(said[:, WATCH_OUTPUTS:], taught.kinds[at], reduction="none")
    total = (each * taught.watch_weights[at]).sum() + (kinds * taught.kind_weights[at]).sum()
    return total / NORM
