"""`liudeng moderation …`: rules and models over lines and the archive, acting upon nobody."""

import asyncio
import json
import re
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from liudeng.console import archive_or_fail, fail

if TYPE_CHECKING:
    from liudeng.moderation.assessment import Assessment, Assessor

BATCH = 200
_LINE_ENDS = re.compile("[\x85\u2028\u2029]")
app = typer.Typer(help="群管：离线判断消息、试规则，不处置任何人。", no_args_is_help=True)


@app.command()
def assess() -> None:
    """从标准输入每行读一条消息，逐行给出类别、分数和理由（JSON）。"""
    from liudeng.moderation.assessment import Assessor
    from liudeng.moderation.model import load_model

    for line in assess_lines(Assessor(load_model()), _typed()):
        typer.echo(line)


def _typed() -> Iterator[str]:
    """Standard input by lines; what is no UTF-8 is read with marks in its place."""
    for line in getattr(sys.stdin, "buffer", ()):
        yield line.decode("utf-8", "replace")


def assess_lines(assessor: "Assessor", lines: Iterable[str]) -> Iterator[str]:
    """One JSON object for each line, in order."""
    texts = (line.rstrip("\r\n") for line in lines)
    while batch := list(islice(texts, BATCH)):
        for text, found in zip(batch, assessor.assess_many(batch), strict=True):
            yield _in_one_line(json.dumps(_as_json(text, found), ensure_ascii=False))


def _in_one_line(text: str) -> str:
    """JSON lets these stand as they are, but many a reader takes them for the end of a line."""
    return _LINE_ENDS.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


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


@app.command()
def replay(
    group: Annotated[int, typer.Option("--group", help="群号。")],
    rule: Annotated[str, typer.Option("--rule", help="一套规则的名字，或一条规则的编号。")],
    since: Annotated[str, typer.Option(help="从哪天起，写成 2026-02-13。")] = "1970-01-01",
    sample: Annotated[int, typer.Option(min=1, max=1000, help="抽几条出来标。")] = 20,
    marks: Annotated[Path | None, typer.Option(help="标好的抽样文件：据此算准确率。")] = None,
) -> None:
    """在存档上重放一条规则：本来会动哪些消息；抽样给人标，据此算准不准。谁也不处置。"""
    from liudeng.moderation.replay import ReplayProblem, precision_of, replay_rule

    try:
        if marks is not None:
            typer.echo(precision_of(marks))
            return
        settings = archive_or_fail()
        found = asyncio.run(replay_rule(settings, group, rule, since))
    except ReplayProblem as problem:
        fail(str(problem))
    typer.echo(f"看了 {found.read} 条，会动 {len(found.hits)} 条。", err=True)
    for line in found.sampled(sample):
        typer.echo(line)


audit = typer.Typer(help="审计：谁对谁做了什么，有没有人改过记录。", no_args_is_help=True)


@audit.command()
def verify() -> None:
    """从头核对审计的每一行；有一行被改过就返回 1。"""
    from liudeng.moderation.auditing import verify_chain

    found = asyncio.run(verify_chain(archive_or_fail()))
    if found.broken_at is not None:
        fail(f"第 {found.broken_at} 行对不上：它或它前面的一行被改过。前 {found.rows} 行完好。")
    typer.echo(f"{found.rows} 行都对得上。末行的指纹：{found.last_hash}")


@audit.command()
def export(
    group: Annotated[int | None, typer.Option("--group", help="只要一个群的。")] = None,
) -> None:
    """逐行写出审计（JSON）。"""
    from liudeng.moderation.auditing import export_rows

    async def write() -> None:
        async for line in export_rows(archive_or_fail(), group):
            typer.echo(line)

    asyncio.run(write())
