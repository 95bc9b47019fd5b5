"""`liudeng search`, `import`, `reindex`, `ocr`, `album`: the archive from the outside."""

import asyncio
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from sqlalchemy.exc import DBAPIError

from liudeng.console import AsJson, Group, archive_or_fail, fail, settings_or_fail
from liudeng.db import explain

app = typer.Typer()


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="关键词；写 - 则从标准输入每行读一个。")],
    group: Group,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="最多几条。")] = 20,
    as_json: AsJson = False,
) -> None:
    """在一个群的存档里按关键词搜索，最新的在前。"""
    from liudeng.search.command_line import print_results

    settings = archive_or_fail()
    if query == "-":
        queries: Iterable[str] = (line.rstrip("\r\n") for line in sys.stdin)
        as_json = True
    else:
        queries = [query]
    try:
        understood = asyncio.run(print_results(settings, queries, group, limit, as_json=as_json))
    except DBAPIError as error:
        fail(explain(error).advice)
    if not understood:
        raise typer.Exit(2)


@app.command(name="import")
def import_(
    file: Annotated[Path, typer.Argument(help="导出的聊天记录。")],
    group: Group,
    as_json: AsJson = False,
) -> None:
    """把聊天记录文件导入一个群的存档；重复导入不会出现重复消息。"""
    from liudeng.importing import ImportProblem
    from liudeng.importing.command_line import import_with_progress, print_report

    settings = settings_or_fail()
    try:
        report = asyncio.run(import_with_progress(settings, file, group))
    except ImportProblem as problem:
        fail(str(problem))
    except KeyboardInterrupt:
        fail("导入中断了：已导入的都在，再运行一次会接着来，不会重复。")
    if as_json:
        typer.echo(json.dumps(asdict(report), ensure_ascii=False))
    else:
        print_report(report, Console())


@app.command()
def reindex() -> None:
    """重建搜索索引和文库索引（请先停下机器人）。"""
    from liudeng.faq.indexing import FaqShelf
    from liudeng.library.index import WritingFailed
    from liudeng.library.index.command_line import rebuild_entries
    from liudeng.resources.indexing import ResourceShelf
    from liudeng.search.command_line import rebuild

    settings = archive_or_fail()
    try:
        typer.echo(f"已重建索引：{asyncio.run(rebuild(settings))} 条消息。")
        held = asyncio.run(rebuild_entries(settings, [FaqShelf(), ResourceShelf()]))
        typer.echo(f"已重建文库索引：{held} 条。")
    except DBAPIError as error:
        fail(explain(error).advice)
    except WritingFailed:
        fail("文库索引写不了：请检查 DATA_DIR 的权限和磁盘空间，再试一次。")


@app.command()
def ocr(
    pending: Annotated[bool, typer.Option("--pending", help="把还没认的图片都认完。")] = False,
) -> None:
    """认出存下的图片里的字，好让搜索找得到它们；机器人可以开着。"""
    from liudeng.library.index.command_line import note_readings
    from liudeng.ocr import OcrLimits
    from liudeng.ocr.command_line import work_off

    if not pending:
        fail("要认哪些图片？认完所有还没认的：liudeng ocr --pending")
    settings = archive_or_fail()
    limits = OcrLimits(threads=settings.ocr_threads)
    read: list[str] = []
    try:
        try:
            done = asyncio.run(work_off(settings, limits, Console(), read.append))
        finally:
            asyncio.run(note_readings(settings, read))
    except DBAPIError as error:
        fail(explain(error).advice)
    except KeyboardInterrupt:
        fail("认图中断了：认过的都在，再运行一次会接着来。")
    if not done:
        raise typer.Exit(1)


@app.command()
def album(
    out: Annotated[Path, typer.Argument(help="写到哪个目录。")],
    group: Group,
    zipped: Annotated[bool, typer.Option("--zip", help="另存一个压缩包。")] = False,
) -> None:
    """把一个群里公开的告别写成不用联网的纪念册；机器人可以开着。"""
    from liudeng.album import NoAlbumThere, write_album

    settings = archive_or_fail()
    try:
        written = asyncio.run(write_album(settings, group, out, zipped=zipped, console=Console()))
    except NoAlbumThere as problem:
        fail(str(problem))
    except DBAPIError as error:
        fail(explain(error).advice)
    except OSError:
        fail(f"写不进 {out}：请检查权限和磁盘空间。")
    if not written:
        raise typer.Exit(1)
