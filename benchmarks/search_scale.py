"""Claim: search latency and index growth at 10 thousand, 100 thousand and 1 million messages.

    python -m benchmarks.search_scale [--sizes 10000 100000 1000000] [--keep DIR] [--json]

Each archive is filled as the writer fills it: batches of 500, each a transaction, in 20 groups of
which the largest has a quarter of all messages. The queries are then asked in that one through
`LogSearch.search` and, in the same run, of SQL `LIKE`: the newest 20 hits and their total number.
With `--keep` the archives stay, for `benchmarks.memory`.
"""

import argparse
import asyncio
import json
import random
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, islice
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.load import GROUP, START
from liudeng.archive import Message, Segment, Source
from liudeng.archive.store import store_batch
from liudeng.db import Database, migrate
from liudeng.health import percentiles
from liudeng.search import LogSearch, Viewpoint, parse_query
from liudeng.settings import DATA_ROOT, Settings

_PER_KIND = 15
_LIMIT = 20
_BATCH = 500
_GROUPS = tuple(range(GROUP, GROUP + 20))
_MEMBERS = 800
_LIKE_PER_KIND = 3
"""LIKE scans: at a million messages a few queries tell enough."""
_PICTURE: Segment = {"type": "image", "data": {"file": "A1.png", "sub_type": 0}}


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


def messages(count: int) -> Iterator[Message]:
    """Yield messages: a few people and groups say most, three in a hundred carry a picture."""
    rng, texts = random.Random(5), sentences(seed=7)
    shares = list(accumulate(1 / (place + 1.5) for place in range(len(_GROUPS))))
    talkative = list(accumulate(1 / (place + 3) for place in range(_MEMBERS)))
    for number in range(count):
        (member,) = rng.choices(range(_MEMBERS), cum_weights=talkative)
        (group_id,) = rng.choices(_GROUPS, cum_weights=shares)
        text = next(texts)
        quoted = str(number - rng.randrange(1, 40)) if rng.random() < 0.1 else None
        segments: list[Segment] = [{"type": "text", "data": {"text": text}}]
        if quoted:
            segments.insert(0, {"type": "reply", "data": {"id": quoted}})
        if rng.random() < 0.03:
            segments.append(_PICTURE)
        yield Message(
            self_id=10_001,
            group_id=group_id,
            message_id=str(number),
            platform_seq=number + 1,
            time_ms=(START + number * 20) * 1000,
            received_ms=(START + number * 20) * 1000,
            user_id=str(2_840_010_000 + member),
            name=f"群友{member}",
            text=text,
            segments=tuple(segments),
            reply_to=quoted,
            source=Source.IMPORT,
        )


async def fill(database: Database, count: int) -> None:
    """Store `count` messages."""
    coming = messages(count)
    while batch := list(islice(coming, _BATCH)):
        async with database.write() as connection:
            await store_batch(connection, batch)


def queries(seed: int = 3) -> dict[str, list[str]]:
    """Return queries of each kind, taken from what was said."""
    rng, texts = random.Random(seed), sentences(seed=7)
    sample = [text for text in islice(texts, 9_000) if len(text) >= 8]

    def substring(length: int) -> str:
        text = rng.choice(sample)
        start = rng.randrange(len(text) - length + 1)
        return text[start : start + length].replace('"', "")

    frequent = ["晚安", "今晚", "它说", "真的", "哈哈", "我们", "什么", "可以", "截图", "导出"]
    kinds: dict[str, Callable[[], str]] = {
        "one character": lambda: rng.choice("我的晚安它一不是在人"),
        "two characters, frequent": lambda: rng.choice(frequent),
        "two characters, any": lambda: f'"{substring(2)}"',
        "four to six characters": lambda: f'"{substring(rng.randint(4, 6))}"',
        "two words": lambda: f"{rng.choice(frequent)} {rng.choice(frequent)}",
        "one word or another": lambda: f"{rng.choice(frequent)} OR {substring(2)}",
        "word and not": lambda: f"{rng.choice(frequent)} -{rng.choice(frequent)}",
        "word of a person": lambda: f"from:群友{rng.randrange(_MEMBERS)} {rng.choice(frequent)}",
        "all of a person": lambda: f"from:群友{rng.randrange(_MEMBERS)}",
        "word in a day": lambda: f"日期:02-{rng.randrange(14, 28)} {rng.choice(frequent)}",
        "word with a picture": lambda: f"有:图 {rng.choice(frequent)}",
        "all pictures": lambda: "有:图",
        "replies to me": lambda: "回复:我",
        "by relevance": lambda: f"{rng.choice(frequent)} 排序:相关",
    }
    return {kind: [make() for _ in range(_PER_KIND)] for kind, make in kinds.items()}


async def index_times(database: Path, wanted: Sequence[str]) -> tuple[list[float], list[int]]:
    """Return the milliseconds of each query, warm, best of three, and the numbers of hits."""
    archive = Database(database)
    try:
        search, times, totals = LogSearch(archive), [], []
        for raw in wanted:
            query, runs = parse_query(raw), []
            for _ in range(3):
                started = perf_counter()
                page = await search.search(query, [GROUP], _LIMIT, viewpoint=_MEMBER_42)
                runs.append((perf_counter() - started, page.total))
            seconds, total = min(runs)
            times.append(seconds * 1000)
            totals.append(total)
        return times, totals
    finally:
        await archive.close()


_MEMBER_42 = Viewpoint(str(2_840_010_042))


def like_times(database: Path, wanted: Sequence[str]) -> list[float]:
    """Return the milliseconds that LIKE takes for the same answers; for words alone."""
    times = []
    with sqlite3.connect(database) as connection:
        for raw in wanted[:_LIKE_PER_KIND]:
            words = raw.replace('"', "").split()
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
    database = Settings(data_dir=folder).database_path
    started = perf_counter()
    if not database.is_file():
        migrate(database)
        asyncio.run(_filled(database, count))
    seconds = perf_counter() - started
    by_kind = {}
    for kind, wanted in queries().items():
        fast, totals = asyncio.run(index_times(database, wanted))
        by_kind[kind] = {
            "index_ms": percentiles(fast).model_dump(),
            "hits": sorted(totals)[len(totals) // 2],
        }
        if not any(sign in wanted[0] for sign in (":", " OR ", " -")):
            slow = percentiles(like_times(database, wanted)).model_dump(exclude={"p99"})
            by_kind[kind]["like_ms"] = slow
    return {
        "messages": count,
        "stored_per_s": round(count / seconds),
        **sizes(database),
        "queries": by_kind,
    }


async def _filled(path: Path, count: int) -> None:
    database = Database(path)
    try:
        await fill(database, count)
    finally:
        await database.close()


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
            folder.mkdir(parents=True, exist_ok=True)
            results.append(measure(count, folder))
        else:
            with tempfile.TemporaryDirectory(prefix="liudeng-bench-") as temporary:
                results.append(measure(count, Path(temporary)))
    sys.stdout.write(json.dumps(results, indent=None if options.json else 2) + "\n")


if __name__ == "__main__":
    main()
