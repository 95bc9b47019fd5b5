"""What the heads find in sentences they were not fitted on, at stated false-alarm rates."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from liudeng.watch.evidence import Evidence
from liudeng.watch.model import HEADS, Head
from training.corpus import FOLDS, folds
from training.fit import Floats
from training.heads import BONUS, Bench, Mask, threshold, with_bonus

RATES = {Head.DANGER: (0.5, 1.0, 2.0, 5.0), Head.PAIN: (5.0, 10.0), Head.WORRY: (0.2, 0.5)}


def cross_validate(
    bench: Bench, calibration: Sequence[Evidence], report: Sequence[Evidence]
) -> dict[str, Any]:
    """Recall and false alarms of each head, every sentence judged by folds it is not in."""
    own, calm, quiet = _scores(bench, calibration, report)
    verdicts = np.array([one.verdicts() for one in bench.evidence])
    own = own + np.array(BONUS) * verdicts
    calm, quiet = with_bonus(calm, calibration), with_bonus(quiet, report)
    return {
        head.name.lower(): {
            str(rate): _at(bench, head, own[:, head] > limit, quiet[:, head] > limit)
            for rate in RATES[head]
            for limit in [threshold(calm[:, head], rate)]
        }
        for head in HEADS
    }


def _scores(
    bench: Bench, calibration: Sequence[Evidence], report: Sequence[Evidence]
) -> tuple[Floats, Floats, Floats]:
    fold_of = np.array(folds(bench.rows))
    own = np.zeros((len(bench.rows), len(HEADS)))
    calm, quiet = np.zeros((len(calibration), len(HEADS))), np.zeros((len(report), len(HEADS)))
    for fold in range(FOLDS):
        held_out = fold_of == fold
        weights = np.stack([bench.fit(head, ~held_out) for head in HEADS], axis=1)
        for head in HEADS:
            own[held_out, head] = bench.own_scores(weights[:, head])[held_out]
        calm += bench.scores(calibration, weights) / FOLDS
        quiet += bench.scores(report, weights) / FOLDS
    return own, calm, quiet


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
