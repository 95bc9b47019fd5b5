"""Claim: pictures posted into a flood are all kept, and nobody waits longer for an alert.

    python -m benchmarks.media_flood [--images 200] [--seconds 120] [--rate 100] [--json]

The simulator's members chatter at a steady rate, and every two seconds one of them is in danger:
first without pictures, then for as long with `--images` screenshots among the words, whose links
die after a minute. It measures how many pictures were lost, the seconds until each was kept, the
time from a message to its alert in both halves, how long it took until the words in all pictures
were read and how much memory the bot and its workers took, and how long the bot's event loop was
held up:
a probe that runs inside the bot's process sleeps for 5 ms again and again and notes how much
longer it slept.
"""

import argparse
import asyncio
import io
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

from PIL import Image

from benchmarks.support.archive_file import ArchiveFile
from benchmarks.support.bot_process import free_port
from benchmarks.support.cast import DANGER_TEXT, STAFF, WATCHED, staffed_group
from benchmarks.support.processes import BotProcess, running_bot
from benchmarks.support.waiting import until
from liudeng.health import percentiles
from simulator import Simulator
from simulator.pictures import PictureSpec, draw

_DANGER_EVERY_S = 2.0
_DRAWN = 10
"""Different screenshots; the rest are these with a few pixels changed, so that no two are alike."""
_LINK_LIFE_S = 60.0
_PROBE_S = 0.005
_DRAIN_S = 120.0
_ALERT_S = 30.0
_READING_S = 20.0
"""Longest that reading one picture may take on a busy machine."""
_MEMORY_EVERY_S = 0.5


class LoopProbe:
    """Notes when and for how many milliseconds an event loop was held up."""

    def __init__(self, target: Path) -> None:
        self._target = target
        self._lags: list[tuple[float, float]] = []

    def start(self) -> None:
        """Begin, inside the loop to be measured."""
        self._task = asyncio.create_task(self._run())

    def finish(self) -> None:
        """Write what was noted."""
        self._task.cancel()
        self._target.write_text(json.dumps(self._lags), "utf-8")

    async def _run(self) -> None:
        while True:
            before = perf_counter()
            await asyncio.sleep(_PROBE_S)
            lag = perf_counter() - before - _PROBE_S
            self._lags.append((time.time(), round(lag * 1000, 2)))


def run_probed_bot(target: Path) -> None:
    """Run the bot as `python bot.py` does, with a probe in its loop."""
    import nonebot

    import bot  # noqa: F401 - loading it sets the bot up

    probe = LoopProbe(target)

    async def start() -> None:
        probe.start()

    async def finish() -> None:
        probe.finish()

    nonebot.get_driver().on_startup(start)
    nonebot.get_driver().on_shutdown(finish)
    nonebot.run(ws_ping_interval=5, ws_ping_timeout=5, ws_max_size=16 * 2**20)


class MemoryProbe:
    """Remembers the most memory that the bot and its workers took."""

    def __init__(self, bot: BotProcess) -> None:
        self._bot = bot
        self.peak = 0.0

    def start(self) -> None:
        """Begin to look."""
        self._task = asyncio.create_task(self._run())

    def finish(self) -> None:
        """Stop."""
        self._task.cancel()

    async def _run(self) -> None:
        while True:
            self.peak = max(self.peak, self._bot.family_mib())
            await asyncio.sleep(_MEMORY_EVERY_S)


@dataclass(frozen=True)
class Pace:
    """How long and how fast people talk."""

    seconds: float
    per_second: float


