"""Fit, calibrate and write the model of moderation; the same inputs give the same file.

    python -m training.moderation.train --data DIR [--check] [--report]

DIR holds `public/cold_train.tsv` and `public/lccc_base_valid.tsv` (see `docs/moderation.md`), which
are not shipped; what else is learnt from stands in `training/`. `--report` also measures COLD's
test part, which nothing is learnt from, and writes `training/moderation/report.json`. The
thresholds are set with the transformer's opinion (`training.transformer.train`): train after it.
"""

import hashlib
import io
import json
from pathlib import Path
from typing import Annotated, NamedTuple

import numpy as np
import typer

from liudeng.moderation.model import HEADS, Label, see
from liudeng.moderation.model.meaning import opinions, together
from liudeng.moderation.model.model import WEIGHTS
from liudeng.text.grams import BUCKETS
from training.corpus import ORDINARY
from training.fit import Floats
from training.gram_net import fields, in_bytes
from training.moderation.bench import Bench, Fitted, gather
from training.moderation.calibration import (
    EVEN_ODDS,
    STRANGERS,
    Figures,
    Judged,
    asked_from,
    thresholds_of,
)
from training.moderation.corpus import COLD_TEST, COLD_TRAIN, cold, ordinary
from training.moderation.design import rows_of

REPORT = Path(__file__).with_name("report.json")
SETTING_PART = 1
"""The part of ordinary chat by which thresholds are set."""
REPORT_PART = 3
"""The part of ordinary chat in which false alarms are counted."""


def main(
    data: Annotated[Path, typer.Option(help="directory with public/*.tsv")],
    check: Annotated[bool, typer.Option("--check", help="write nothing, compare")] = False,
    report: Annotated[bool, typer.Option("--report", help="measure COLD's test part too")] = False,
) -> None:
    """Train the shipped model."""
    for needed in (COLD_TRAIN, ORDINARY, *([COLD_TEST] if report else [])):
        if not (data / needed).is_file():
            typer.echo(
                f"{data / needed} is missing: see docs/moderation.md for where it comes from"
            )
            raise typer.Exit(2)
    bench = gather(data)
    typer.echo(f"{len(bench.rows)} messages, {bench.matrix.width} features")
    judged = {pen: Judged.by_strangers(bench, pen) for pen in STRANGERS}
    fitted = bench.fit()
    chat = ordinary(data, SETTING_PART)
    limits = Limits(
        thresholds_of(Judged.together(list(judged.values())), _scores(bench, fitted, chat)),
        asked_from(_words(bench, fitted, chat)),
    )
    thresholds = limits.thresholds
    found: dict[str, Figures] = {pen.value: one.figures(thresholds) for pen, one in judged.items()}
    if report:
        found["elsewhere"] = _elsewhere(bench, fitted, thresholds, data)
        REPORT.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    typer.echo(json.dumps(found, ensure_ascii=False, indent=1))
    blob = packed(bench, fitted, limits)
    typer.echo(f"sha256 {hashlib.sha256(blob).hexdigest()}  {len(blob) / 1024:.0f} KiB")
    if not check:
        WEIGHTS.write_bytes(blob)
    elif blob != WEIGHTS.read_bytes():
        raise typer.Exit(1)


def _elsewhere(bench: Bench, fitted: Fitted, thresholds: Floats, data: Path) -> Figures:
    """Abuse in COLD's test part, and how often ordinary chat is acted upon."""
    texts, offensive = zip(*cold(data / COLD_TEST), strict=True)
    wanted = np.array(offensive)
    offence = _scores(bench, fitted, list(texts))[:, HEADS.index(Label.OFFENSIVE)]
    chat = _scores(bench, fitted, ordinary(data, REPORT_PART))
    return {
        "cold_test": _f1(offence >= EVEN_ODDS, wanted),
        "ordinary_per_1000": {
            head.value: round(1000 * float((chat[:, n] >= thresholds[n]).mean()), 2)
            for n, head in enumerate(HEADS)
        },
    }


def _scores(bench: Bench, fitted: Fitted, texts: list[str]) -> Floats:
    seen = [see(text) for text in texts]
    return together(fitted.scores(rows_of(seen, bench.columns)), opinions(seen))


def _words(bench: Bench, fitted: Fitted, texts: list[str]) -> Floats:
    return fitted.scores(rows_of([see(text) for text in texts], bench.columns))


def _f1(raised: np.ndarray, wanted: np.ndarray) -> dict[str, float]:
    both = float((raised & wanted).sum())
    precision, recall = both / max(1.0, raised.sum()), both / wanted.sum()
    quiet_right = float((~raised & ~wanted).sum())
    quiet = 2 * quiet_right / ((~raised).sum() + (~wanted).sum())
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    return {
        "accuracy": round(float((raised == wanted).mean()), 4),
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(f1, 4),
        "macro_f1": round((f1 + quiet) / 2, 4),
    }


class Limits(NamedTuple):
    """For each head: where it speaks; what words must say for the transformer to be asked."""

    thresholds: Floats
    asked_from: Floats


def packed(bench: Bench, fitted: Fitted, limits: Limits) -> bytes:
    """The file of weights: n-grams in a byte each, names in half precision."""
    count = len(bench.columns.buckets)
    weights = fitted.heads.T
    grams, scale = in_bytes(weights[:count])
    file = io.BytesIO()
    np.savez_compressed(
        file,
        size=np.array(BUCKETS),
        buckets=bench.columns.buckets.astype(np.uint32),
        grams=grams,
        scale=scale,
        names=np.array(bench.columns.names),
        named=weights[count:-1].astype(np.float16),
        bias=weights[-1].astype(np.float32),
        thresholds=limits.thresholds.astype(np.float32),
        asked_from=limits.asked_from.astype(np.float32),
        **fields(fitted.net, count),
    )
    return file.getvalue()


if __name__ == "__main__":
    typer.run(main)
