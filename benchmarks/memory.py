"""Claim: memory after a flood, and the time to start over a large archive.

    python -m benchmarks.memory [--messages 100000] [--archive DIR] [--json]

DIR is a data directory, such as one that `benchmarks.search_scale --keep` left.
"""

import argparse
import asyncio
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import httpx

from benchmarks.load import LoadClient, message_frames
from benchmarks.support.processes import BotProcess, running_bot

_POLL_S = 0.1


async def after_flood(count: int) -> dict[str, Any]:
    """Return the bot's resident memory before and after `count` messages."""
    with tempfile.TemporaryDirectory(prefix="liudeng-bench-") as folder:
        async with (
            running_bot(("bot.py",), Path(folder), "/health") as bot,
            LoadClient(bot.ws_url, bot.token) as client,
        ):
            before = bot.resident_mib()
            for start in range(1, count, 5_000):
                await client.send(message_frames(5_000, seed=start, start_seq=start))
                await _committed(bot, min(count, start + 4_999))
            return {
                "messages": count,
                "before_mib": round(before),
                "after_mib": round(bot.resident_mib()),
            }


async def start_over(folder: Path) -> dict[str, Any]:
    """Return how long the bot takes to answer over an archive that is there already."""
    async with running_bot(("bot.py",), folder, "/health") as bot:
        async with httpx.AsyncClient(trust_env=False) as http:
            health = (await http.get(f"{bot.http_url}/health")).json()
        return {
            "archived": health["committed_seq"],
            "start_s": round(bot.started_in_s, 2),
            "memory_mib": round(bot.resident_mib()),
        }


async def _committed(bot: BotProcess, wanted: int) -> None:
    async with httpx.AsyncClient(trust_env=False) as http:
        while True:
            health = (await http.get(f"{bot.http_url}/health")).json()
            if health["committed_seq"] >= wanted and not any(health["readers"].values()):
                return
            await asyncio.sleep(_POLL_S)


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--archive", type=Path)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    result: dict[str, Any] = {"flood": await after_flood(options.messages)}
    if options.archive:
        result["start"] = await start_over(options.archive)
    with tempfile.TemporaryDirectory(prefix="liudeng-bench-") as empty:
        result["start_empty"] = await start_over(Path(empty))
    sys.stdout.write(json.dumps(result, indent=None if options.json else 2) + "\n")


if __name__ == "__main__":
    asyncio.run(main())
