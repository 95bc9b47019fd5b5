"""Fitted on all pens but one, judged on that one: the figures for words nobody prepared for.

    python -m training.pens --data DIR

One line a pen, at one alarm in 1,000 lines of ordinary chat that was not fitted on. The rules were
mended reading some of these sentences, so what they know of a pen is in its figure.
"""

from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from liudeng.watch.assessment import LEXICON_DIRECTORY
from liudeng.watch.evidence import gather
from liudeng.watch.lexicon import load_lexicon
from liudeng.watch.model import Head
from liudeng.watch.parts import hear
from training.corpus import FORUM, ORDINARY, examples, forum, ordinary, written_ordinary
from training.design import columns_of
from training.heads import Bench, Lines, Mask, lines_of, threshold, vectors_of

PENS = {
    "1, 10": ("train_community", "train_distress_genuine", "train_distress_hard", "pen_10"),
    "2": ("danger", "pain", "others", "harmless"),
    "3": (
        "danger_grief", "danger_plain", "danger_short", "danger_told", "disguised", "distress",
        "worried_friends", "lookalikes", "frames",
    ),
    "4": ("pen_4",),
    "5": ("pen_5",),
    "6": ("pen_6",),
    "7": ("pen_7",),
    "8": ("pen_8",),
    "9": ("pen_9",),
    "11": ("pen_11",),
    "12": ("pen_12",),
    "13": ("pen_13",),
    "14": ("pen_14",),
    "15": ("pen_15",),
    "16": ("pen_16",),
}  # fmt: skip
"""Which files each pen wrote; what stands under none is always learnt from."""
RATES = {Head.DANGER: 1.0, Head.PAIN: 10.0, Head.WORRY: 0.4}


def main(data: Annotated[Path, typer.Option(help="directory with public/*.tsv")]) -> None:
    """Print what is found of each pen by a model that has read all the others."""
    lexicon = load_lexicon(LEXICON_DIRECTORY)
    rows, chat = examples(), ordinary(data / ORDINARY)
    labelled, odd = hear(lexicon, [row.text for row in rows]), hear(lexicon, chat.report)
    learnt_from = (*chat.trained, *forum(data / FORUM), *written_ordinary())
    lines = [gather(lexicon, text) for text in learnt_from]
    columns = columns_of([*labelled.whole, *lines])
    meant = vectors_of(labelled.whole)
    bench = Bench(rows, labelled.whole, lines, columns, meant, vectors_of(lines))
    sentences = lines_of(labelled, columns, meant)
    quiet = lines_of(odd, columns, vectors_of(odd.whole))
    for pen, files in PENS.items():
        held_out = np.array([row.source in files for row in rows])
        typer.echo(f"{pen}  {_judged(bench, held_out, sentences, quiet)}")


def _judged(bench: Bench, held_out: Mask, sentences: Lines, quiet: Lines) -> str:
    learnt = bench.learn(~held_out)
    own, calm = sentences.scores(learnt), quiet.scores(learnt)
    told: list[str] = []
    for head, rate in RATES.items():
        raised = own[:, head] > threshold(calm[:, head], rate)
        told.append(f"{head.name.lower()} {_share(raised, held_out & bench.labels(head))}")
        if head is Head.DANGER:
            told.append(f"hard raised {_share(raised, held_out & bench.hard)}")
    return ", ".join(told)


def _share(raised: Mask, among: Mask) -> str:
    count = int(among.sum())
    return f"{raised[among].mean():.3f} of {count}" if count else "– of 0"


if __name__ == "__main__":
    typer.run(main)
