"""Claim: from the event to the alert handed to the socket, while a group floods.

    python -m benchmarks.alert_latency [--rate 300] [--seconds 90] [--json]

A client sends ordinary messages at a steady rate and, every three seconds, one message of a member
in danger (each time another one); it measures from sending that frame to receiving the bot's
`send_private_msg`, its card, pacing and all, as the moderator would. The ordinary messages are such
that none of them can raise an alert: each member in danger must have one case, nobody else any.

Exit code 1: somebody was not told of, or somebody else was.
"""

import argparse
import asyncio
import json
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.load import CALM_WORDS, LoadClient, group_message, message_frames
from benchmarks.support.archive_file import ArchiveFile
from benchmarks.support.processes import running_bot
from liudeng.health import percentiles

_DANGER = "我想好了，不想活了，今晚就走。谢谢你们陪过我，再见了"
_EVERY_S = 3.0
_FIRST_SEQ = 1_000_000
_GRACE_S = 10.0


class Stopwatch:
    """Times each alert by the member it names."""

    def __init__(self) -> None:
        self.sent_at: dict[str, float] = {}
        self.taken_ms: dict[str, float] = {}
        self.alerts = 0
        self.pictures = 0

    def saw_call(self, action: str, parameters: dict[str, Any]) -> None:
        """Note the arrival of an alert."""
        if action != "send_private_msg":
            return
        now = perf_counter()
        self.alerts += 1
        self.pictures += any(part["type"] == "image" for part in parameters["message"])
        text = json.dumps(parameters, ensure_ascii=False)
        for user_id, at in self.sent_at.items():
            if user_id in text:
                self.taken_ms.setdefault(user_id, (now - at) * 1000)


async def measure(rate: int, seconds: float) -> dict[str, Any]:
    """Return the result of one run."""
    frames = message_frames(int(rate * seconds) + rate, words=CALM_WORDS)
    watch = Stopwatch()
    with tempfile.TemporaryDirectory(prefix="liudeng-bench-") as folder:
        async with (
            running_bot(("bot.py",), Path(folder), "/health") as bot,
            LoadClient(bot.ws_url, bot.token) as client,
        ):
            client.on_call = watch.saw_call
            sent = await _play(client, frames, rate, seconds, watch)
            async with asyncio.timeout(_GRACE_S):
                while len(watch.taken_ms) < len(watch.sent_at):  # noqa: ASYNC110 - a callback's
                    await asyncio.sleep(0.05)
            cases = len(ArchiveFile(Path(folder) / "liudeng.sqlite3").cases())
    times = percentiles(list(watch.taken_ms.values()))
    return {
        "rate": rate,
        "messages": sent,
        "in_danger": len(watch.sent_at),
        "told_of": len(watch.taken_ms),
        "alerts": watch.alerts,
        "with_a_card": watch.pictures,
        "cases": cases,
        "event_to_alert_ms": times.model_dump(),
        "worst_ms": round(max(watch.taken_ms.values()), 1),
    }


async def _play(
    client: LoadClient, frames: list[str], rate: int, seconds: float, watch: Stopwatch
) -> int:
    started, sent, dangers = perf_counter(), 0, 0
    while (now := perf_counter() - started) < seconds:
        due = int(now * rate)
        await client.send(frames[sent:due])
        sent = max(sent, due)
        if now >= dangers * _EVERY_S:
            event = group_message(_DANGER, _FIRST_SEQ + dangers, 100 + dangers)
            watch.sent_at[str(event["user_id"])] = perf_counter()
            await client.send_one(json.dumps(event))
            dangers += 1
        await asyncio.sleep(0.005)
    return sent


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=90.0)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    result = await measure(options.rate, options.seconds)
    sys.stdout.write(json.dumps(result, indent=None if options.json else 2) + "\n")
    clean = result["in_danger"] == result["told_of"] == result["alerts"] == result["cases"]
    sys.exit(0 if clean else 1)


if __name__ == "__main__":
    asyncio.run(main())
