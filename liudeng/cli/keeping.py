"""`liudeng export`, `verify`, `backup`, `restore`: the archive in other places."""

import asyncio
import json
import sqlite3
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from sqlalchemy.exc import DBAPIError

from liudeng.console import AsJson, Group, archive_or_fail, fail, settings_or_fail
from liudeng.db import explain
from liudeng.settings import Settings

app = typer.Typer()


@app.command()
def export(
    out: Annotated[Path, typer.Argument(help="写到哪个目录；断了再运行一次会接着写。")],
    group: Group,
    pseudonymous: Annotated[
        bool, typer.Option("--pseudonymous", help="化名的一份：要交给别人，只能用这个。")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """把一个群的存档写成不用机器人也能看的目录；机器人可以开着。"""
    from liudeng.exporting import ExportProblem, ExportWish
    from liudeng.exporting.command_line import export_with_progress, print_report
    from liudeng.privacy.pseudonyms import PrivacyKeyProblem, Pseudonyms

    settings = archive_or_fail()
    keyed = Pseudonyms(settings.privacy_key.get_secret_value(), settings.data_dir / "privacy.key")
    wish = ExportWish(group, settings.zone, keyed.of if pseudonymous else None)
    try:
        report = asyncio.run(export_with_progress(settings, wish, out, Console(stderr=as_json)))
    except (ExportProblem, PrivacyKeyProblem) as problem:
        fail(str(problem))
    except DBAPIError as error:
        fail(explain(error).advice)
    except OSError:
        fail(f"写不进 {out}：请检查权限和磁盘空间，再运行一次会接着写。")
    except KeyboardInterrupt:
        fail("导出中断了：再运行一次会接着写。")
    if as_json:
        typer.echo(json.dumps(asdict(report), ensure_ascii=False))
    else:
        print_report(report, out, Console())


@app.command()
def verify(
    folder: Annotated[Path, typer.Argument(help="liudeng export 写出的目录。")],
    as_json: AsJson = False,
) -> None:
    """核对一份导出：每个文件是不是还和写的时候一样；不一样时返回 1。"""
    from liudeng.exporting.command_line import print_verdict
    from liudeng.manifest import verify as verify_folder

    try:
        verdict = verify_folder(folder)
    except (OSError, ValueError):
        fail(f"{folder} 里没有能用的 manifest.sha256：请检查目录。")
    if as_json:
        typer.echo(json.dumps({"ok": verdict.ok, **asdict(verdict)}, ensure_ascii=False))
    else:
        print_verdict(verdict, Console())
    if not verdict.ok:
        raise typer.Exit(1)


@app.command()
def backup(
    folder: Annotated[
        Path | None, typer.Argument(help="备份放在哪里；不写就用 BACKUP_DIR。")
    ] = None,
    keep: Annotated[int, typer.Option(min=0, help="留几份；0 表示都留着。")] = 0,
    as_json: AsJson = False,
) -> None:
    """备份数据库、图片和文件，写完就核对；机器人可以开着。"""
    from liudeng.backup import BackupProblem, take_backup
    from liudeng.backup.command_line import print_backup
    from liudeng.backup.vault import Vault

    settings = settings_or_fail()
    try:
        report = take_backup(settings.data_dir, Vault(_backups(settings, folder)), keep)
    except BackupProblem as problem:
        fail(str(problem))
    except (sqlite3.Error, OSError) as error:
        fail(explain(error).advice)
    if as_json:
        typer.echo(json.dumps(asdict(report), ensure_ascii=False, default=str))
    else:
        print_backup(report, Console())


@app.command()
def restore(
    folder: Annotated[Path | None, typer.Argument(help="备份在哪里；不写就用 BACKUP_DIR。")] = None,
    snapshot: Annotated[str, typer.Option(help="哪一份；不写就是最新的。")] = "",
    replace: Annotated[
        bool, typer.Option("--replace", help="换掉已有的存档，原来的挪到旁边。")
    ] = False,
) -> None:
    """从备份恢复（请先停下机器人）。"""
    from liudeng.backup import BackupProblem
    from liudeng.backup import restore as put_back
    from liudeng.backup.command_line import print_restore
    from liudeng.backup.vault import Vault

    settings = settings_or_fail()
    vault = Vault(_backups(settings, folder))
    try:
        report = put_back(vault, settings.data_dir, snapshot, replace=replace)
    except BackupProblem as problem:
        fail(str(problem))
    except (sqlite3.Error, OSError) as error:
        fail(explain(error).advice)
    print_restore(report, Console())


def _backups(settings: Settings, folder: Path | None) -> Path:
    chosen = folder or settings.backup_dir
    if chosen is None:
        fail("备份放在哪里？写上目录，或在 .env 里设 BACKUP_DIR。")
    return chosen
