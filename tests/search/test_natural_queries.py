"""What members would type that night or the week after, and what must come first.

`tests/data/natural_queries.jsonl`: `first` names the message as `nickname: how it begins` (the
newest one that fits), or nothing where nothing may be found. `asked` is the day on which it is
typed, `asker` who types it. Where the bot answers with another query in place of hits, that one
is sent, once, as a member would.
"""

import json
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

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
_RIGHT = 0.95
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


def test_there_are_two_hundred_different_queries() -> None:
    assert len({row["query"] for row in ROWS}) == len(ROWS) >= 200


async def test_what_was_meant_comes_first(
    database: Database, writer: LogWriter, zone: ZoneInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    evening = await archive_evening(database, writer)
    member = Member(database, zone, evening)
    misses = []
    for row in ROWS:
        today = date.fromisoformat(row.get("asked", _WEEK_AFTER))
        calendar = Calendar(zone, today)
        monkeypatch.setattr(Calendar, "now", lambda _, day=calendar: day)
        found, wanted = await member.first(row), member.wanted(row)
        if found != wanted:
            misses.append(f"{row['query']}: {evening.said.get(found or 0)} ≠ {row['first']}")
    share = 1 - len(misses) / len(ROWS)
    assert share >= _RIGHT, f"{share:.1%} right; wrong:\n" + "\n".join(misses)
