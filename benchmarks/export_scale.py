"""Claim: the export of a group of a million messages takes little memory, and imports again.

    python -m benchmarks.export_scale [--messages 1000000] [--again] [--json]

The archive is filled with one group, exported by `liudeng export` in a process of its own whose
peak memory the system tells, verified, and with `--again` imported into an empty archive and
compared there, message by message, by a digest over what was said.
"""

import argparse
import asyncio
import hashlib
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.load import GROUP
from benchmarks.search_queries import messages
from liudeng.archive.store import store_batch
from liudeng.db import Database, migrate
from liudeng.importing import import_file

_BATCH = 500
_SAID = (
    "SELECT message_id, time_ms, user_id, name, card, text, coalesce(reply_to, '') "
    "FROM messages ORDER BY time_ms, message_id"
)


async def fill(path: Path, count: int) -> None:
    """Store `count` messages of one group."""
    database = Database(path)
    coming = messages(count)
    while batch := list(islice(coming, _BATCH)):
        async with database.write() as connection:
            ours = [message.model_copy(update=_changes(message.message_id)) for message in batch]
            await store_batch(connection, ours)
    await database.close()


_TELLING_ITS_PEAK = """
import re, runpy, sys
from pathlib import Path
peak, sys.argv = Path(sys.argv[1]), ["liudeng", *sys.argv[2:]]
try:
    runpy.run_module("liudeng", run_name="__main__")
finally:
    peak.write_text(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
"""


def _changes(message_id: str) -> dict[str, Any]:
    """One group; and from one on, for the number 0 is none."""
    return {"group_id": GROUP, "message_id": str(int(message_id) + 1)}


def run(command: list[str], data_dir: Path) -> tuple[float, float]:
    """Run `liudeng …`; return seconds and peak resident MiB.

    The process tells its own peak: what the system tells of an ended child (`ru_maxrss`) counts
    from before it became `liudeng`, and so this program's memory.
    """
    peak = data_dir.parent / "peak"
    started = perf_counter()
    subprocess.run(
        [sys.executable, "-c", _TELLING_ITS_PEAK, str(peak), *command],
        env={**os.environ, "DATA_DIR": str(data_dir)},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return perf_counter() - started, int(peak.read_text()) / 1024


def said(path: Path) -> str:
    """Return a digest over everything that was said."""
    digest = hashlib.sha256()
    with closing(sqlite3.connect(path)) as connection:
        for row in connection.execute(_SAID):
            digest.update(repr(row).encode())
    return digest.hexdigest()


async def measure(folder: Path, count: int, *, again: bool) -> dict[str, Any]:
    """Fill, export, verify, and import again."""
    archive = folder / "data" / "liudeng.sqlite3"
    archive.parent.mkdir()
    migrate(archive)
    await fill(archive, count)
    out = folder / "out"
    export_s, export_mib = run(["export", "--group", str(GROUP), str(out)], archive.parent)
    verify_s, _ = run(["verify", str(out)], archive.parent)
    written = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    result = {
        "messages": count,
        "export_s": round(export_s, 1),
        "peak_mib": round(export_mib),
        "written_mib": round(written / 2**20),
        "verify_s": round(verify_s, 1),
    }
    if again:
        copy = folder / "again.sqlite3"
        migrate(copy)
        database = Database(copy)
        report = await import_file(database, out / "messages.qce.json", GROUP, lambda _: None)
        await database.close()
        result |= {
            "import_s": round(report.seconds, 1),
            "imported": report.inserted,
            "equal": said(copy) == said(archive),
        }
    return result


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="liudeng-bench-") as folder:
        result = asyncio.run(measure(Path(folder), options.messages, again=options.again))
    if options.json:
        print(json.dumps(result))  # noqa: T201
    else:
        for name, value in result.items():
            print(f"{name:12} {value}")  # noqa: T201


if __name__ == "__main__":
    main()
