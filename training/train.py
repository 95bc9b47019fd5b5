"""Fit, calibrate and write the watcher's model; the same inputs give the same file.

    python -m training.train --data DIR [--check]

DIR holds `public/lccc_base_valid.tsv` and `public/cold_train.tsv` (see `docs/model-card.md`); the
labelled sentences stand in `training/data/watch/`. `--check` writes nothing and tells whether the
shipped file comes out. `--report` also writes what cross-validation finds to a report beside this.
"""

import hashlib
import io
import json
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
from training.corpus import FORUM, ORDINARY, examples, forum, ordinary, written_ordinary
from training.crossval import calm_scores, cross_validate
from training.design import Columns, columns_of
from training.fit import Floats
from training.gram_net import fields, in_bytes
from training.heads import BONUS, Bench, Learnt, lines_of, thresholds_of, vectors_of

REPORT = Path(__file__).with_name("report.json")


def main(
    data: Annotated[Path, typer.Option(help="directory with public/*.tsv")],
    check: Annotated[bool, typer.Option("--check", help="write nothing, compare")] = False,
    report: Annotated[bool, typer.Option("--report", help="cross-validate too")] = False,
) -> None:
    """Train the shipped model."""
    lexicon = load_lexicon(LEXICON_DIRECTORY)
    rows, chat = examples(), ordinary(data / ORDINARY)

    labelled = hear(lexicon, [row.text for row in rows])
    lines = hear(lexicon, chat.trained)
    others = [gather(lexicon, text) for text in (*forum(data / FORUM), *written_ordinary())]
    ordinary_lines = [*lines.whole, *others]
    columns = columns_of([*labelled.whole, *ordinary_lines])
    meant, chat_meant = vectors_of(labelled.whole), vectors_of(ordinary_lines)
    bench = Bench(rows, labelled.whole, ordinary_lines, columns, meant, chat_meant)
    learnt = bench.learn()
    calm = calm_scores(
        bench, lines_of(lines, columns, chat_meant[: len(chat.trained)]), chat.folds, learnt.heads
    )
    if report:
        heard = hear(lexicon, chat.report)
        odd = lines_of(heard, columns, vectors_of(heard.whole))
        found = cross_validate(bench, lines_of(labelled, columns, meant), calm, odd)
        REPORT.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    blob = packed(bench.columns, learnt, thresholds_of(calm))
    typer.echo(f"sha256 {hashlib.sha256(blob).hexdigest()}  {len(blob) / 1024:.0f} KiB")
    if not check:
        WEIGHTS.write_bytes(blob)
    elif hashlib.sha256(blob).hexdigest() != fingerprint():
        raise typer.Exit(1)


def packed(columns: Columns, learnt: Learnt, thresholds: Floats) -> bytes:
    """The file of weights: n-grams in a byte each, names and meanings in half precision."""
    count = len(columns.buckets)
    named, bias, meaning = learnt.heads[count:-1], learnt.heads[-1], learnt.meaning
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
        hidden=meaning.hidden.astype(np.float16),
        hidden_bias=meaning.hidden_bias.astype(np.float32),
        outer=meaning.outer.astype(np.float32),
        outer_bias=meaning.outer_bias.astype(np.float32),
        **fields(learnt.net, count),
    )
    return file.getvalue()


if __name__ == "__main__":
    typer.run(main)
