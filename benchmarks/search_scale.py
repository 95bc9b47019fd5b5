"""Claim: search latency by class of query at 10 thousand, 100 thousand and 1 million messages.

    python -m benchmarks.search_scale [--sizes 10000 100000 1000000] [--rivals-up-to 100000]
        [--whoosh-up-to 100000] [--keep DIR] [--json]

Each archive is filled as the writer fills it: batches of 500, each a transaction, in 20 groups of
which the largest has a quarter of all messages. The queries are then asked in that one through
`LogSearch.search` (the first 20 hits and their number) and, in the same run, of what else one
would use, which is built anew from the same messages. The result is the table of
docs/performance.md. With `--keep` the archives stay, for `benchmarks.memory`.
"""

import argparse
import asyncio
import gc
import json
import os
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from benchmarks.load import GROUP
from benchmarks.search_queries import Ask, messages, some_queries
from benchmarks.search_rivals import RIVALS, Rival, Whoosh
from liudeng.archive.store import store_batch
from liudeng.db import Database, migrate
from liudeng.health import Percentiles, percentiles
from liudeng.search import LogSearch, parse_query
from liudeng.settings import Settings

_PER_CLASS = 20
_RUNS = 3
_SLOW_MS = 200.0
"""A query that takes longer is asked once."""
_FEW = 5
"""Queries of a class that are put to an engine that is slow at them."""
_LIMIT = 20
_BATCH = 500
_OWN, _OWN_CPU = "留灯", "留灯, CPU"


async def fill(database: Database, count: int) -> None:
    """Store `count` messages."""
    coming = messages(count)
    while batch := list(islice(coming, _BATCH)):
        async with database.write() as connection:
            await store_batch(connection, batch)


async def own_times(path: Path, asked: Sequence[Ask]) -> tuple[list[float], list[float]]:
    """Return the milliseconds of each query through the domain's own function, warm.

    First by the clock, then of the processor: the latter other jobs of the machine do not change.
    """
    database = Database(path)
    try:
        search, times, worked = LogSearch(database), [], []
        for ask in asked:
            query, best, least = parse_query(ask.typed), float("inf"), float("inf")
            for _ in range(_RUNS):
                started, idle = perf_counter(), process_time()
                await search.search(query, [GROUP], _LIMIT)
                best = min(best, (perf_counter() - started) * 1000)
                least = min(least, (process_time() - idle) * 1000)
            times.append(best)
            worked.append(least)
        return times, worked
    finally:
        await database.close()


def rival_times(rival: Rival, asked: Sequence[Ask]) -> list[float]:
    """Return the milliseconds of each query; of few where they are slow, none if it cannot."""
    times: list[float] = []
    for ask in asked:
        if len(times) >= _FEW and min(times) > _SLOW_MS:
            break
        best = float("inf")
        for _ in range(_RUNS):
            started = perf_counter()
            try:
                rival.find(ask)
            except NotImplementedError:
                return []
            best = min(best, (perf_counter() - started) * 1000)
            if best > _SLOW_MS:
                break
        times.append(best)
    return times


def sizes(database: Path) -> dict[str, float]:
    """Return MiB of the whole file and of the log index in it."""
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        index = connection.execute("SELECT sum(length(block)) FROM log_index_data").fetchone()[0]
        docs = connection.execute("SELECT sum(length(sz)) FROM log_index_docsize").fetchone()[0]
    return {
        "file_mib": round(database.stat().st_size / 2**20, 1),
        "index_mib": round((index + docs) / 2**20, 1),
    }


def measure(count: int, folder: Path, rivals: Sequence[type[Rival]]) -> dict[str, Any]:
    """Fill an archive of `count` messages and ask it everything, and the rivals after it."""
    database = Settings(data_dir=folder).database_path
    started = perf_counter()
    filled = not database.is_file()
    if filled:
        migrate(database)
        asyncio.run(_with(database, lambda opened: fill(opened, count)))
    seconds = perf_counter() - started
    asked = some_queries(_PER_CLASS)
    own = {name: asyncio.run(own_times(database, asks)) for name, asks in asked.items()}
    by_engine: dict[str, dict[str, Percentiles]] = {
        _OWN: {name: percentiles(times) for name, (times, _) in own.items()},
        _OWN_CPU: {name: percentiles(worked) for name, (_, worked) in own.items()},
    }
    for kind in rivals:
        with tempfile.TemporaryDirectory(prefix="liudeng-bench-") as place:
            rival = kind(Path(place), messages(count))
            by_engine[kind.name] = {
                name: percentiles(rival_times(rival, a)) for name, a in asked.items()
            }
            del rival
            gc.collect()
    return {
        "messages": count,
        "load": round(os.getloadavg()[0], 1),
        "stored_per_s": round(count / seconds) if filled else None,
        **sizes(database),
        "ms": {
            engine: {name: each.model_dump() for name, each in classes.items()}
            for engine, classes in by_engine.items()
        },
    }


def table(result: dict[str, Any]) -> str:
    """Return a result as a Markdown table: p50 / p95 / p99 in ms, and rivals as ratios of p95."""
    engines = result["ms"]
    own, others = engines[_OWN], [name for name in engines if name not in (_OWN, _OWN_CPU)]
    head = [
        "query",
        "p50 / p95 / p99 ms",
        "CPU, p95 ms",
        *(f"{name}, ms (× ours)" for name in others),
    ]
    rows = [head, ["---"] * len(head)]
    for name, ours in own.items():
        cells = [f"{ours['p50']} / {ours['p95']} / {ours['p99']}", engines[_OWN_CPU][name]["p95"]]
        for other in others:
            p95 = engines[other][name]["p95"]
            cells.append(f"{p95} (× {p95 / ours['p95']:.1f})" if p95 is not None else "—")
        rows.append([name, *map(str, cells)])
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return f"{result['messages']:,} messages, load {result['load']}\n\n" + "\n".join(lines)


async def _with(path: Path, work: Callable[[Database], Any]) -> None:
    database = Database(path)
    try:
        await work(database)
    finally:
        await database.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--rivals-up-to", type=int, default=1_000_000)
    parser.add_argument("--whoosh-up-to", type=int, default=100_000)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    for count in options.sizes:
        rivals = RIVALS if count <= options.rivals_up_to else ()
        if count > options.whoosh_up_to:
            rivals = tuple(rival for rival in rivals if rival is not Whoosh)
        with tempfile.TemporaryDirectory(prefix="liudeng-bench-") as temporary:
            folder = options.keep / str(count) if options.keep else Path(temporary)
            folder.mkdir(parents=True, exist_ok=True)
            result = measure(count, folder, rivals)
        sys.stdout.write((json.dumps(result) if options.json else table(result)) + "\n\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
