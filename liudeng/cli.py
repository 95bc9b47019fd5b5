"""`liudeng …`: the operator's command line."""

import asyncio
import json
import sqlite3
import sys
from collections.abc import Iterable
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console
from sqlalchemy.exc import DBAPIError

from liudeng.cli_privacy import app as privacy_app
from liudeng.cli_privacy import retention
from liudeng.db import explain
from liudeng.faq.command_line import app as faq
from liudeng.moderation.command_line import app as moderation
from liudeng.moderation.command_line import audit
from liudeng.resources.command_line import app as resources
from liudeng.settings import Settings, SettingsProblem, get_settings

if TYPE_CHECKING:
    from liudeng.watch import Watcher

app = typer.Typer(
    name="liudeng",
    help="留灯：QQ 群的存档、搜索与守望机器人。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Group = Annotated[int, typer.Option("--group", help="群号。")]
AsJson = Annotated[bool, typer.Option("--json", help="用 JSON 输出。")]


def main() -> None:
    """Run the command line."""
    app()


@app.command()
def demo(
    exit_when_done: Annotated[
        bool, typer.Option("--exit-when-done", help="演完就退出；全都留住了才返回 0。")
    ] = False,
    as_json: AsJson = False,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="不打开浏览器。")] = False,
    speed: Annotated[
        float, typer.Option(min=0, help="倍速；0 表示尽快。默认 200，约两分钟演完。")
    ] = 200.0,
    port: Annotated[int, typer.Option(help="页面的端口；0 为自动选择。")] = 9191,
    scenario: Annotated[Path | None, typer.Option(help="剧本文件（JSON Lines）。")] = None,
) -> None:
    """用一个模拟的群演一遍 2026 年 2 月 13 日的晚上：不需要 QQ 账号。"""
    from liudeng.demo import DemoOptions, run_demo
    from liudeng.demo.stage import DemoProblem

    console = Console(stderr=as_json)
    options = DemoOptions(
        speed=speed,
        port=port,
        browser=not (no_browser or exit_when_done),
        exit_when_done=exit_when_done,
    )
    if scenario is not None:
        options = replace(options, scenario=scenario)
    try:
        verdict = asyncio.run(run_demo(options, console))
    except DemoProblem as problem:
        _fail(str(problem))
    except KeyboardInterrupt:
        raise typer.Exit(0) from None
    if verdict is not None and as_json:
        typer.echo(verdict.model_dump_json())
    if exit_when_done and (verdict is None or not verdict.ok):
        raise typer.Exit(1)


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="关键词；写 - 则从标准输入每行读一个。")],
    group: Group,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="最多几条。")] = 20,
    as_json: AsJson = False,
) -> None:
    """在一个群的存档里按关键词搜索，最新的在前。"""
    from liudeng.search.command_line import print_results

    settings = _settings()
    _require_archive(settings)
    if query == "-":
        queries: Iterable[str] = (line.rstrip("\r\n") for line in sys.stdin)
        as_json = True
    else:
        queries = [query]
    try:
        understood = asyncio.run(print_results(settings, queries, group, limit, as_json=as_json))
    except DBAPIError as error:
        _fail(explain(error).advice)
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

    settings = _settings()
    try:
        report = asyncio.run(import_with_progress(settings, file, group))
    except ImportProblem as problem:
        _fail(str(problem))
    except KeyboardInterrupt:
        _fail("导入中断了：已导入的都在，再运行一次会接着来，不会重复。")
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

    settings = _settings()
    _require_archive(settings)
    try:
        typer.echo(f"已重建索引：{asyncio.run(rebuild(settings))} 条消息。")
        held = asyncio.run(rebuild_entries(settings, [FaqShelf(), ResourceShelf()]))
        typer.echo(f"已重建文库索引：{held} 条。")
    except DBAPIError as error:
        _fail(explain(error).advice)
    except WritingFailed:
        _fail("文库索引写不了：请检查 DATA_DIR 的权限和磁盘空间，再试一次。")


