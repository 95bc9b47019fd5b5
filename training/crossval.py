"""What the heads find in sentences they were not fitted on, at stated false-alarm rates."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from liudeng.watch.model import HEADS, Head
from training.corpus import CHAT_FOLDS, FOLDS, folds
from training.fit import Floats
from training.heads import Bench, Lines, Mask, threshold

RATES = {Head.DANGER: (0.5, 1.0, 2.0, 5.0), Head.PAIN: (5.0, 10.0), Head.WORRY: (0.2, 0.5)}


RESUMED_STEPS = 50
"""Steps from the fit of everything to the fit of all but a fold."""


def calm_scores(bench: Bench, chat: Lines, fold_of: Sequence[int], whole: Floats) -> Floats:
    """Scores of the lines of chat, which the bench learns from first, by fits without them.

    These fits begin at the weights of the `whole` and forget the lines from there.
    """
    lines = np.zeros(len(bench.ordinary), dtype=np.int64) - 1
    lines[: len(fold_of)] = fold_of
    scores = np.zeros((len(fold_of), len(HEADS)))
    for fold in range(CHAT_FOLDS):
        judged = lines[: len(fold_of)] == fold
        learnt = bench.learn(heard=lines != fold, resumed=(whole, RESUMED_STEPS))
        scores[judged] = chat.scores(learnt)[judged]
    return scores


def cross_validate(bench: Bench, sentences: Lines, calm: Floats, report: Lines) -> dict[str, Any]:
    """Recall and false alarms of each head, every sentence judged by folds it is not in.

    `calm` are the scores that set the thresholds.
    """
    fold_of = np.array(folds(bench.rows))
    own = np.zeros((len(bench.rows), len(HEADS)))
    quiet = np.zeros((len(report.heard.whole), len(HEADS)))
    for fold in range(FOLDS):
        held_out = fold_of == fold
        learnt = bench.learn(~held_out)
        own[held_out] = sentences.scores(learnt)[held_out]
        quiet += report.scores(learnt) / FOLDS
    return {
        head.name.lower(): {
            str(rate): _at(bench, head, own[:, head] > limit, quiet[:, head] > limit)
            for rate in RATES[head]
            for limit in [threshold(calm[:, head], rate)]
        }
        for head in HEADS
    }


def _at(bench: Bench, head: Head, raised: Mask, quiet: NDArray[np.bool_]) -> dict[str, float | str]:
    wanted = bench.labels(head)
    found: dict[str, float | str] = {"ordinary_per_1000": round(float(quiet.mean()) * 1000, 2)}
    for source in sorted({row.source for row in bench.rows}):
        here = np.array([row.source == source for row in bench.rows])
        if (here & wanted).any():
            found[f"found:{source}"] = _share(raised, here & wanted)
        if head is Head.DANGER and (here & bench.hard).any():
            found[f"hard_raised:{source}"] = _share(raised, here & bench.hard)
    return found


def _share(raised: Mask, among: Mask) -> str:
    return f"{int(raised[among].sum())}/{int(among.sum())} = {raised[among].mean():.3f}"
