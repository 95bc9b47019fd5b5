"""`liudeng watch replay`, `report`, `lexicon`: how the watcher does on a group's own archive."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive import stored_message
from liudeng.archive.tables import groups, messages
from liudeng.db import Database
from liudeng.privacy.offline import register_of
from liudeng.review.judged import of_marks, read_record, unjudged
from liudeng.review.lexicon_check import LexiconCheck, check_lexicon
from liudeng.review.marks import Marks
from liudeng.review.page import items_of, write_page
from liudeng.review.replay import Question, Replayed, replay
from liudeng.review.report import RuleLine, WatchReport, build_report
from liudeng.review.words import messages_judged, words_seen
from liudeng.settings import Settings
from liudeng.watch import Watcher
from liudeng.watch.evaluation import Share

_LEXICON_SAMPLE = 20_000


@dataclass(frozen=True, slots=True)
class ReplayOrder:
    """What the operator asked for."""

    group: int
    since: datetime | None
    sample: int
    out: Path


class NothingThere(Exception):
    """The archive has nothing of this; the text is one Chinese sentence."""


def parse_since(text: str, settings: Settings) -> datetime:
    """Read `2026-02-13`, or `30d` for thirty days ago, in the operator's time zone.

    Raises:
        ValueError: it is neither.
    """
    if text.endswith("d") and text[:-1].isdecimal():
        return datetime.now(settings.zone) - timedelta(days=int(text[:-1]))
    return datetime.fromisoformat(text).replace(tzinfo=settings.zone)


async def run_replay(
    settings: Settings, watcher: Watcher, order: ReplayOrder, console: Console
) -> Replayed:
    """Replay a group's archive, write the page, and say what was found; the bot may run meanwhile.

    Raises:
        NothingThere: the archive has no message of this group since then.
        PrivacyKeyProblem: the key of what members want does not fit.
        OSError: the page cannot be written.
        sqlalchemy.exc.DBAPIError: the archive cannot be read.
    """
    database = Database(settings.database_path)
    since = int(order.since.timestamp() * 1000) if order.since else 0
    try:
        fully = (await register_of(settings, database)).watches_fully
        question = Question(order.group, max(0, since), order.sample, fully)
        with _progress(console) as progress:
            task = progress.add_task("回放", total=None)
            found = await replay(
                database,
                watcher,
                question,
                settings.zone,
                lambda done, of: progress.update(task, completed=done, total=of),
            )
        if not found.messages:
            raise NothingThere(f"存档里没有群 {order.group} 在这段时间的消息。")
        name = await _group_name(database, order.group)
        items = await items_of(database, found, settings.zone, fully)
        await asyncio.to_thread(write_page, order.out, found, items, name, settings.zone)
    finally:
        await database.close()
    return found


def print_replay(found: Replayed, out: Path, *, as_json: bool) -> None:
    """Say what a replay found."""
    if as_json:
        told = {
            "group": found.group_id,
            "messages": found.messages,
            "signals": found.signals,
            "alerts": found.alerts,
            "per_1000": round(found.per_1000, 3),
            "kinds": {kind.value: count for kind, count in found.kinds.items()},
            "sampled": len(found.sample),
            "page": str(out),
        }
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    typer.echo(
        f"读了 {found.messages} 句，本来会提醒 {found.alerts} 次（每千句 {found.per_1000:.2f}），"
        f"抽出 {len(found.sample)} 次写在 {out}。"
    )
    typer.echo("用浏览器打开，标完导出，再运行 liudeng watch report --marks 导出的文件。")
    typer.echo("这一页有群友的原话，只给管理看，用完请删掉。")


async def make_report(
    settings: Settings, watcher: Watcher, group: int | None, marks: Sequence[Marks]
) -> WatchReport:
    """Read what moderators said of the watcher's alerts, and add up; nothing is changed.

    Raises:
        sqlalchemy.exc.DBAPIError: the archive cannot be read.
    """
    database = Database(settings.database_path)
    try:
        async with database.read() as connection:
            record = await read_record(connection, group)
            open_questions = await unjudged(connection, group)
        marked = [
            one
            for file in marks
            if group is None or file.group == group
            for one in of_marks(file, record.judged)
        ]
        judged = (*record.judged, *marked)
        rows = {row for one in judged for row in one.rows}
        rows |= {one.message_row for one in record.firings if one.message_row is not None}
        found = await messages_judged(database, sorted(rows))
    finally:
        await database.close()
    words = await asyncio.to_thread(words_seen, watcher, judged, found)
    authors = {row: message.user_id for row, message in found.items()}
    return build_report(record, marked, open_questions, authors, words, settings.watch_threshold)


def print_report(report: WatchReport, console: Console) -> None:
    """Show a report as tables."""
    console.print(
        f"提醒 {report.alerts} 件，判断过 {report.judged} 次"
        f"（其中回放页面上标的 {report.marked} 次），没人判断的 {report.unjudged} 件。"
    )
    console.print(f"准头：{_told(report.precision)}")
    by_group = Table("群", "提醒", "试运行只记数", "不到门槛", "准头", title="各群")
    for line in report.groups:
        counted = (line.alerts, line.held_in_dry_run, line.below_threshold)
        by_group.add_row(str(line.group_id), *map(str, counted), _told(line.precision))
    console.print(by_group)
    _print_rules(report.rules, "各规则", console)
    if len(report.groups) > 1:
        for line in report.groups:
            _print_rules(line.rules, f"群 {line.group_id} 的各规则", console)
    if report.proposals:
        console.print("可以考虑（什么都不会自动改）：")
        for number, proposal in enumerate(report.proposals, start=1):
            console.print(f"{number}. {proposal.text}", soft_wrap=True, markup=False)
    else:
        console.print("判断过的还不够多，或者没有什么要改的。")


async def run_lexicon_check(settings: Settings, group: int | None) -> LexiconCheck:
    """Load the lexicons; with a group, try them on its newest messages.

    Raises:
        liudeng.watch.LexiconError, liudeng.pulse.MoodLexiconError: an edit does not load.
        sqlalchemy.exc.DBAPIError: the archive cannot be read.
    """
    texts: list[str] = []
    if group is not None:
        database = Database(settings.database_path)
        try:
            async with database.read() as connection:
                texts = await _newest_texts(connection, group)
        finally:
            await database.close()
    return await asyncio.to_thread(check_lexicon, settings.lexicon_dir, settings.mood_dir, texts)


def print_lexicon_check(check: LexiconCheck, console: Console) -> None:
    """Say whether the lexicons load and which entries are too wide."""
    console.print(f"词库没有问题：{len(check.classes)} 类，{check.entries} 个词条。")
    if not check.read:
        console.print("加上 --group 群号，可以看哪些词条在那个群的平常话里太常出现。")
    elif not check.wide:
        console.print(f"在最近 {check.read} 句里没有太宽的词条。")
    else:
        table = Table("文件", "词条", f"最近 {check.read} 句里出现", title="太宽的词条")
        for one in check.wide:
            table.add_row(one.file, one.entry, str(one.messages))
        console.print(table)


def _print_rules(rules: Sequence[RuleLine], title: str, console: Console) -> None:
    table = Table("规则", "出声", "准头", title=title)
    for line in rules:
        table.add_row(line.rule, str(line.fired), _told(line.precision))
    console.print(table)


def _told(share: Share) -> str:
    if not share.of:
        return "还没有判断过"
    return f"{share.value:.0%}（{share.low:.0%}–{share.high:.0%}，{share.hits}/{share.of}）"


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    )


async def _group_name(database: Database, group: int) -> str:
    async with database.read() as connection:
        query = select(groups.c.name).where(groups.c.group_id == group)
        return (await connection.execute(query)).scalar() or f"群 {group}"


async def _newest_texts(connection: AsyncConnection, group: int) -> list[str]:
    query = (
        select(messages)
        .where(messages.c.group_id == group, messages.c.recalled_ms.is_(None))
        .order_by(messages.c.id.desc())
        .limit(_LEXICON_SAMPLE)
    )
    return [stored_message(row).spoken for row in (await connection.execute(query)).mappings()]