class Half:
    """One half of the run: chatter, alerts, perhaps pictures."""

    def __init__(
        self, sim: Simulator, members: Iterator[int], pictures: list[str], pace: Pace
    ) -> None:
        self._sim = sim
        self._pictures = pictures
        self._pace = pace
        self._members = members
        self._said: dict[str, float] = {}
        self.alert_ms: dict[str, float] = {}

    async def play(self) -> None:
        """Let everybody talk, then wait for the last alert. Raises TimeoutError."""
        self.began = time.time()
        count = int(self._pace.seconds * self._pace.per_second)
        flood = asyncio.create_task(self._sim.flood(WATCHED, count, self._pace.per_second))
        before = len(self._sim.sent)
        await asyncio.gather(flood, self._despair(before), self._post())
        await until(lambda: self._all_alerted(before), "every alert was sent", _ALERT_S)
        self.ended = time.time()

    async def _despair(self, before: int) -> None:
        for _ in range(int(self._pace.seconds / _DANGER_EVERY_S)):
            subject = next(self._members)
            self._said[f"（{subject}）"] = perf_counter()  # as an alert names its subject
            await self._sim.say(subject, DANGER_TEXT, group=WATCHED)
            await self._watch(before, _DANGER_EVERY_S)

    async def _watch(self, before: int, seconds: float) -> None:
        deadline = perf_counter() + seconds
        while perf_counter() < deadline:
            self._all_alerted(before)
            await asyncio.sleep(0.002)

    def _all_alerted(self, before: int) -> bool:
        now = perf_counter()
        waiting = self._said.keys() - self.alert_ms.keys()
        texts = [sent.text for sent in self._sim.sent[before:]] if waiting else []
        for subject in waiting:
            if any(subject in text for text in texts):
                self.alert_ms[subject] = (now - self._said[subject]) * 1000
        return len(self.alert_ms) == len(self._said)

    async def _post(self) -> None:
        pause = self._pace.seconds / max(1, len(self._pictures))
        speaker = next(self._members)
        for name in self._pictures:
            segment = {"type": "image", "data": {"summary": "", "file": name, "sub_type": 0}}
            await self._sim.say(speaker, [segment], group=WATCHED)
            await asyncio.sleep(pause)


def ordinary_members(sim: Simulator) -> Iterator[int]:
    """Yield the members who play no part of their own, each once."""
    members = list(sim.world.group(WATCHED).members.values())
    return (member.person.user_id for member in members if not member.person.key)


