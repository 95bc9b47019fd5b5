"""`liudeng faq …`: asking offline, and entries as files."""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="问答：离线提问，导入和导出问答。", no_args_is_help=True)

Group = Annotated[int, typer.Option("--group", help="群号；0 是所有群共用的。")]


@app.command()
def ask(
    group: Annotated[
        int | None, typer.Option("--group", help="问这个群的问答；不写就问附带的那一套。")
    ] = None,
    no_vectors: Annotated[
        bool, typer.Option("--no-vectors", help="只按字词比，不用句向量。")
    ] = False,
) -> None:
    """从标准输入每行读一句，逐行给出会怎么答（JSON）。"""
    from liudeng.faq.offline import OfflineProblem, open_book

    try:
        book = open_book(group, vectors=not no_vectors)
    except OfflineProblem as problem:
        typer.echo(str(problem), err=True)
        raise typer.Exit(1) from None
    for line in _lines(sys.stdin):
        answered = book.ask(line)
        sys.stdout.write(json.dumps(answered, ensure_ascii=False) + "\n")
        sys.stdout.flush()


@app.command(name="export")
def export_(
    out: Annotated[Path, typer.Argument(help="写到哪个文件：.toml、.csv 或 .md。")],
    group: Group = 0,
) -> None:
    """把问答写成文件。"""
    from liudeng.faq.exchange.command_line import ExchangeProblem, export_entries

    try:
        written = export_entries(out, group)
    except ExchangeProblem as problem:
        typer.echo(str(problem), err=True)
        raise typer.Exit(1) from None
    typer.echo(f"写好了：{written} 条，{out}")


@app.command(name="import")
def import_(
    file: Annotated[Path, typer.Argument(help="读哪个文件：.toml、.csv 或 .md。")],
    group: Group = 0,
) -> None:
    """读进一个文件里的问答；群里已经改过的同名条目会留下历史，可以撤销。"""
    from liudeng.faq.exchange.command_line import ExchangeProblem, import_entries

    try:
        report = import_entries(file, group)
    except ExchangeProblem as problem:
        typer.echo(str(problem), err=True)
        raise typer.Exit(1) from None
    typer.echo(f"读好了：新增 {report.added} 条，更新 {report.changed} 条，没变 {report.same} 条。")


@app.command()
def fork(group: Annotated[int, typer.Option("--group", min=1, help="群号。")]) -> None:
    """给一个群复制一套共用的问答，之后各改各的。"""
    from liudeng.faq.exchange.command_line import ExchangeProblem, fork_entries

    try:
        copied = fork_entries(group)
    except ExchangeProblem as problem:
        typer.echo(str(problem), err=True)
        raise typer.Exit(1) from None
    typer.echo(f"复制了 {copied} 条，之后在群里改的只算这个群的。")


def _lines(stream: Iterable[str]) -> Iterator[str]:
    for line in stream:
        yield line.rstrip("\r\n")
