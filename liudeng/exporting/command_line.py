"""`liudeng export` and `liudeng verify`: what the operator sees."""

import tempfile
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

from liudeng.covering import CoveredPictures
from liudeng.db import Database
from liudeng.exporting.carrying import Covered, Originals
from liudeng.exporting.export import Carrier, export_group
from liudeng.exporting.model import ExportReport, ExportWish
from liudeng.exporting.place import Place
from liudeng.library.showing import Showing
from liudeng.manifest import Verdict
from liudeng.media import MediaStore
from liudeng.settings import Settings

_MOST_NAMED = 10


async def export_with_progress(
    settings: Settings, wish: ExportWish, out: Path, console: Console
) -> ExportReport:
    """Export a group and show how far it has come; the bot may run meanwhile.

    Raises:
        ExportProblem: there is nothing to export, or the folder is taken.
        sqlalchemy.exc.DBAPIError: the archive cannot be read.
        OSError: the disk refuses.
    """
    database = Database(settings.database_path, mapped_bytes=0)  # every page is read once
    place = Place(out)
    try:
        with tempfile.TemporaryDirectory(prefix="liudeng-export-") as copies:
            carrier = await _carrier(settings, database, wish, place, Path(copies))
            with _progress(console) as progress:
                task = progress.add_task("导出", total=None)
                return await export_group(
                    database,
                    wish,
                    place,
                    carrier,
                    lambda done, total: progress.update(task, completed=done, total=total),
                )
    finally:
        await database.close()


def print_report(report: ExportReport, out: Path, console: Console) -> None:
    """Say what was written, and what is not in it."""
    if report.resumed:
        console.print("接着上次没写完的写。")
    console.print(f"写好了：{report.messages} 条消息，{report.files} 个文件。")
    console.print(f"打开 {out / 'html' / 'index.html'}", soft_wrap=True, highlight=False)
    if report.left_out_files:
        console.print(f"有 {report.left_out_files} 个文件没有放进去：已经不在，或没法遮盖。")
    if report.taken_back:
        console.print(f"写的时候撤回的 {report.taken_back} 条，已经从里面拿掉。")


def print_verdict(verdict: Verdict, console: Console) -> None:
    """Say whether every file is as it was written."""
    if verdict.ok:
        console.print(f"{verdict.checked} 个文件都和写的时候一样。")
        return
    for told, names in (
        ("被改过", verdict.changed),
        ("不见了", verdict.missing),
        ("清单里没有", verdict.unknown),
    ):
        for name in names[:_MOST_NAMED]:
            console.print(f"{told}：{name}", soft_wrap=True, highlight=False)
        if len(names) > _MOST_NAMED:
            console.print(f"{told}的还有 {len(names) - _MOST_NAMED} 个。")


async def _carrier(
    settings: Settings, database: Database, wish: ExportWish, place: Place, copies: Path
) -> Carrier:
    store = MediaStore(settings.data_dir / "media")
    if wish.pseudonym is None:
        return Originals(store, place.out)
    names = await Showing(database).covered_in_group(wish.group_id)
    return Covered(database, CoveredPictures(store, copies), names, place.out)


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
    )
