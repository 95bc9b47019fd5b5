"""Claim: search latency and index growth at 10 thousand, 100 thousand and 1 million messages.

    python -m benchmarks.search_scale [--sizes 10000 100000 1000000] [--keep DIR] [--json]

`liudeng import` fills each archive from a generated file; the same queries are then asked of the
log index and, in the same run, of SQL `LIKE`: the newest 20 hits and their total number. With
`--keep` the archives stay, for `benchmarks.memory`.
"""

import argparse
import asyncio
import json
import random
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.load import GROUP, START
from liudeng.db import Database
from liudeng.health import percentiles
from liudeng.search import LogSearch, parse_query
from liudeng.settings import DATA_ROOT, Settings

_PER_KIND = 15
_LIMIT = 20
_LIKE_PER_KIND = 3
"""LIKE scans: at a million messages a few queries tell enough."""


def sentences(seed: int) -> Iterator[str]:
    """Yield messages: pieces of the demo's evening, shuffled, with numbers strewn in."""
    rng = random.Random(seed)
    pieces = _pieces()
    while True:
        text = "".join(rng.choices(pieces, k=rng.choice((1, 1, 1, 2, 2, 3, 5))))
        yield f"{text}{rng.randrange(100_000)}" if rng.random() < 0.2 else text


def _pieces() -> list[str]:
    lines = (DATA_ROOT / "scenarios" / "farewell_night.jsonl").read_text("utf-8").splitlines()
    texts = (json.loads(line).get("text", "") for line in lines if line.startswith("{"))
    return [word for text in texts for word in text.split()]


def write_export(path: Path, count: int) -> None:
    """Write a file of `count` messages for `liudeng import`."""
    texts = sentences(seed=7)
    with path.open("w", encoding="utf-8") as export:
        for number in range(count):
            user = 2_840_010_000 + number % 797
            entry = {
                "id": number,
                "user": user,
                "name": f"群友{number % 797}",
                "time": START + number,
                "text": next(texts),
            }
            export.write(json.dumps(entry, ensure_ascii=False) + "\n")


def queries(seed: int = 3) -> dict[str, list[str]]:
    """Return queries of each kind, taken from what was said."""
    rng, texts = random.Random(seed), sentences(seed=7)
    sample = [text for _, text in zip(range(9_000), texts, strict=False) if len(text) >= 8]

    def substring(length: int) -> str:
        text = rng.choice(sample)
        start = rng.randrange(len(text) - length + 1)
        return text[start : start + length].replace('"', "")

    frequent = ["晚安", "今晚", "它说", "真的", "哈哈", "我们", "什么", "可以", "截图", "导出"]
    kinds: dict[str, Callable[[], str]] = {
        "one character": lambda: rng.choice("我的晚安它一不是在人"),
        "two characters, frequent": lambda: rng.choice(frequent),
        "two characters, any": lambda: substring(2),
        "four to six characters": lambda: substring(rng.randint(4, 6)),
        "two words": lambda: f"{rng.choice(frequent)} {rng.choice(frequent)}",
    }
    return {kind: [make() for _ in range(_PER_KIND)] for kind, make in kinds.items()}


async def index_times(database: Path, wanted: Sequence[str]) -> list[float]:
    """Return the milliseconds of each query, warm, best of three."""
    archive = Database(database)
    try:
        search, times = LogSearch(archive), []
        for raw in wanted:
            query, best = parse_query(raw), float("inf")
            for _ in range(3):
                started = perf_counter()
                await search.search(query, [GROUP], _LIMIT)
                best = min(best, perf_counter() - started)
            times.append(best * 1000)
        return times
    finally:
        await archive.close()


def like_times(database: Path, wanted: Sequence[str]) -> list[float]:
    """Return the milliseconds that LIKE takes for the same answers."""
    times = []
    with sqlite3.connect(database) as connection:
        for raw in wanted[:_LIKE_PER_KIND]:
            words = raw.split()
            where = " AND ".join("text LIKE ?" for _ in words)
            values = [GROUP, *(f"%{word}%" for word in words)]
            started = perf_counter()
            connection.execute(
                f"SELECT * FROM messages WHERE group_id = ? AND {where} ORDER BY id DESC LIMIT 20",
                values,
            ).fetchall()
            connection.execute(
                f"SELECT count(*) FROM messages WHERE group_id = ? AND {where}", values
            ).fetchall()
            times.append((perf_counter() - started) * 1000)
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


def measure(count: int, folder: Path) -> dict[str, Any]:
    """Fill an archive of `count` messages and ask it everything."""
    export = folder / "export.jsonl"
    write_export(export, count)
    settings = Settings(data_dir=folder)
    command = [sys.executable, "-m", "liudeng", "import", str(export), "--group", str(GROUP)]
    started = perf_counter()
    subprocess.run(
        command, check=True, capture_output=True, env={"DATA_DIR": str(folder), "PATH": "/usr/bin"}
    )
    seconds = perf_counter() - started
    export.unlink()
    database = settings.database_path
    by_kind = {}
    for kind, wanted in queries().items():
        fast = asyncio.run(index_times(database, wanted))
        slow = like_times(database, wanted)
        by_kind[kind] = {
            "index_ms": percentiles(fast).model_dump(exclude={"p99"}),
            "like_ms": percentiles(slow).model_dump(exclude={"p99"}),
        }
    return {
        "messages": count,
        "import_s": round(seconds, 1),
        "import_per_s": round(count / seconds),
        **sizes(database),
        "queries": by_kind,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    results = []
    for count in options.sizes:
        if options.keep:
            folder = options.keep / str(count)
            folder.mkdir(parents=True)
            results.append(measure(count, folder))
        else:
            with tempfile.TemporaryDirectory(prefix="liudeng-bench-") as temporary:
                results.append(measure(count, Path(temporary)))
    sys.stdout.write(json.dumps(results, indent=None if options.json else 2) + "\n")


if __name__ == "__main__":
    main()
