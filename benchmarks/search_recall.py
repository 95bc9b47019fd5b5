"""Claim: every message that holds a substring is found by it, and no other.

    python -m benchmarks.search_recall FILE [--messages 100000] [--per-length 40] [--json]

FILE is a table of real talk, tab-separated under a head, what was said in the last column: for the
figures of docs/performance.md the validation part of LCCC-base (MIT,
https://github.com/thu-coai/CDial-GPT), 56,917 turns. Where it holds fewer messages than wanted, the
made-up talk of `benchmarks.search_queries` fills the archive.
Substrings of 2 to 8 characters are taken from anywhere in what was said (inside words, across
words, beside digits, Latin letters and emoji), and each answer is compared with a scan over every
message. A third of the substrings is taken where scripts meet.
"""

import argparse
import asyncio
import json
import random
import sys
import tempfile
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

from benchmarks.load import GROUP, START
from benchmarks.search_queries import sentences
from liudeng.archive import Message, Source
from liudeng.archive.numbering import time_of
from liudeng.archive.store import store_batch
from liudeng.db import Database, migrate
from liudeng.search import LogSearch, Query
from liudeng.search.query import Word
from liudeng.settings import Settings
from liudeng.text import fold

_BATCH = 500
_LENGTHS = range(2, 9)


def turns(file: Path) -> Iterator[str]:
    """Yield what was said, without the spaces that a corpus puts between words."""
    with file.open(encoding="utf-8") as lines:
        for line in islice(lines, 1, None):
            if said := line.rstrip("\n").split("\t")[-1].replace(" ", ""):
                yield said


async def fill(database: Database, said: Sequence[str]) -> None:
    """Store what was said in one group, a second apart."""
    for start in range(0, len(said), _BATCH):
        batch = [
            Message(
                self_id=10_001,
                group_id=GROUP,
                message_id=str(number),
                platform_seq=number + 1,
                time_ms=(START + number) * 1000,
                received_ms=(START + number) * 1000,
                user_id="1",
                text=text,
                segments=({"type": "text", "data": {"text": text}},),
                source=Source.IMPORT,
            )
            for number, text in enumerate(said[start : start + _BATCH], start)
        ]
        async with database.write() as connection:
            await store_batch(connection, batch)


def substrings(said: Sequence[str], per_length: int) -> Iterator[str]:
    """Yield substrings of each length, a third of them from where scripts meet."""
    rng = random.Random(9)
    mixed = [text for text in said if _meetings(text)]
    for length in _LENGTHS:
        for number in range(per_length):
            pool = mixed if number % 3 == 0 and mixed else said
            text = rng.choice([each for each in rng.choices(pool, k=400) if len(each) >= length])
            at = rng.choice(_meetings(text) or [0]) - length // 2 if pool is mixed else -1
            if not 0 <= at <= len(text) - length:
                at = rng.randrange(len(text) - length + 1)
            yield text[at : at + length]


def _meetings(text: str) -> list[int]:
    """Return where a character follows one of another kind."""
    kinds = [_kind(char) for char in text]
    return [at for at in range(1, len(text)) if kinds[at] != kinds[at - 1]]


def _kind(char: str) -> str:
    return "latin" if char.isascii() and char.isalnum() else unicodedata.category(char)[0]


async def compare(path: Path, said: Sequence[str], per_length: int) -> dict[str, Any]:
    """Store, search and scan; return how many answers were complete and how many exact."""
    database = Database(path)
    try:
        await fill(database, said)
        search, folded = LogSearch(database), [fold(text) for text in said]
        asked = complete = exact = found = there = 0
        for needle in substrings(said, per_length):
            wanted = fold(needle)
            if not wanted:
                continue
            found_ids = await search.ids(Query((Word(needle),)), [GROUP], len(said))
            hits = {time_of(row_id) // 1000 - START for row_id in found_ids.ids}
            holding = {number for number, text in enumerate(folded) if wanted in text}
            asked += 1
            complete += holding <= hits
            exact += holding == hits
            found, there = found + len(holding & hits), there + len(holding)
        return {
            "messages": len(said),
            "substrings": asked,
            "complete": complete,
            "exact": exact,
            "recall": found / there,
        }
    finally:
        await database.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--per-length", type=int, default=40)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    talk = chain(turns(options.file), sentences(seed=7))
    said = list(islice(talk, options.messages))
    with tempfile.TemporaryDirectory(prefix="liudeng-bench-") as folder:
        path = Settings(data_dir=Path(folder)).database_path
        migrate(path)
        result = asyncio.run(compare(path, said, options.per_length))
    sys.stdout.write(json.dumps(result, indent=None if options.json else 2) + "\n")


if __name__ == "__main__":
    main()
