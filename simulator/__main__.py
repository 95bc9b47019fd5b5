"""``python -m simulator``: the simulator as a process of its own."""

import asyncio
import contextlib
import logging
import signal
import sys
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from simulator.config import SimulatorConfig
from simulator.delivery import dumps
from simulator.scenario import ScenarioError
from simulator.simulator import Simulator

app = typer.Typer(add_completion=False, help="留灯的 QQ 群模拟器：一个会出错的 OneBot v11 实现。")


class ClockChoice(Enum):
    """Whose time messages carry."""

    SCENARIO = "scenario"
    WALL = "wall"


class FormatChoice(Enum):
    """How the ``message`` field is written."""

    ARRAY = "array"
    STRING = "string"


@app.command()
def run(
    url: Annotated[
        str, typer.Option(help="机器人的反向 WebSocket 地址；填 none 则不连接。")
    ] = "ws://127.0.0.1:8080/onebot/v11/ws",
    token: Annotated[str, typer.Option(help="访问令牌。", envvar="ONEBOT_ACCESS_TOKEN")] = "",
    host: Annotated[str, typer.Option(help="控制接口监听的地址。")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="控制接口的端口，0 为自动选择。")] = 9191,
    scenario: Annotated[Path | None, typer.Option(help="剧本文件（JSON Lines）。")] = None,
    speed: Annotated[float, typer.Option(min=0, help="播放倍速，0 为尽快。")] = 1.0,
    autoplay: Annotated[bool, typer.Option(help="机器人连上后自动开始播放。")] = False,
    clock: Annotated[
        ClockChoice, typer.Option(help="消息时间：scenario 剧本时间，wall 真实时间。")
    ] = ClockChoice.SCENARIO,
    seed: Annotated[int, typer.Option(help="随机种子。")] = 1,
    heartbeat: Annotated[float, typer.Option(min=0.1, help="心跳间隔（秒）。")] = 30.0,
    image_ttl: Annotated[float, typer.Option(min=0, help="图片链接的有效期（秒）。")] = 7200.0,
    report_self: Annotated[bool, typer.Option(help="上报机器人自己的消息。")] = False,
    message_format: Annotated[
        FormatChoice, typer.Option(help="消息格式：消息段数组或 CQ 码字符串。")
    ] = FormatChoice.ARRAY,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="输出调试日志。")] = False,
) -> None:
    """启动模拟器；准备好后在标准输出打印一行 JSON：{"ready":true,"port":N}。"""
    logging.basicConfig(level=logging.DEBUG if verbose else logging.WARNING, stream=sys.stderr)
    config = SimulatorConfig(
        url=None if url == "none" else url,
        token=token,
        host=host,
        port=port,
        scenario=scenario,
        speed=speed,
        clock=clock.value,
        seed=seed,
        heartbeat=heartbeat,
        image_ttl=image_ttl,
        report_self=report_self,
        message_format=message_format.value,
    )
    try:
        asyncio.run(_serve(config, autoplay=autoplay))
    except ScenarioError as error:
        typer.echo(f"剧本有误：\n{error}", err=True)
        raise typer.Exit(2) from None
    except OSError as error:
        typer.echo(f"启动失败：{error}", err=True)
        raise typer.Exit(1) from None


async def _serve(config: SimulatorConfig, *, autoplay: bool) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with Simulator(config) as simulator:
        sys.stdout.write(dumps({"ready": True, "port": simulator.port}) + "\n")
        sys.stdout.flush()
        playing = asyncio.create_task(_autoplay(simulator)) if autoplay else None
        await stop.wait()
        if playing is not None:
            playing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await playing


async def _autoplay(simulator: Simulator) -> None:
    await simulator.connection.wait_connected()
    await simulator.play()


def main() -> None:
    """Entry point."""
    app()


if __name__ == "__main__":
    main()
