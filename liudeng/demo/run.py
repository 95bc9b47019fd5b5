"""The demo from curtain to verdict."""

import asyncio
import contextlib
import json
import shutil
import signal
import tempfile
import webbrowser
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import httpx
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from liudeng.db import Database
from liudeng.demo.pictures import count_read, drawn_pictures
from liudeng.demo.stage import Backdrop, DemoProblem, Stage, free_port, stage
from liudeng.demo.verdict import Evening, Verdict, judge
from liudeng.health import Percentiles
from liudeng.settings import DATA_ROOT, Settings

_POLL_S = 0.2
_AFTERMATH_S = 60.0
"""How long alerts may take to go out after the last message."""
_READING_S = 600.0
"""How long the pictures that wait may take to be read after that."""


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """How the demo is run."""

    scenario: Path = DATA_ROOT / "scenarios" / "farewell_night.jsonl"
    speed: float = 200.0
    port: int = 0
    browser: bool = True
    exit_when_done: bool = False
    read_pictures: bool = True
    """Whether the bot reads the words in pictures; it takes a second or two for each."""


async def run_demo(options: DemoOptions, console: Console) -> Verdict | None:
    """Play the scenario to a real bot over a real WebSocket.

    Returns:
        The verdict, or None when it was interrupted before the end.

    Raises:
        DemoProblem: a process does not start, or dies.
    """
    _end_on_sigterm()
    staff_group = _staff_group(options.scenario)
    data_dir = _fresh_data_dir()
    verdict: Verdict | None = None
    try:
        console.print("正在点灯：启动机器人和模拟器……")
        port = free_port(options.port)
        backdrop = Backdrop(options.scenario, data_dir, port, staff_group, options.read_pictures)
        async with stage(backdrop) as running:
            _welcome(running, options, console)
            started = perf_counter()
            await running.play(options.speed)
            await _watch_progress(running, console)
            verdict = await _verdict(running, backdrop, perf_counter() - started, console)
            _tell(verdict, console)
            if not options.exit_when_done:
                console.print("页面还开着，可以继续试。按 Ctrl-C 结束。")
                await asyncio.Event().wait()
    except asyncio.CancelledError:
        console.print("正在熄灯……")
    except httpx.HTTPError:
        raise DemoProblem(f"机器人或模拟器中途停了，原因在 {data_dir}/demo.log 里。") from None
    # After a failure the folder stays: the sentence about it names the log in there.
    shutil.rmtree(data_dir, ignore_errors=True)
    return verdict


def _end_on_sigterm() -> None:
    """A service manager's SIGTERM ends the demo as Ctrl-C does, its two processes included."""
    demo = asyncio.current_task()
    if demo is not None:
        with contextlib.suppress(NotImplementedError):  # Windows
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, demo.cancel)


def _staff_group(scenario: Path) -> int | None:
    """The scenario's second group is the moderators' own."""
    try:
        lines = scenario.read_text("utf-8").splitlines()
    except OSError:
        raise DemoProblem(f"找不到剧本 {scenario}，请检查 --scenario 的路径。") from None
    groups = []
    for line in lines:
        if line.startswith("{") and '"kind"' in line:
            entry = json.loads(line)
            if entry.get("kind") == "group":
                groups.append(int(entry["group_id"]))
    return groups[1] if len(groups) > 1 else None


def _fresh_data_dir() -> Path:
    """The demo keeps nothing and touches nothing of a real installation."""
    return Path(tempfile.mkdtemp(prefix="liudeng-demo-"))


def _welcome(running: Stage, options: DemoOptions, console: Console) -> None:
    console.print(f"页面：[bold]{running.simulator_url}[/bold]")
    if options.exit_when_done:
        return
    console.print(
        "试试看：\n"
        "  · 在群里发「搜 晚安」，再发「下一页」「上下文 编号」\n"
        "  · 发「帮助」，看看这个人能用哪些命令\n"
        "  · 换成群主阿棠，看右边私聊里的警报，回「接手 1」\n"
        "  · 打开「故障」抽屉，断线、丢消息、刷屏，看它怎么补回来"
    )
    if options.browser:
        with contextlib.suppress(webbrowser.Error):
            webbrowser.open(running.simulator_url)


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
    )


async def _watch_progress(running: Stage, console: Console) -> None:
    with _progress(console) as progress:
        task = progress.add_task("2026-02-13 的晚上", total=None)
        while True:
            scenario = (await running.state())["scenario"]
            progress.update(task, completed=scenario["sent"], total=scenario["total"])
            if scenario["done"]:
                return
            await asyncio.sleep(_POLL_S)


async def _verdict(running: Stage, backdrop: Backdrop, seconds: float, console: Console) -> Verdict:
    """Wait until all is written, read and told, or time is up; then judge."""
    database = Database(Settings(data_dir=running.data_dir).database_path)
    try:
        if backdrop.read_pictures:
            await _wait_for_reading(running, database, console)
        deadline = perf_counter() + _AFTERMATH_S
        while True:
            verdict = await _judge_now(running, database, backdrop, seconds)
            if verdict.ok or perf_counter() > deadline:
                return verdict
            if verdict.alerts.false_alarms and await _quiet(running, verdict):
                return verdict
            await asyncio.sleep(_POLL_S)
    finally:
        await database.close()


async def _wait_for_reading(running: Stage, database: Database, console: Console) -> None:
    deadline = perf_counter() + _READING_S
    drawn = drawn_pictures(await running.truth())
    with _progress(console) as progress:
        task = progress.add_task("认截图里的字", total=len(drawn))
        while perf_counter() < deadline:
            read = await count_read(database, drawn)
            progress.update(task, completed=read)
            if read >= len(drawn):
                return
            await asyncio.sleep(_POLL_S)


async def _quiet(running: Stage, verdict: Verdict) -> bool:
    """Nothing is under way any more that could still change the verdict."""
    health = await running.health()
    busy = health["queue"] or any(health["readers"].values())
    return not busy and verdict.alerts_delivered == verdict.alerts_raised


async def _judge_now(
    running: Stage, database: Database, backdrop: Backdrop, seconds: float
) -> Verdict:
    evening = Evening(
        truth=await running.truth(),
        sent=await running.sent(),
        durable_ms=Percentiles.model_validate((await running.health())["durable_ms"]),
        seconds=seconds,
        pictures_are_read=backdrop.read_pictures,
    )
    return await judge(database, evening, backdrop.staff_group)


def _tell(verdict: Verdict, console: Console) -> None:
    alerts = verdict.alerts
    console.print(
        f"存下 {verdict.archived}/{verdict.sent} 条，能搜到 {verdict.searchable} 条，"
        f"丢失 {verdict.lost}，重复 {verdict.duplicates}。"
    )
    pictures = verdict.pictures
    console.print(
        f"告别截图 {pictures.posted} 张：留下 {pictures.kept} 张，认出字 {pictures.read} 张，"
        f"用图里的话能搜到 {pictures.found} 张。"
    )
    console.print(
        f"提醒管理 {alerts.raised} 件，私聊送达 {alerts.delivered} 件，"
        f"误报 {alerts.false_alarms}，漏报 {alerts.missed}，泄漏到群 {alerts.leaked}。"
    )
    console.print(
        f"从收到到存好：p95 {verdict.event_to_durable_ms.p95} ms；"
        f"从收到到提醒：p95 {verdict.event_to_alert_ms.p95} ms。"
    )
    console.print(
        "[green]这一晚都留住了。[/green]" if verdict.ok else "[red]有东西没做到，见上。[/red]"
    )
