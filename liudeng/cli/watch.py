"""`liudeng watch …`: the watcher's judgements, how good they are, and what moderators said."""

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from sqlalchemy.exc import DBAPIError

from liudeng.console import AsJson, Group, archive_or_fail, fail, settings_or_fail
from liudeng.db import explain

if TYPE_CHECKING:
    from liudeng.watch import Watcher

app = typer.Typer(help="守望：离线判断句子和标注文件，不提醒任何人。", no_args_is_help=True)


@app.command(name="assess")
def watch_assess() -> None:
    """从标准输入每行读一句，逐行给出判断和理由（JSON）。"""
    from liudeng.watch.command_line import assess_lines

    for line in assess_lines(_watcher(), sys.stdin):
        typer.echo(line)


@app.command(name="evaluate")
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
        fail(str(problem))


@app.command(name="trajectory")
def watch_trajectory(
    file: Annotated[Path, typer.Argument(help="一个人几天里说的话（JSON Lines）。")],
    as_json: AsJson = False,
) -> None:
    """对每个人的几天，给出第几条会提醒。"""
    from liudeng.watch.command_line import WatchProblem, print_trajectories

    try:
        print_trajectories(_watcher(), file, as_json=as_json)
    except WatchProblem as problem:
        fail(str(problem))


@app.command(name="replay")
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

    settings = archive_or_fail()
    try:
        start = review.parse_since(since, settings) if since else None
    except (ValueError, OverflowError):
        fail("--since 看不懂：写成 2026-02-01，或者 30d。")
    order = review.ReplayOrder(group, start, sample, out)
    try:
        found = asyncio.run(review.run_replay(settings, _watcher(), order, Console(stderr=True)))
    except (review.NothingThere, PrivacyKeyProblem) as problem:
        fail(str(problem))
    except DBAPIError as error:
        fail(explain(error).advice)
    except OSError:
        fail(f"写不进 {out}：请检查权限和磁盘空间。")
    except KeyboardInterrupt:
        fail("回放中断了：什么都没有改，再运行一次会从头来。")
    review.print_replay(found, out, as_json=as_json)


@app.command(name="report")
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

    settings = archive_or_fail()
    try:
        marked = [read_marks(path) for path in marks or []]
        report = asyncio.run(review.make_report(settings, _watcher(), group, marked))
    except MarksProblem as problem:
        fail(str(problem))
    except DBAPIError as error:
        fail(explain(error).advice)
    if as_json:
        typer.echo(report.model_dump_json())
    else:
        review.print_report(report, Console())


@app.command(name="lexicon")
def watch_lexicon(
    group: Annotated[int | None, typer.Option("--group", help="在这个群最近的话里试一遍。")] = None,
    as_json: AsJson = False,
) -> None:
    """改过词库以后检查：能不能用，哪一行不对，哪些词条太宽。"""
    from liudeng.pulse import MoodLexiconError
    from liudeng.review import command_line as review
    from liudeng.watch import LexiconError

    settings = settings_or_fail() if group is None else archive_or_fail()
    try:
        check = asyncio.run(review.run_lexicon_check(settings, group))
    except (LexiconError, MoodLexiconError) as error:
        fail(f"词库读不了：{error}")
    except DBAPIError as error:
        fail(explain(error).advice)
    if as_json:
        typer.echo(check.model_dump_json())
    else:
        review.print_lexicon_check(check, Console())


def _watcher() -> "Watcher":
    from liudeng.watch import LexiconError, Watcher, load_lexicon, load_model

    try:
        return Watcher(load_lexicon(settings_or_fail().lexicon_dir), load_model())
    except LexiconError as error:
        fail(f"词库读不了：{error}")
