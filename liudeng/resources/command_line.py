"""`liudeng resources …`: the ledger from the command line."""

import asyncio
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy.exc import DBAPIError

from liudeng.console import fail, settings_or_fail
from liudeng.db import Database, SchemaTooNew, explain, migrate, now_ms
from liudeng.resources.canonical import canonical
from liudeng.resources.entry import SHARED, State, Why
from liudeng.resources.exchange import BadFile, Form, Row, read, row_of, write
from liudeng.resources.ledger import change, enter, every_listed, resource_at
from liudeng.resources.lookalike import judge
from liudeng.resources.seeding import plant

app = typer.Typer(help="资源：收录的链接，导出、导入、认仿冒网址。", no_args_is_help=True)

_SUFFIXES = {".toml": Form.TOML, ".csv": Form.CSV, ".md": Form.MARKDOWN, ".markdown": Form.MARKDOWN}
_LARGEST = 20 * 1024 * 1024
_Group = Annotated[int, typer.Option("--group", help="群号；不写就是所有群共用的。", min=0)]
_FormOption = Annotated[Form | None, typer.Option("--format", help="格式；不写就看文件名的结尾。")]


@app.command(name="export")
def export(
    out: Annotated[Path | None, typer.Argument(help="写到哪个文件；不写就打印出来。")] = None,
    group: _Group = SHARED,
    form: _FormOption = None,
) -> None:
    """把收录的链接写成 TOML、CSV 或 Markdown；机器人可以开着。"""
    chosen = form or _form_of(out) or Form.TOML
    rows = asyncio.run(_with_database(lambda database: _listed_rows(database, group)))
    text = write(rows, chosen)
    if out is None:
        typer.echo(text, nl=False)
        return
    try:
        out.write_text(text, "utf-8", newline="")
    except OSError:
        fail(f"写不进 {out}：请检查权限和磁盘空间。")
    typer.echo(f"写好了：{len(rows)} 条，在 {out}。")


@app.command(name="import")
def import_(
    file: Annotated[Path, typer.Argument(help="TOML、CSV 或 Markdown 文件。")],
    group: _Group = SHARED,
    form: _FormOption = None,
) -> None:
    """收录一个文件里的链接；已有的按文件里的改，重复导入不会重复。机器人可以开着。"""
    chosen = form or _form_of(file)
    if chosen is None:
        fail("看不出是什么格式：加上 --format toml、csv 或 markdown。")
    try:
        if file.stat().st_size > _LARGEST:
            fail(f"{file} 太大了，分成几个再导入。")
        rows = read(file.read_text("utf-8-sig"), chosen)
    except BadFile as problem:
        fail(str(problem))
    except (OSError, UnicodeError):
        fail(f"读不了 {file}：请检查文件在不在、是不是 UTF-8。")
    taken = asyncio.run(_with_database(lambda database: _take_in(database, rows, group)))
    same = len(rows) - taken.new - taken.changed
    typer.echo(f"收录了 {taken.new} 条新的，改了 {taken.changed} 条，{same} 条没有变。")


@app.command(name="judge")
def judge_command() -> None:
    """从标准输入每行读一个网址或域名，逐行说是不是仿冒的（JSON）。"""
    for line in judged(sys.stdin):
        typer.echo(line)


def judged(lines: Iterable[str]) -> Iterator[str]:
    """Yield the judgement on each line as JSON."""
    for line in lines:
        text = line.strip()
        if not text:
            continue
        verdict = judge(text)
        answer = {
            "text": text,
            "host": verdict.host,
            "judgement": verdict.judgement.value,
            "suspicious": verdict.suspicious,
            "brand": verdict.brand or None,
            "official": verdict.home or None,
            "trick": verdict.trick.value if verdict.trick else None,
            "reason": verdict.reason,
        }
        yield json.dumps(answer, ensure_ascii=False)


async def _listed_rows(database: Database, group: int) -> list[Row]:
    async with database.read() as connection:
        entries = await every_listed(connection, () if group == SHARED else (group,))
    return [row_of(entry) for entry in entries]


@dataclass
class _Taken:
    new: int = 0
    changed: int = 0


async def _take_in(database: Database, rows: Iterable[Row], group: int) -> _Taken:
    """Enter rows, or change what they say of known ones; what they leave out stays as it is."""
    taken = _Taken()
    groups = () if group == SHARED else (group,)
    async with database.write() as connection:
        for row in rows:
            link = canonical(row.url)
            if link is None:
                continue
            known = await resource_at(connection, link.key, groups)
            if known is None:
                await enter(connection, group, link, row.draft(), State.LISTED, now_ms())
                taken.new += 1
                continue
            values = {**row.told(), "state": State.LISTED, "why": Why.NOTHING}
            if any(getattr(known, name) != value for name, value in values.items()):
                await change(connection, known, group, now_ms(), **values)
                taken.changed += 1
    return taken


async def _with_database(work: Any) -> Any:
    settings = settings_or_fail()
    try:
        await asyncio.to_thread(migrate, settings.database_path)
        database = Database(settings.database_path)
        try:
            await plant(database)
            return await work(database)
        finally:
            await database.close()
    except SchemaTooNew:
        fail("数据库是更新版本的留灯写的：请更新程序。")
    except DBAPIError as error:
        fail(explain(error).advice)


def _form_of(path: Path | None) -> Form | None:
    return _SUFFIXES.get(path.suffix.lower()) if path else None
