"""Two hundred queries as members would type them, asked over the demo's evening."""

import json
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

from liudeng.archive import LogWriter
from liudeng.db import Database
from liudeng.search import Calendar
from liudeng.search.budget import Allowance
from liudeng.search.turns import Turns
from tests.search.evening import Evening, archive_evening
from tests.search.spoken import Spoken, manner

_FILE = Path(__file__).parents[1] / "data" / "natural_queries.jsonl"
ROWS = [json.loads(line) for line in _FILE.read_text("utf-8").splitlines()]
_WEEK_AFTER = "2026-02-18"
_HIT = re.compile(r"^#(\d+) ", re.MULTILINE)
_OFFER = re.compile(r"发：搜 (.+)$", re.MULTILINE)


class Member:
    """Somebody of the group who searches it."""

    def __init__(self, database: Database, zone: ZoneInfo, evening: Evening) -> None:
        self._evening = evening
        patient = Allowance(seconds=10_000)
        self._chat = Spoken(database, manner(zone, 5), turns=Turns(patient))

    async def first(self, row: Mapping[str, Any]) -> int | None:
        """Return the number of what comes first for a query, following one offer."""
        asker = self._evening.people[row.get("asker", "半糖去冰")]
        place, groups = (asker, self._evening.group_id), [self._evening.group_id]
        answer = await self._chat.find(place, row["query"], groups)
        if not _HIT.search(answer) and (offer := _OFFER.search(answer)):
            answer = await self._chat.find(place, offer[1], groups)
        hit = _HIT.search(answer)
        return int(hit[1]) if hit else None

    def wanted(self, row: Mapping[str, Any]) -> int | None:
        """Return the number of what should come first."""
        beginnings = tuple(row["first"])
        fitting = [n for n, said in self._evening.said.items() if said.startswith(beginnings)]
        assert bool(fitting) == bool(beginnings), row
        return max(fitting, default=None)


async def misses(database: Database, writer: LogWriter, zone: ZoneInfo) -> list[str]:
    """Play the evening, ask everything; return what came first where it should not have."""
    evening = await archive_evening(database, writer)
    member = Member(database, zone, evening)
    missed: list[str] = []
    for row in ROWS:
        calendar = Calendar(zone, date.fromisoformat(row.get("asked", _WEEK_AFTER)))
        with patch.object(Calendar, "now", return_value=calendar):
            found, wanted = await member.first(row), member.wanted(row)
        if found != wanted:
            missed.append(f"{row['query']}: {evening.said.get(found or 0)} ≠ {row['first']}")
    return missed
