"""`liudeng import`: an import with a progress bar."""

import asyncio
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from liudeng.db import Database, SchemaTooNew, explain, migrate
from liudeng.importing.importer import import_file
from liudeng.importing.report import ImportProblem, ImportReport
from liudeng.importing.report import Progress as ImportProgress
from liudeng.privacy import PrivacyKeyProblem
from liudeng.privacy.offline import gate_of
from liudeng.search.log_index import refresh_index
from liudeng.settings import Settings


async def import_with_progress(settings: Settings, path: Path, group_id: int) -> ImportReport:
    """Import a file into a group's archive, with a progress bar on standard error.

    Raises:
        ImportProblem: the file or the archive cannot be used.
    """
    await _prepare(settings)
    database = Database(settings.database_path)
    columns = (
        TextColumn("导入"),
        BarColumn(),
        DownloadColumn(),
        TextColumn("{task.fields[messages]} 条"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=None, messages=0)

        def show(progress: ImportProgress) -> None:
            bar.update(
                task,
                completed=progress.bytes_read,
                total=progress.bytes_total,
                messages=progress.messages,
            )

        try:
            gate = await gate_of(settings, database)
            return await import_file(database, path, group_id, show, settings.zone, gate)
        except PrivacyKeyProblem as problem:
            raise ImportProblem(str(problem)) from problem
        finally:
            await database.close()


async def _prepare(settings: Settings) -> None:
    try:
        await asyncio.to_thread(migrate, settings.database_path)
        database = Database(settings.database_path)
        try:
            await refresh_index(database)
        finally:
            await database.close()
    except SchemaTooNew:
        raise ImportProblem("数据库是更新版本的留灯写的：请更新程序再导入。") from None
    except Exception as error:
        raise ImportProblem(explain(error).advice) from error


def print_report(report: ImportReport, console: Console) -> None:
    """Print what became of a file."""
    console.print(
        f"读到 {report.read} 条（{report.format_name}）：新存 {report.inserted}，"
        f"已有 {report.duplicates}，略过 {report.left_out}，读不懂 {report.refused}；"
        f"用时 {report.seconds:.1f} 秒。"
    )
    for refusal in report.examples:
        console.print(f"  {refusal}")
    if not report.complete:
        console.print("文件在中途断了：断开之前的都已导入，补全文件后再导入一次即可，不会重复。")