@app.command()
def ocr(
    pending: Annotated[bool, typer.Option("--pending", help="把还没认的图片都认完。")] = False,
) -> None:
    """认出存下的图片里的字，好让搜索找得到它们；机器人可以开着。"""
    from liudeng.library.index.command_line import note_readings
    from liudeng.ocr import OcrLimits
    from liudeng.ocr.command_line import work_off

    if not pending:
        _fail("要认哪些图片？认完所有还没认的：liudeng ocr --pending")
    settings = _settings()
    _require_archive(settings)
    limits = OcrLimits(threads=settings.ocr_threads)
    read: list[str] = []
    try:
        try:
            done = asyncio.run(work_off(settings, limits, Console(), read.append))
        finally:
            asyncio.run(note_readings(settings, read))
    except DBAPIError as error:
        _fail(explain(error).advice)
    except KeyboardInterrupt:
        _fail("认图中断了：认过的都在，再运行一次会接着来。")
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

    settings = _settings()
    _require_archive(settings)
    try:
        written = asyncio.run(write_album(settings, group, out, zipped=zipped, console=Console()))
    except NoAlbumThere as problem:
        _fail(str(problem))
    except DBAPIError as error:
        _fail(explain(error).advice)
    except OSError:
        _fail(f"写不进 {out}：请检查权限和磁盘空间。")
    if not written:
        raise typer.Exit(1)


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

    settings = _settings()
    _require_archive(settings)
    keyed = Pseudonyms(settings.privacy_key.get_secret_value(), settings.data_dir / "privacy.key")
    wish = ExportWish(group, settings.zone, keyed.of if pseudonymous else None)
    try:
        report = asyncio.run(export_with_progress(settings, wish, out, Console(stderr=as_json)))
    except (ExportProblem, PrivacyKeyProblem) as problem:
        _fail(str(problem))
    except DBAPIError as error:
        _fail(explain(error).advice)
    except OSError:
        _fail(f"写不进 {out}：请检查权限和磁盘空间，再运行一次会接着写。")
    except KeyboardInterrupt:
        _fail("导出中断了：再运行一次会接着写。")
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
        _fail(f"{folder} 里没有能用的 manifest.sha256：请检查目录。")
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

    settings = _settings()
    try:
        report = take_backup(settings.data_dir, Vault(_backups(settings, folder)), keep)
    except BackupProblem as problem:
        _fail(str(problem))
    except (sqlite3.Error, OSError) as error:
        _fail(explain(error).advice)
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

    settings = _settings()
    vault = Vault(_backups(settings, folder))
    try:
        report = put_back(vault, settings.data_dir, snapshot, replace=replace)
    except BackupProblem as problem:
        _fail(str(problem))
    except (sqlite3.Error, OSError) as error:
        _fail(explain(error).advice)
    print_restore(report, Console())


app.add_typer(resources, name="resources")

app.add_typer(faq, name="faq")
watch = typer.Typer(help="守望：离线判断句子和标注文件，不提醒任何人。", no_args_is_help=True)
app.add_typer(watch, name="watch")


@watch.command(name="assess")
def watch_assess() -> None:
    """从标准输入每行读一句，逐行给出判断和理由（JSON）。"""
    from liudeng.watch.command_line import assess_lines

    for line in assess_lines(_watcher(), sys.stdin):
        typer.echo(line)


