"""Claim: messages per second from the socket to durable and searchable, against two rivals.

    python -m benchmarks.throughput [--messages 3000] [--rounds 3] [--json]

Bare NoneBot only dispatches to one empty matcher; nonebot-plugin-chatrecorder commits each message;
留灯 commits and indexes it. All take the same frames over a real WebSocket, in turn, round after
round, on the machine as it is: read the ratios, not the rates.
"""

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import httpx

from benchmarks.load import LoadClient, message_frames
from benchmarks.support.processes import BotProcess, running_bot

_POLL_S = 0.02
_LIMIT_S = 600.0


@dataclass(frozen=True)
class Contestant:
    """A bot and how it tells that a message is done."""

    name: str
    arguments: tuple[str, ...]
    counted: Callable[[dict], int]
    path: str


def _counter(answer: dict) -> int:
    return answer["count"]


CONTESTANTS = (
    Contestant("bare", ("-m", "benchmarks.rivals.bare"), _counter, "/count"),
    Contestant("chatrecorder", ("-m", "benchmarks.rivals.chatrecorder"), _counter, "/count"),
    Contestant("liudeng", ("bot.py",), lambda answer: answer["committed_seq"], "/health"),
)


async def measure(contestant: Contestant, frames: list[str]) -> float:
    """Return the messages per second of one run."""
    with tempfile.TemporaryDirectory(prefix="liudeng-bench-") as folder:
        async with (
            running_bot(contestant.arguments, Path(folder), contestant.path) as bot,
            LoadClient(bot.ws_url, bot.token) as client,
        ):
            await _counted(bot, contestant, 0)
            started = perf_counter()
            await client.send(frames)
            await _counted(bot, contestant, len(frames))
            return len(frames) / (perf_counter() - started)


async def _counted(bot: BotProcess, contestant: Contestant, wanted: int) -> None:
    async with asyncio.timeout(_LIMIT_S), httpx.AsyncClient(trust_env=False) as http:
        while True:
            answer = (await http.get(bot.http_url + contestant.path, timeout=60)).json()
            if contestant.counted(answer) >= wanted:
                return
            await asyncio.sleep(_POLL_S)


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=3_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    frames = message_frames(options.messages)
    rates: dict[str, list[float]] = {contestant.name: [] for contestant in CONTESTANTS}
    for _ in range(options.rounds):
        for contestant in CONTESTANTS:
            rates[contestant.name].append(await measure(contestant, frames))
    medians = {name: statistics.median(values) for name, values in rates.items()}
    result = {
        "messages": options.messages,
        "rates": {name: [round(value) for value in values] for name, values in rates.items()},
        "median": {name: round(value) for name, value in medians.items()},
        "to_bare": round(medians["liudeng"] / medians["bare"], 2),
        "to_chatrecorder": round(medians["liudeng"] / medians["chatrecorder"], 2),
    }
    text = json.dumps(result) if options.json else json.dumps(result, indent=2)
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    asyncio.run(main())
