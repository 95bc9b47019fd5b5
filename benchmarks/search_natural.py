"""Claim: what was meant comes first for at least 95 of 100 queries as members type them.

    python -m benchmarks.search_natural [--json]

The queries of `tests/data/natural_queries.jsonl`, over the archive of the demo's evening, as the
test asks them.
"""

import argparse
import asyncio
import json
import sys
import tempfile
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from liudeng.archive import LogWriter
from liudeng.db import Database, migrate
from liudeng.settings import Settings
from tests.search.natural import ROWS, misses


async def measure(path: Path) -> dict[str, Any]:
    """Ask everything."""
    database = Database(path)
    writer = LogWriter(database, 5_000)
    writer.start(0)
    try:
        missed = await misses(database, writer, ZoneInfo("Asia/Shanghai"))
    finally:
        await writer.close()
        await database.close()
    right = 1 - len(missed) / len(ROWS)
    return {"queries": len(ROWS), "right_first": round(right, 3), "missed": missed}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="liudeng-bench-") as folder:
        path = Settings(data_dir=Path(folder)).database_path
        migrate(path)
        result = asyncio.run(measure(path))
    sys.stdout.write(
        json.dumps(result, ensure_ascii=False, indent=None if options.json else 2) + "\n"
    )


if __name__ == "__main__":
    main()
