"""`liudeng moderation …`: rules and models over lines and the archive, acting upon nobody."""

import json
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from liudeng.moderation.assessment import Assessment, Assessor

BATCH = 200
app = typer.Typer(help="群管：离线判断消息、试规则，不处置任何人。", no_args_is_help=True)


@app.command()
def assess() -> None:
    """从标准输入每行读一条消息，逐行给出类别、分数和理由（JSON）。"""
    from liudeng.moderation.assessment import Assessor
    from liudeng.moderation.model import load_model

    for line in assess_lines(Assessor(load_model()), sys.stdin):
        typer.echo(line)


def assess_lines(assessor: "Assessor", lines: Iterable[str]) -> Iterator[str]:
    """One JSON object for each line, in order."""
    texts = (line.rstrip("\r\n") for line in lines)
    while batch := list(islice(texts, BATCH)):
        for text, found in zip(batch, assessor.assess_many(batch), strict=True):
            yield json.dumps(_as_json(text, found), ensure_ascii=False)


def _as_json(text: str, found: "Assessment") -> dict[str, object]:
    return {
        "text": text,
        "label": found.label,
        "scores": {label.value: round(score, 4) for label, score in found.scores.items()},
        "reasons": [
            {
                "rule": reason.name,
                "span": [reason.start, reason.end],
                "words": reason.text,
                "weight": reason.weight,
            }
            for reason in found.reasons
        ],
    }
