"""`liudeng …`: the operator's command line. Rooms with commands of their own are mounted here."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from liudeng.cli.archive import app as archive_app
from liudeng.cli.keeping import app as keeping_app
from liudeng.cli.privacy import app as privacy_app
from liudeng.cli.privacy import retention
from liudeng.cli.watch import app as watch_app
from liudeng.console import AsJson, fail, settings_or_fail
from liudeng.faq.command_line import app as faq
from liudeng.moderation.command_line import app as moderation
from liudeng.moderation.command_line import audit
from liudeng.resources.command_line import app as resources

app = typer.Typer(
    name="liudeng",
    help="留灯：QQ 群的存档、搜索与守望机器人。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


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
        fail(str(problem))
    except KeyboardInterrupt:
        raise typer.Exit(0) from None
    if verdict is not None and as_json:
        typer.echo(verdict.model_dump_json())
    if exit_when_done and (verdict is None or not verdict.ok):
        raise typer.Exit(1)


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """检查版本、数据库、索引、积压、发送、磁盘和连接；有问题时返回 1。"""
    from liudeng.doctor import examine, print_report

    report = asyncio.run(examine(settings_or_fail()))
    if as_json:
        typer.echo(report.model_dump_json())
    else:
        print_report(report, Console())
    if not report.ok:
        raise typer.Exit(1)


app.add_typer(archive_app)
app.add_typer(keeping_app)
app.command()(retention)
app.add_typer(watch_app, name="watch")
app.add_typer(resources, name="resources")
app.add_typer(faq, name="faq")
app.add_typer(privacy_app, name="privacy")
app.add_typer(moderation, name="moderation")
app.add_typer(audit, name="audit")
