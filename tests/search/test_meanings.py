"""What people type, and what it means: `tests/data/query_meanings.jsonl`."""

import json
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from liudeng.search import Calendar, parse_query
from liudeng.search.language import in_words

ZONE = ZoneInfo("Asia/Shanghai")
FRIDAY = Calendar(ZONE, date(2026, 2, 13))
FILE = Path(__file__).parents[1] / "data" / "query_meanings.jsonl"
ROWS = [json.loads(line) for line in FILE.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("row", ROWS, ids=[row["query"] for row in ROWS])
def test_a_query_means_what_people_mean(row: dict[str, Any]) -> None:
    query = parse_query(row["query"], FRIDAY)
    assert in_words(query, ZONE) == row["meaning"]
    assert list(query.taken_as_text) == row.get("text", [])
