"""Claim: no query, however odd, raises or runs over its time.

    python -m benchmarks.query_fuzz [--archive DIR] [--strings 100000] [--seed 1] [--json]

Strings are made of words, operators, fields, brackets, quotes, fragments of SQL and FTS5 and any
character of Unicode, short and long, nested and broken off. Each is parsed and searched in one
group and in three, and put into words and typed again as a suggestion would be. `--archive` is a
folder that `benchmarks.search_scale --keep` left; without it the archive is empty. Returns 1 when
a string raised or took longer than a search may.
"""

import argparse
import asyncio
import json
import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks.load import GROUP
from liudeng.db import Database, migrate
from liudeng.health import percentiles
from liudeng.search import Calendar, LogSearch, QueryProblem, parse_query
from liudeng.search.budget import Times
from liudeng.search.language import as_typed, in_words
from liudeng.settings import Settings

_ZONE = ZoneInfo("Asia/Shanghai")


def _each(listed: str, between: str = " ") -> list[str]:
    return listed.split(between)


_WORDS = _each("晚安 想你 截图 的 一 gpt-4o WanAn 1 🌙 👩\u200d👧 ｱ ß 後來 ﷽ e\u0301 \u200b \ud800")
_OPERATORS = _each('OR | - -- ( ) （ ） " “ ” 「 」 : ： , ， * ^ \\ \n \t \u3000 -( -(-( OR( )OR')
_FIELDS = _each(
    "发送者:我 from:@小满 from:1 群:守灯人 in:1 之前:昨天 之后:2月30日 日期:上周五 on:2026-02-13 "
    "日期:2月..3月 有:图 has:nothing 回复:我 排序:旧 排序:相关 显示:全部 格式:json from: :x ::"
)
_HOSTILE = _each(
    '\' OR 1=1 --|"; DROP TABLE messages; --|facts : "g1"|body : x|NEAR(a b, 5)|a AND NOT b|'
    "{body facts} : x|^x|x*|rowid:1|:p0|?1|%s|{}|\\x00|SELECT 1|MATCH|log_index",
    "|",
)


def strings(seed: int) -> Iterator[str]:
    """Yield odd strings without end."""
    rng = random.Random(seed)
    while True:
        parts = [_part(rng) for _ in range(rng.choice((1, 2, 3, 5, 8, 13, 40)))]
        typed = rng.choice((" ", " ", "", "　")).join(parts)
        if rng.random() < 0.1:
            depth = rng.randrange(1, 50)
            typed = f"{rng.choice(_FIELDS)} {'-(' * depth}{typed}{')' * rng.randrange(depth + 2)}"
        yield typed[: rng.choice((5, 40, 150, 400))]


def _part(rng: random.Random) -> str:
    kind = rng.random()
    if kind < 0.1:
        return chr(rng.randrange(0x110000))
    if kind < 0.15:
        return "".join(chr(rng.randrange(0x20, 0x7F)) for _ in range(rng.randrange(1, 9)))
    return rng.choice(rng.choice((_WORDS, _WORDS, _OPERATORS, _FIELDS, _HOSTILE)))


async def measure(path: Path, count: int, seed: int) -> dict[str, Any]:
    """Ask everything; return how long it took and what went wrong."""
    database, calendar = Database(path), Calendar.now(_ZONE)
    search, times, failed = LogSearch(database), [], dict[str, str]()
    refused = 0
    try:
        for number, raw in zip(range(count), strings(seed), strict=False):
            started = perf_counter()
            try:
                query = parse_query(raw, calendar)
                _ = as_typed(query, _ZONE), in_words(query, _ZONE)
                groups = [GROUP] if number % 2 else [GROUP, GROUP + 1, -7]
                await search.search(query, groups, 20)
            except QueryProblem:
                refused += 1
            except Exception as error:
                failed[raw] = f"{type(error).__name__}: {error}"[:200]
            times.append((perf_counter() - started) * 1000)
    finally:
        await database.close()
    allowed = Times()
    most_ms = (allowed.whole + allowed.counting + allowed.last_try) * 1000
    return {
        "strings": count,
        "answered_with_a_sentence": refused,
        "failed": failed,
        "over_time": sum(ms > most_ms for ms in times),
        "ms": {**percentiles(times).model_dump(), "max": round(max(times), 1)},
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--archive", type=Path)
    parser.add_argument("--strings", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="liudeng-bench-") as folder:
        path = Settings(data_dir=options.archive or Path(folder)).database_path
        if not options.archive:
            migrate(path)
        result = asyncio.run(measure(path, options.strings, options.seed))
    sys.stdout.write(json.dumps(result, indent=None if options.json else 2) + "\n")
    return 1 if result["failed"] or result["over_time"] else 0


if __name__ == "__main__":
    sys.exit(main())