@watch.command(name="evaluate")
def watch_evaluate(
    file: Annotated[Path, typer.Argument(help="标注文件（JSON Lines）。")],
    ordinary: Annotated[
        list[Path] | None, typer.Option(help="平常聊天，一行一句：用来算误报率。")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """在标注文件上算：找到多少，误报多少。"""
    from liudeng.watch.command_line import WatchProblem, print_evaluation

    try:
        print_evaluation(_watcher(), file, ordinary or [], as_json=as_json)
    except WatchProblem as problem:
        _fail(str(problem))


@watch.command(name="trajectory")
def watch_trajectory(
    file: Annotated[Path, typer.Argument(help="一个人几天里说的话（JSON Lines）。")],
    as_json: AsJson = False,
) -> None:
    """对每个人的几天，给出第几条会提醒。"""
    from liudeng.watch.command_line import WatchProblem, print_trajectories

    try:
        print_trajectories(_watcher(), file, as_json=as_json)
    except WatchProblem as problem:
        _fail(str(problem))


@watch.command(name="replay")
def watch_replay(
    group: Group,
    since: Annotated[
        str | None, typer.Option(help="从哪天起，例如 2026-02-01，或 30d 表示最近三十天。")
    ] = None,
    sample: Annotated[int, typer.Option(min=1, max=500, help="抽多少次来标。")] = 50,
    out: Annotated[Path, typer.Option(help="页面写到哪里。")] = Path("replay.html"),
    as_json: AsJson = False,
) -> None:
    """用今天的守望读一遍存档，写一页抽样给人标；不提醒任何人，机器人可以开着。"""
    from liudeng.privacy.pseudonyms import PrivacyKeyProblem
    from liudeng.review import command_line as review

    settings = _settings()
    _require_archive(settings)
    try:
        start = review.parse_since(since, settings) if since else None
    except (ValueError, OverflowError):
        _fail("--since 看不懂：写成 2026-02-01，或者 30d。")
    order = review.ReplayOrder(group, start, sample, out)
    try:
        found = asyncio.run(review.run_replay(settings, _watcher(), order, Console(stderr=True)))
    except (review.NothingThere, PrivacyKeyProblem) as problem:
        _fail(str(problem))
    except DBAPIError as error:
        _fail(explain(error).advice)
    except OSError:
        _fail(f"写不进 {out}：请检查权限和磁盘空间。")
    except KeyboardInterrupt:
        _fail("回放中断了：什么都没有改，再运行一次会从头来。")
    review.print_replay(found, out, as_json=as_json)


@watch.command(name="report")
def watch_report(
    group: Annotated[int | None, typer.Option("--group", help="群号；不写是所有的群。")] = None,
    marks: Annotated[
        list[Path] | None, typer.Option(help="回放页面导出的标记，可以写几次。")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """管理判断过的提醒：各规则、各群的准头和建议。什么都不会自动改。"""
    from liudeng.review import MarksProblem, read_marks
    from liudeng.review import command_line as review

    settings = _settings()
    _require_archive(settings)
    try:
        marked = [read_marks(path) for path in marks or []]
        report = asyncio.run(review.make_report(settings, _watcher(), group, marked))
    except MarksProblem as problem:
        _fail(str(problem))
    except DBAPIError as error:
        _fail(explain(error).advice)
    if as_json:
        typer.echo(report.model_dump_json())
    else:
        review.print_report(report, Console())


@watch.command(name="lexicon")
def watch_lexicon(
    group: Annotated[int | None, typer.Option("--group", help="在这个群最近的话里试一遍。")] = None,
    as_json: AsJson = False,
) -> None:
    """改过词库以后检查：能不能用，哪一行不对，哪些词条太宽。"""
    from liudeng.pulse import MoodLexiconError
    from liudeng.review import command_line as review
    from liudeng.watch import LexiconError

    settings = _settings()
    if group is not None:
        _require_archive(settings)
    try:
        check = asyncio.run(review.run_lexicon_check(settings, group))
    except (LexiconError, MoodLexiconError) as error:
        _fail(f"词库读不了：{error}")
    except DBAPIError as error:
        _fail(explain(error).advice)
    if as_json:
        typer.echo(check.model_dump_json())
    else:
        review.print_lexicon_check(check, Console())


app.add_typer(privacy_app, name="privacy")
app.command()(retention)
app.add_typer(moderation, name="moderation")
app.add_typer(audit, name="audit")


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """检查版本、数据库、索引、积压、发送、磁盘和连接；有问题时返回 1。"""
    from liudeng.doctor import examine, print_report

    report = asyncio.run(examine(_settings()))
    if as_json:
        typer.echo(report.model_dump_json())
    else:
        print_report(report, Console())
    if not report.ok:
        raise typer.Exit(1)


def _settings() -> Settings:
    try:
        return get_settings()
    except SettingsProblem as problem:
        _fail(str(problem))


def _watcher() -> "Watcher":
    from liudeng.watch import LexiconError, Watcher, load_lexicon, load_model

    try:
        return Watcher(load_lexicon(_settings().lexicon_dir), load_model())
    except LexiconError as error:
        _fail(f"词库读不了：{error}")


def _backups(settings: Settings, folder: Path | None) -> Path:
    chosen = folder or settings.backup_dir
    if chosen is None:
        _fail("备份放在哪里？写上目录，或在 .env 里设 BACKUP_DIR。")
    return chosen


def _require_archive(settings: Settings) -> None:
    if not settings.database_path.is_file():
        _fail(
            f"还没有存档（{settings.database_path}）："
            "先运行机器人或 liudeng import，或检查 DATA_DIR。"
        )


def _fail(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(1)
