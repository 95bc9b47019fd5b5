"""Fit, calibrate and write the watcher's model; the same inputs give the same file.

    python -m training.train --data DIR [--check]

DIR holds `public/lccc_base_valid.tsv` and `public/cold_train.tsv` (see `docs/model-card.md`); the
labelled sentences stand in `training/data/watch/`. `--check` writes nothing and tells whether the
shipped file comes out. What the transformer says of a message is not fitted here
(`training.transformer.train`), but thresholds are set on the sum: train again after it.
"""

import hashlib
import io
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from liudeng.watch.assessment import LEXICON_DIRECTORY
from liudeng.watch.evidence import gather
from liudeng.watch.lexicon import load_lexicon
from liudeng.watch.model import BUCKETS
from liudeng.watch.model.heads import WEIGHTS, fingerprint
from liudeng.watch.parts import hear
from training.corpus import (
    FORUM,
    ORDINARY,
    SETTING_FOLD,
    examples,
    forum,
    ordinary,
    written_ordinary,
)
from training.design import Columns, columns_of
from training.fit import Floats
from training.gram_net import fields, in_bytes
from training.heads import BONUS, Bench, Learnt, lines_of, thresholds_of


def main(
    data: Annotated[Path, typer.Option(help="directory with public/*.tsv")],
    check: Annotated[bool, typer.Option("--check", help="write nothing, compare")] = False,
) -> None:
    """Train the shipped model."""
    lexicon = load_lexicon(LEXICON_DIRECTORY)
    rows, chat = examples(), ordinary(data / ORDINARY)

    labelled = hear(lexicon, [row.text for row in rows])
    lines = hear(lexicon, chat.trained)
    others = [gather(lexicon, text) for text in (*forum(data / FORUM), *written_ordinary())]
    ordinary_lines = [*lines.whole, *others]
    columns = columns_of([*labelled.whole, *ordinary_lines])
    bench = Bench(rows, labelled.whole, ordinary_lines, columns)
    learnt = bench.learn()
    sets = np.array(chat.folds) == SETTING_FOLD
    calm = lines_of(hear(lexicon, [chat.trained[row] for row in np.flatnonzero(sets)]), columns)
    unheard = np.concatenate([~sets, np.ones(len(others), dtype=np.bool_)])
    strangers = bench.learn(unheard)
    thresholds = thresholds_of(calm.scores(strangers))
    blob = packed(bench.columns, learnt, thresholds)
    typer.echo(f"sha256 {hashlib.sha256(blob).hexdigest()}  {len(blob) / 1024:.0f} KiB")
    if not check:
        WEIGHTS.write_bytes(blob)
    elif hashlib.sha256(blob).hexdigest() != fingerprint():
        raise typer.Exit(1)


def packed(columns: Columns, learnt: Learnt, thresholds: Floats) -> bytes:
    """The file of weights: n-grams in a byte each, names in half precision."""
    count = len(columns.buckets)
    named, bias = learnt.heads[count:-1], learnt.heads[-1]
    grams, scale = in_bytes(learnt.heads[:count])
    file = io.BytesIO()
    np.savez_compressed(
        file,
        size=np.array(BUCKETS),
        buckets=columns.buckets.astype(np.uint32),
        grams=grams,
        scale=scale,
        names=np.array(columns.names),
        named=named.astype(np.float16),
        bias=bias.astype(np.float32),
        thresholds=thresholds.astype(np.float32),
        bonus=np.array(BONUS, dtype=np.float32),
        **fields(learnt.net, count),
    )
    return file.getvalue()


if __name__ == "__main__":
    typer.run(main)