def screenshots(count: int, seed: int = 1) -> list[bytes]:
    """Return pictures of a chat, no two of the same bytes. Takes a second for each ten."""
    rng = Random(seed)
    drawn = [Image.open(io.BytesIO(draw(_spec(rng)))).convert("RGB") for _ in range(_DRAWN)]
    found = []
    for number in range(count):
        picture = drawn[number % _DRAWN].copy()
        picture.putpixel((number % picture.width, 0), (number % 256, number // 256, 0))
        target = io.BytesIO()
        picture.save(target, "JPEG", quality=85)
        found.append(target.getvalue())
    return found


def _spec(rng: Random) -> PictureSpec:
    words = ("晚安", "你还在吗", "我一直都在这里", "谢谢你陪我走过这个冬天", "明天也要好好吃饭")
    lines = [(rng.choice(("me", "it")), rng.choice(words)) for _ in range(12)]
    return PictureSpec.model_validate({"title": "最后一晚", "companion": "千鹤", "lines": lines})


async def measure(images: int, pace: Pace) -> dict[str, Any]:
    """Return the result of one run."""
    contents = await asyncio.to_thread(screenshots, images)
    with tempfile.TemporaryDirectory(prefix="liudeng-bench-") as name:
        folder, port = Path(name), free_port()
        settings = {
            "MEDIA_TRUSTED_HOSTS": json.dumps([f"127.0.0.1:{port}"]),
            "ARCHIVE_GROUPS": json.dumps([WATCHED]),
            "STAFF_GROUP": str(STAFF),
            "SEND_INTERVAL": "0",
            "LOG_LEVEL": "WARNING",
        }
        probed = ("-m", "benchmarks.media_flood", "--probe", str(folder / "lags.json"))
        async with running_bot(probed, folder, "/health", **settings) as bot:
            config = staffed_group(200).model_copy(
                update={
                    "url": bot.ws_url,
                    "token": bot.token,
                    "port": port,
                    "image_ttl": _LINK_LIFE_S,
                }
            )
            async with Simulator(config) as sim:
                archive = ArchiveFile(folder / "liudeng.sqlite3")
                await sim.wait_connected(30)
                await until(lambda: bool(archive.gap_ended_since(WATCHED, 0)), "it settled in", 30)
                memory = MemoryProbe(bot)
                memory.start()
                quiet, busy = await _play(sim, contents, pace)
                kept = await _drained(archive, images)
                reading = await _read_out(archive, images)
                memory.finish()
        lags = json.loads((folder / "lags.json").read_text("utf-8"))
    return {
        "images": images,
        "seconds": pace.seconds,
        "messages_per_s": pace.per_second,
        "kept": kept["stored"],
        "lost": images - kept["stored"],
        **reading,
        "memory_peak_mib": round(memory.peak),
        "message_to_kept_ms": percentiles(kept["after_ms"]).model_dump(),
        "without_images": _half(quiet, lags),
        "with_images": _half(busy, lags),
    }


async def _play(sim: Simulator, contents: list[bytes], pace: Pace) -> tuple[Half, Half]:
    names = [sim.media.keep(content) for content in contents]
    members = ordinary_members(sim)
    halves = Half(sim, members, [], pace), Half(sim, members, names, pace)
    for half in halves:
        await half.play()
    return halves


async def _drained(archive: ArchiveFile, images: int) -> dict[str, Any]:
    """Wait until nothing is pending; return what is kept and how soon after it was received."""

    def settled() -> bool:
        query = "SELECT count(*) FROM attachments WHERE kind = 'image' AND state != 'pending'"
        return archive.rows(query)[0][0] >= images

    await until(settled, "every picture has met its fate", _DRAIN_S)
    query = (
        "SELECT m.stored_ms - g.received_ms FROM attachments a"
        " JOIN media m ON m.sha256 = a.sha256 JOIN messages g ON g.id = a.message_row"
        " WHERE a.state = 'stored' AND a.kind = 'image'"
    )
    after = [row[0] for row in archive.rows(query)]
    return {"stored": len(after), "after_ms": after}


async def _read_out(archive: ArchiveFile, images: int) -> dict[str, Any]:
    """Wait until the words in every picture are in the archive."""
    began = perf_counter()

    kept = archive.rows("SELECT count(DISTINCT sha256) FROM attachments WHERE state = 'stored'")
    different = kept[0][0]

    def read() -> bool:
        return archive.rows("SELECT count(*) FROM readings")[0][0] >= different

    await until(read, "every picture was read", images * _READING_S)
    first, last = archive.rows("SELECT min(read_ms), max(read_ms) FROM readings")[0]
    return {
        "read": different,
        "read_out_after_s": round(perf_counter() - began, 1),
        "seconds_a_picture": round((last - first) / 1000 / max(1, different - 1), 2),
    }


def _half(half: Half, lags: list[tuple[float, float]]) -> dict[str, Any]:
    within = [lag for at, lag in lags if half.began <= at <= half.ended]
    return {
        "alerts": len(half.alert_ms),
        "message_to_alert_ms": percentiles(list(half.alert_ms.values())).model_dump(),
        "loop_lag_ms": percentiles(within).model_dump(),
        "loop_lag_worst_ms": max(within),
        "loop_lags_over_50_ms": sum(lag > 50 for lag in within),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--rate", type=float, default=100.0)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--probe", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.probe:
        run_probed_bot(options.probe)
        return
    result = asyncio.run(measure(options.images, Pace(options.seconds, options.rate)))
    sys.stdout.write(json.dumps(result, indent=None if options.json else 2) + "\n")


if __name__ == "__main__":
    main()
