"""Claim: while 500 messages a second come in, search stays quick and finds each at once.

    python -m benchmarks.search_flood [--archive DIR] [--rate 500] [--seconds 20] [--json]

One event loop as in the bot: payloads are heard when they are due, written, and read by the watch's
rules in a thread, while one member searches all the time and another asks for each marked
message until it is found. What is told of a message counts from when it was due, so a loop that
lags counts against the bot. `--archive` is a folder that `benchmarks.search_scale --keep` left,
of which a copy is used; without it the archive is empty at first.
"""

import argparse
import asyncio
import gc
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count, cycle
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.load import GROUP, group_message
from benchmarks.search_queries import messages, sentences, some_queries
from liudeng.archive import Ear, LogWriter, ReaderRun, Source, StoredMessage, last_seq
from liudeng.archive.store import store_batch
from liudeng.commands import CommandTable
from liudeng.db import Checkpoints, Database, migrate, now_ms
from liudeng.health import percentiles
from liudeng.search import LogSearch, parse_query
from liudeng.settings import Settings
from liudeng.text.transformer import transformer
from liudeng.watch import assess

_MARK_EVERY = 100
_MARK = "灯标{}亮了"
_PAUSE_S = 0.005
_BETWEEN_SEARCHES_S = 0.02
_PAGE = 20


class RulesReader:
    """Does the work of the watch's rules, in a thread, without anybody to tell."""

    name = "bench"
    sources = frozenset({Source.LIVE})

    async def read(self, batch: Sequence[StoredMessage]) -> None:
        """Assess a batch."""
        await asyncio.to_thread(lambda: [assess(message.spoken) for message in batch])


@dataclass
class Flood:
    """What is measured."""

    rate: int
    seconds: int
    due: list[float] = field(default_factory=list)
    written_ms: list[float] = field(default_factory=list)
    found_ms: list[float] = field(default_factory=list)
    search_ms: list[float] = field(default_factory=list)
    over: bool = False

    async def run(self, ear: Ear, writer: LogWriter, search: LogSearch) -> None:
        """Let the messages come in while members search."""
        writer.on_commit(lambda: self._committed(writer))
        searching = asyncio.create_task(self._search(search))
        asking = await self._hear(ear, search)
        await writer.drain()
        await asyncio.gather(*asking)
        self.over = True
        await searching

    async def _hear(self, ear: Ear, search: LogSearch) -> list[asyncio.Task[None]]:
        texts, began, asking = sentences(seed=11), perf_counter(), []
        now_s = now_ms() // 1000
        for number in range(self.rate * self.seconds):
            due = began + number / self.rate
            if (early := due - perf_counter()) > 0:
                await asyncio.sleep(early)
            marked = number % _MARK_EVERY == 0
            text = _MARK.format(number) if marked else next(texts)
            payload = group_message(text, 10_000_000 + number, number % 800)
            self.due.append(due)
            ear.hear({**payload, "time": now_s + number // self.rate})
            if marked:
                asking.append(asyncio.create_task(self._ask_for(text, due, search)))
        return asking

    def _committed(self, writer: LogWriter) -> None:
        done = perf_counter()
        for due in self.due[len(self.written_ms) : writer.status.stored]:
            self.written_ms.append((done - due) * 1000)

    async def _ask_for(self, text: str, due: float, search: LogSearch) -> None:
        query = parse_query(f'"{text}"')
        for _ in count():
            if (await search.search(query, [GROUP], 1)).hits:
                break
            await asyncio.sleep(_PAUSE_S)
        self.found_ms.append((perf_counter() - due) * 1000)

    async def _search(self, search: LogSearch) -> None:
        asked = [ask.typed for asks in some_queries(4).values() for ask in asks]
        for text in cycle(asked):
            if self.over:
                break
            started = perf_counter()
            await search.search(parse_query(text), [GROUP], _PAGE)
            self.search_ms.append((perf_counter() - started) * 1000)
            await asyncio.sleep(_BETWEEN_SEARCHES_S)


async def measure(path: Path, flood: Flood) -> dict[str, Any]:
    """Run a flood over an archive."""
    assess("晚安")  # the lexicon and the transformer are loaded at the bot's start, too,
    transformer().load()
    database = Database(path)
    async with database.write() as connection:  # the first of all takes half a second
        await store_batch(connection, list(messages(1)))
    gc.collect()
    gc.freeze()  # and what was loaded is left alone, as the bot leaves it
    writer = LogWriter(database, 20_000)
    reader = ReaderRun(database, RulesReader(), lambda: None)
    checkpoints = Checkpoints(path)
    try:
        async with database.read() as connection:
            held = await last_seq(connection)
        await checkpoints.start()
        writer.start(held)
        writer.on_commit(reader.wake)
        await reader.start()
        ear = Ear(writer, CommandTable(), archives=lambda _group: True)
        await flood.run(ear, writer, LogSearch(database))
    finally:
        await writer.close()
        await reader.close()
        await checkpoints.close()
        await database.close()
    return {
        "messages_before": held,
        "messages": len(flood.due),
        "searches": len(flood.search_ms),
        "load": round(os.getloadavg()[0], 1),
        "search_ms": percentiles(flood.search_ms).model_dump(),
        "written_ms": percentiles(flood.written_ms).model_dump(),
        "found_ms": {**percentiles(flood.found_ms).model_dump(), "max": max(flood.found_ms)},
        "found_within_200_ms": sum(ms <= 200 for ms in flood.found_ms) / len(flood.found_ms),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--archive", type=Path)
    parser.add_argument("--rate", type=int, default=500)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="liudeng-bench-") as folder:
        path = Settings(data_dir=Path(folder)).database_path
        if options.archive:
            shutil.copyfile(Settings(data_dir=options.archive).database_path, path)
        else:
            migrate(path)
        result = asyncio.run(measure(path, Flood(options.rate, options.seconds)))
    sys.stdout.write(json.dumps(result, indent=None if options.json else 2) + "\n")


if __name__ == "__main__":
    main()
